"""What follows for the members when something happens to their group or its sessions.

Those who change groups, seats and sessions call these afterwards, in the same transaction and with
the group held; seats are made by them, parts in the seats by the functions here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.kit.about import pack
from handlers.kit.notices import Notice
from handlers.supervision.agreement.model import AGREEMENT, Agreements, agreement_about
from handlers.supervision.cases.model import SessionCases
from handlers.supervision.cycles.model import Cycle, Cycles
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import (
    REMINDERS,
    ROOM,
    VOTE,
    VOTED,
    WORTH,
    Attendance,
    Progress,
    Ratings,
    Seats,
    Session,
    Sessions,
    SessionSeat,
    SessionState,
    SessionSteps,
    Step,
    Turn,
    Votes,
    at_step,
    next_step,
    stamp,
)
from handlers.supervision.shared.lookups import running_cycle
from handlers.supervision.turns.model import SWAP, SWAP_WAITS, TURN, Swap, Swaps
from handlers.supervision.turns.rules import Sitting, turns
from handlers.work import Work

_LED_BY_WHO_AGREED = timedelta(days=7)
"""So long before a session it is given to somebody to lead who has agreed to what stays in the
group: to others its cases are closed. Before that, people may still be about to read it. Who has
not agreed and who won't look the same: a no is kept nowhere."""

_HISTORY = 3
"""Cycles that the turns look back on: nobody remembers longer, and a round is shorter."""

COMES = (Attendance.COMING, Attendance.LATE)


def sessions_planned(work: Work, sessions: Sequence[Session], now: datetime) -> None:
    """These are new, or take place after all; their seats are there."""
    for session in sessions:
        _live(work, session, now)
    for group in {session.group for session in sessions}:
        arrange(work, group, now)


def sessions_moved(work: Work, sessions: Sequence[Session], now: datetime) -> None:
    """These have another time now: what people said of the old one holds no longer. Reminders
    that were sent are changed; telling people is for whoever moved it."""
    for session in sessions:
        refresh(work, session, now)
        seats = work.of(Seats).of([session.id])
        work.of(Seats).put([replace(one, attendance=Attendance.UNKNOWN) for one in seats])
        work.of(Votes).clear(session.id)
        _live(work, session, now)
    for group in {session.group for session in sessions}:
        arrange(work, group, now)


def sessions_cancelled(work: Work, sessions: Sequence[Session], now: datetime) -> None:
    """These don't take place. What people wanted to bring there goes to the group's next session;
    where there is none, it is deleted when it would have been."""
    for session in sessions:
        refresh(work, session, now)
        _carry_cases(work, session, now)
        work.of(Votes).clear(session.id)
        clear_at = at_step(session, Step.CLEAR)
        work.of(SessionSteps).put(Progress(session.id, Step.CLEAR, clear_at))
    for group in {session.group for session in sessions}:
        arrange(work, group, now)


def cycle_started(work: Work, cycle: Cycle, now: datetime) -> None:
    """A new cycle: everybody is asked for the agreement anew."""
    group = work.of(Groups).get(cycle.group)
    if group is not None:
        joined = [one.person for one in _joined(work, group.id)]
        _ask_agreement(work, group, cycle, joined, now)


def cycle_taken_back(work: Work, cycle: Cycle, now: datetime) -> None:
    """The cycle was planned by mistake and is gone: nobody is asked for its agreement."""
    group = work.of(Groups).get(cycle.group)
    if group is not None:
        about = pack(group.id, cycle.id, group.agreement_version)
        work.outbox.refresh(group.workspace, AGREEMENT, about, now)


def agreement_changed(work: Work, group: Group, now: datetime) -> None:
    """The agreement has another text and version: those who joined are asked for it."""
    cycle = running_cycle(work, group.id)
    if cycle is not None:
        old = replace(group, agreement_version=group.agreement_version - 1)
        work.outbox.refresh(group.workspace, AGREEMENT, agreement_about(old, cycle.id), now)
        joined = [one.person for one in _joined(work, group.id)]
        _ask_agreement(work, group, cycle, joined, now)


def member_joined(work: Work, group: str, person: str, now: datetime) -> None:
    """Somebody has joined and has seats: turns are given out with them, and they are asked for
    the agreement."""
    found, cycle = work.of(Groups).get(group), running_cycle(work, group)
    arrange(work, group, now)
    if found is not None and cycle is not None:
        _ask_agreement(work, found, cycle, [person], now)


def member_left(work: Work, group: str, person: str, now: datetime) -> None:
    """Somebody left, and has no seats in what is to come: nothing they wrote for it stays."""
    ahead = [one.id for cycle in work.of(Cycles).of(group) for one in _ahead(work, cycle, now)]
    _refresh_swaps(work, ahead, now)
    for kept in (work.of(Swaps), work.of(SessionCases), work.of(Votes), work.of(Ratings)):
        kept.remove_person(person, ahead)
    arrange(work, group, now)


