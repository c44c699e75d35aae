"""What is done for a session when its time comes."""

from dataclasses import replace
from datetime import datetime

from handlers.common.reminders import Reminders
from handlers.kit.facts import Engaged
from handlers.kit.feature import Timer
from handlers.supervision.cases.model import SessionCases
from handlers.supervision.sessions.model import (
    ENOUGH_ANSWERS,
    REMINDERS,
    ROOM,
    WORTH,
    Attendance,
    Ratings,
    Seats,
    Session,
    Sessions,
    SessionState,
    SessionSteps,
    Step,
    Votes,
    about_start,
    at_step,
    next_step,
)
from handlers.supervision.shared.lifecycle import COMES, arrange, may_come, refresh, send, told
from handlers.work import Occasion, Work


def run_session_steps(on: Occasion, limit: int) -> int:
    """Does what is due around sessions. Any number of processes may do this at once: a session is
    held by one, and a reminder sent already is not sent again."""
    work, now = on.work, on.now
    due = work.of(SessionSteps).due(now, limit)
    for progress in due:
        session = work.of(Sessions).get(progress.session)
        is_off = session is not None and session.state is SessionState.CANCELLED
        if session is None or (is_off and progress.step is not Step.CLEAR):
            work.of(SessionSteps).remove(progress.session)
            continue
        following = next_step(session, now, progress.step)
        done = told(progress, session)
        if following is None:
            _clear(work, session, now)
            continue
        done = replace(done, step=following, step_at=at_step(session, following))
        if progress.step is Step.START:
            done = replace(done, point=0, dates=())
        work.of(SessionSteps).put(done)
        _do(on, progress.step, session, late=done.step_at <= now)
    return len(due)


def _do(on: Occasion, step: Step, session: Session, *, late: bool) -> None:
    work, now = on.work, on.now
    match step:
        case Step.WEEK | Step.DAY | Step.SOON:
            arrange(work, session.group, now)  # who leads it has agreed by now
            if not late:
                _remind(work, step, session)
        case Step.START:
            refresh(work, session, now)
            there = [one for one in work.of(Seats).of([session.id]) if may_come(one)]
            people = [one.person for one in there]
            send(work, ROOM, session, people, about=session.id, due=now)
            on.tell(Engaged(tuple(work.of(Seats).in_session(people, now))))
        case Step.END:
            _end(work, session, now)
        case Step.CLEAR:
            raise AssertionError("nothing comes after it: it is done apart")


def _remind(work: Work, step: Step, session: Session) -> None:
    people = [one.person for one in work.of(Seats).of([session.id]) if may_come(one)]
    choices = work.of(Reminders).choices(people)
    wish = [person for person in people if choices[person].has(step)]
    about = about_start(session)
    send(work, REMINDERS[step], session, wish, about=about, due=at_step(session, step))


def _end(work: Work, session: Session, now: datetime) -> None:
    """Who said that they come was there, unless they said otherwise since."""
    seats = work.of(Seats).of([session.id])
    came = [
        replace(one, attendance=Attendance.ATTENDED)
        for one in seats
        if one.attendance in (*COMES, Attendance.ATTENDED)
    ]
    work.of(Seats).put(came)
    refresh(work, session, now)
    send(work, WORTH, session, [one.person for one in came], about=session.id, due=now)


def _clear(work: Work, session: Session, now: datetime) -> None:
    """A day after the session: nothing of what was brought there stays."""
    work.of(SessionCases).clear(session.id)
    work.of(Votes).clear(session.id)
    work.of(Ratings).close(session.id, ENOUGH_ANSWERS)
    refresh(work, session, now)
    work.of(SessionSteps).remove(session.id)


TIMERS: tuple[Timer, ...] = (run_session_steps,)
