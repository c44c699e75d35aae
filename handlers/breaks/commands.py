"""What people ask about their breaks, and what happens when time passes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.availability.coverage import RULE, BreakTeams, fits, on_the_floor
from handlers.availability.engaged import Availability
from handlers.breaks import cards, model
from handlers.breaks.lookups import awaited, could_cover, long_over, own_offer
from handlers.breaks.model import (
    AWAITED,
    CHOOSE_WITHIN,
    HARD_LASTS,
    LONGEST,
    OFFER_COMES_AFTER,
    OFFER_LASTS,
    Break,
    BreakOffer,
    Breaks,
    BreakState,
    Fault,
    MinutesError,
    Return,
    minutes_in,
)
from handlers.breaks.rules import next_start
from handlers.breaks.steps import (
    begin_or_hold,
    caught_up,
    close,
    let_go,
    placed,
    refresh,
    settle_offer,
    step,
)
from handlers.breaks.suggestions import next_tip
from handlers.common.crisis import crisis
from handlers.common.reach import reached
from handlers.kit.asking import asks, while_asked
from handlers.kit.cards import Card, Line, Reply, ToType
from handlers.kit.commands import Behind, Command, RefusedError, Route, Typed
from handlers.kit.facts import (
    BreakEnded,
    CallEnded,
    CallGoesOn,
    ReminderFollowed,
    TelephoneEnded,
)
from handlers.kit.feature import NoticeKind, Rest, Timer
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain
from handlers.work import Context, Occasion

_MORE = 5
"""Minutes of "a little more"."""


def break_(command: Command, ctx: Context) -> Reply:
    """`/break`, `/break 10`, `/break 10 min`, `/break until I'm back`, `/break 10 after this
    call`."""
    text = command.text.strip()
    wished = model.after_the_call(text)
    if wished is not None:
        return _wish(ctx, _minutes(wished, ctx)) if wished else after_call(command, ctx)
    if text:
        return _ask(ctx, _minutes(text, ctx))
    one = ctx.work.of(Breaks).live_of(ctx.me.id)
    if one is not None and one.is_on(ctx.now):
        return _running(one, ctx)
    if one is not None and one.state is BreakState.BOOKED:
        return cards.booked(one, ctx.t)
    if one is not None and one.state is BreakState.WISHED:
        return _wished(one, ctx)
    can_set = ctx.services.status_link(command.by, ctx.me.locale, ctx.now) is not None
    return cards.choose(ctx.t, status=can_set)


def after_call(command: Command, ctx: Context) -> Reply:
    """*After this call…*: how long it is to be then."""
    return cards.after_call(ctx.t)


def take(command: Command, ctx: Context) -> Reply:
    """One of the buttons: so many minutes, now or after this call, perhaps from an offer."""
    asked = command.one("minutes")
    minutes = None if asked == cards.OPEN else _minutes(asked, ctx)
    hard = False
    if command.one("offer"):
        offer = own_offer(command, ctx)
        hard = offer.hard
        settle_offer(ctx.work, replace(offer, step_at=None, taken=True), ctx.now)
    if command.one("when") == "after":
        return _wish(ctx, minutes)
    return _ask(ctx, minutes, hard=hard)


def reminded(command: Command, ctx: Context) -> Reply:
    """*Now* on a reminder of one's plan."""
    ctx.tell(ReminderFollowed(ctx.me, command.one("reminder")))
    return take(command, ctx)


def decline(command: Command, ctx: Context) -> Reply:
    """An offer is not wanted: its card goes quiet."""
    offer = own_offer(command, ctx)
    settle_offer(ctx.work, replace(offer, step_at=None), ctx.now)
    return None


