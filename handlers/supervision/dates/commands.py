"""A group's dates: moved, added, cancelled, each shown before and undone after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from handlers.kit.cards import Card, Line, Moment, Reply, Style
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.reading import Pressed, Reading, picked_day, picked_time
from handlers.supervision.cycles.model import (
    LEAST_MINUTES,
    MOST_MINUTES,
    Cycle,
    Cycles,
    CycleState,
)
from handlers.supervision.dates import cards
from handlers.supervision.dates.cards import DateDraft
from handlers.supervision.dates.model import (
    DATES,
    LONGEST_REASON,
    UNDO_FOR,
    ChangeKind,
    Changes,
    DateChange,
    Snapshot,
)
from handlers.supervision.dates.rules import (
    NoSuchTimeError,
    Why,
    fingerprint,
    minutes_of,
    overlap,
    restored,
    timed,
)
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import Members, Standing
from handlers.supervision.sessions.model import Seats, Session, Sessions, SessionState
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import files, lifecycle, lookups
from handlers.supervision.shared.changes import (
    LEAD,
    change_of,
    changed,
    fits_of,
    new_session,
    put_with_seats,
    refresh_planned,
    skipped_by_the_clock,
    too_early,
)
from handlers.supervision.shared.lookups import (
    attending,
    double,
    group_in,
    open_group,
    refuse_double,
    roster_of,
)
from handlers.work import Context

_MOST_DATES = 16
"""In one cycle, added and cancelled ones too: what one message can tell that all have moved."""


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
    start = datetime.combine(latest.date() + LEAD, time.fromisoformat(cycle.wall))
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
    group = group_in(command, ctx, hold=True)
    change = Pressed(command, ctx.t).id("id") or ctx.new_id()
    known = change_of(change, ctx)
    if known is not None:
        return shared.done(group, known, ctx.t)
    edit = _read_edit(command, ctx, group)
    if isinstance(edit, dict):
        return _edit_form(command, ctx, group, edit)
    if fingerprint(edit.stand) != command.one("fingerprint"):
        return _edit_preview(edit, ctx, change, command)
    people = attending(roster_of(ctx, group))
    refuse_double(ctx, people, edit.after)
    kept = ctx.work.of(Seats).of([one.id for one in edit.stand if one.ends_at > ctx.now])
    before = Snapshot(edit.ended, edit.before, kept)
    ended = tuple(replace(one, state=CycleState.ENDED) for one in edit.ended)
    for one in ended:
        ctx.work.of(Cycles).put(one)
    match edit.kind:
        case ChangeKind.ADDED:
            put_with_seats(ctx, group, edit.after, people)
            lifecycle.sessions_planned(ctx.work, edit.after, ctx.now)
        case ChangeKind.CANCELLED | ChangeKind.ENDED:
            ctx.work.of(Sessions).put(edit.after)
            lifecycle.sessions_cancelled(ctx.work, edit.after, ctx.now)
        case _:
            ctx.work.of(Sessions).put(edit.after)
            lifecycle.sessions_moved(ctx.work, edit.after, ctx.now)
    seats = ctx.work.of(Seats).of([one.id for one in (*edit.stand, *edit.after)])
    after = Snapshot(ended, edit.after, seats)
    return changed(ctx, group, edit.kind, change, before=before, after=after, people=people)


def undo(command: Command, ctx: Context) -> Reply:
    """Everything as it was, while that is what it would come to."""
    found = change_of(command.one("change"), ctx)
    group = ctx.work.of(Groups).hold(found.group) if found is not None else None
    # Read anew: another coordinator may have been quicker, and is waited for above.
    found = change_of(command.one("change"), ctx)
    if found is None or group is None or group.closed_at is not None:
        raise RefusedError(ctx.t("I can't find this group any more."))
    if found.undone_at is not None:
        return shared.done(group, found, ctx.t)
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
    refuse_double(ctx, attending(roster_of(ctx, group)), back)
    _take_back(ctx, found, back, gone)
    ctx.work.of(Seats).put(seats)
    ctx.work.of(Changes).undone(found.id, ctx.now)
    ctx.work.outbox.refresh(group.workspace, DATES, found.id, ctx.now)
    refresh_planned(ctx, found)
    return shared.done(group, replace(found, undone_at=ctx.now), ctx.t)


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
        dates = files.dates_link(change.cycle, ctx.me, ctx.now, ctx.services)
    return cards.told(group, change, sessions, owner, ctx.t, dates=dates)


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
    if kind is ChangeKind.ADDED:
        return _read_added(command, ctx, group)
    return _read_moved(command, ctx, group, kind)


def _read_added(command: Command, ctx: Context, group: Group) -> _Edit | dict[str, Line]:
    cycle = _running(ctx, group)
    stand = ctx.work.of(Sessions).of_cycle(cycle.id)
    if len(stand) >= _MOST_DATES:
        return {"day": ctx.t("A cycle has at most {n} dates. Plan the next one.", n=_MOST_DATES)}
    time_ = _read_time(command, ctx, cycle.zone)
    if isinstance(time_, dict):
        return time_
    number = max((one.number for one in stand), default=0) + 1
    try:
        new = new_session(ctx, cycle, number, time_.wall, time_.minutes)
    except NoSuchTimeError as error:
        return {"start": skipped_by_the_clock(error, cycle.zone, ctx)}
    return _fitting(_Edit(ChangeKind.ADDED, group, stand, (), (new,)), ctx)


def _read_moved(
    command: Command, ctx: Context, group: Group, kind: ChangeKind
) -> _Edit | dict[str, Line]:
    stand = ctx.work.of(Sessions).of_cycle(_running(ctx, group).id)
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
    time_ = _read_time(command, ctx, session.zone)
    if isinstance(time_, dict):
        return time_
    try:
        after = tuple(
            replace(
                timed(one, time_.wall + _days_between(session, one), time_.minutes),
                sequence=one.sequence + 1,
                changed_at=ctx.now,
            )
            for one in moving
        )
    except NoSuchTimeError as error:
        return {"start": skipped_by_the_clock(error, session.zone, ctx)}
    if all(
        (one.wall, one.ends_at) == (new.wall, new.ends_at)
        for one, new in zip(moving, after, strict=True)
    ):
        return {"day": ctx.t("That is where it stands. Choose another day or time.")}
    return _fitting(_Edit(kind, group, stand, moving, after), ctx)


@dataclass(frozen=True, slots=True)
class _Time:
    """A session's start on the wall, and how long it lasts."""

    wall: datetime
    minutes: int


