"""What a coordinator asks of a group's dates, read into an edit that is shown and then done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from handlers.availability.walls import NoSuchTimeError, skipped_by_the_clock, too_early
from handlers.kit.cards import Form, Moment, Style
from handlers.kit.commands import Command, RefusedError
from handlers.kit.hours import minutes_into_day
from handlers.kit.reading import Filled, Pressed
from handlers.supervision.cycles.model import LEAST_MINUTES, MOST_MINUTES, Cycle
from handlers.supervision.dates import cards
from handlers.supervision.dates.cards import DateDraft
from handlers.supervision.dates.model import ChangeKind
from handlers.supervision.dates.rules import Why, minutes_of, overlap, timed
from handlers.supervision.groups.model import Group
from handlers.supervision.sessions.model import Session, Sessions, SessionState
from handlers.supervision.shared import lookups
from handlers.supervision.shared.changes import LEAD, fits_of, new_session
from handlers.supervision.shared.lookups import attending, double, group_in, open_group, roster_of
from handlers.work import Context

_MOST_DATES = 16
"""In one cycle, added and cancelled ones too: what one message can tell that all have moved."""

_ASKED_FOR = tuple(kind for kind in ChangeKind if kind is not ChangeKind.PLANNED)
"""A cycle is planned by a form of its own."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a cycle's dates, before it is done. `stand` is the whole cycle as it stands,
    `values` what was asked for: a button carries it, and it is read again."""

    kind: ChangeKind
    group: Group
    values: Mapping[str, str]
    stand: tuple[Session, ...]
    before: tuple[Session, ...]
    after: tuple[Session, ...]
    ended: tuple[Cycle, ...] = ()
    fits: Mapping[str, Why] = field(default_factory=dict)


def edit_form(kind: ChangeKind, command: Command, ctx: Context) -> Form:
    """What is asked for a change of this kind. Raises RefusedError where nothing can be changed."""
    match kind:
        case ChangeKind.CANCELLED:
            session, group = session_of(command, ctx)
            values = {"group": group.id, "session": session.id}
            return cards.reason_form(kind, group, (session,), values, ctx.t)
        case ChangeKind.ENDED:
            group = group_in(command, ctx)
            _running(ctx, group)
            return cards.reason_form(kind, group, (), {"group": group.id}, ctx.t)
        case ChangeKind.ADDED:
            # A week after the last date, at the cycle's time.
            group = group_in(command, ctx)
            cycle = _running(ctx, group)
            sessions = ctx.work.of(Sessions).of_cycle(cycle.id)
            latest = max((one.wall for one in sessions), default=ctx.now.replace(tzinfo=None))
            start = datetime.combine(latest.date() + LEAD, time.fromisoformat(cycle.wall))
            when, values = _when(start, cycle.minutes), {"group": group.id}
            return cards.when_form(kind, when, cycle.zone, values, ctx.t)
        case _:
            session, group = session_of(command, ctx)
            when = _when(session.wall, minutes_of(session))
            values = {"group": group.id, "session": session.id}
            return cards.when_form(kind, when, session.zone, values, ctx.t)


def read_edit(command: Command, ctx: Context) -> Edit | Form:
    """The change that a form asks for; or the form again, with what is wrong."""
    kind = Pressed(command, ctx.t).choice("kind", _ASKED_FOR)
    form = edit_form(kind, command, ctx)
    asked = Filled(form, command, ctx)
    match kind:
        case ChangeKind.CANCELLED:
            return _cancelled(asked, form, command, ctx)
        case ChangeKind.ENDED:
            return _ended(asked, form, group_in(command, ctx), ctx)
        case ChangeKind.ADDED:
            return _added(asked, form, group_in(command, ctx), ctx)
        case _:
            return _moved(asked, form, kind, command, ctx)


def session_of(command: Command, ctx: Context) -> tuple[Session, Group]:
    """The session that can still be changed, and its group. Raises RefusedError."""
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


def _added(asked: Filled, form: Form, group: Group, ctx: Context) -> Edit | Form:
    cycle = _running(ctx, group)
    stand = ctx.work.of(Sessions).of_cycle(cycle.id)
    if len(stand) >= _MOST_DATES:
        most = ctx.t("A cycle has at most {n} dates. Plan the next one.", n=_MOST_DATES)
        return asked.again(day=most)
    time_ = _read_time(asked, ctx, cycle.zone)
    if isinstance(time_, Form):
        return time_
    number = max((one.number for one in stand), default=0) + 1
    try:
        new = new_session(ctx, cycle, number, time_.wall, time_.minutes)
    except NoSuchTimeError as error:
        return asked.again(start=skipped_by_the_clock(error, cycle.zone, ctx))
    values = {**form.values, **time_.values}
    return _fitting(asked, Edit(ChangeKind.ADDED, group, values, stand, (), (new,)), ctx)


def _moved(
    asked: Filled, form: Form, kind: ChangeKind, command: Command, ctx: Context
) -> Edit | Form:
    session, group = session_of(command, ctx)
    stand = ctx.work.of(Sessions).of_cycle(_running(ctx, group).id)
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
    time_ = _read_time(asked, ctx, session.zone)
    if isinstance(time_, Form):
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
        return asked.again(start=skipped_by_the_clock(error, session.zone, ctx))
    # Who has the date of one that stays where it is hears nothing, and their calendar either.
    pairs = [
        (one, new)
        for one, new in zip(moving, after, strict=True)
        if (one.wall, one.ends_at) != (new.wall, new.ends_at)
    ]
    if not pairs:
        return asked.again(day=ctx.t("That is where it stands. Choose another day or time."))
    values, before = {**form.values, **time_.values}, tuple(one for one, _ in pairs)
    moved = tuple(new for _, new in pairs)
    return _fitting(asked, Edit(kind, group, values, stand, before, moved), ctx)


def _cancelled(asked: Filled, form: Form, command: Command, ctx: Context) -> Edit | Form:
    reason = asked.text("reason")
    if asked.errors:
        return asked.again()
    session, group = session_of(command, ctx)
    stand = ctx.work.of(Sessions).of_cycle(session.cycle)
    values = {**form.values, "reason": reason}
    after = (_called_off(session, reason, ctx.now),)
    return Edit(ChangeKind.CANCELLED, group, values, stand, (session,), after)


def _ended(asked: Filled, form: Form, group: Group, ctx: Context) -> Edit | Form:
    reason = asked.text("reason")
    if asked.errors:
        return asked.again()
    cycle = _running(ctx, group)
    stand = ctx.work.of(Sessions).of_cycle(cycle.id)
    ahead = tuple(
        one for one in stand if one.state is SessionState.PLANNED and one.starts_at > ctx.now
    )
    after = tuple(_called_off(one, reason, ctx.now) for one in ahead)
    values = {**form.values, "reason": reason}
    return Edit(ChangeKind.ENDED, group, values, stand, ahead, after, ended=(cycle,))


@dataclass(frozen=True, slots=True)
class _Time:
    """A session's start on the wall, and how long it lasts; `values` as a form sends them."""

    wall: datetime
    minutes: int
    values: Mapping[str, str]