def book(command: Command, ctx: Context) -> Reply:
    """The start that was offered, or the next one if it is gone meanwhile."""
    one = awaited(command, ctx)
    rule = RULE.of(ctx.work.settings, ctx.me.workspace)
    team, me = on_the_floor(ctx.work, ctx.me, ctx.now)
    start = one.starts_at
    if start is None or start <= ctx.now or not fits(team, rule, me, start, start + one.length):
        start = next_start(team, rule, me, one.length, ctx.now)
    if start is None:
        return _held(model.held(one, None, ctx.now), ctx)
    one = model.booked(one, start)
    ctx.work.of(Breaks).save(one)
    refresh(ctx.work, one, ctx.now, model.HELD, model.UNCOVERED, model.COVER, model.ASKED)
    return cards.booked(one, ctx.t)


def threatened(command: Command, ctx: Context) -> Reply:
    """After a threat a break waits for nobody. People say so themselves; nobody checks it."""
    one = awaited(command, ctx)
    if not RULE.of(ctx.work.settings, ctx.me.workspace).hard_first:
        return _held(one, ctx)
    one = placed(ctx, ctx.me, replace(one, hard=True))
    ctx.work.of(Breaks).save(one)
    refresh(ctx.work, one, ctx.now, model.HELD, model.UNCOVERED, model.COVER, model.ASKED)
    return _running(one, ctx)


def drop(command: Command, ctx: Context) -> Reply:
    """What was wished, offered or booked is no longer wanted."""
    ctx.work.of(BreakTeams).hold(ctx.me)
    one = ctx.work.of(Breaks).live_of(ctx.me.id)
    if (
        one is None
        or one.id != command.one("break")
        or one.state not in (*AWAITED, BreakState.BOOKED, BreakState.WISHED)
    ):
        raise RefusedError(long_over(ctx))
    close(ctx.work, one, ctx.now)
    return cards.dropped(ctx.t)


def back(command: Command, ctx: Context) -> Reply:
    """Back before the time is up, or saying how one comes back after it."""
    work, now = ctx.work, ctx.now
    how = _return(command)
    work.of(BreakTeams).hold(ctx.me)
    one = caught_up(ctx) or work.of(Breaks).last_of(ctx.me.id)
    if command.one("break") not in ("", one.id if one else ""):
        raise RefusedError(long_over(ctx))
    early = one is not None and one.state is BreakState.RUNNING
    choosing = (
        one is not None
        and one.closed_at is not None
        and (one.state is BreakState.OVER or one.back_as is Return.AVAILABLE)
        and now < one.closed_at + CHOOSE_WITHIN
    )
    again = one is not None and one.state is BreakState.DESK and how is Return.AVAILABLE
    if one is None or not (early or choosing or again):
        raise RefusedError(
            ctx.t("You are not on a break. {typed} begins one.", typed=ToType("break", "10"))
        )
    was_over = one.state is BreakState.OVER
    work.of(Breaks).uncover(one.id)  # who covered for the break doesn't for the desk work after it
    if how is Return.DESK:
        _check_desk(ctx)
    ended = BreakEnded(one.person, one.lasted(now))
    one = model.back(one, how, now)
    work.of(Breaks).save(one)
    refresh(work, one, now, model.BEGUN, model.OVER, model.COVER, model.ASKED)
    let_go(work, one, now)
    more = _ask(ctx, _MORE) if how is Return.MORE else None
    # One that ended by the clock was told of then, and with more minutes it goes on.
    if early and work.of(Availability).break_of(one.person, now) is None:
        ctx.tell(ended)
    if more is not None:
        return more
    if was_over and command.one("break"):
        return None  # the message itself now says how they came back
    if early and how is not Return.DESK:
        return cards.back_early(one, reached(ctx), ctx.t)
    return _back(one, ctx)


def another_tip(command: Command, ctx: Context) -> Reply:
    """The next suggestion that fits."""
    return _with_tips(ctx, on=True)


def tips(command: Command, ctx: Context) -> Reply:
    """Suggestions on or off, from now on."""
    return _with_tips(ctx, on=command.one("on") == "yes")


