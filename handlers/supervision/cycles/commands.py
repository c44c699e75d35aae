"""A cycle: its dates shown, planned, and the times that fit most people."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from handlers.availability.diaries import Diaries
from handlers.availability.rest import free_days, instant, wall_time
from handlers.availability.shifts import with_shifts
from handlers.availability.walls import NoSuchTimeError, skipped_by_the_clock, too_early
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command, Route
from handlers.kit.people import Role
from handlers.kit.reading import Filled, Pressed, refilled
from handlers.supervision.cycles import cards
from handlers.supervision.cycles.cards import CycleDraft
from handlers.supervision.cycles.model import SIZES, Cycle, Cycles, CycleState, Sizes
from handlers.supervision.dates.model import ChangeKind, Snapshot
from handlers.supervision.dates.rules import Dates, Rhythm, best_slots, dates
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Session, Sessions, SessionState
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import lifecycle
from handlers.supervision.shared.changes import (
    LEAD,
    change_of,
    changed,
    fits_of,
    new_session,
    put_with_seats,
)
from handlers.supervision.shared.lookups import (
    attending,
    double,
    group_in,
    refuse_double,
    roster_of,
)
from handlers.work import Context

_FRIDAY = 4


def cycle_form(command: Command, ctx: Context) -> Reply:
    """The dates of a cycle: as a slot or a preview has them, else as the last cycle's go on."""
    return refilled(_form(ctx, group_in(command, ctx)), command, ())