def _read_time(asked: Filled, ctx: Context, zone: str) -> _Time | Form:
    t = ctx.t
    day, start, end = asked.day("day"), asked.clock("start"), asked.clock("end")
    if asked.errors:
        return asked.again()
    minutes = minutes_into_day(end) - minutes_into_day(start)
    if minutes <= 0:
        return asked.again(
            end=t("It can't end at {end} before it begins at {start}.", end=end, start=start)
        )
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return asked.again(
            end=t(
                "A session lasts from {least} to {most} minutes; this would be {n}.",
                least=LEAST_MINUTES,
                most=MOST_MINUTES,
                n=minutes,
            )
        )
    early = too_early(day, zone, ctx, start)
    if early is not None:
        return asked.again(day=early)
    values = {"day": day.isoformat(), "start": start, "end": end}
    return _Time(datetime.combine(day, time.fromisoformat(start)), minutes, values)


def _fitting(asked: Filled, edit: Edit, ctx: Context) -> Edit | Form:
    """The edit with what speaks against its new times; or the form with what forbids them."""
    here = roster_of(ctx, edit.group)
    people = [here.people[one] for one in attending(here)]
    same = {one.id for one in edit.after}
    both = overlap([*edit.after, *(one for one in edit.stand if one.id not in same)])
    if both is not None:
        other = next((one for one in both if one.id not in same), both[0])
        when = Moment(other.starts_at, Style.DATETIME)
        return asked.again(day=ctx.t("The group meets then already: {when}.", when=when))
    line = double(ctx, [one.id for one in people], edit.after)
    if line is not None:
        return asked.again(day=line)
    fits = fits_of(ctx, people, edit.after[0].zone)
    poor = {one.id: why for one in edit.after if (why := fits(one.wall)) is not None}
    return replace(edit, fits=poor)


def _called_off(session: Session, reason: str, now: datetime) -> Session:
    return replace(
        session,
        state=SessionState.CANCELLED,
        reason=reason,
        sequence=session.sequence + 1,
        changed_at=now,
    )


def _running(ctx: Context, group: Group) -> Cycle:
    cycle = lookups.running_cycle(ctx.work, group.id)
    if cycle is None:
        raise RefusedError(ctx.t("There is no cycle now. Plan one first."))
    return cycle


def _when(start: datetime, minutes: int) -> DateDraft:
    end = start + timedelta(minutes=minutes)
    return DateDraft(start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}")


def _days_between(first: Session, other: Session) -> timedelta:
    return other.wall.date() - first.wall.date()
