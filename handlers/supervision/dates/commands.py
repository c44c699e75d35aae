"""A group's dates: planned, moved, added, cancelled, each shown before and undone after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers.kit.cards import Card, Line, Moment, Reply, Style
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.reading import Reading, picked_day, picked_time
from handlers.plans.commands import free_days
from handlers.plans.rest import instant, wall_time
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.dates import cards
from handlers.supervision.dates.cards import MOST_SESSIONS, Asked, Sizes, When
from handlers.supervision.dates.model import (
    DATES,
    LEAST_MINUTES,
    LONGEST_REASON,
    MOST_MINUTES,
    MOST_WEEKS,
    UNDO_FOR,
    Change,
    ChangeKind,
    Changes,
    Cycle,
    Cycles,
    CycleState,
    Snapshot,
)
from handlers.supervision.dates.rules import (
    Dates,
    Fits,
    NoSuchTimeError,
    Rhythm,
    Why,
    best_slots,
    dates,
    fitting,
    look_of,
    minutes_of,
    overlap,
    restored,
    span,
    timed,
)
from handlers.supervision.groups.commands import attending, double, group_in, inside, refuse_double
from handlers.supervision.groups.model import Group, Groups, Members, Standing
from handlers.supervision.sessions.model import Seat, Seats, Session, Sessions, SessionState, Turn
from handlers.supervision.shared import lifecycle as life
from handlers.work import Context, NoticeCard

_SECTION = "supervision"

_A_YEAR = timedelta(days=366)
_MOST_DATES = 16
"""In one cycle, added and cancelled ones too: what one message can tell that all have moved."""

_FRIDAY = 4

_LEAD = timedelta(days=7)
"""How far ahead a first date is proposed: time enough to hear of it."""


# --- a cycle ----------------------------------------------------------------------------------


def cycle_form(command: Command, ctx: Context) -> Reply:
    """The dates of a cycle: as a slot or a preview has them, else as the last cycle's go on."""
    group = group_in(command, ctx)
    return cards.cycle_form(group, _asked(command, ctx, group), sizes_of(ctx), ctx.t)