def numbers(command: Command, ctx: Context) -> Reply:
    """The crisis numbers, from where the boundaries keep them."""
    return cards.numbers(crisis(ctx), ctx.t)


def team(command: Command, ctx: Context) -> Reply:
    """`/break team`: which of a supervisor's people are away, until when, and never why. Those
    without a manager in the people list are everybody's."""
    away = ctx.work.of(Breaks).away(ctx.me, ctx.now)
    return cards.team(away, ctx.now, ctx.me.zone, ctx.t)


def call_ended(fact: CallEnded, on: Occasion) -> None:
    """A break that was wished for begins; else one is offered, once for each call. Whatever was
    offered from five minutes before this one's beginning is taken for the same call."""
    work, now, person = on.work, on.now, fact.person
    breaks = work.of(Breaks)
    work.of(BreakTeams).hold(person)
    one = breaks.live_of(person.id)
    if one is not None and one.is_on(now):
        return
    hard = fact.hard and RULE.of(work.settings, person.workspace).hard_first
    if one is not None and one.state is BreakState.WISHED:
        one = replace(one, hard=one.hard or hard)
        if work.of(Availability).on_telephone(person.id, now):
            breaks.save(one)  # the telephone system tells when the call itself is over
        else:
            begin_or_hold(on, person, one)
    elif model.had_one(breaks.last_of(person.id), fact.began, now, hard=fact.hard):
        return
    elif not breaks.was_offered(person.id, fact.began - OFFER_LASTS):
        comes = now + OFFER_COMES_AFTER
        offer = BreakOffer(fact.call, person.workspace, person.id, hard, comes, comes + OFFER_LASTS)
        if breaks.offer(offer):
            work.outbox.add(person.workspace, Notice(model.OFFER, fact.call, (person.id,), comes))


def telephone_ended(fact: TelephoneEnded, on: Occasion) -> None:
    """A break that was wished for after the call begins by itself."""
    breaks = on.work.of(Breaks)
    on.work.of(BreakTeams).hold(fact.person)
    one = breaks.live_of(fact.person.id)
    is_over = not on.work.of(Availability).on_telephone(fact.person.id, on.now)
    if one is not None and one.state is BreakState.WISHED and is_over:
        begin_or_hold(on, fact.person, one)


def call_goes_on(fact: CallGoesOn, on: Occasion) -> None:
    """What was offered after it and not answered is taken away: its true end is offered anew."""
    offer = on.work.of(Breaks).offer_of(fact.call)
    if offer is not None and offer.is_open(on.now):
        on.work.of(Breaks).drop_offer(offer.call)
        on.work.outbox.refresh(offer.workspace, model.OFFER, offer.call, on.now)
        on.work.outbox.let_go(offer.workspace, offer.call, on.now)


def advance_breaks(on: Occasion, limit: int) -> int:
    """Does what is due: a break ends, a booked one begins, what nobody wanted lapses."""
    work, now = on.work, on.now
    due = work.of(Breaks).due(now, limit)
    people = work.people.many([one.person for one in due])
    work.of(BreakTeams).hold(*people.values())
    for one in due:
        latest = work.of(Breaks).get(one.id)
        if latest is not None and latest.step_at is not None and latest.step_at <= now:
            step(on, people[latest.person], latest)
    return len(due)


def quiet_break_offers(on: Occasion, limit: int) -> int:
    """Offers that nobody took in time go quiet."""
    due = on.work.of(Breaks).offers_due(on.now, limit)
    for offer in due:
        settle_offer(on.work, replace(offer, step_at=None), on.now)
    return len(due)


def offer_card(notice: Notice, ctx: Context) -> Card | None:
    offer = ctx.work.of(Breaks).offer_of(notice.about)
    is_away = not notice.sent and ctx.me.duty.is_away(ctx.now)
    if offer is not None and offer.is_open(ctx.now) and not is_away:
        one = ctx.work.of(Breaks).live_of(offer.person)
        if one is None or not one.is_on(ctx.now):
            return cards.offer(offer, ctx.t)
    return cards.offer_over(ctx.t) if notice.sent else None


