"""What becomes of a break: it begins, is held, ends, and those it concerns are told."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.availability.coverage import RULE, on_the_floor
from handlers.availability.engaged import Availability
from handlers.breaks import model
from handlers.breaks.model import Break, BreakOffer, Breaks, BreakState
from handlers.breaks.rules import MustWait, decide, next_start
from handlers.breaks.suggestions import next_tip
from handlers.kit.facts import BreakBegan, BreakEnded
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person
from handlers.work import Context, Occasion, Work


def placed(on: Occasion, person: Person, one: Break) -> Break:
    """The break, begun, or held with the next start that fits. The team is held."""
    work, now = on.work, on.now
    covered = work.of(Breaks).covered_by(person.id, now)
    team, planned = on_the_floor(work, person, now)
    decision = decide(
        team,
        RULE.of(work.settings, person.workspace),
        planned,
        one.length,
        now,
        hard=one.hard,
        committed_until=covered.ends_at if covered is not None else None,
    )
    if isinstance(decision, MustWait):
        if not model.has_waited(work.of(Breaks).last_of(person.id), now):
            work.of(Breaks).moved(person.workspace, _day(person, now))
        return model.held(one, decision.start, now)
    if covered is not None:  # a hard break ends what they had promised
        work.of(Breaks).uncover(covered.id)
        refresh(work, covered, now, model.COVER, model.BEGUN)
    return begin(on, person, one)


def _day(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.zone)).date()


def begin(on: Occasion, person: Person, one: Break) -> Break:
    """The break, begun, and told to whoever has to do with it."""
    breaks = on.work.of(Breaks)
    tip, habits = next_tip(breaks.habits(person.id), one.minutes)
    breaks.keep_habits(person.id, habits)
    one = model.begun(one, tip, on.now)
    for offer in breaks.open_offers(person.id):  # it is what they take, whatever they typed
        settle_offer(on.work, replace(offer, step_at=None, taken=True), on.now)
    assert one.ends_at is not None, "a break that is on ends some day"
    on.tell(BreakBegan(person.id, one.until, one.ends_at))
    return one


def begin_or_hold(on: Occasion, person: Person, one: Break) -> None:
    """A break whose moment has come begins, or its owner hears why not and when."""
    work, now = on.work, on.now
    one = placed(on, person, one)
    work.of(Breaks).save(one)
    if one.state is BreakState.RUNNING:
        tell(work, one, model.BEGUN, now, Priority.URGENT)
    else:
        tell(work, one, model.HELD, now)


def step(on: Occasion, person: Person, one: Break) -> None:
    """Does the one thing that is due in a break whose team is held."""
    work, now = on.work, on.now
    if one.state is BreakState.RUNNING:
        work.of(Breaks).save(model.over(one, now))
        on.tell(BreakEnded(one.person, one.lasted(now)))
        work.of(Breaks).uncover(one.id)
        refresh(work, one, now, model.BEGUN, model.COVER, model.ASKED)
        tell(work, one, model.OVER, now)
        let_go(work, one, now)
    elif one.state is BreakState.BOOKED and person.active:
        if work.of(Availability).in_call(person.id, now):
            work.of(Breaks).save(model.wished(one, now))  # it begins when that call is over
        else:
            begin_or_hold(on, person, one)
    elif one.state is BreakState.ASKING:
        rule = RULE.of(work.settings, person.workspace)
        team, planned = on_the_floor(work, person, now)
        one = model.held(one, next_start(team, rule, planned, one.length, now), now)
        work.of(Breaks).save(one)
        refresh(work, one, now, model.COVER, model.ASKED, model.HELD)
        tell(work, one, model.UNCOVERED, now)
    else:
        close(work, one, now)


def close(work: Work, one: Break, now: datetime) -> None:
    """It is no longer wanted, or its time went by."""
    work.of(Breaks).save(model.closed(one, now))
    refresh(work, one, now, model.HELD, model.UNCOVERED, model.COVER, model.ASKED, model.OVER)
    let_go(work, one, now)


def let_go(work: Work, one: Break, now: datetime) -> None:
    """Who was asked to cover, and what else its messages tell, goes an hour after it; unless desk
    work follows, and they are made again when that is over."""
    if one.state is not BreakState.DESK:
        work.outbox.let_go(one.workspace, one.id, now)


def caught_up(ctx: Context) -> Break | None:
    """One's live break, with what was due in it done, however late the timer is."""
    one = ctx.work.of(Breaks).live_of(ctx.me.id)
    if one is not None and one.step_at is not None and one.step_at <= ctx.now:
        step(ctx, ctx.me, one)
        one = ctx.work.of(Breaks).live_of(ctx.me.id)
    return one


def tell(
    work: Work, one: Break, kind: str, now: datetime, priority: Priority = Priority.NORMAL
) -> None:
    """Sends a notice of the break to whose it is."""
    work.outbox.add(one.workspace, Notice(kind, one.id, (one.person,), now, priority))


def refresh(work: Work, one: Break, now: datetime, *kinds: str) -> None:
    """Shows the notices of it that were sent as things stand now."""
    for kind in kinds:
        work.outbox.refresh(one.workspace, kind, one.id, now)


def settle_offer(work: Work, offer: BreakOffer, now: datetime) -> None:
    """Keeps what became of the offer, and shows it so."""
    work.of(Breaks).save_offer(offer)
    work.outbox.refresh(offer.workspace, model.OFFER, offer.call, now)
    work.outbox.let_go(offer.workspace, offer.call, now)