def _read_time(command: Command, ctx: Context, zone: str) -> _Time | dict[str, Line]:
    t, reading = ctx.t, Reading(command, ctx.t)
    day, start, end = reading.day("day"), reading.clock("start"), reading.clock("end")
    if reading.errors:
        return reading.errors
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
    early = too_early(day, zone, ctx, start)
    if early is not None:
        return {"day": early}
    return _Time(datetime.combine(day, time.fromisoformat(start)), minutes)


def _fitting(edit: _Edit, ctx: Context) -> _Edit | dict[str, Line]:
    """The edit with what speaks against its new times; or what forbids them, by field."""
    here = roster_of(ctx, edit.group)
    people = [here.people[one] for one in attending(here)]
    same = {one.id for one in edit.after}
    both = overlap([*edit.after, *(one for one in edit.stand if one.id not in same)])
    if both is not None:
        other = next((one for one in both if one.id not in same), both[0])
        when = Moment(other.starts_at, Style.DATETIME)
        return {"day": ctx.t("The group meets then already: {when}.", when=when)}
    line = double(ctx, [one.id for one in people], edit.after)
    if line is not None:
        return {"day": line}
    fits = fits_of(ctx, people, edit.after[0].zone)
    poor = {one.id: why for one in edit.after if (why := fits(one.wall)) is not None}
    return replace(edit, fits=poor)


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
    names = ("group", "session", "kind", "day", "start", "end", "reason")
    typed = {name: _carried(command, name) for name in names if command.one(name)}
    values = {**typed, "group": edit.group.id, "id": change, "fingerprint": fingerprint(edit.stand)}
    here = roster_of(ctx, edit.group)
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
    values = {"group": group.id} | {n: _carried(command, n) for n in names if command.one(n)}
    if kind in (ChangeKind.CANCELLED, ChangeKind.ENDED):
        sessions = (_session(command, ctx)[0],) if kind is ChangeKind.CANCELLED else ()
        return cards.reason_form(kind, group, sessions, values, ctx.t, errors=errors)
    when = DateDraft(
        picked_day(command.one("day")),
        picked_time(command.one("start")),
        picked_time(command.one("end")),
    )
    zone = _running(ctx, group).zone
    return cards.when_form(kind, when, zone, values, ctx.t, errors=errors)