def begun_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Breaks).get(notice.about)
    if one is not None and one.is_on(ctx.now):
        return _running(one, ctx)
    return cards.begun_over(ctx.t) if notice.sent else None


def over_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Breaks).get(notice.about)
    if one is not None and one.state is BreakState.OVER:
        return cards.over(one, ctx.t)
    return _back(one, ctx) if one is not None and notice.sent else None


def held_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Breaks).get(notice.about)
    if one is not None and one.state in AWAITED:
        return _held(one, ctx)
    return cards.held_over(ctx.t) if notice.sent else None


def _ask(ctx: Context, minutes: int | None, *, hard: bool = False) -> Reply:
    """A break now. One that would leave too few is held, with a start that fits."""
    work, now = ctx.work, ctx.now
    work.of(BreakTeams).hold(ctx.me)
    before = caught_up(ctx)
    if before is not None and before.is_on(now):
        return cards.already(before, ctx.t)
    rule = RULE.of(work.settings, ctx.me.workspace)
    hard = rule.hard_first and (hard or _ended_a_call(ctx))
    one = placed(ctx, ctx.me, _new(ctx, minutes, hard=hard))
    if before is not None and before.state is BreakState.BOOKED and one.state is BreakState.HELD:
        return cards.booked(before, ctx.t, still=True)
    if before is not None:
        close(work, before, now)
    work.of(Breaks).add(one)
    return _running(one, ctx) if one.state is BreakState.RUNNING else _held(one, ctx)


def _wish(ctx: Context, minutes: int | None) -> Reply:
    """A break after this call."""
    ctx.work.of(BreakTeams).hold(ctx.me)
    before = caught_up(ctx)
    if before is not None and before.is_on(ctx.now):
        return cards.already(before, ctx.t)
    if before is not None:
        close(ctx.work, before, ctx.now)
    one = model.wished(_new(ctx, minutes, hard=False), ctx.now)
    ctx.work.of(Breaks).add(one)
    return _wished(one, ctx)


def _wished(one: Break, ctx: Context) -> Card:
    is_on = ctx.work.of(Availability).on_telephone(ctx.me.id, ctx.now)
    return cards.wished(one, ctx.t, on_telephone=is_on)


def _new(ctx: Context, minutes: int | None, *, hard: bool) -> Break:
    me = ctx.me
    return Break(ctx.new_id(), me.workspace, me.id, minutes, BreakState.HELD, ctx.now, hard)


def _check_desk(ctx: Context) -> None:
    """Desk work takes somebody off the line, so it keeps to the same rule."""
    rule = RULE.of(ctx.work.settings, ctx.me.workspace)
    team, me = on_the_floor(ctx.work, ctx.me, ctx.now)
    if not fits(team, rule, me, ctx.now, ctx.now + model.DESK_LASTS):
        raise RefusedError(
            ctx.t("Too few would be left for the callers. Please come back to the line first.")
        )


def _with_tips(ctx: Context, *, on: bool) -> Reply:
    habits = replace(ctx.work.of(Breaks).habits(ctx.me.id), suggests=on)
    one = ctx.work.of(Breaks).live_of(ctx.me.id)
    if one is None or not one.is_on(ctx.now):
        ctx.work.of(Breaks).keep_habits(ctx.me.id, habits)
        return cards.choose(ctx.t, status=False) if on else cards.tips_off(ctx.t)
    tip, habits = next_tip(habits, one.minutes)
    ctx.work.of(Breaks).keep_habits(ctx.me.id, habits)
    one = replace(one, tip=tip)
    ctx.work.of(Breaks).save(one)
    return _running(one, ctx)


