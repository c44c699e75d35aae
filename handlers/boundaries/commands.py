"""What people ask about boundaries: during a call, afterwards, and those who keep them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from handlers.boundaries import cards
from handlers.boundaries.danger import commands as danger
from handlers.boundaries.danger.model import OWN_WAYS
from handlers.boundaries.hearing import heard
from handlers.boundaries.model import (
    ENDED,
    EXAMPLES_LIMIT,
    FORM_TEXT_LIMIT,
    LINES_LIMIT,
    READ_IN,
    SPOKEN,
    TEXT_LIMIT,
    WARNINGS_LIMIT,
    Author,
    Behaviour,
    Policies,
    PolicyFile,
    Receipt,
    Version,
    amend,
    changes,
    may_end,
    notices_of,
)
from handlers.kit.cards import Card, Form, Line, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route, Typed
from handlers.kit.danger import danger_in
from handlers.kit.facts import CallEnded, PersonArrived
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed, seen, shows
from handlers.kit.ways import Said
from handlers.work import Context, Occasion

_TEXT_READ = 300
"""Characters of a question that are searched: a description, not a letter."""

_VERSIONS = 10**8 - 1
"""Versions of one set: more than anybody saves."""

_YEARS = range(2000, 2200)
"""In which somebody may want to look at a boundary again."""

_RECEIPTS_SHOWN = 10
_VERSIONS_SHOWN = 8


def policy(command: Command, ctx: Context) -> Reply:
    """All boundaries, or the one that the words describe."""
    text = command.text.strip()
    policies, workspace = ctx.work.of(Policies), ctx.me.workspace
    if not text:
        return cards.overview(policies.current(workspace, ctx.now).policies, ctx.t)
    version, found = policies.search(workspace, text[:_TEXT_READ], ctx.now)
    own = OWN_WAYS.of(ctx.work.settings, workspace).ways
    meant = heard(text[:_TEXT_READ], found, own)
    likeliest = tuple(filter(None, map(version.policies.get, meant.likeliest)))
    emergency = version.policies.emergency
    if meant.danger and emergency is not None:
        others = tuple(each for each in likeliest if each != emergency)
        return _shown(version, emergency, ctx, others=others)
    if meant.sure:
        return _shown(version, likeliest[0], ctx)
    if likeliest or meant.lawful:
        return cards.likeliest(version.policies, meant.likeliest, ctx.t, lawful=meant.lawful)
    return cards.nothing_fits(version.policies, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """One boundary, in the caller's language, at the sentence that is next."""
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.policies.get(command.one("behaviour"))
    if behaviour is None:
        return cards.nothing_fits(
            version.policies,
            ctx.t,
            ctx.t("That boundary is no longer there. Here are all of them."),
        )
    return _shown(
        version,
        behaviour,
        ctx,
        warned=Pressed(command, ctx.t).number("warned", WARNINGS_LIMIT),
        language=command.one("language"),
        card=command.one("card"),
    )


def warned(command: Command, ctx: Context) -> Reply:
    """The agent has said the sentence: the next one."""
    given = min(Pressed(command, ctx.t).number("warned", WARNINGS_LIMIT) + 1, WARNINGS_LIMIT)
    return show(replace(command, values={**command.values, "warned": str(given)}), ctx)


def ended(command: Command, ctx: Context) -> Reply:
    """The agent has ended the call: a receipt, thanks, and word to the supervisors.

    The receipt stands on the version that was on the screen. Pressed twice on one card, it is
    one receipt.
    """
    policies, me = ctx.work.of(Policies), ctx.me
    policies.settle(me.workspace, ctx.now)
    now_in_force = policies.current(me.workspace, ctx.now)
    carried = Pressed(command, ctx.t)
    on_screen = policies.version(me.workspace, carried.number("version", _VERSIONS))
    behaviour = on_screen.policies.get(command.one("behaviour")) if on_screen else None
    if behaviour is None:
        return cards.nothing_fits(now_in_force.policies, ctx.t, _gone(ctx))
    given = carried.number("warned", WARNINGS_LIMIT)
    if not may_end(behaviour, given):
        raise RefusedError(
            ctx.t("This boundary asks for a warning first. If you gave it, press I warned.")
        )
    receipt = Receipt(
        id=ctx.new_id(),
        workspace=me.workspace,
        agent=me.id,
        card=command.one("card")[:64] or command.delivery[:64] or ctx.new_id(),
        ended_at=ctx.now,
        warned=given,
        boundary=behaviour,
    )
    if policies.keep(receipt):
        supervisors = ctx.work.people.with_role(me.workspace, Role.SUPERVISOR)
        notices = notices_of(receipt, [supervisor.id for supervisor in supervisors])
        ctx.work.outbox.add(me.workspace, *notices)
        ctx.tell(CallEnded(me, f"receipt-{receipt.id}", ctx.now, hard=True))
    kept = policies.receipt_of(me.id, receipt.card) or receipt
    return cards.thanks(kept, now_in_force.policies.crisis, _today(ctx), ctx.t)


def mine(_command: Command, ctx: Context) -> Reply:
    """One's own receipts."""
    return cards.mine(ctx.work.of(Policies).receipts(ctx.me.id, _RECEIPTS_SHOWN), ctx.t)


