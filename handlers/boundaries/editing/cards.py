"""What coordinators see when they change a boundary: the form, and what changed when."""

from collections.abc import Mapping, Sequence

from handlers.boundaries.model import Behaviour
from handlers.boundaries.shared.adopting import ADOPTING
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    DateField,
    Form,
    Line,
    Look,
    Paragraph,
    Part,
    Strong,
    TextField,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import LINES_TOGETHER, READ_IN, SPOKEN, Change

LISTS = ("warnings", "allowed", "examples")
"""The form's fields that hold one entry to a line."""


def form(
    behaviour: Behaviour,
    base: int,
    t: Texts,
    *,
    typed: Mapping[str, str] | None = None,
    intro: tuple[Part, ...] = (),
) -> Form:
    """Everything of a boundary that is written in chat. `base` is the version that it was opened
    on; `typed` what was filled in before."""
    given = typed or written(behaviour)
    return Form(
        t("Change a boundary"),
        "policy.save",
        t("Save"),
        fields=(
            *(
                TextField(
                    name,
                    label,
                    given.get(name, ""),
                    LINES_TOGETHER,
                    multiline=True,
                    required=not name.startswith("warnings"),
                    hint=t("One to a line.") if name.startswith(LISTS) else None,
                )
                for name, label in _labels(t).items()
            ),
            DateField("review", t("Review date"), given.get("review", "")),
        ),
        values={"behaviour": behaviour.id, "base": str(base)},
        intro=(Paragraph((Strong(behaviour.names[t.locale]),)), *intro),
    )


def written(behaviour: Behaviour) -> dict[str, str]:
    """A boundary as the form's fields have it: each list one entry to a line."""
    fields = {"review": behaviour.review.isoformat()}
    for language in SPOKEN:
        fields[f"warnings_{language}"] = "\n".join(
            warning[language] for warning in behaviour.warnings
        )
        fields[f"ending_{language}"] = behaviour.ending[language]
    for locale in READ_IN:
        fields[f"allowed_{locale}"] = "\n".join(behaviour.allowed[locale])
        fields[f"backing_{locale}"] = behaviour.backing[locale]
        fields[f"owner_{locale}"] = behaviour.owner[locale]
    for language in SPOKEN:
        fields[f"examples_{language}"] = "\n".join(behaviour.examples.get(language, ()))
    return fields


def somebody_was_faster(t: Texts) -> tuple[Part, ...]:
    """Stands over a form whose boundary was changed while it was open."""
    return (
        Paragraph(
            t(
                "Somebody saved a newer version of this boundary while you were writing. Your "
                "words are still here; saving again puts them in place of theirs."
            )
        ),
    )


def saved(behaviour: Behaviour, number: int, found: Sequence[Change], t: Texts) -> Card:
    """A new version is in force, as a draft until somebody adopts it, or nothing differed."""
    if not found:
        return Card(t("Nothing was changed"), (Buttons((_history_button(t),)),))
    return Card(
        t("Saved as version {version}", version=number),
        (
            Bullets(tuple(change_line(change, t) for change in found)),
            Paragraph(
                t(
                    "Agents see it from now on, and it is a draft again: nobody stands behind it "
                    "until it is adopted. Receipts written before stay as they are."
                )
            ),
            Buttons((ADOPTING.button(behaviour, number, t, Look.PRIMARY), _history_button(t))),
        ),
        Tone.GOOD,
    )


def change_line(change: Change, t: Texts) -> Line:
    """One change in words."""
    if change.entry is None:
        return t("Crisis numbers")
    name = change.entry.names[t.locale]
    if change.parts is None:
        return t("{behaviour}: new", behaviour=name)
    labels = _part_labels(t)
    parts = ", ".join(plain(labels[part]) for part in change.parts)
    return t("{behaviour}: {parts}", behaviour=name, parts=parts)


def _history_button(t: Texts) -> Button:
    return Button(t("What changed, and when"), "policy.history")


def all_button(t: Texts) -> Button:
    return Button(t("All boundaries"), "policy")


def _labels(t: Texts) -> dict[str, Line]:
    return {
        "warnings_lv": t("Warnings in Latvian"),
        "ending_lv": t("Ending in Latvian"),
        "warnings_en": t("Warnings in English"),
        "ending_en": t("Ending in English"),
        "warnings_ru": t("Warnings in Russian"),
        "ending_ru": t("Ending in Russian"),
        "allowed_lv": t("What one may do, in Latvian"),
        "allowed_en": t("What one may do, in English"),
        "backing_lv": t("Who stands behind it, in Latvian"),
        "backing_en": t("Who stands behind it, in English"),
        "owner_lv": t("Owner, in Latvian"),
        "owner_en": t("Owner, in English"),
        "examples_lv": t("How it is described, in Latvian"),
        "examples_en": t("How it is described, in English"),
        "examples_ru": t("How it is described, in Russian"),
    }


def _part_labels(t: Texts) -> dict[str, Line]:
    return {
        "names": t("what it is called"),
        "meaning": t("meaning"),
        "allowed": t("what one may do"),
        "warnings": t("warnings"),
        "ending": t("ending"),
        "backing": t("who stands behind it"),
        "owner": t("owner"),
        "review": t("review date"),
        "examples": t("how it is described"),
        "emergency": t("steps in an emergency"),
    }
