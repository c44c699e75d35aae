"""What members ask around a session, and what Plecs sends them."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.availability.diaries import Diaries
from handlers.availability.rest import free_days, wall_time
from handlers.availability.shifts import with_shifts
from handlers.availability.walls import span
from handlers.common.reminders import Choices, Reminders
from handlers.kit.cards import Card, Part, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.kit.reading import Filled, Pressed
from handlers.supervision.dates.model import DATES
from handlers.supervision.dates.rules import Rhythm, best_slots, minutes_of
from handlers.supervision.groups.model import Groups
from handlers.supervision.sessions import cards
from handlers.supervision.sessions.model import (
    ENOUGH,
    MOST_DATES,
    MOST_POINTS,
    REMINDER_DAY,
    REMINDER_SOON,
    REMINDER_WEEK,
    ROOM,
    VOTE,
    VOTED,
    WORTH,
    Attendance,
    Ratings,
    Seats,
    Session,
    Sessions,
    SessionState,
    SessionSteps,
    Votes,
    about_start,
    stamp,
)
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import lifecycle, lookups
from handlers.supervision.shared.lookups import (
    meeting_of,
    meeting_of_notice,
    refuse_begun,
    session_of_mine,
)
from handlers.supervision.shared.model import Meeting
from handlers.work import Context

_LATE_TO_MOVE = timedelta(hours=2)
"""So shortly before a session nobody is asked whether to move it."""

_SOON = timedelta(days=60)
"""How far ahead `/supervision` looks for a group's next date."""

_STAY = "stay"

_ANSWERS = {how.value: how for how in (Attendance.COMING, Attendance.LATE, Attendance.ABSENT)}
"""What somebody may say of a session to come."""


def show(command: Command, ctx: Context) -> Reply:
    """One's next session: when, where, whose turn it is."""
    return cards.shown(meeting_of(ctx, session_of_mine(command, ctx)), ctx.t)


def attend(command: Command, ctx: Context) -> Reply:
    """*I'll be there*, *late*, *I can't*: turns of those who can't go to others, and where too
    few can come the group is asked whether to move."""
    session = session_of_mine(command, ctx, hold=True)
    refuse_begun(session, ctx)
    how = _ANSWERS.get(command.one("how"))
    if how is None:
        raise RefusedError(ctx.t("This question is answered. Nothing was changed."))
    _say(ctx, session, how)
    lifecycle.arrange(ctx.work, session.group, ctx.now)
    _ask_to_move(ctx, session)
    lifecycle.refresh(ctx.work, session, ctx.now)
    return cards.shown(meeting_of(ctx, session), ctx.t)


def here(command: Command, ctx: Context) -> Reply:
    """*I'm here*, while it is on."""
    session = session_of_mine(command, ctx)
    if session.starts_at <= ctx.now < session.ends_at:
        _say(ctx, session, Attendance.ATTENDED)
        ctx.work.outbox.refresh(session.workspace, ROOM, session.id, ctx.now)
    return None


def step(command: Command, ctx: Context) -> Reply:
    """The facilitator goes on to another point of the agenda; everybody's card follows."""
    session = session_of_mine(command, ctx, hold=True)
    meeting = meeting_of(ctx, session)
    if not cards.steps(meeting):
        raise RefusedError(ctx.t("The facilitator leads through the agenda."))
    point = Pressed(command, ctx.t).number("point", len(meeting.points) - 1)
    if meeting.progress is not None and meeting.has_begun and not meeting.is_over:
        ctx.work.of(SessionSteps).put(replace(meeting.progress, point=point))
        ctx.work.outbox.refresh(session.workspace, ROOM, session.id, ctx.now)
    return None


def vote(command: Command, ctx: Context) -> Reply:
    """A choice among the dates. What more than half of the group chose is done at once."""
    session = session_of_mine(command, ctx, hold=True)
    meeting, choice = meeting_of(ctx, session), command.one("choice")
    state = meeting.progress
    dates = {stamp(at): at for at in state.dates} if state is not None else {}
    if meeting.has_begun or state is None or choice not in {*dates, _STAY}:
        raise RefusedError(ctx.t("This question is answered. Nothing was changed."))
    ctx.work.of(Votes).put(session.id, ctx.me.id, choice)
    votes = ctx.work.of(Votes).of(session.id)
    members = [seat.person for seat in meeting.inside]
    for_it = sum(votes.get(person) == choice for person in members)
    if 2 * for_it > len(members):
        if choice == _STAY:
            ctx.work.of(SessionSteps).put(replace(state, dates=()))
        else:
            _move(ctx, meeting, dates[choice])
    ctx.work.outbox.refresh(session.workspace, VOTE, about_start(session), ctx.now)
    return None