def cycle_preview(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    planned = _read_cycle(command, ctx, group, ctx.new_id())
    return planned if isinstance(planned, Form) else _cycle_preview(planned, ctx)


def cycle_plan(command: Command, ctx: Context) -> Reply:
    """*Plan these dates*: the cycle, its sessions and seats, and one message for each."""
    group = group_in(command, ctx, hold=True)
    change = Pressed(command, ctx.t).id("id") or ctx.new_id()
    known = change_of(change, ctx)
    if known is not None:
        return shared.done(group, known, ctx.t)
    planned = _read_cycle(command, ctx, group, change)
    if isinstance(planned, Form):
        return planned
    if planned.found.fingerprint != command.one("fingerprint"):
        return _cycle_preview(planned, ctx)
    people = attending(roster_of(ctx, group))
    refuse_double(ctx, people, planned.sessions)
    before = Snapshot(cycles=planned.ended)
    ended = tuple(replace(one, state=CycleState.ENDED) for one in planned.ended)
    for one in (*ended, planned.cycle):
        ctx.work.of(Cycles).put(one)
    put_with_seats(ctx, group, planned.sessions, people)
    lifecycle.cycle_started(ctx.work, planned.cycle, ctx.now)
    lifecycle.sessions_planned(ctx.work, planned.sessions, ctx.now)
    after = Snapshot((*ended, planned.cycle), planned.sessions)
    return changed(
        ctx, group, ChangeKind.PLANNED, change, before=before, after=after, people=people
    )


def find_form(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    return cards.find_form(group, _usual(ctx, group), sizes_of(ctx), ctx.t)


def find_slots(command: Command, ctx: Context) -> Reply:
    """The three times that fit most people."""
    group = group_in(command, ctx)
    usual = _usual(ctx, group)
    zone, form = usual.zone, cards.find_form(group, usual, sizes_of(ctx), ctx.t)
    asked = Filled(form, command, ctx)
    rhythm = Rhythm(
        first=asked.day("first"),
        wall="00:00",
        zone=zone,
        weeks=asked.number("weeks"),
        minutes=asked.number("minutes"),
        count=asked.number("count"),
    )
    early = too_early(rhythm.first, zone, ctx)
    if early is not None:
        asked.errors.setdefault("first", early)
    if asked.errors:
        return asked.again()
    here = roster_of(ctx, group)
    people = [here.people[one] for one in attending(here)]
    start = instant(datetime.combine(rhythm.first, time()), zone)
    end = start + (rhythm.count * rhythm.weeks + 2) * timedelta(days=7)
    booked: dict[str, list[tuple[datetime, datetime]]] = {}
    for other in ctx.work.of(Diaries).booked([one.id for one in people], start, end):
        booked.setdefault(other.person, []).append((other.starts_at, other.ends_at))
    found = best_slots(
        with_shifts(people, ctx.work, start, end),
        booked,
        rhythm,
        free_days(ctx.work.settings, ctx.me.workspace, ctx.services.calendar),
    )
    return cards.slots(group, found, rhythm, here.people, ctx.t)


def sizes_form(command: Command, ctx: Context) -> Reply:
    return cards.sizes_form(sizes_of(ctx), ctx.t)


def sizes_save(command: Command, ctx: Context) -> Reply:
    asked = Filled(cards.sizes_form(sizes_of(ctx), ctx.t), command, ctx)
    sizes = Sizes(asked.number("least"), asked.number("most"))
    if not asked.errors and sizes.most < sizes.least:
        asked.errors["most"] = ctx.t("No fewer than {n}, the least.", n=sizes.least)
    if asked.errors:
        return asked.again()
    ctx.change(SIZES, sizes)
    return cards.sizes_saved(sizes, ctx.t)


def sizes_of(ctx: Context) -> Sizes:
    return SIZES.of(ctx.work.settings, ctx.me.workspace)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A cycle as it would be. `ended`: what is over with it."""

    group: Group
    rhythm: Rhythm
    found: Dates
    cycle: Cycle
    sessions: tuple[Session, ...]
    ended: tuple[Cycle, ...]


def _read_cycle(command: Command, ctx: Context, group: Group, cycle_id: str) -> _Planned | Form:
    """The cycle that a form asks for; or the form again, with what is wrong."""
    t, asked = ctx.t, Filled(_form(ctx, group), command, ctx)
    rhythm = Rhythm(
        first=asked.day("first"),
        wall=asked.clock("wall"),
        zone=asked.zone("zone"),
        weeks=asked.number("weeks"),
        minutes=asked.number("minutes"),
        count=asked.number("count"),
    )
    if asked.errors:
        return asked.again()
    early = too_early(rhythm.first, rhythm.zone, ctx, rhythm.wall)
    if early is not None:
        return asked.again(first=early)
    here = roster_of(ctx, group)
    people = [here.people[one] for one in attending(here)]
    try:
        found = dates(rhythm, ctx.services.recurrence, fits_of(ctx, people, rhythm.zone))
    except NoSuchTimeError as error:
        return asked.again(wall=skipped_by_the_clock(error, rhythm.zone, ctx))
    if len(found.walls) < rhythm.count:
        return asked.again(
            first=t(
                "Only {n} dates fit: the rest are holidays, or more than a third are away.",
                n=len(found.walls),
            )
        )
    cycles = ctx.work.of(Cycles).of(group.id)
    cycle = Cycle(
        id=cycle_id,
        group=group.id,
        number=max((one.number for one in cycles), default=0) + 1,
        weeks=rhythm.weeks,
        wall=rhythm.wall,
        zone=rhythm.zone,
        minutes=rhythm.minutes,
        first=rhythm.first,
    )
    sessions = tuple(
        new_session(ctx, cycle, number, wall, rhythm.minutes)
        for number, wall in enumerate(found.walls, 1)
    )
    running = tuple(one for one in cycles if one.state is CycleState.RUNNING)
    ahead = [
        one
        for older in running
        for one in ctx.work.of(Sessions).of_cycle(older.id)
        if one.state is SessionState.PLANNED and one.ends_at > ctx.now
    ]
    if ahead:
        return asked.again(
            first=t.many(
                "The cycle before still has {n} date to come. End it first, or wait for it.",
                "The cycle before still has {n} dates to come. End it first, or wait for them.",
                len(ahead),
            )
        )
    line = double(ctx, [one.id for one in people], sessions)
    if line is not None:
        return asked.again(first=line)
    return _Planned(group, rhythm, found, cycle, sessions, running)


def _cycle_preview(planned: _Planned, ctx: Context) -> Card:
    rhythm = planned.rhythm
    values = {
        "group": planned.group.id,
        "first": rhythm.first.isoformat(),
        "wall": rhythm.wall,
        "zone": rhythm.zone,
        "weeks": str(rhythm.weeks),
        "minutes": str(rhythm.minutes),
        "count": str(rhythm.count),
        "id": planned.cycle.id,
        "fingerprint": planned.found.fingerprint,
    }
    told = len(attending(roster_of(ctx, planned.group)))
    return cards.cycle_preview(
        planned.group, rhythm, planned.found, ctx.t, told=told, values=values
    )


def _form(ctx: Context, group: Group) -> Form:
    return cards.cycle_form(group, _usual(ctx, group), sizes_of(ctx), ctx.t)


def _usual(ctx: Context, group: Group) -> CycleDraft:
    """As the last cycle goes on, else as cycles usually are."""
    cycle = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    today = wall_time(ctx.now, ctx.me.zone).date()
    proposed = today + LEAD
    if proposed.weekday() > _FRIDAY:
        proposed += timedelta(days=7 - proposed.weekday())
    if cycle is None:
        return CycleDraft(proposed.isoformat(), "14:00", ctx.me.zone)
    sessions = ctx.work.of(Sessions).of_cycle(cycle.id)
    latest = max((one.wall.date() for one in sessions), default=today)
    following = latest + cycle.weeks * LEAD
    while following <= today:
        following += LEAD
    return CycleDraft(
        following.isoformat(), cycle.wall, cycle.zone, cycle.weeks, cycle.minutes, len(sessions)
    )


ROUTES: tuple[Route, ...] = (
    Route("supervision.cycle", cycle_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.cycle.preview", cycle_preview, reads=True, role=Role.COORDINATOR),
    Route("supervision.cycle.plan", cycle_plan, role=Role.COORDINATOR),
    Route("supervision.find", find_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.find.slots", find_slots, reads=True, role=Role.COORDINATOR),
    Route("supervision.sizes", sizes_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.sizes.save", sizes_save, role=Role.COORDINATOR),
)
