"""Somebody looks after one's topics and duty for a while: asked, agreed to, given back, over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.availability.engaged import Availability, Helper
from handlers.availability.free import OnDuty, helpers_in_turn, helpers_named
from handlers.availability.reliefs import Relief, Reliefs, ReliefState
from handlers.availability.shifts import with_shift
from handlers.common import colleagues
from handlers.kit.cards import Card, Line, Part, Reply
from handlers.kit.commands import MENTIONED, Command, Living, RefusedError, Route, Typed
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind, Rest, Timer
from handlers.kit.moments import MOST_WORDS, end_in, minutes_alone, while_in
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.shifts import relief_cards as cards
from handlers.work import Context, Occasion

ASK, ASKS, BEGUN = "cover.ask", "cover.asks", "cover.begun"
NOBODY, ENDED = "cover.nobody", "cover.ended"
"""The notices: to whom is asked, who does it among them; to who asked, while they wait, when
somebody said yes, and when nobody did; and to both at the end."""

_LONGEST = timedelta(hours=12)
_OPEN_FOR = timedelta(hours=1)
"""How long a question stays open where it says for how long, and not until when."""

_TOLD_AFTER = timedelta(minutes=5)
"""When whoever asked hears that nobody has said yes: whatever was answered."""

_ASKED_AT_ONCE = 5
"""Colleagues: one is enough, and nobody likes to be one of fifty."""

_PAGE = 10

_ASKING = colleagues.Asking(
    several=mark("One colleague looks after it. Whom do you mean?"),
    nobody=mark(
        "I can't tell how long, or who. Write it like {typed} 30, or {typed} with a while and a "
        "colleague's name."
    ),
    oneself=mark("That is you. Choose a colleague, or leave it to whoever is free."),
)


class _While(NamedTuple):
    """`until`: when it ends, if it begins now. `minutes`: how long; 0 where a moment was said."""

    until: datetime
    minutes: int


def cover(command: Command, ctx: Context) -> Reply | Living:
    """`/cover 30`, `/cover until 16:00 @Ilze`, `/aizstāt pusstundu`: asks one colleague, or some of
    those who are free for the same topics. The second time it shows what there is."""
    live = ctx.work.of(Reliefs).live_of(ctx.me.id, ctx.now)
    if live is not None:
        return _mine(live, ctx)
    text = command.text.strip()
    if not text:
        return cards.form(ctx.t)
    if command.many(MENTIONED):
        found, typed = colleagues.named(command, ctx, _ASKING)
        return _ask(_while(typed, ctx), _one(found, ctx), ctx)
    words = text.split()
    for place in range(min(len(words), MOST_WORDS), 0, -1):
        typed, name = " ".join(words[:place]), " ".join(words[place:])
        if end_in(typed, _local(ctx)) is None:
            continue
        if not name:
            return _ask(_while(typed, ctx), None, ctx)
        found, rest = colleagues.named(replace(command, text=name), ctx, _ASKING)
        if not rest.strip():
            return _ask(_while(typed, ctx), _one(found, ctx), ctx)
    found, rest = colleagues.named(command, ctx, _ASKING)
    return _ask(_while(rest, ctx), _one(found, ctx), ctx)


def asked(command: Command, ctx: Context) -> Reply | Living:
    """The form, filled in."""
    live = ctx.work.of(Reliefs).live_of(ctx.me.id, ctx.now)
    if live is not None:
        return _mine(live, ctx)
    form = Filled(cards.form(ctx.t), command, ctx)
    typed, chosen = form.text("while"), colleagues.chosen("colleague", form, ctx, _ASKING)
    if form.errors:
        return form.again()
    try:
        lasts = _while(typed, ctx)
    except RefusedError as refused:
        return form.again(**{"while": refused.line})
    return _ask(lasts, chosen[0] if chosen else None, ctx)


def agree(command: Command, ctx: Context) -> Reply:
    """*I'll do it*: the first one does, and both see it."""
    one, asker = _found(command, ctx)
    if one.is_on(ctx.now) and one.helper == ctx.me.id:
        return cards.helping(one, asker, ctx.t)
    if one.state is not ReliefState.ASKED or ctx.now >= one.ends_at or not asker.belongs:
        return cards.not_needed(ctx.t)
    if asker.id == ctx.me.id:
        raise RefusedError(ctx.t(_ASKING.oneself))
    mine = ctx.work.of(Reliefs).live_of(ctx.me.id, ctx.now)
    if mine is not None and mine.state is ReliefState.ON:
        raise RefusedError(ctx.t("Somebody looks after yours just now. End that first."))
    here = with_shift(ctx.me, ctx.work, ctx.now)
    is_free = here.on_duty(ctx.now) and not ctx.work.of(Availability).engaged((ctx.me.id,), ctx.now)
    if not is_free:
        raise RefusedError(ctx.t("You are not free yourself just now. Nobody expects it of you."))
    ends = ctx.now + timedelta(minutes=one.minutes) if one.minutes else one.ends_at
    one = replace(one, state=ReliefState.ON, helper=ctx.me.id, ends_at=ends, step_at=ends)
    ctx.work.of(Reliefs).put(one)
    ctx.work.outbox.add(one.workspace, Notice(BEGUN, one.id, (one.person,), ctx.now))
    _show(one, ctx)
    return None  # the message that was pressed says it from now on