def rate(command: Command, ctx: Context) -> Reply:
    """*Was it worth the time*, one to five, until the answers are made into one number."""
    session = session_of_mine(command, ctx)
    points = Pressed(command, ctx.t).number("points", MOST_POINTS + 1)  # one more is too many
    mine = meeting_of(ctx, session).mine
    was_there = mine is not None and mine.attendance is Attendance.ATTENDED
    is_open = session.ends_at <= ctx.now and not _is_closed(ctx, session)
    if not was_there or not is_open or not 1 <= points <= MOST_POINTS:
        raise RefusedError(ctx.t("The answers are closed. Thank you all the same."))
    ctx.work.of(Ratings).put(session.id, ctx.me.id, points)
    ctx.work.outbox.refresh(session.workspace, WORTH, session.id, ctx.now)
    return None


def reminders_form(command: Command, ctx: Context) -> Reply:
    return cards.reminders_form(ctx.work.of(Reminders).choices([ctx.me.id])[ctx.me.id], ctx.t)


def reminders_save(command: Command, ctx: Context) -> Reply:
    before = ctx.work.of(Reminders).choices([ctx.me.id])[ctx.me.id]
    asked = Filled(cards.reminders_form(before, ctx.t), command, ctx)
    chosen = asked.several("when")
    if asked.errors:
        return asked.again()
    ctx.work.of(Reminders).put(
        Choices(ctx.me.id, week="week" in chosen, day="day" in chosen, soon="soon" in chosen)
    )
    return cards.reminders_saved(ctx.t)


def on_the_front(ctx: Context) -> tuple[Part, ...]:
    """What a member sees on `/supervision`."""
    groups = ctx.work.of(Groups).joined_by(ctx.me.id)
    ids = [group.id for group in groups]
    ahead = ctx.work.of(Sessions).coming(ids, ctx.now, ctx.now + _SOON) if ids else ()
    following: dict[str, Session] = {}
    for session in ahead:
        if session.state is SessionState.PLANNED:
            following.setdefault(session.group, session)
    outcomes = {}
    for group in groups:
        cycle = lookups.running_cycle(ctx.work, group.id)
        if cycle is not None:
            sessions = [one.id for one in ctx.work.of(Sessions).of_cycle(cycle.id)]
            outcomes[group.id] = ctx.work.of(Ratings).outcomes(sessions)
    meetings = [meeting_of(ctx, session) for session in following.values()]
    return cards.front(meetings, groups, outcomes, ctx.t)


def next_session(ctx: Context) -> tuple[Part, ...]:
    """What the start page shows of it: the caller's next session within a week, if there is one."""
    until = ctx.now + timedelta(days=7)
    for session in ctx.work.of(Sessions).of_person(ctx.me.id, ctx.now, until):
        if session.state is SessionState.PLANNED:
            return (cards.session_row(meeting_of(ctx, session), ctx.t),)
    return ()


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    """A reminder. One that is too late, or whose reader can't come, is not sent."""
    meeting = meeting_of_notice(notice, ctx)
    if meeting is None:
        return shared.over(ctx.t) if notice.sent else None
    absent = meeting.mine is None or meeting.mine.attendance is Attendance.ABSENT
    past = notice.about != about_start(meeting.session)
    if not notice.sent and (absent or past or meeting.has_begun or meeting.is_cancelled):
        return None
    if not notice.sent and notice.kind == REMINDER_WEEK and _is_near(meeting):
        return None  # it waited so long that tomorrow's says the same
    if meeting.mine is None:
        return shared.over(ctx.t)
    return cards.reminder(meeting, ctx.t, soon=notice.kind == REMINDER_SOON)


def voted_card(notice: Notice, ctx: Context) -> Card | None:
    """The new time that the group chose."""
    meeting = meeting_of_notice(notice, ctx)
    if meeting is None or meeting.mine is None or meeting.is_over:
        return shared.over(ctx.t) if notice.sent else None
    return cards.voted(meeting, ctx.t)


def vote_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = meeting_of_notice(notice, ctx)
    if meeting is None or meeting.mine is None:
        return shared.over(ctx.t) if notice.sent else None
    is_this = notice.about == about_start(meeting.session)
    asked = is_this and meeting.progress is not None and bool(meeting.progress.dates)
    if not is_this:
        return cards.vote_over(meeting, ctx.t) if notice.sent else None
    return cards.vote(meeting, ctx.t) if asked or notice.sent else None


def room_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = meeting_of_notice(notice, ctx)
    if meeting is None or meeting.mine is None:
        return shared.over(ctx.t) if notice.sent else None
    return None if meeting.is_over and not notice.sent else cards.room(meeting, ctx.t)


def worth_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = meeting_of_notice(notice, ctx)
    if meeting is None:
        return shared.over(ctx.t) if notice.sent else None
    closed = _is_closed(ctx, meeting.session)
    if closed and not notice.sent:
        return None
    points = ctx.work.of(Ratings).of(meeting.session.id, ctx.me.id)
    return cards.worth(meeting, points, ctx.t, closed=closed)