def receipt(command: Command, ctx: Context) -> Reply:
    """One of one's own receipts. Anybody else's is as good as none."""
    kept = ctx.work.of(Policies).receipt(command.one("receipt"))
    if kept is None or kept.agent != ctx.me.id:
        raise RefusedError(ctx.t("I have no such receipt of yours."))
    return cards.receipt_card(kept, ctx.t)


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


def edit(command: Command, ctx: Context) -> Reply:
    """Which boundary to change, or the form of the one that was picked."""
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.policies.get(command.one("behaviour"))
    if behaviour is None:
        return cards.to_edit(version.policies, version.number, ctx.t)
    return cards.form(behaviour, version.number, ctx.t)


def save(command: Command, ctx: Context) -> Reply:
    """Keeps what a coordinator wrote as a new version, or says at each field what is wrong."""
    ctx.work.of(Policies).settle(ctx.me.workspace, ctx.now)
    version = ctx.work.of(Policies).current(ctx.me.workspace, ctx.now)
    behaviour = version.policies.get(command.one("behaviour"))
    if behaviour is None:
        raise RefusedError(ctx.t("That boundary is no longer there. Nothing was saved."))
    typed = {name: _typed(command.one(name)) for name in cards.written(behaviour)}
    base = Pressed(command, ctx.t).number("base", _VERSIONS)
    if faults := _faults(typed, ctx):
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


def ended_notice(notice: Notice, ctx: Context) -> Card | None:
    """For a supervisor: an ending was within policy."""
    kept = ctx.work.of(Policies).receipt(notice.about)
    agent = ctx.work.people.get(kept.agent) if kept else None
    return cards.ended(kept, agent, ctx.t) if kept and agent else None


def person_arrived(fact: PersonArrived, on: Occasion) -> None:
    """The boundaries that a workspace begins with are its own from the first of its people on."""
    on.work.of(Policies).settle(fact.workspace, on.now)


def _shown(
    version: Version,
    behaviour: Behaviour,
    ctx: Context,
    *,
    warned: int = 0,
    language: str = "",
    card: str = "",
    others: tuple[Behaviour, ...] = (),
) -> Card:
    return cards.boundary(
        cards.Showing(
            boundary=behaviour,
            crisis=version.policies.crisis,
            version=version.number,
            warned=min(warned, len(behaviour.warnings)),
            language=language if language in SPOKEN else ctx.t.locale,
            card=card or ctx.new_id(),
            today=_today(ctx),
            others=others,
        ),
        ctx.t,
    )


def _gone(ctx: Context) -> Line:
    return ctx.t("That boundary is no longer there. Here are all of them.")


def _again(behaviour: Behaviour, version: Version, typed: Mapping[str, str], ctx: Context) -> Form:
    faster = cards.somebody_was_faster(ctx.t)
    return cards.form(behaviour, version.number, ctx.t, typed=typed, intro=faster)


def _faults(typed: Mapping[str, str], ctx: Context) -> dict[str, Line]:
    """What is wrong with a form, by field."""
    t, faults = ctx.t, {}
    spoken = {language: _lines(typed[f"warnings_{language}"]) for language in SPOKEN}
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
        lines = _lines(text) if name.startswith(cards.LISTS) else [" ".join(text.split())]
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


_MAY_BE_EMPTY = frozenset(f"examples_{language}" for language in SPOKEN if language not in READ_IN)


def _filled(behaviour: Behaviour, typed: Mapping[str, str]) -> Behaviour:
    """The boundary as the form has it; the form has no faults."""
    spoken = [_lines(typed[f"warnings_{language}"]) for language in SPOKEN]

    def saying(name: str, locales: tuple[str, ...]) -> dict[str, str]:
        return {locale: " ".join(typed[f"{name}_{locale}"].split()) for locale in locales}

    def lines(name: str, locales: tuple[str, ...] = READ_IN) -> dict[str, tuple[str, ...]]:
        told = {locale: tuple(_lines(typed[f"{name}_{locale}"])) for locale in locales}
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


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _today(ctx: Context) -> date:
    return ctx.now.astimezone(ZoneInfo(ctx.me.zone)).date()


def _hears_danger(text: str) -> int:
    """A danger to life goes before every other meaning."""
    return 2 if danger_in(text) is Said.SURELY else 0


ROUTES: tuple[Route, ...] = (
    Route(
        "policy",
        policy,
        reads=True,
        typed=Typed(
            words={"en": "policy", "lv": "noteikumi"},
            help=mark("What you may do with an abusive caller, and the words for it"),
            usage=mark("[what the caller does] or mine, history, edit"),
            hears=_hears_danger,
        ),
    ),
    Route("policy.show", show, reads=True),
    Route("policy.warned", warned, reads=True),
    Route("policy.ended", ended),
    Route("policy.mine", mine, reads=True, behind=Behind("policy", {"en": "mine", "lv": "mani"})),
    Route("policy.receipt", receipt, reads=True),
    Route(
        "policy.history",
        history,
        reads=True,
        behind=Behind("policy", {"en": "history", "lv": "vēsture"}),
    ),
    Route(
        "policy.edit",
        edit,
        reads=True,
        role=Role.COORDINATOR,
        refusal=mark("Boundaries are changed by coordinators. Tell one what should be different."),
        behind=Behind("policy", {"en": "edit", "lv": "labot"}),
    ),
    Route("policy.save", save, role=Role.COORDINATOR),
    *danger.ROUTES,
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(ENDED, ended_notice),)