def _carried(command: Command, name: str) -> str:
    """What was sent, as long as a button may carry it on."""
    return command.one(name)[:LONGEST_REASON]


def _take_back(
    ctx: Context, change: DateChange, back: Sequence[Session], gone: Sequence[str]
) -> None:
    for one in change.before.cycles:
        ctx.work.of(Cycles).put(one)
    removed = [one for one in change.after.sessions if one.id in gone]
    if removed:
        off = [replace(one, state=SessionState.CANCELLED) for one in removed]
        ctx.work.of(Sessions).put(off)
        lifecycle.sessions_cancelled(ctx.work, off, ctx.now)
        ctx.work.of(Sessions).remove(gone)
    if change.kind is ChangeKind.PLANNED:
        ctx.work.of(Cycles).remove(change.id)
        lifecycle.cycle_taken_back(ctx.work, change.after.cycles[-1], ctx.now)
    ctx.work.of(Sessions).put(back)
    if change.kind in (ChangeKind.CANCELLED, ChangeKind.ENDED):
        lifecycle.sessions_planned(ctx.work, back, ctx.now)
    elif back:
        lifecycle.sessions_moved(ctx.work, back, ctx.now)


def _next_was_planned(change: DateChange, group: Group, ctx: Context) -> bool:
    """Whether a later cycle stands on what would be taken back."""
    cycle = ctx.work.of(Cycles).get(change.cycle)
    newest = next(iter(ctx.work.of(Cycles).of(group.id)), None)
    return cycle is not None and newest is not None and newest.number > cycle.number


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
    group = open_group(ctx, session.group)
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session is cancelled already."))
    if session.starts_at <= ctx.now:
        raise RefusedError(ctx.t("This session has begun. Dates to come can be changed."))
    return session, group


def _running(ctx: Context, group: Group) -> Cycle:
    cycle = lookups.running_cycle(ctx.work, group.id)
    if cycle is None:
        raise RefusedError(ctx.t("There is no cycle now. Plan one first."))
    return cycle


def _meets(ctx: Context, group: Group) -> bool:
    """Whether the reader is in the group now: who left reads no more of where and when it meets."""
    mine = ctx.work.of(Members).get(group.id, ctx.me.id)
    return group.facilitator == ctx.me.id or (mine is not None and mine.state is Standing.JOINED)


def _when_form(kind: ChangeKind, group: Group, session: Session, ctx: Context) -> Reply:
    values = {"group": group.id, "session": session.id}
    when = _when(session.wall, minutes_of(session))
    return cards.when_form(kind, when, session.zone, values, ctx.t)


def _when(start: datetime, minutes: int) -> DateDraft:
    end = start + timedelta(minutes=minutes)
    return DateDraft(start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}")


def _days_between(first: Session, other: Session) -> timedelta:
    return other.wall.date() - first.wall.date()


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


ROUTES: tuple[Route, ...] = (
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
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(DATES, changed_card),)
