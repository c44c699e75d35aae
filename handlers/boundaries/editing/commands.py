"""What coordinators change about a boundary, and the versions that come of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.boundaries.editing import cards
from handlers.boundaries.model import (
    EXAMPLES_LIMIT,
    FORM_TEXT_LIMIT,
    LINES_LIMIT,
    MOST_VERSIONS,
    READ_IN,
    SPOKEN,
    TEXT_LIMIT,
    WARNINGS_LIMIT,
    Author,
    Behaviour,
    Policies,
    PolicyFile,
    Version,
    amend,
    changes,
)
from handlers.kit.cards import Form, Line, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.reading import Pressed, seen, shows
from handlers.kit.text import lines_of
from handlers.work import Context

_YEARS = range(2000, 2200)
"""In which somebody may want to look at a boundary again."""

_VERSIONS_SHOWN = 8


def history(_command: Command, ctx: Context) -> Reply:
    """The newest versions and what each changed. Open to everybody: it is their boundary."""
    versions = ctx.work.of(Policies).history(ctx.me.workspace, _VERSIONS_SHOWN + 1)
    if not versions:
        versions = (ctx.work.of(Policies).current(ctx.me.workspace, ctx.now),)
    people = ctx.work.people.many([each.by.person for each in versions if each.by.person])
    older = (*versions[1:], None)
    told = tuple(
        (version, changes(before.policies, version.policies) if before else ())
        for version, before in zip(versions, older, strict=True)
    )
    return cards.history(told[:_VERSIONS_SHOWN], people, ctx.t)


def save(command: Command, ctx: Context) -> Reply:
    """Keeps what a coordinator wrote as a new version, or says at each field what is wrong."""
    ctx.work.of(Policies).settle(ctx.me.workspace, ctx.now)
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.policies.get(command.one("behaviour"))
    if behaviour is None:
        raise RefusedError(ctx.t("That boundary is no longer there. Nothing was saved."))
    typed = {name: _typed(command.one(name)) for name in cards.written(behaviour)}
    base = Pressed(command, ctx.t).number("base", MOST_VERSIONS)
    faults = _faults(typed, ctx)
    for name in typed:
        if len(command.many(name)) > 1:
            faults[name] = ctx.t("One answer, please.")
    if faults:
        return cards.form(behaviour, base, ctx.t, typed=typed, errors=faults)
    if behaviour.version > base:
        return _again(behaviour, version, typed, ctx)
    number = version.number + 1
    file = PolicyFile((_filled(behaviour, typed),), None)
    policies = amend(version.policies, file, number)
    found = changes(version.policies, policies)
    by = Author(person=ctx.me.id)
    if found and not ctx.work.of(Policies).save(
        Version(ctx.me.workspace, number, ctx.now, by, policies)
    ):
        return _again(behaviour, version, typed, ctx)
    return cards.saved(number, found, ctx.t)


def _again(behaviour: Behaviour, version: Version, typed: Mapping[str, str], ctx: Context) -> Form:
    faster = cards.somebody_was_faster(ctx.t)
    return cards.form(behaviour, version.number, ctx.t, typed=typed, intro=faster)


def _faults(typed: Mapping[str, str], ctx: Context) -> dict[str, Line]:
    """What is wrong with a form, by field."""
    t, faults = ctx.t, {}
    spoken = {language: lines_of(typed[f"warnings_{language}"]) for language in SPOKEN}
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
    for name, text in typed.items():
        lines = lines_of(text) if name.startswith(cards.LISTS) else [" ".join(text.split())]
        most_lines = LINES_LIMIT if name.startswith("allowed") else EXAMPLES_LIMIT
        if not any(map(shows, lines)) and not name.startswith("warnings"):
            faults[name] = t("Something belongs here.")
        elif any(len(line) > TEXT_LIMIT for line in lines) or len(text) > FORM_TEXT_LIMIT:
            faults[name] = t(
                "Too long: at most {limit} characters each, {total} together.",
                limit=TEXT_LIMIT,
                total=FORM_TEXT_LIMIT,
            )
        elif len(lines) > most_lines:
            faults[name] = t("At most {limit} lines.", limit=most_lines)
    if "review" not in faults and _date(typed["review"]) is None:
        faults["review"] = t("This is no date. Write year, month, day: 2027-06-30")
    return faults


def _filled(behaviour: Behaviour, typed: Mapping[str, str]) -> Behaviour:
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
        review=_date(typed["review"]) or behaviour.review,
    )


def _typed(text: str) -> str:
    """What was typed, without what nobody sees. What is too long stays too long."""
    return seen(text[: 2 * FORM_TEXT_LIMIT])


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in _YEARS else None


ROUTES: tuple[Route, ...] = (
    Route(
        "policy.history",
        history,
        reads=True,
        behind=Behind("policy", {"en": "history", "lv": "vēsture"}),
    ),
    Route("policy.save", save, role=Role.COORDINATOR),
)