def _held(one: Break, ctx: Context) -> Card:
    covered = ctx.work.of(Breaks).covered_by(ctx.me.id, ctx.now)
    return cards.held(
        one,
        RULE.of(ctx.work.settings, ctx.me.workspace),
        ctx.t,
        may_ask=covered is None and bool(could_cover(ctx.work, ctx.me, ctx.now)),
        covering=ctx.work.people.get(covered.person) if covered is not None else None,
    )


def _running(one: Break, ctx: Context) -> Card:
    coverer = ctx.work.of(Breaks).coverer(one.id)
    return cards.running(one, ctx.work.people.get(coverer) if coverer else None, ctx.t)


def _back(one: Break, ctx: Context) -> Card:
    return cards.back(one, reached(ctx), ctx.t)


def _ended_a_call(ctx: Context) -> bool:
    """Whether they had to end a call a moment ago."""
    ended_at = ctx.work.of(Availability).ended_call_at(ctx.me.id)
    return ended_at is not None and ctx.now < ended_at + HARD_LASTS


def _minutes(text: str, ctx: Context) -> int | None:
    try:
        return minutes_in(text, ctx.now.astimezone(ZoneInfo(ctx.me.zone)))
    except MinutesError as error:
        raise RefusedError(_FAULTS[error.fault](ctx)) from None


def _return(command: Command) -> Return:
    asked = command.one("as")
    return Return(asked) if asked in set(Return) else Return.AVAILABLE


def _for_other_days(t: Texts) -> Line:
    until = plain(t("until Monday"))
    return t("A break is now. For other days: {typed}", typed=ToType("away", until))


_FAULTS: Mapping[Fault, Callable[[Context], Line]] = {
    Fault.LONG: lambda ctx: ctx.t(
        "A break is at most {n} minutes. For longer: {typed}",
        n=LONGEST,
        typed=ToType("away", "2 h"),
    ),
    Fault.SHORT: lambda ctx: ctx.t(
        "A break is at least one minute. {typed} is a good one.", typed=ToType("break", "5")
    ),
    Fault.DAY: lambda ctx: _for_other_days(ctx.t),
    Fault.UNREADABLE: lambda ctx: ctx.t(
        "I can't tell how many minutes that is. Write {typed}, or {alone} alone.",
        typed=ToType("break", "10"),
        alone=ToType("break"),
    ),
}

ROUTES: tuple[Route, ...] = (
    Route(
        "break",
        break_,
        typed=Typed(
            {"en": "break", "lv": "pauze"},
            mark("A break: now, or after this call"),
            mark("[minutes], back or plan"),
            also=("перерыв", "пауза"),
            hears=asks("break"),
            said=while_asked,
        ),
    ),
    Route("break.after", after_call, reads=True),
    Route("break.take", take),
    Route("break.reminded", reminded),
    Route("break.decline", decline, private=True),
    Route("break.book", book),
    Route("break.hard", threatened, private=True),
    Route("break.drop", drop),
    Route("break.back", back, behind=Behind("break", {"en": "back", "lv": "atpakaļ"})),
    Route("break.tip", another_tip),
    Route("break.tips", tips),
    Route("break.numbers", numbers, reads=True),
    Route(
        "break.team",
        team,
        reads=True,
        role=Role.SUPERVISOR,
        refusal=mark("Who is away is shown to supervisors. When you are, they see it."),
        behind=Behind(
            "break", {"en": "team", "lv": "komanda"}, help=mark("Which of your people are away")
        ),
    ),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.OFFER, offer_card, Rest.AT_ONCE),
    NoticeKind(model.BEGUN, begun_card, Rest.AT_ONCE),
    NoticeKind(model.OVER, over_card, Rest.AT_ONCE),
    NoticeKind(model.HELD, held_card, Rest.AT_ONCE),
)

TIMERS: tuple[Timer, ...] = (advance_breaks, quiet_break_offers)