def not_now(command: Command, ctx: Context) -> Reply:
    """Nothing is kept of it."""
    return cards.not_now(ctx.t)


def end(command: Command, ctx: Context) -> Reply:
    """*I'm there again*, *Never mind* and *I can't any longer*: either of the two ends it, and the
    other is told."""
    one, asker = _found(command, ctx)
    if ctx.me.id not in (one.person, one.helper):
        raise RefusedError(ctx.t("This is over."))
    if one.state is ReliefState.OVER:
        return cards.over(ctx.t)
    helper = ctx.work.people.get(one.helper) if one.helper else None
    _end(one, ctx, told=[who for who in (one.person, one.helper) if who and who != ctx.me.id])
    if ctx.me.id == one.helper:
        return cards.given_back(asker, ctx.t)
    return cards.taken_back(helper, ctx.t)


def end_reliefs(on: Occasion, limit: int) -> int:
    """What ends by itself; both hear of it."""
    due = on.work.of(Reliefs).due(on.now, limit)
    for one in due:
        is_on = one.state is ReliefState.ON
        _end(one, on, told=[one.person, *filter(None, (one.helper,))] if is_on else [])
    return len(due)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Nobody counts on whoever is gone."""
    gone, reliefs = fact.person.id, on.work.of(Reliefs)
    for one in reliefs.given_by(gone, on.now):
        _end(one, on, told=[one.person])
    mine = reliefs.live_of(gone, on.now)
    if mine is not None:
        _end(mine, on, told=[mine.helper] if mine.helper else [])


def ask_card(notice: Notice, ctx: Context) -> Card | None:
    """To whom is asked; to whoever said yes, that they do it, and that it is over."""
    one = ctx.work.of(Reliefs).get(notice.about)
    asker = ctx.work.people.get(one.person) if one is not None else None
    if one is None or asker is None:
        return cards.not_needed(ctx.t) if notice.sent else None
    if one.helper == ctx.me.id:
        return (
            cards.helping(one, asker, ctx.t) if one.is_on(ctx.now) else cards.helped(asker, ctx.t)
        )
    if one.state is ReliefState.ASKED and ctx.now < one.ends_at:
        return cards.question(one, asker, ctx.t)
    return cards.not_needed(ctx.t) if notice.sent else None


def asks_card(notice: Notice, ctx: Context) -> Card | None:
    """To whoever asked, in place of whom they asked: a yes is news, and comes by itself."""
    one = ctx.work.of(Reliefs).get(notice.about)
    helper = ctx.work.people.get(one.helper) if one is not None and one.helper else None
    if one is not None and helper is not None:
        return cards.said_yes(helper, ctx.t)
    if one is None or one.state is not ReliefState.ASKED or ctx.now >= one.ends_at:
        return cards.over(ctx.t) if notice.sent else None
    return cards.still_asked(one, ctx.t)


def begun_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Reliefs).get(notice.about)
    helper = ctx.work.people.get(one.helper) if one is not None and one.helper else None
    if one is None or helper is None or not one.is_on(ctx.now):
        return cards.over(ctx.t) if notice.sent else None
    return cards.relieved(one, helper, ctx.t)


def nobody_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Reliefs).get(notice.about)
    is_asked = one is not None and one.state is ReliefState.ASKED and ctx.now < one.ends_at
    if one is None or not is_asked:
        return cards.settled(ctx.t) if notice.sent else None
    return cards.nobody_yet(one, ctx.t)


def ended_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Reliefs).get(notice.about)
    if one is None or one.helper is None or notice.sent:
        return None
    other = ctx.work.people.get(one.person if ctx.me.id == one.helper else one.helper)
    if other is None:
        return None
    return cards.ended(other, ctx.t, mine=ctx.me.id == one.person)


def now(ctx: Context) -> tuple[Part, ...]:
    """On the start page: who looks after one's own, and after whose one looks."""
    reliefs = ctx.work.of(Reliefs)
    mine, given = reliefs.live_of(ctx.me.id, ctx.now), reliefs.given_by(ctx.me.id, ctx.now)
    ids = [*(one.person for one in given), *([mine.helper] if mine and mine.helper else [])]
    people = ctx.work.people.many(ids)
    parts: list[Part] = []
    if mine is not None:
        parts += cards.mine_now(mine, people.get(mine.helper or ""), ctx.t)
    for one in given:
        if one.person in people:
            parts += cards.given_now(one, people[one.person], ctx.t)
    return tuple(parts)


