"""What coordinators change about a boundary, and the versions that come of it."""

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date

from handlers.boundaries.editing import cards
from handlers.boundaries.model import (
    EXAMPLES_LIMIT,
    LINES_LIMIT,
    WARNINGS_LIMIT,
    Behaviour,
    Policies,
    PolicyFile,
    PolicySet,
    amend,
    changes,
)
from handlers.boundaries.plain import POLICIES
from handlers.kit.cards import Form, Line, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled, Pressed
from handlers.kit.text import lines_of
from handlers.library.entries import REVIEW
from handlers.library.history import history_of
from handlers.library.model import (
    LINES_TOGETHER,
    MOST_VERSIONS,
    READ_IN,
    SPOKEN,
    TEXT_LIMIT,
    Author,
    Version,
)
from handlers.library.saving import keep_version
from handlers.work import Context


def history(_command: Command, ctx: Context) -> Reply:
    """The newest versions and what each changed. Open to everybody: it is their boundary."""
    return history_of(POLICIES, Policies, cards.change_line, cards.all_button(ctx.t), ctx)


def save(command: Command, ctx: Context) -> Reply:
    """Keeps what a coordinator wrote as a new version, or says at each field what is wrong."""
    ctx.work.of(Policies).settle(ctx.me.workspace, ctx.now)
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.content.get(command.one("behaviour"))
    if behaviour is None:
        raise RefusedError(ctx.t("That boundary is no longer there. Nothing was saved."))
    base = Pressed(command, ctx.t).number("base", MOST_VERSIONS)
    asked = Filled(cards.form(behaviour, base, ctx.t), command, ctx)
    review = REVIEW.filled(asked)
    written = {name: asked.text(name) for name in cards.written(behaviour) if name != "review"}
    asked.errors |= _faults(written, asked.errors, ctx.t)
    if asked.errors:
        return asked.again()
    typed = {**written, "review": review.isoformat()}
    if behaviour.version > base:
        return _again(behaviour, version, typed, ctx)
    number = version.number + 1
    file = PolicyFile((_filled(behaviour, written, review),), None)
    policies = amend(version.content, file, number)
    found = changes(version.content, policies)
    kept, by = ctx.work.of(Policies), Author(ctx.me.id)
    if found and not keep_version(POLICIES, kept, version, policies, by=by, on=ctx):
        return _again(behaviour, version, typed, ctx)
    return cards.saved(behaviour, number, found, ctx.t)


def _again(
    behaviour: Behaviour, version: Version[PolicySet], typed: Mapping[str, str], ctx: Context
) -> Form:
    faster = cards.somebody_was_faster(ctx.t)
    return cards.form(behaviour, version.number, ctx.t, typed=typed, intro=faster)


def _faults(written: Mapping[str, str], unread: Container[str], t: Texts) -> dict[str, Line]:
    """What is wrong with the lines of a form, by field; `unread` are wrong already."""
    faults: dict[str, Line] = {}
    spoken = {language: lines_of(written[f"warnings_{language}"]) for language in SPOKEN}
    most = max(len(lines) for lines in spoken.values())
    for language, lines in spoken.items():
        if len(lines) != most:
            faults[f"warnings_{language}"] = t.many(
                "Another language has {n} warning: give as many here.",
                "Another language has {n} warnings: give as many here.",
                most,
            )
        elif most > WARNINGS_LIMIT:
            faults[f"warnings_{language}"] = t(
                "At most {limit} warnings: whoever needs more should raise a hand.",
                limit=WARNINGS_LIMIT,
            )
    for name, text in written.items():
        lines = lines_of(text) if name.startswith(cards.LISTS) else [" ".join(text.split())]
        most_lines = LINES_LIMIT if name.startswith("allowed") else EXAMPLES_LIMIT
        if any(len(line) > TEXT_LIMIT for line in lines):
            faults[name] = t(
                "Too long: at most {limit} characters each, {total} together.",
                limit=TEXT_LIMIT,
                total=LINES_TOGETHER,
            )
        elif len(lines) > most_lines:
            faults[name] = t("At most {limit} lines.", limit=most_lines)
    return {name: fault for name, fault in faults.items() if name not in unread}


def _filled(behaviour: Behaviour, typed: Mapping[str, str], review: date) -> Behaviour:
    """The boundary as the form has it; the form has no faults."""
    spoken = [lines_of(typed[f"warnings_{language}"]) for language in SPOKEN]

    def saying(name: str, locales: tuple[str, ...]) -> dict[str, str]:
        return {locale: " ".join(typed[f"{name}_{locale}"].split()) for locale in locales}

    def lines(name: str, locales: tuple[str, ...] = READ_IN) -> dict[str, tuple[str, ...]]:
        told = {locale: tuple(lines_of(typed[f"{name}_{locale}"])) for locale in locales}
        return {locale: lines for locale, lines in told.items() if lines}

    return replace(
        behaviour,
        warnings=tuple(
            dict(zip(SPOKEN, sentences, strict=True)) for sentences in zip(*spoken, strict=True)
        ),
        ending=saying("ending", SPOKEN),
        allowed=lines("allowed"),
        backing=saying("backing", READ_IN),
        owner=saying("owner", READ_IN),
        examples=lines("examples", SPOKEN),
        review=review,
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "policy.history",
        history,
        reads=True,
        behind=Behind("policy", {"en": "history", "lv": "vēsture"}),
    ),
    Route("policy.save", save, role=Role.COORDINATOR),
)