def _is_closed(ctx: Context, session: Session) -> bool:
    """Whether the day after it is over: its answers and cases are gone."""
    return ctx.work.of(SessionSteps).get(session.id) is None


def _is_near(meeting: Meeting) -> bool:
    return meeting.session.starts_at - meeting.now <= timedelta(days=1)


def _say(ctx: Context, session: Session, how: Attendance) -> None:
    mine = next(seat for seat in ctx.work.of(Seats).of([session.id]) if seat.person == ctx.me.id)
    ctx.work.of(Seats).put([replace(mine, attendance=how)])


def _ask_to_move(ctx: Context, session: Session) -> None:
    """Too few can come: asks the group once whether to move, with dates that fit most."""
    meeting = meeting_of(ctx, session)
    members, state = meeting.inside, meeting.progress
    can = [seat for seat in members if seat.attendance is not Attendance.ABSENT]
    near = session.starts_at - ctx.now < _LATE_TO_MOVE
    if len(can) >= ENOUGH or state is None or state.voted or near:
        return
    dates = _other_dates(ctx, meeting)
    if not dates:
        return
    asked = lifecycle.told(replace(state, dates=dates, voted=True), session)
    ctx.work.of(SessionSteps).put(asked)
    ctx.work.outbox.add(
        session.workspace,
        *(Notice(VOTE, about_start(session), (seat.person,), ctx.now) for seat in meeting.inside),
    )


def _other_dates(ctx: Context, meeting: Meeting) -> tuple[datetime, ...]:
    """Up to three times in the week after the session's day that fit most of the group."""
    session = meeting.session
    minutes = minutes_of(session)
    first = wall_time(session.starts_at, session.zone).date() + timedelta(days=1)
    rhythm = Rhythm(first, "12:00", session.zone, 1, minutes, 1)
    people = [one for one in meeting.people.values() if one.active]
    start, end = session.starts_at, session.starts_at + timedelta(days=10)
    booked: dict[str, list[tuple[datetime, datetime]]] = {}
    for one in ctx.work.of(Diaries).booked([one.id for one in people], start, end):
        booked.setdefault(one.person, []).append((one.starts_at, one.ends_at))
    is_free = free_days(ctx.work.settings, session.workspace, ctx.services.calendar)
    slots = best_slots(with_shifts(people, ctx.work, start, end), booked, rhythm, is_free)
    found = [
        span(datetime.fromisoformat(f"{slot.first}T{slot.wall}"), session.zone, minutes)[0]
        for slot in slots
        if slot.missing < len(people) - ENOUGH + 1
    ]
    return tuple(sorted(found)[:MOST_DATES])


def _move(ctx: Context, meeting: Meeting, to: datetime) -> None:
    """Moves the session as more than half of the group chose. Raises RefusedError when one of
    them has another session then by now."""
    session = meeting.session
    ends = to + (session.ends_at - session.starts_at)
    people = [seat.person for seat in meeting.seats]
    ctx.work.of(Diaries).hold(people)
    if any(one.id != session.id for one in ctx.work.of(Diaries).booked(people, to, ends)):
        raise RefusedError(
            ctx.t("Somebody has another session then by now. Please choose another date.")
        )
    moved = replace(
        session,
        wall=wall_time(to, session.zone),
        starts_at=to,
        ends_at=ends,
        sequence=session.sequence + 1,
        changed_at=ctx.now,
    )
    ctx.work.of(Sessions).put([moved])
    lifecycle.sessions_moved(ctx.work, [moved], ctx.now)
    ctx.work.outbox.refresh(session.workspace, DATES, session.cycle, ctx.now)
    state = ctx.work.of(SessionSteps).get(session.id)
    if state is not None:
        ctx.work.of(SessionSteps).put(lifecycle.told(state, moved))
    ctx.work.outbox.add(
        session.workspace,
        *(Notice(VOTED, about_start(moved), (person,), ctx.now) for person in people),
    )


ROUTES: tuple[Route, ...] = (
    Route("session.show", show, reads=True),
    Route("session.attend", attend),
    Route("session.here", here),
    Route("session.step", step),
    Route("session.vote", vote, private=True),
    Route("session.rate", rate, private=True),
    Route("session.reminders", reminders_form, reads=True),
    Route("session.reminders.save", reminders_save),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(REMINDER_WEEK, reminder_card),
    NoticeKind(REMINDER_DAY, reminder_card),
    # They chose to be told, and the session begins in a quarter of an hour.
    NoticeKind(REMINDER_SOON, reminder_card, Rest.THROUGH_HOURS),
    NoticeKind(VOTED, voted_card),
    NoticeKind(VOTE, vote_card),
    NoticeKind(ROOM, room_card, Rest.AT_ONCE),
    NoticeKind(WORTH, worth_card),
)