def cycle_preview(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    planned = _read_cycle(command, ctx, group)
    if isinstance(planned, dict):
        asked = _asked(command, ctx, group)
        return cards.cycle_form(group, asked, sizes_of(ctx), ctx.t, planned)
    return _cycle_preview(planned, ctx, ctx.new_id())


def cycle_plan(command: Command, ctx: Context) -> Reply:
    """*Plan these dates*: the cycle, its sessions and seats, and one message for each."""
    group, change = group_in(command, ctx, hold=True), command.one("id")
    known = _change(change, ctx)
    if known is not None:
        return cards.done(group, known, ctx.t)
    planned = _read_cycle(command, ctx, group)
    if isinstance(planned, dict):
        asked = _asked(command, ctx, group)
        return cards.cycle_form(group, asked, sizes_of(ctx), ctx.t, planned)
    if look_of(planned.sessions) != command.one("look"):
        return _cycle_preview(planned, ctx, change)
    people = attending(inside(ctx, group))
    refuse_double(ctx, people, planned.sessions)
    cycle = replace(planned.cycle, id=change)
    new = [
        replace(one, id=ctx.new_id(), cycle=change, changed_at=ctx.now) for one in planned.sessions
    ]
    before = Snapshot(cycles=planned.ended)
    ended = tuple(replace(one, state=CycleState.ENDED) for one in planned.ended)
    for one in (*ended, cycle):
        ctx.work.of(Cycles).put(one)
    _put_with_seats(ctx, group, new, people)
    life.cycle_started(ctx.work, cycle, ctx.now)
    life.sessions_planned(ctx.work, new, ctx.now)
    after = Snapshot((*ended, cycle), tuple(new))
    return _changed(
        ctx, group, ChangeKind.PLANNED, change, before=before, after=after, people=people
    )


def find_form(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    return cards.find_form(group, _asked(command, ctx, group), sizes_of(ctx), ctx.t)


def find_slots(command: Command, ctx: Context) -> Reply:
    """The three times that fit most people."""
    group, sizes = group_in(command, ctx), sizes_of(ctx)
    reading = Reading(command, ctx.t)
    zone = reading.zone("zone")
    rhythm = Rhythm(
        first=reading.day("first"),
        wall="00:00",
        zone=zone,
        weeks=reading.whole("weeks", 1, MOST_WEEKS),
        minutes=reading.whole("minutes", LEAST_MINUTES, MOST_MINUTES),
        count=reading.whole("count", sizes.least, sizes.most),
    )
    errors = reading.errors
    early = _too_early(rhythm.first, zone, ctx)
    if early is not None:
        errors.setdefault("first", early)
    if errors:
        return cards.find_form(group, _asked(command, ctx, group), sizes, ctx.t, errors)
    here = inside(ctx, group)
    people = [here.people[one] for one in attending(here)]
    start = instant(datetime.combine(rhythm.first, time()), zone)
    end = start + (rhythm.count * rhythm.weeks + 2) * timedelta(days=7)
    booked: dict[str, list[tuple[datetime, datetime]]] = {}
    for person, other in ctx.work.of(Seats).booked([one.id for one in people], start, end):
        booked.setdefault(person, []).append((other.starts_at, other.ends_at))
    found = best_slots(
        people, booked, rhythm, free_days(ctx.work, ctx.me.workspace, ctx.tools.calendar)
    )
    return cards.slots(group, found, rhythm, here.people, ctx.t)


# --- one date, or several ---------------------------------------------------------------------


def group_dates(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    cycle = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    sessions = ctx.work.of(Sessions).of_cycle(cycle.id) if cycle is not None else ()
    return cards.dates(group, cycle, sessions, ctx.now, ctx.t)


def one_date(command: Command, ctx: Context) -> Reply:
    session, group = _session(command, ctx)
    return cards.date_card(group, session, ctx.t)


def move_form(command: Command, ctx: Context) -> Reply:
    session, group = _session(command, ctx)
    return _when_form(ChangeKind.MOVED, group, session, ctx)


def shift_form(command: Command, ctx: Context) -> Reply:
    session, group = _session(command, ctx)
    return _when_form(ChangeKind.ALL_MOVED, group, session, ctx)


def add_form(command: Command, ctx: Context) -> Reply:
    """Proposes a week after the last date, at the cycle's time."""
    group = group_in(command, ctx)
    cycle = _running(ctx, group)
    sessions = ctx.work.of(Sessions).of_cycle(cycle.id)
    latest = max((one.wall for one in sessions), default=ctx.now.replace(tzinfo=None))
    start = datetime.combine(latest.date() + _LEAD, time.fromisoformat(cycle.wall))
    when = _when(start, cycle.minutes)
    return cards.when_form(ChangeKind.ADDED, when, cycle.zone, {"group": group.id}, ctx.t)


def cancel_form(command: Command, ctx: Context) -> Reply:
    session, group = _session(command, ctx)
    values = {"group": group.id, "session": session.id}
    return cards.reason_form(ChangeKind.CANCELLED, group, (session,), values, ctx.t)


def end_form(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    _running(ctx, group)
    return cards.reason_form(ChangeKind.ENDED, group, (), {"group": group.id}, ctx.t)


def edit_preview(command: Command, ctx: Context) -> Reply:
    group = group_in(command, ctx)
    edit = _read_edit(command, ctx, group)
    if isinstance(edit, dict):
        return _edit_form(command, ctx, group, edit)
    return _edit_preview(edit, ctx, ctx.new_id(), command)


def edit_do(command: Command, ctx: Context) -> Reply:
    """Does what the preview showed, or shows anew what it would be by now."""
    group, change = group_in(command, ctx, hold=True), command.one("id")
    known = _change(change, ctx)
    if known is not None:
        return cards.done(group, known, ctx.t)
    edit = _read_edit(command, ctx, group)
    if isinstance(edit, dict):
        return _edit_form(command, ctx, group, edit)
    if look_of(edit.stand) != command.one("look"):
        return _edit_preview(edit, ctx, change, command)
    if edit.kind is ChangeKind.ADDED:
        edit = replace(edit, after=tuple(replace(one, id=ctx.new_id()) for one in edit.after))
    people = attending(inside(ctx, group))
    refuse_double(ctx, people, edit.after)
    kept = ctx.work.of(Seats).of([one.id for one in edit.stand if one.ends_at > ctx.now])
    before = Snapshot(edit.ended, edit.before, kept)
    ended = tuple(replace(one, state=CycleState.ENDED) for one in edit.ended)
    for one in ended:
        ctx.work.of(Cycles).put(one)
    match edit.kind:
        case ChangeKind.ADDED:
            _put_with_seats(ctx, group, edit.after, people)
            life.sessions_planned(ctx.work, edit.after, ctx.now)
        case ChangeKind.CANCELLED | ChangeKind.ENDED:
            ctx.work.of(Sessions).put(edit.after)
            life.sessions_cancelled(ctx.work, edit.after, ctx.now)
        case _:
            ctx.work.of(Sessions).put(edit.after)
            life.sessions_moved(ctx.work, edit.after, ctx.now)
    seats = ctx.work.of(Seats).of([one.id for one in (*edit.stand, *edit.after)])
    after = Snapshot(ended, edit.after, seats)
    return _changed(ctx, group, edit.kind, change, before=before, after=after, people=people)


def undo(command: Command, ctx: Context) -> Reply:
    """Everything as it was, while that is what it would come to."""
    found = _change(command.one("change"), ctx)
    group = ctx.work.of(Groups).hold(found.group) if found is not None else None
    # Read anew: another coordinator may have been quicker, and is waited for above.
    found = _change(command.one("change"), ctx)
    if found is None or group is None or group.closed_at is not None:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.undone_at is not None:
        return cards.done(group, found, ctx.t)
    if ctx.now > found.at + UNDO_FOR:
        raise RefusedError(
            ctx.t("Ten minutes are over, people may have planned with it. You can still change it.")
        )
    after = found.after
    same = all(ctx.work.of(Sessions).get(one.id) == one for one in after.sessions) and all(
        ctx.work.of(Cycles).get(one.id) == one for one in after.cycles
    )
    if not same or _next_was_planned(found, group, ctx):
        raise RefusedError(
            ctx.t("Something else was changed meanwhile. Have a look at the dates as they are.")
        )
    seated = ctx.work.of(Seats).of(sorted({seat.session for seat in found.before.seats}))
    back, gone, seats = restored(found.before, after, seated, ctx.now)
    refuse_double(ctx, attending(inside(ctx, group)), back)
    _take_back(ctx, found, back, gone)
    ctx.work.of(Seats).put(seats)
    ctx.work.of(Changes).undone(found.id, ctx.now)
    ctx.work.outbox.refresh(group.workspace, DATES, found.id, ctx.now)
    _refresh_planned(ctx, found)
    return cards.done(group, replace(found, undone_at=ctx.now), ctx.t)


def changed_card(notice: Notice, ctx: Context) -> Card | None:
    """What a member reads of it: one message for a whole cycle, kept as things stand."""
    change = ctx.work.of(Changes).get(notice.about)
    group = ctx.work.of(Groups).get(change.group) if change is not None else None
    if change is None or group is None or not _meets(ctx, group):
        return None
    if not notice.sent:
        if change.undone_at is not None or group.closed_at is not None:
            return None
        overtaken = any(ctx.work.of(Sessions).get(one.id) != one for one in change.after.sessions)
        if overtaken and change.kind is not ChangeKind.PLANNED:
            return None
    sessions = (
        ctx.work.of(Sessions).of_cycle(change.cycle) if change.kind is ChangeKind.PLANNED else ()
    )
    owner = ctx.work.people.get(group.owner) if group.owner else None
    dates = None
    if sessions:
        dates = calendar.dates_link(change.cycle, ctx.me, ctx.now, ctx.tools)
    return cards.told(group, change, sessions, owner, ctx.t, dates=dates)


def sizes_form(command: Command, ctx: Context) -> Reply:
    return cards.sizes_form(sizes_of(ctx), ctx.t)


def sizes_save(command: Command, ctx: Context) -> Reply:
    reading = Reading(command, ctx.t)
    sizes = Sizes(reading.whole("least", 1, MOST_SESSIONS), reading.whole("most", 1, MOST_SESSIONS))
    if not reading.errors and sizes.most < sizes.least:
        reading.errors["most"] = ctx.t("No fewer than {n}, the least.", n=sizes.least)
    if reading.errors:
        return cards.sizes_form(sizes, ctx.t, reading.errors)
    kept: dict[str, object] = {"least": sizes.least, "most": sizes.most}
    ctx.work.settings.put(ctx.me.workspace, _SECTION, kept)
    return cards.sizes_saved(sizes, ctx.t)


ROUTES: tuple[Route, ...] = (
    Route("supervision.cycle", cycle_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.cycle.preview", cycle_preview, reads=True, role=Role.COORDINATOR),
    Route("supervision.cycle.plan", cycle_plan, role=Role.COORDINATOR),
    Route("supervision.find", find_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.find.slots", find_slots, reads=True, role=Role.COORDINATOR),
    Route("supervision.dates", group_dates, reads=True, role=Role.COORDINATOR),
    Route("supervision.date", one_date, reads=True, role=Role.COORDINATOR),
    Route("supervision.move", move_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.shift", shift_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.add", add_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.cancel", cancel_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.end", end_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit.preview", edit_preview, reads=True, role=Role.COORDINATOR),
    Route("supervision.edit.do", edit_do, role=Role.COORDINATOR),
    Route("supervision.undo", undo, role=Role.COORDINATOR),
    Route("supervision.sizes", sizes_form, reads=True, role=Role.COORDINATOR),
    Route("supervision.sizes.save", sizes_save, role=Role.COORDINATOR),
)

NOTICES: Mapping[str, NoticeCard] = {DATES: changed_card}


def sizes_of(ctx: Context) -> Sizes:
    kept = ctx.work.settings.get(ctx.me.workspace, _SECTION)
    if kept is None:
        return Sizes()
    least, most = kept["least"], kept["most"]
    assert isinstance(least, int), "written by the settings' form"
    assert isinstance(most, int), "written by the settings' form"
    return Sizes(least, most)


# --- a cycle as it would be -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Planned:
    """A cycle as it would be: nothing has its id yet. `ended`: what is over with it."""

    group: Group
    rhythm: Rhythm
    found: Dates
    cycle: Cycle
    sessions: tuple[Session, ...]
    ended: tuple[Cycle, ...]


def _read_cycle(command: Command, ctx: Context, group: Group) -> _Planned | dict[str, Line]:
    """The cycle that a form asks for; or what is wrong with it, by field."""
    t, reading, sizes = ctx.t, Reading(command, ctx.t), sizes_of(ctx)
    rhythm = Rhythm(
        first=reading.day("first"),
        wall=reading.clock("wall"),
        zone=reading.zone("zone"),
        weeks=reading.whole("weeks", 1, MOST_WEEKS),
        minutes=reading.whole("minutes", LEAST_MINUTES, MOST_MINUTES),
        count=reading.whole("count", sizes.least, sizes.most),
    )
    errors = reading.errors
    if errors:
        return errors
    early = _too_early(rhythm.first, rhythm.zone, ctx, rhythm.wall)
    if early is not None:
        return {"first": early}
    here = inside(ctx, group)
    people = [here.people[one] for one in attending(here)]
    try:
        found = dates(rhythm, ctx.tools.recurrence, _fits(ctx, people, rhythm.zone))
    except NoSuchTimeError as error:
        return {"wall": _skipped_by_the_clock(error, rhythm.zone, ctx)}
    if len(found.walls) < rhythm.count:
        return {
            "first": t(
                "Only {n} dates fit: the rest are holidays, or more than a third are away.",
                n=len(found.walls),
            )
        }
    cycles = ctx.work.of(Cycles).of(group.id)
    cycle = Cycle(
        id="",
        group=group.id,
        number=max((one.number for one in cycles), default=0) + 1,
        rule=rhythm.rule,
        wall=rhythm.wall,
        zone=rhythm.zone,
        minutes=rhythm.minutes,
        first=rhythm.first,
    )
    sessions = tuple(
        _new_session(group, cycle, number, wall, rhythm.minutes)
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
        return {
            "first": t.many(
                "The cycle before still has {n} date to come. End it first, or wait for it.",
                "The cycle before still has {n} dates to come. End it first, or wait for them.",
                len(ahead),
            )
        }
    line = double(ctx, [one.id for one in people], sessions)
    return (
        {"first": line}
        if line is not None
        else _Planned(group, rhythm, found, cycle, sessions, running)
    )


def _cycle_preview(planned: _Planned, ctx: Context, change: str) -> Card:
    rhythm = planned.rhythm
    values = {
        "group": planned.group.id,
        "first": rhythm.first.isoformat(),
        "wall": rhythm.wall,
        "zone": rhythm.zone,
        "weeks": str(rhythm.weeks),
        "minutes": str(rhythm.minutes),
        "count": str(rhythm.count),
        "id": change,
        "look": look_of(planned.sessions),
    }
    told = len(attending(inside(ctx, planned.group)))
    return cards.cycle_preview(
        planned.group, rhythm, planned.found, ctx.t, told=told, values=values
    )


def _asked(command: Command, ctx: Context, group: Group) -> Asked:
    """What stands in a cycle's form: as typed, else as the last cycle goes on, else usual."""
    cycle = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    today = wall_time(ctx.now, ctx.me.zone).date()
    proposed = today + _LEAD
    if proposed.weekday() > _FRIDAY:
        proposed += timedelta(days=7 - proposed.weekday())
    usual = Asked(proposed.isoformat(), "14:00", ctx.me.zone)
    if cycle is not None:
        sessions = ctx.work.of(Sessions).of_cycle(cycle.id)
        weeks = int(cycle.rule.partition("INTERVAL=")[2].partition(";")[0])
        latest = max((one.wall.date() for one in sessions), default=today)
        following = latest + weeks * _LEAD
        while following <= today:
            following += _LEAD
        usual = Asked(
            following.isoformat(), cycle.wall, cycle.zone, weeks, cycle.minutes, len(sessions)
        )
    return Asked(
        first=picked_day(command.one("first")) or usual.first,
        wall=picked_time(command.one("wall")) or usual.wall,
        zone=command.one("zone") or usual.zone,
        weeks=command.number("weeks") or usual.weeks,
        minutes=command.number("minutes") or usual.minutes,
        count=command.number("count") or usual.count,
    )


# --- a change as it would be ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change to a cycle's dates, before it is done. `stand` is the whole cycle as it stands."""

    kind: ChangeKind
    group: Group
    stand: tuple[Session, ...]
    before: tuple[Session, ...]
    after: tuple[Session, ...]
    ended: tuple[Cycle, ...] = ()
    fits: Mapping[str, Why] | None = None


def _read_edit(command: Command, ctx: Context, group: Group) -> _Edit | dict[str, Line]:
    """The change that a form asks for; or what is wrong with it, by field."""
    try:
        kind = ChangeKind(command.one("kind"))
    except ValueError:
        raise RefusedError(ctx.t("I can't find this group any more.")) from None
    if kind is ChangeKind.ENDED:
        return _read_end(command, ctx, group)
    if kind is ChangeKind.CANCELLED:
        return _read_cancel(command, ctx)
    cycle = _running(ctx, group)
    stand = ctx.work.of(Sessions).of_cycle(cycle.id)
    if kind is ChangeKind.ADDED:
        if len(stand) >= _MOST_DATES:
            line = ctx.t("A cycle has at most {n} dates. Plan the next one.", n=_MOST_DATES)
            return {"day": line}
        number = max((one.number for one in stand), default=0) + 1
        noon = datetime.combine(cycle.first, time(12))
        new = _new_session(group, cycle, number, noon, LEAST_MINUTES)
        return _timed(command, ctx, _Edit(kind, group, stand, (), (replace(new, id="new"),)))
    session, _ = _session(command, ctx)
    moving = tuple(
        one
        for one in stand
        if one.id == session.id
        or (
            kind is ChangeKind.ALL_MOVED
            and one.starts_at > session.starts_at
            and one.state is SessionState.PLANNED
        )
    )
    return _timed(command, ctx, _Edit(kind, group, stand, moving, moving))


def _timed(command: Command, ctx: Context, edit: _Edit) -> _Edit | dict[str, Line]:
    """The edit with its sessions at the time that was typed."""
    t, reading = ctx.t, Reading(command, ctx.t)
    day, start, end = reading.day("day"), reading.clock("start"), reading.clock("end")
    if reading.errors:
        return reading.errors
    zone, first = edit.after[0].zone, edit.after[0]
    minutes = _minutes(end) - _minutes(start)
    if minutes <= 0:
        return {
            "end": t("It can't end at {end} before it begins at {start}.", end=end, start=start)
        }
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return {
            "end": t(
                "A session lasts from {least} to {most} minutes; this would be {n}.",
                least=LEAST_MINUTES,
                most=MOST_MINUTES,
                n=minutes,
            )
        }
    early = _too_early(day, zone, ctx, start)
    if early is not None:
        return {"day": early}
    here = inside(ctx, edit.group)
    people = [here.people[one] for one in attending(here)]
    fits = _fits(ctx, people, zone)
    moved: list[Session] = []
    try:
        for one in edit.after:
            wall = datetime.combine(day + (one.wall.date() - first.wall.date()), time())
            if edit.kind is ChangeKind.ADDED:
                wall = datetime.combine(day, time())
            wall += timedelta(minutes=_minutes(start))
            moved.append(timed(one, wall, minutes))
    except NoSuchTimeError as error:
        return {"start": _skipped_by_the_clock(error, zone, ctx)}
    after = tuple(
        replace(
            one, sequence=one.sequence + (edit.kind is not ChangeKind.ADDED), changed_at=ctx.now
        )
        for one in moved
    )
    same = {one.id for one in after}
    both = overlap([*after, *(one for one in edit.stand if one.id not in same)])
    if both is not None:
        other = next((one for one in both if one.id not in same), both[0])
        when = Moment(other.starts_at, Style.DATETIME)
        return {"day": t("The group meets then already: {when}.", when=when)}
    line = double(ctx, [one.id for one in people], after)
    if line is not None:
        return {"day": line}
    poor = {one.id: why for one in after if (why := fits(one.wall)) is not None}
    return replace(edit, after=after, fits=poor)


def _read_cancel(command: Command, ctx: Context) -> _Edit | dict[str, Line]:
    session, group = _session(command, ctx)
    reading = Reading(command, ctx.t)
    reason = reading.words("reason", LONGEST_REASON)
    if reading.errors:
        return reading.errors
    stand = ctx.work.of(Sessions).of_cycle(session.cycle)
    return _Edit(
        ChangeKind.CANCELLED, group, stand, (session,), (_cancelled(session, reason, ctx.now),)
    )


def _read_end(command: Command, ctx: Context, group: Group) -> _Edit | dict[str, Line]:
    reading = Reading(command, ctx.t)
    reason = reading.words("reason", LONGEST_REASON, required=False)
    if reading.errors:
        return reading.errors
    cycle = _running(ctx, group)
    stand = ctx.work.of(Sessions).of_cycle(cycle.id)
    ahead = tuple(
        one for one in stand if one.state is SessionState.PLANNED and one.starts_at > ctx.now
    )
    after = tuple(_cancelled(one, reason, ctx.now) for one in ahead)
    return _Edit(ChangeKind.ENDED, group, stand, ahead, after, (cycle,))


def _edit_preview(edit: _Edit, ctx: Context, change: str, command: Command) -> Card:
    typed = {
        name: command.one(name)
        for name in ("group", "session", "kind", "day", "start", "end", "reason")
        if command.one(name)
    }
    values = {**typed, "group": edit.group.id, "id": change, "look": look_of(edit.stand)}
    here = inside(ctx, edit.group)
    told = [here.people[one] for one in attending(here)]
    before = {one.id: one for one in edit.before}
    pairs = [(before.get(one.id), one) for one in edit.after]
    return cards.edit_preview(
        edit.group, edit.kind, pairs, ctx.t, warnings=edit.fits or {}, told=told, values=values
    )


def _edit_form(command: Command, ctx: Context, group: Group, errors: dict[str, Line]) -> Reply:
    """The form again, as typed, with what is wrong."""
    kind = ChangeKind(command.one("kind"))
    names = ("session", "reason")
    values = {"group": group.id} | {n: command.one(n) for n in names if command.one(n)}
    if kind in (ChangeKind.CANCELLED, ChangeKind.ENDED):
        sessions = (_session(command, ctx)[0],) if kind is ChangeKind.CANCELLED else ()
        return cards.reason_form(kind, group, sessions, values, ctx.t, errors=errors)
    when = When(
        picked_day(command.one("day")),
        picked_time(command.one("start")),
        picked_time(command.one("end")),
    )
    zone = _running(ctx, group).zone
    return cards.when_form(kind, when, zone, values, ctx.t, errors=errors)


# --- shared -----------------------------------------------------------------------------------


def _changed(
    ctx: Context,
    group: Group,
    kind: ChangeKind,
    change: str,
    *,
    before: Snapshot,
    after: Snapshot,
    people: Sequence[str],
) -> Card:
    """Writes down what was done and tells everybody, once."""
    done = Change(
        id=change,
        kind=kind,
        workspace=group.workspace,
        group=group.id,
        cycle=after.sessions[0].cycle if after.sessions else after.cycles[-1].id,
        by=ctx.me.id,
        at=ctx.now,
        people=tuple(people),
        before=before,
        after=after,
    )
    ctx.work.of(Changes).add(done)
    ctx.work.outbox.add(
        group.workspace, *(Notice(DATES, change, (person,), ctx.now) for person in people)
    )
    if kind is not ChangeKind.PLANNED:
        _refresh_planned(ctx, done)
    return cards.done(group, done, ctx.t)


def _refresh_planned(ctx: Context, change: Change) -> None:
    """The message with all of the cycle's dates goes on saying what holds."""
    ctx.work.outbox.refresh(change.workspace, DATES, change.cycle, ctx.now)


def _take_back(ctx: Context, change: Change, back: Sequence[Session], gone: Sequence[str]) -> None:
    for one in change.before.cycles:
        ctx.work.of(Cycles).put(one)
    removed = [one for one in change.after.sessions if one.id in gone]
    if removed:
        off = [replace(one, state=SessionState.CANCELLED) for one in removed]
        ctx.work.of(Sessions).put(off)
        life.sessions_cancelled(ctx.work, off, ctx.now)
        ctx.work.of(Sessions).remove(gone)
    if change.kind is ChangeKind.PLANNED:
        ctx.work.of(Cycles).remove(change.id)
        life.cycle_taken_back(ctx.work, change.after.cycles[-1], ctx.now)
    ctx.work.of(Sessions).put(back)
    if change.kind in (ChangeKind.CANCELLED, ChangeKind.ENDED):
        life.sessions_planned(ctx.work, back, ctx.now)
    elif back:
        life.sessions_moved(ctx.work, back, ctx.now)


def _next_was_planned(change: Change, group: Group, ctx: Context) -> bool:
    """Whether a later cycle stands on what would be taken back."""
    cycle = ctx.work.of(Cycles).get(change.cycle)
    newest = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    return cycle is not None and newest is not None and newest.number > cycle.number


def _put_with_seats(
    ctx: Context, group: Group, sessions: Sequence[Session], people: Sequence[str]
) -> None:
    ctx.work.of(Sessions).put(sessions)
    ctx.work.of(Seats).put(
        [
            Seat(
                one.id,
                person,
                part=Turn.FACILITATOR if person == group.facilitator else Turn.NONE,
            )
            for one in sessions
            for person in people
        ]
    )


def _new_session(group: Group, cycle: Cycle, number: int, wall: datetime, minutes: int) -> Session:
    begins, ends = span(wall, cycle.zone, minutes)
    return Session(
        id=f"{number}",
        cycle=cycle.id,
        group=group.id,
        workspace=group.workspace,
        number=number,
        wall=wall,
        zone=cycle.zone,
        starts_at=begins,
        ends_at=ends,
        changed_at=begins,
    )


def _cancelled(session: Session, reason: str, now: datetime) -> Session:
    return replace(
        session,
        state=SessionState.CANCELLED,
        reason=reason,
        sequence=session.sequence + 1,
        changed_at=now,
    )


def _session(command: Command, ctx: Context) -> tuple[Session, Group]:
    """The session that can still be changed, and its group."""
    session = ctx.work.of(Sessions).get(command.one("session"))
    of = command.one("group")
    # A change is told to the group it is of: one of another group's date would go to strangers.
    if session is None or session.workspace != ctx.me.workspace or (of and of != session.group):
        raise RefusedError(ctx.t("I can't find this date any more."))
    group = group_in(replace(command, values={"group": session.group}), ctx)
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session is cancelled already."))
    if session.starts_at <= ctx.now:
        raise RefusedError(ctx.t("This session has begun. Dates to come can be changed."))
    return session, group


def _running(ctx: Context, group: Group) -> Cycle:
    cycle = life.running(ctx.work, group.id)
    if cycle is None:
        raise RefusedError(ctx.t("There is no cycle now. Plan one first."))
    return cycle


def _meets(ctx: Context, group: Group) -> bool:
    """Whether the reader is in the group now: who left reads no more of where and when it meets."""
    mine = ctx.work.of(Members).get(group.id, ctx.me.id)
    return group.facilitator == ctx.me.id or (mine is not None and mine.state is Standing.JOINED)


def _change(change: str, ctx: Context) -> Change | None:
    found = ctx.work.of(Changes).get(change)
    return found if found is not None and found.workspace == ctx.me.workspace else None


def _when_form(kind: ChangeKind, group: Group, session: Session, ctx: Context) -> Reply:
    values = {"group": group.id, "session": session.id}
    when = _when(session.wall, minutes_of(session))
    return cards.when_form(kind, when, session.zone, values, ctx.t)


def _when(start: datetime, minutes: int) -> When:
    end = start + timedelta(minutes=minutes)
    return When(start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}")


def _too_early(day: date, zone: str, ctx: Context, wall: str = "23:59") -> Line | None:
    """What is wrong with a day that has passed in the zone, or is too far to be planned."""
    begins = instant(datetime.combine(day, time.fromisoformat(wall)), zone)
    if begins <= ctx.now:
        return ctx.t("That has passed already. Choose a time to come.")
    if begins > ctx.now + _A_YEAR:
        return ctx.t("That is more than a year ahead. Choose an earlier day.")
    return None


def _skipped_by_the_clock(error: NoSuchTimeError, zone: str, ctx: Context) -> Line:
    day = instant(datetime.combine(error.wall.date(), time(12)), zone)
    return ctx.t(
        "There is no {time} on {day}: that night the clock goes from {before} straight to {after}.",
        time=f"{error.wall:%H:%M}",
        day=Moment(day, Style.DATE),
        before=error.gap_start,
        after=error.gap_end,
    )


def _fits(ctx: Context, people: Sequence[Person], zone: str) -> Fits:
    return fitting(people, zone, ctx.now, free_days(ctx.work, ctx.me.workspace, ctx.tools.calendar))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
