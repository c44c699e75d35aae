"""The rules of a raised hand: who is asked, in which ring, and what follows from each answer.

Rules take a case and the time and return the case as it is afterwards with the notices it causes.
"""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from handlers.escalation.model import (
    CALL_OVER,
    COMING,
    MORE,
    NOBODY,
    OVER,
    PING,
    REMINDER,
    ROOM,
    Answer,
    Case,
    Ring,
    Seat,
    State,
)
from handlers.kit.notices import Notice, Priority

LAPSES_AFTER = timedelta(hours=4)
"""A hand that nobody came to comes down by itself: no call lasts as long."""

LOOK_AGAIN_AFTER = timedelta(seconds=30)
"""How often, when nobody was free, it is looked whether somebody has become so."""

NEW_CALL_AFTER = timedelta(minutes=10)
"""A helper came so long ago: another hand is another call's."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much a telephone system's clock may be before ours, or behind it."""

TAKEN_LASTS = timedelta(minutes=30)
"""A hand that was taken and that nobody closed is over then, and its helper free."""

HEARD_LATE_AFTER = timedelta(seconds=2)
"""A ping that took longer than this to arrive: the time to answer it counts from then."""

UNHEARD_AFTER = timedelta(seconds=5)
"""When no ping has reached anybody so long after asking, the agent reads it, and whom to call."""

UNHEARD_FOR = timedelta(minutes=1)
"""How long beyond their time those are waited for whom no ping has reached yet."""

WANTED_ALONE = 20
"""Seconds that somebody who was asked for by name has before the others are asked."""

HELPER_IS_LATE_AFTER = timedelta(minutes=2)
"""From then on the agent can say that nobody came."""

REMIND_AFTER = timedelta(seconds=45)
"""One reminder to those who were asked and have not answered."""

MOST_JOINED = 3
"""Helpers who come besides the first: more voices calm nobody."""

MORE_ASKED = 3
"""People who are asked at a time whether they come as well."""

ASKED_A_MINUTE = 100
"""People a minute whom all first rings of a workspace ask together: so many messages can be changed
or taken away again in that time, when somebody comes. Who is asked by each of forty hands helps
none, either."""

WHOLE_RINGS = 20
"""Hands a minute in a workspace up to which later rings ask everybody."""

FEWEST_ASKED = 2


def under_load(rings: Sequence[Ring], lately: int) -> tuple[Ring, ...]:
    """The rings as a hand has them when so many went up within the last minute: fewer are asked."""
    return tuple(
        Ring(
            ring.after,
            ring.members,
            min(ring.size, max(FEWEST_ASKED, _bearable(ring, lately, number))),
        )
        for number, ring in enumerate(rings)
    )


def _bearable(ring: Ring, lately: int, number: int) -> int:
    if number == 0:
        return ceil(ASKED_A_MINUTE / max(lately, 1))
    return ceil(ring.size * WHOLE_RINGS / max(lately, WHOLE_RINGS))