def arrange(work: Work, group: str, now: datetime) -> None:
    """Gives out the parts of the sessions to come: whose turn it is among those who come. What
    two agreed to swap stays. Who gets a part after a reminder has gone out is told."""
    found = work.of(Groups).get(group)
    if found is None:
        return
    cycles = sorted(work.of(Cycles).of(group)[:_HISTORY], key=lambda one: one.number)
    sessions = [
        session
        for cycle in cycles
        for session in work.of(Sessions).of_cycle(cycle.id)
        if session.state is SessionState.PLANNED
    ]
    order = [one.person for one in _joined(work, group)]
    before = [session for session in sessions if session.starts_at <= now]
    ahead = [session for session in sessions if session.starts_at > now]
    seats: dict[str, list[SessionSeat]] = {session.id: [] for session in sessions}
    for seat in work.of(Seats).of(list(seats)):
        seats[seat.session].append(seat)
    agreed: dict[str, dict[str, Turn]] = {session.id: {} for session in ahead}
    for swap in work.of(Swaps).of(list(agreed)):
        if swap.agreed:
            agreed[swap.session] |= {swap.asker: swap.gets, swap.other: swap.gives}
    decided = turns(
        [_sitting(found, seats[session.id], order) for session in before],
        [
            replace(
                _sitting(found, seats[session.id], order, agreed[session.id]),
                may_lead=_may_lead(work, found, session, now),
            )
            for session in ahead
        ],
        rotating=not found.facilitator,
    )
    always = {found.facilitator: Turn.FACILITATOR} if found.facilitator else {}
    for session, decision in zip(ahead, decided, strict=True):
        parts = {**decision, **always}
        changed = [
            replace(seat, part=parts.get(seat.person, Turn.NONE))
            for seat in seats[session.id]
            if seat.part is not parts.get(seat.person, Turn.NONE)
        ]
        if changed:
            _reseat(work, session, changed, now)


def refresh(work: Work, session: Session, now: datetime) -> None:
    """Has every message about the session made again."""
    progress = work.of(SessionSteps).get(session.id)
    for start in progress.told if progress is not None else ():
        for kind in (*REMINDERS.values(), VOTE, VOTED):
            work.outbox.refresh(session.workspace, kind, pack(session.id, start), now)
    for kind in (ROOM, WORTH):
        work.outbox.refresh(session.workspace, kind, session.id, now)
    for part in Turn:
        work.outbox.refresh(session.workspace, TURN, pack(session.id, part), now)


def told(progress: Progress, session: Session) -> Progress:
    """The same, once messages about the session at its present time went out."""
    start = stamp(session.starts_at)
    return progress if start in progress.told else replace(progress, told=(*progress.told, start))


def _live(work: Work, session: Session, now: datetime) -> None:
    """Has the session's next steps done when their time comes."""
    step = next_step(session, now)
    before = work.of(SessionSteps).get(session.id)
    starts = before.told if before is not None else ()
    if step is not None:
        progress = Progress(session.id, step, at_step(session, step), told=starts)
        work.of(SessionSteps).put(progress)


def _carry_cases(work: Work, session: Session, now: datetime) -> None:
    """To the first session after it, else to the first there is; else they stay for an undo."""
    cases = work.of(SessionCases).of(session.id)
    ahead = [
        one
        for one in work.of(Sessions).of_cycle(session.cycle)
        if one.state is SessionState.PLANNED and one.starts_at > now and one.id != session.id
    ]
    later = [one for one in ahead if one.starts_at > session.starts_at]
    following = next(iter((*later, *ahead)), None)
    if following is not None:
        work.of(SessionCases).clear(session.id)
        for case in cases:
            work.of(SessionCases).put(replace(case, session=following.id))


def _ask_agreement(
    work: Work, group: Group, cycle: Cycle, people: Sequence[str], now: datetime
) -> None:
    about = agreement_about(group, cycle.id)
    work.outbox.add(
        group.workspace, *(Notice(AGREEMENT, about, (person,), now) for person in people)
    )


def _sitting(
    group: Group,
    seats: Sequence[SessionSeat],
    order: Sequence[str],
    agreed: dict[str, Turn] | None = None,
) -> Sitting:
    inside = [seat for seat in seats if seat.person != group.facilitator]
    place = {person: number for number, person in enumerate(order)}
    inside.sort(key=lambda seat: (place.get(seat.person, len(place)), seat.person))
    parts = {seat.person: seat.part for seat in inside if seat.part is not Turn.NONE}
    return Sitting(
        tuple(seat.person for seat in inside),
        frozenset(seat.person for seat in inside if not may_come(seat)),
        parts if agreed is None else agreed,
    )


def _may_lead(work: Work, group: Group, session: Session, now: datetime) -> frozenset[str]:
    if session.starts_at - now > _LED_BY_WHO_AGREED:
        return frozenset()
    return work.of(Agreements).agreed(group.id, session.cycle, group.agreement_version)


def _reseat(work: Work, session: Session, changed: Sequence[SessionSeat], now: datetime) -> None:
    work.of(Seats).put(changed)
    progress = work.of(SessionSteps).get(session.id)
    if progress is None or not progress.told:
        return
    for seat in changed:
        if seat.part is not Turn.NONE:
            about = pack(session.id, seat.part)
            send(work, TURN, session, [seat.person], about=about, due=now)
    refresh(work, session, now)


def _refresh_swaps(work: Work, sessions: Sequence[str], now: datetime) -> None:
    for swap in work.of(Swaps).of(sessions):
        session = work.of(Sessions).get(swap.session)
        if session is not None:
            refresh_swap(work, session, swap, now)


def refresh_swap(work: Work, session: Session, swap: Swap, now: datetime) -> None:
    """Shows either of the two what has become of their swap."""
    for kind in (SWAP, SWAP_WAITS):
        work.outbox.refresh(session.workspace, kind, swap.id, now)


def send(
    work: Work, kind: str, session: Session, people: Sequence[str], *, about: str, due: datetime
) -> None:
    work.outbox.add(session.workspace, *(Notice(kind, about, (person,), due) for person in people))


def _joined(work: Work, group: str) -> list[GroupMember]:
    return [one for one in work.of(Members).of(group) if one.state is Standing.JOINED]


def _ahead(work: Work, cycle: Cycle, now: datetime) -> list[Session]:
    return [one for one in work.of(Sessions).of_cycle(cycle.id) if one.starts_at > now]


def may_come(seat: SessionSeat) -> bool:
    return seat.attendance is not Attendance.ABSENT
