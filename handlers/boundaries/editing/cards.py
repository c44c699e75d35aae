"""What coordinators see when they change a boundary: the form, and what changed when."""

from collections.abc import Mapping, Sequence

from handlers.boundaries.model import (
    FORM_TEXT_LIMIT,
    READ_IN,
    SPOKEN,
    Behaviour,
    Change,
    Version,
)
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Form,
    Line,
    Moment,
    Paragraph,
    Part,
    Strong,
    Style,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain

LISTS = ("warnings", "allowed", "examples")
"""The form's fields that hold one entry to a line."""


def form(
    behaviour: Behaviour,
    base: int,
    t: Texts,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Line] | None = None,
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
                    FORM_TEXT_LIMIT,
                    multiline=True,
                    required=not name.startswith("warnings"),
                    hint=t("One to a line.") if name.startswith(LISTS) else None,
                )
                for name, label in _labels(t).items()
            ),
            TextField(
                "review",
                t("Review date"),
                given.get("review", ""),
                limit=10,
                hint=t("Year, month, day: 2027-06-30"),
            ),
        ),
        values={"behaviour": behaviour.id, "base": str(base)},
        intro=(Paragraph((Strong(behaviour.names[t.locale]),)), *intro),
        errors=errors or {},
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


def saved(number: int, found: Sequence[Change], t: Texts) -> Card:
    """A new version is in force, or nothing differed."""
    if not found:
        return Card(t("Nothing was changed"), (_history_button(t),))
    return Card(
        t("Saved as version {version}", version=number),
        (
            Bullets(tuple(change_line(change, t) for change in found)),
            Paragraph(t("It holds from now on. Receipts written before stay as they are.")),
            _history_button(t),
        ),
        Tone.GOOD,
    )


def history(
    versions: Sequence[tuple[Version, tuple[Change, ...]]], people: Mapping[str, Person], t: Texts
) -> Card:
    """The newest versions: when, who, and what each changed."""
    rows: list[Part] = []
    for version, found in versions:
        number = t("Version {version}", version=version.number)
        rows.append(
            Paragraph(
                t(
                    "{version}, {when}, {who}",
                    version=Strong(plain(number)),
                    when=Moment(version.saved_at, Style.DATETIME),
                    who=_who(version, people, t),
                )
            )
        )
        if found:
            rows.append(Bullets(tuple(change_line(each, t) for each in found)))
    return Card(t("What changed, and when"), (*rows, Divider(), _all_button(t)))


def change_line(change: Change, t: Texts) -> Line:
    """One change in words."""
    if change.behaviour is None:
        return t("Crisis numbers")
    name = change.behaviour.names[t.locale]
    if change.parts is None:
        return t("{behaviour}: new", behaviour=name)
    labels = _part_labels(t)
    parts = ", ".join(plain(labels[part]) for part in change.parts)
    return t("{behaviour}: {parts}", behaviour=name, parts=parts)


def _history_button(t: Texts) -> Buttons:
    return Buttons((Button(t("What changed, and when"), "policy.history"),))


def _all_button(t: Texts) -> Buttons:
    return Buttons((Button(t("All boundaries"), "policy"),))


def _who(version: Version, people: Mapping[str, Person], t: Texts) -> Line:
    if version.by.person:
        person = people.get(version.by.person)
        return t("somebody no longer here") if person is None else (mention(person),)
    return (version.by.name,) if version.by.name else t("came with Plecs")


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