def step(case: Case, free: Container[str], now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """Does everything that is due by `now`; `free` are those who may be asked at this moment.

    After an interruption the rings that were missed are asked at once, but nobody is told that
    no one is free before those just asked had their time. After four hours nobody is asked.
    """
    notices: list[Notice] = []
    lapses_at = case.raised_at + LAPSES_AFTER
    while case.step_at is not None and case.step_at <= now:
        if case.then_at is not None:
            case = replace(_then(case), unheard_at=now)
        elif case.state is State.TAKEN:
            assert case.taken_at is not None
            over_at = case.taken_at + TAKEN_LASTS
            if now < over_at:
                case = replace(case, step_at=over_at)
                continue
            notices += _over(case, now)
            case = _close(case, State.LAPSED, now)
        elif now >= lapses_at:
            case = _close(case, State.LAPSED, now)
        elif case.unanswered_at is not None:
            case, asked = _ask(case, {case.ring}, free, now)
            notices += asked
            case = replace(case, step_at=min(now + LOOK_AGAIN_AFTER, lapses_at))
        elif case.ring + 1 < len(case.delays) - 1:
            case, asked = _ask(case, {case.ring + 1}, free, now)
            notices += asked
        elif (patience_ends := _patience_ends(case)) > now:
            case = replace(case, step_at=patience_ends)
        else:
            case = replace(case, unanswered_at=now, step_at=min(now + LOOK_AGAIN_AFTER, lapses_at))
            notices.append(Notice(NOBODY, case.about, (case.agent,), now, Priority.URGENT))
    return _watched(case, now), tuple(notices)


def take(case: Case, helper: str, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """The helper is on the way: the agent hears it, and the two get a conversation."""
    taken = replace(
        _answer(_then(case), helper, Answer.CAME),
        state=State.TAKEN,
        unheard_at=None,
        taken_by=helper,
        taken_at=now,
        first_taken_at=case.first_taken_at or now,
        step_at=now + HELPER_IS_LATE_AFTER,
    )
    return taken, (
        Notice(COMING, case.about, (case.agent,), now, Priority.URGENT),
        Notice(ROOM, case.about, (case.agent, helper), now, Priority.URGENT),
    )


def heard(case: Case, person: str, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """A ping has reached somebody: their time to answer counts from now, and so does that of their
    ring where it came late."""
    if case.state is not State.CALLING or case.answer_of(person) is not Answer.ASKED:
        return case, ()
    reminder = Notice(REMINDER, case.about, (person,), now + REMIND_AFTER, Priority.URGENT)
    if case.heard_at is not None or case.asked_at is None:
        return case, (reminder,)
    is_late = now - case.asked_at > HEARD_LATE_AFTER
    case = replace(_then(case), heard_at=now if is_late else case.asked_at, unheard_at=None)
    step_at = case.step_at
    if case.unanswered_at is None and step_at is not None:
        is_last = case.ring + 1 >= len(case.delays) - 1
        if is_last:
            case = replace(case, step_at=_patience_ends(case))
        elif is_late:
            case = replace(case, step_at=max(step_at, now + _gap(case, case.ring)))
    return case, (reminder,)


def reseated(case: Case, rings: Sequence[Sequence[str]]) -> Case:
    """The case with those who may be asked now in its rings: a ring looks at the moment. Who was
    asked keeps their seat; when nobody was free all who have become so are asked together."""
    kept = tuple(seat for seat in case.seats if seat.answer is not Answer.WAITING)
    seated = {seat.person for seat in kept} | {case.agent}
    new: dict[str, Seat] = {}
    for number, people in enumerate(rings):
        ring = number if case.unanswered_at is None else case.ring
        for person in people:
            if person not in seated:
                new.setdefault(person, Seat(person, ring))
    return replace(case, seats=(*kept, *new.values()))


def look_now(case: Case, now: datetime) -> Case:
    """The case with its next look at who is free due at once: its agent asks again."""
    is_alone = case.state is State.CALLING and case.unanswered_at is not None
    return replace(_then(case), step_at=now) if is_alone else case


def ask_everybody(
    case: Case, free: Container[str], now: datetime
) -> tuple[Case, tuple[Notice, ...]]:
    """All rings that are left, at once: the agent can't wait for them."""
    last = len(case.delays) - 2
    if case.state is not State.CALLING or case.ring >= last:
        return case, ()
    case, asked = _ask(
        replace(_then(case), step_at=now), set(range(case.ring + 1, last + 1)), free, now
    )
    case, later = step(case, free, now)
    return case, asked + later


def ask_who_knows(
    case: Case, people: Sequence[str], now: datetime
) -> tuple[Case, tuple[Notice, ...]]:
    """The agent has said what it is about: those who know it are asked at once. The rings go on."""
    new = [person for person in people if case.answer_of(person) in (None, Answer.WAITING)]
    if case.state is not State.CALLING or not new:
        return case, ()
    kept = (seat for seat in case.seats if seat.person not in new)
    asked = (Seat(person, max(case.ring, 0), Answer.ASKED) for person in new)
    case = replace(_then(case), seats=(*kept, *asked), asked_at=now, heard_at=None)
    about = case.about
    return _watched(case, now), tuple(
        Notice(PING, about, (person,), now, Priority.URGENT) for person in new
    )


def cannot(case: Case, person: str, answer: Answer, now: datetime) -> Case:
    """Somebody who was asked says not now, or can't be reached. When nobody is left whose
    answer is awaited, the next ring is due at once."""
    case = _answer(case, person, answer)
    if case.state is State.CALLING and not case.asked() and case.unanswered_at is None:
        case = replace(_then(case), step_at=now)
    return case


def somebody_else(
    case: Case, free: Container[str], now: datetime
) -> tuple[Case, tuple[Notice, ...]]:
    """The helper didn't come or wasn't enough: the case climbs on without them.

    Whoever waited once already should not wait again, so those asked before and the next ring
    are asked together, at once.
    """
    assert case.taken_by is not None
    case = _answer(case, case.taken_by, Answer.LEFT)
    case = replace(
        case,
        state=State.CALLING,
        round=case.round + 1,
        taken_by=None,
        taken_at=None,
        unanswered_at=None,
        heard_at=None,
        step_at=now,
        seats=tuple(
            replace(seat, answer=Answer.WAITING) if seat.answer is Answer.ASKED else seat
            for seat in case.seats
        ),
    )
    last = min(case.ring + 1, len(case.delays) - 2)
    case, asked = _ask(case, set(range(last + 1)), free, now)
    case, later = step(case, free, now)
    return case, asked + later


def join(case: Case, person: str, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """Somebody comes besides the helper, who stays: all of them get a conversation."""
    helper = case.taken_by
    assert helper is not None
    if case.answer_of(person) is None:
        case = replace(case, seats=(*case.seats, Seat(person, max(case.ring, 0))))
    case = _answer(case, person, Answer.JOINED)
    together = (case.agent, helper, *case.joined())
    return case, (Notice(ROOM, case.about, together, now, Priority.URGENT),)


def ask_more(case: Case, people: Sequence[str], now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """These are asked to come as well. The helper stays."""
    seated = {seat.person for seat in case.seats}
    new = (
        Seat(person, max(case.ring, 0), Answer.ASKED) for person in people if person not in seated
    )
    case = replace(case, seats=(*case.seats, *new))
    return case, tuple(
        Notice(MORE, case.about, (person,), now, Priority.URGENT) for person in people
    )


def solve(case: Case, now: datetime) -> Case:
    return _close(case, State.SOLVED, now)


def cancel(case: Case, now: datetime) -> Case:
    return _close(case, State.CANCELLED, now)


def hang_up(case: Case, now: datetime) -> tuple[Case, tuple[Notice, ...]]:
    """The call that it was raised in is over, and nobody has come: nobody is asked any more, and
    the agent is, once."""
    notice = Notice(CALL_OVER, case.id, (case.agent,), now)
    return _close(case, State.HUNG_UP, now), (notice,)


def is_of_call(case: Case, since: datetime, until: datetime) -> bool:
    """Whether the hand went up in a call that its agent had from `since` to `until` by the
    telephone system's clock."""
    return since - CLOCKS_DIFFER <= case.raised_at <= until + CLOCKS_DIFFER


def gone(
    case: Case, person: str, free: Container[str], now: datetime
) -> tuple[Case, tuple[Notice, ...]]:
    """Somebody left the company: no ring waits for them, and a case they had goes on."""
    if case.taken_by == person:
        return somebody_else(case, free, now)
    return cannot(case, person, Answer.UNREACHABLE, now), ()


def without_agent(case: Case, now: datetime) -> Case:
    """The agent left the company: there is nobody to help any more."""
    return _close(case, State.LAPSED, now)


def seats_for(rings: Sequence[Sequence[str]]) -> tuple[Seat, ...]:
    """One seat a person, in the first ring that has them."""
    seats: dict[str, Seat] = {}
    for number, people in enumerate(rings):
        for person in people:
            seats.setdefault(person, Seat(person, number))
    return tuple(seats.values())


def _ask(
    case: Case, rings: Container[int], free: Container[str], now: datetime
) -> tuple[Case, tuple[Notice, ...]]:
    assert case.step_at is not None
    asked = tuple(
        seat.person
        for seat in case.seats
        if seat.ring in rings and seat.answer is Answer.WAITING and seat.person in free
    )
    ring = max(number for number in range(len(case.delays) - 1) if number in rings)
    case = replace(
        case,
        ring=ring,
        asked_at=now if asked else case.asked_at,
        heard_at=None if asked else case.heard_at,
        step_at=case.step_at + _gap(case, ring) if asked else case.step_at,
        seats=tuple(
            Seat(seat.person, seat.ring, Answer.ASKED) if seat.person in asked else seat
            for seat in case.seats
        ),
    )
    about = case.about
    return case, tuple(Notice(PING, about, (person,), now, Priority.URGENT) for person in asked)


def _watched(case: Case, now: datetime) -> Case:
    """The case with a look, before its next step, at whether a ping has reached anybody. Where
    that moment is over, this is the look."""
    if case.asked_at is None or case.step_at is None or case.state is not State.CALLING:
        return case
    look_at = case.asked_at + UNHEARD_AFTER
    is_known = case.heard_at is not None or case.unheard_at is not None or not case.asked()
    if is_known or case.then_at is not None or case.step_at <= look_at:
        return case
    if look_at <= now:
        return replace(case, unheard_at=now)
    return replace(case, step_at=look_at, then_at=case.step_at)


def _then(case: Case) -> Case:
    """The case without that look."""
    return case if case.then_at is None else replace(case, step_at=case.then_at, then_at=None)


def _over(case: Case, now: datetime) -> tuple[Notice, ...]:
    assert case.taken_by is not None
    return tuple(Notice(OVER, case.about, (one,), now) for one in (case.agent, case.taken_by))


def _gap(case: Case, ring: int) -> timedelta:
    """How long those in the ring have before the next step."""
    return timedelta(seconds=case.delays[ring + 1] - case.delays[ring])


def _patience_ends(case: Case) -> datetime:
    """Until when those whose answer is awaited have time for it."""
    rings = [seat.ring for seat in case.seats if seat.answer is Answer.ASKED]
    if not rings or case.asked_at is None:
        return case.raised_at
    if case.heard_at is None:
        return case.asked_at + _gap(case, max(rings)) + UNHEARD_FOR
    return case.heard_at + _gap(case, max(rings))


def _answer(case: Case, person: str, answer: Answer) -> Case:
    return replace(
        case,
        seats=tuple(
            replace(seat, answer=answer) if seat.person == person else seat for seat in case.seats
        ),
    )


def _close(case: Case, state: State, now: datetime) -> Case:
    return replace(case, state=state, closed_at=now, step_at=None, then_at=None)