def _ask(lasts: _While, whom: Person | None, ctx: Context) -> Reply | Living:
    people = [whom] if whom is not None else _who_could(ctx)
    if not people:
        raise RefusedError(
            ctx.t("Nobody is free for that just now. Ask your supervisor, or try again later.")
        )
    ends = ctx.now + _OPEN_FOR if lasts.minutes else lasts.until
    one = Relief(ctx.new_id(), ctx.me.workspace, ctx.me.id, lasts.minutes, ctx.now, ends, ends)
    ctx.work.of(Reliefs).put(one)
    outbox, ids = ctx.work.outbox, [person.id for person in people]
    outbox.add(one.workspace, *(Notice(ASK, one.id, (each,), ctx.now) for each in ids))
    outbox.add(one.workspace, Notice(NOBODY, one.id, (one.person,), ctx.now + _TOLD_AFTER))
    ctx.work.duty.mark_asked(ids, ctx.now)
    waits = Notice(ASKS, one.id, (one.person,), ctx.now)
    return Living(
        cards.is_asked(one, whom, len(people), ctx.t), waits, cards.still_asked(one, ctx.t)
    )


def _who_could(ctx: Context) -> list[Person]:
    """Some who are free: for the same topics or of the same role first, then whom one trusts, then
    anybody who helps."""
    me, found = ctx.me, dict[str, Person]()
    on_duty = OnDuty(me.workspace, ctx)

    def free() -> Iterator[Person]:
        for topic in me.topics:
            yield from _free(helpers_in_turn(me.workspace, ctx, _PAGE, topic=topic))
        if me.is_a(Role.SUPERVISOR):
            yield from _free(helpers_in_turn(me.workspace, ctx, _PAGE, role=Role.SUPERVISOR))
        yield from _free(helpers_named(me.trusted, ctx))
        yield from _free(helpers_in_turn(me.workspace, ctx, _PAGE))

    def _free(helpers: Iterator[Helper]) -> Iterator[Person]:
        for helper in helpers:
            person = helper.person
            if helper.engaged or helper.meeting or person.id in {me.id, *found}:
                continue
            if on_duty(person.duty):
                found[person.id] = person
                yield person

    return list(islice(free(), _ASKED_AT_ONCE))


def _mine(one: Relief, ctx: Context) -> Card:
    helper = ctx.work.people.get(one.helper) if one.helper else None
    if helper is not None and one.is_on(ctx.now):
        return cards.relieved(one, helper, ctx.t)
    return cards.still_asked(one, ctx.t)


def _end(one: Relief, on: Occasion, told: list[str]) -> None:
    one = replace(one, state=ReliefState.OVER, ends_at=min(one.ends_at, on.now), step_at=None)
    on.work.of(Reliefs).put(one)
    on.work.outbox.add(one.workspace, *(Notice(ENDED, one.id, (who,), on.now) for who in told))
    _show(one, on)
    on.work.outbox.let_go(one.workspace, one.id, on.now)  # whom they were for goes an hour on


def _show(one: Relief, on: Occasion) -> None:
    for kind in (ASK, ASKS, BEGUN, NOBODY):
        on.work.outbox.refresh(one.workspace, kind, one.id, on.now)


def _found(command: Command, ctx: Context) -> tuple[Relief, Person]:
    one = ctx.work.of(Reliefs).get(Pressed(command, ctx.t).id("cover"))
    asker = ctx.work.people.get(one.person) if one is not None else None
    if one is None or asker is None or one.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("This is over."))
    return one, asker


def _one(found: tuple[Person, ...], ctx: Context) -> Person:
    if len(found) > 1:
        raise RefusedError(ctx.t(_ASKING.several))
    colleagues.check(found[0], ctx, _ASKING)
    return found[0]


def _while(typed: str, ctx: Context) -> _While:
    """What was typed, or the usual while. Raises RefusedError."""
    typed = typed.strip() or cards.USUAL
    until = end_in(typed, _local(ctx))
    if until is None or until <= ctx.now:
        line: Line = ctx.t("I can't tell how long that is. Write it like 30 min or until 16:00.")
        raise RefusedError(line)
    if until > ctx.now + _LONGEST:
        raise RefusedError(ctx.t("At most {n} hours, please: for longer there is the plan.", n=12))
    lasts = minutes_alone(typed) or while_in(typed)
    return _While(until, 0 if lasts is None else lasts // timedelta(minutes=1))


def _local(ctx: Context) -> datetime:
    return ctx.now.astimezone(ZoneInfo(ctx.me.zone))


ROUTES = (
    Route(
        "cover",
        cover,
        typed=Typed(
            {"en": "cover", "lv": "aizstāt"},
            help=mark("Somebody looks after your topics for a while"),
            usage=mark("[30, or until 16:00] [@colleague]"),
            to_people=True,
            also=("aizvietot",),
        ),
    ),
    Route("cover.asked", asked),
    Route("cover.agree", agree),
    Route("cover.not", not_now, reads=True, private=True),
    Route("cover.end", end),
)
NOTICES = (
    NoticeKind(ASK, ask_card),
    NoticeKind(ASKS, asks_card, Rest.AT_ONCE),
    NoticeKind(BEGUN, begun_card, Rest.AT_ONCE),
    NoticeKind(NOBODY, nobody_card, Rest.AT_ONCE),
    NoticeKind(ENDED, ended_card, Rest.AT_ONCE),
)
TIMERS: tuple[Timer, ...] = (end_reliefs,)
