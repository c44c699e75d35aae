"""Two swap their shifts: one asks, the other agrees, and coordinators are told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from handlers.common import colleagues
from handlers.kit.cards import Card, Form, Part, Reply
from handlers.kit.commands import Command, Living, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.moments import moment_in
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.rota import ShiftKind
from handlers.kit.text import fold
from handlers.shifts import cards
from handlers.shifts.commands import change, checked_day, days_of
from handlers.shifts.model import (
    SWAP_ANSWERED,
    SWAP_ASKED,
    SWAPPED,
    ShiftSwap,
    ShiftSwaps,
    SwapError,
    SwapFault,
    SwapState,
    WorkDay,
    fingerprint,
    swapped,
)
from handlers.shifts.telling import tell_coordinators
from handlers.work import Context

_ASKING = colleagues.Asking(
    several=mark("A shift is swapped with one colleague. Whom do you mean?"),
    nobody=mark(
        "I find no day and no colleague by that name here. Write {typed} alone to see your shifts."
    ),
    oneself=mark("That is you. Choose the colleague with whom you swap."),
)
_Days = Mapping[date, WorkDay]


def swap(command: Command, ctx: Context) -> Reply:
    """`/plecs shift @Ilze Friday`, "I swapped with @Ilze": the form, with what was said."""
    words = _without_before(command.text)
    found, rest = colleagues.named(replace(command, text=words, name="shift"), ctx, _ASKING)
    if len(found) > 1:
        raise RefusedError(ctx.t(_ASKING.several))
    colleagues.check(found[0], ctx, _ASKING)
    at = moment_in(rest, ctx.now.astimezone(ZoneInfo(ctx.me.zone))) if rest.strip() else None
    return cards.swap_form(found[0], at.date().isoformat() if at else "", ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    return cards.swap_form(None, "", ctx.t)


def ask(command: Command, ctx: Context) -> Reply | Living:
    """The form, filled in: the colleague is asked."""
    asked = Filled(cards.swap_form(None, "", ctx.t), command, ctx)
    chosen = colleagues.chosen("colleague", asked, ctx, _ASKING)
    gives = asked.day("gives")
    takes = asked.day("takes") if command.one("takes").strip() else gives
    for name, day in (("gives", gives), ("takes", takes)):
        wrong = None if name in asked.errors else checked_day(day, ctx)
        if wrong is not None:
            asked.errors[name] = wrong
    if asked.errors:
        return asked.again()
    other = chosen[0]
    mine, theirs = _days(ctx.me, gives, takes, ctx), _days(other, gives, takes, ctx)
    one = ShiftSwap(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        asker=ctx.me.id,
        other=other.id,
        gives=gives,
        takes=takes,
        stood=fingerprint(*mine.values(), *theirs.values()),
        state=SwapState.ASKED,
        at=ctx.now,
    )
    try:
        swapped(mine, theirs, gives, takes)
    except SwapError as error:
        return _cannot(asked, error, other, ctx)
    ctx.work.of(ShiftSwaps).put(one)
    ctx.work.outbox.add(one.workspace, Notice(SWAP_ASKED, one.id, (other.id,), ctx.now))
    waits = cards.swap_asked(one, other, _after(one, mine, theirs, ctx), ctx.t)
    return Living(waits, Notice(SWAP_ASKED, one.id, (one.asker,), ctx.now), waits)


def agree(command: Command, ctx: Context) -> Reply:
    """Both have said so: the days are swapped, if they stand as they did."""
    one = _asked_of_me(command, ctx)
    asker = ctx.work.people.get(one.asker)
    if asker is None or not asker.belongs or min(one.gives, one.takes) < ctx.today:
        raise RefusedError(ctx.t("That can no longer be swapped."))
    mine, theirs = (_days(who, one.gives, one.takes, ctx) for who in (asker, ctx.me))
    if fingerprint(*mine.values(), *theirs.values()) != one.stood:
        raise RefusedError(
            ctx.t("The shifts of these days are others by now. Nothing was swapped: ask anew.")
        )
    change(ctx, swapped(mine, theirs, one.gives, one.takes))
    _decide(ctx, replace(one, state=SwapState.AGREED))
    tell_coordinators(ctx, one.workspace, SWAPPED, one.id, besides=(one.asker, one.other))
    return None


def decline(command: Command, ctx: Context) -> Reply:
    _decide(ctx, replace(_asked_of_me(command, ctx), state=SwapState.DECLINED))
    return None


def take_back(command: Command, ctx: Context) -> Reply:
    """Who asked does not ask any more."""
    one = ctx.work.of(ShiftSwaps).get(Pressed(command, ctx.t).id("swap"))
    if one is None or one.asker != ctx.me.id or one.state is not SwapState.ASKED:
        raise RefusedError(ctx.t("This is decided already."))
    one = replace(one, state=SwapState.TAKEN_BACK, at=ctx.now)
    ctx.work.of(ShiftSwaps).put(one)
    ctx.work.outbox.refresh(one.workspace, SWAP_ASKED, one.id, ctx.now)
    return cards.swap_over(one, ctx.me, ctx.me, (), ctx.t)


def swap_card(notice: Notice, ctx: Context) -> Card | None:
    """To either of the two, or a coordinator."""
    one = ctx.work.of(ShiftSwaps).get(notice.about)
    people = {} if one is None else ctx.work.people.many([one.asker, one.other])
    if one is None or not {one.asker, one.other} <= people.keys():
        return None
    asker, other = people[one.asker], people[one.other]
    if one.state is SwapState.ASKED:
        if ctx.me.id not in people:
            return None
        mine, theirs = (_days(who, one.gives, one.takes, ctx) for who in (asker, other))
        after = _after(one, mine, theirs, ctx)
        if ctx.me.id == one.asker:
            return cards.swap_asked(one, other, after, ctx.t)
        return cards.swap_question(one, asker, after, ctx.t)
    if one.state is SwapState.TAKEN_BACK and not notice.sent:
        return None
    if (
        notice.kind == SWAP_ASKED
        and ctx.me.id == one.asker
        and one.state is not SwapState.TAKEN_BACK
    ):
        return cards.swap_answered(other, ctx.t)
    parts: tuple[Part, ...] = ()
    if one.state is SwapState.AGREED:
        mine, theirs = (_days(who, one.gives, one.takes, ctx) for who in (asker, other))
        parts = cards.swap_lines(list(mine.values()), list(theirs.values()), ctx.t)
    return cards.swap_over(one, asker, other, parts, ctx.t)


def _decide(ctx: Context, one: ShiftSwap) -> None:
    ctx.work.of(ShiftSwaps).put(replace(one, at=ctx.now))
    ctx.work.outbox.refresh(one.workspace, SWAP_ASKED, one.id, ctx.now)
    ctx.work.outbox.add(one.workspace, Notice(SWAP_ANSWERED, one.id, (one.asker,), ctx.now))


def _asked_of_me(command: Command, ctx: Context) -> ShiftSwap:
    one = ctx.work.of(ShiftSwaps).get(Pressed(command, ctx.t).id("swap"))
    if one is None or one.other != ctx.me.id or one.state is not SwapState.ASKED:
        raise RefusedError(ctx.t("This is decided already."))
    return one


def _after(one: ShiftSwap, mine: _Days, theirs: _Days, ctx: Context) -> tuple[Part, ...]:
    """Who would work when, if it were agreed on as the days stand: the asker's, and the other's."""
    try:
        plans = swapped(mine, theirs, one.gives, one.takes)
    except SwapError:
        return ()
    after = {(plan.person, plan.day): plan for plan in plans}
    both = [
        [
            replace(
                day,
                work=tuple(
                    entry
                    for entry in after[who, day.day].entries
                    if entry not in day.beside and entry.kind is not ShiftKind.FREE
                ),
            )
            for day in days.values()
        ]
        for who, days in ((one.asker, mine), (one.other, theirs))
    ]
    return cards.swap_lines(both[0], both[1], ctx.t)


def _days(person: Person, gives: date, takes: date, ctx: Context) -> _Days:
    return {one.day: one for one in days_of(person, sorted({gives, takes}), ctx)}


def _cannot(asked: Filled, error: SwapError, other: Person, ctx: Context) -> Form:
    name = other.first_name
    match error.fault:
        case SwapFault.NOTHING_GIVEN:
            return asked.again(gives=ctx.t("You have no shift on that day."))
        case SwapFault.NOTHING_TAKEN:
            return asked.again(takes=ctx.t("{name} has no shift on that day.", name=name))
        case SwapFault.ASKER_WORKS:
            return asked.again(takes=ctx.t("You work on that day yourself."))
        case SwapFault.OTHER_WORKS:
            return asked.again(gives=ctx.t("{name} works on that day already.", name=name))


def _without_before(text: str) -> str:
    """What was typed without the words before a name: "I swapped with"."""
    words = text.split()
    while words and fold(words[0]) in _WORDS_BEFORE:
        words = words[1:]
    return " ".join(words)


_WORDS_BEFORE = frozenset(
    {
        *("i", "swap", "swapped", "swapping", "with"),
        *("es", "maina", "mainos", "mainijos", "mainijas", "samainos", "samainijos", "ar"),
    }
)

ROUTES = (
    Route("shift.swap", swap, reads=True),
    Route("shift.swap.form", form, reads=True),
    Route("shift.swap.ask", ask),
    Route("shift.swap.agree", agree),
    Route("shift.swap.decline", decline, private=True),
    Route("shift.swap.back", take_back),
)
NOTICES = (
    NoticeKind(SWAP_ASKED, swap_card),
    NoticeKind(SWAP_ANSWERED, swap_card),
    NoticeKind(SWAPPED, swap_card),
)
