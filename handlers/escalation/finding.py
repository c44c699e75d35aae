"""Who may be asked to come, at this moment: a ring looks when it is due, not before."""

from collections.abc import Container, Iterator, Sequence
from itertools import chain

from handlers.availability.engaged import Availability, Helper
from handlers.availability.free import OnDuty, helpers_in_turn, helpers_named
from handlers.availability.shifts import with_shifts
from handlers.escalation import rules
from handlers.escalation.model import Answer, Case, Member, Ring
from handlers.kit.people import Person, Role
from handlers.work import Occasion


def seated_now(case: Case, agent: Person, on: Occasion, *, first: bool = False) -> Case:
    """The case with those in its rings who may be asked now, of the rings that are still to be
    asked; of all when nobody was free. `first`: no further than the first that has anybody."""
    passed = case.ring + 1 if case.unanswered_at is None else 0
    return rules.reseated(case, rings_now(case, agent, on, passed, first=first))


def everybody_seated(case: Case, agent: Person, on: Occasion) -> Case:
    """The case with all in its rings who may be asked now, those asked before among them."""
    return rules.reseated(case, rings_now(case, agent, on, 0))


def rings_now(
    case: Case, agent: Person, on: Occasion, passed: int, *, first: bool = False
) -> list[tuple[str, ...]]:
    """Who may be asked at this moment, ring by ring; nobody twice, nobody who was asked before. A
    team that holds a meeting is left to it, unless there is nobody else."""
    found, some_meet = _rings(case, agent, on, passed, first=first, meeting=False)
    if some_meet and not any(found):
        found, _ = _rings(case, agent, on, passed, first=first, meeting=True)
    return found


def _rings(
    case: Case, agent: Person, on: Occasion, passed: int, *, first: bool, meeting: bool
) -> tuple[list[tuple[str, ...]], bool]:
    """The same with those who are in a `meeting`, or without; and whether it left out any."""
    asked = (seat.person for seat in case.seats if seat.answer is not Answer.WAITING)
    taken = {agent.id, *asked}
    found: list[tuple[str, ...]] = [()] * passed
    left_out = False
    for ring in case.rings[passed:]:
        people, some_meet = _in_ring(case, ring, agent, on, taken, meeting=meeting)
        left_out |= some_meet
        taken.update(people)
        found.append(people)
        if first and people:
            break
    return found, left_out


def who_know(case: Case, agent: Person, on: Occasion) -> tuple[str, ...]:
    """Those who know the case's topic and may be asked now: as many as the ring that asks for
    them has, and nobody where none does."""
    sizes = [ring.size for ring in case.rings if Member.TOPIC in ring.members]
    if not sizes:
        return ()
    asked = {seat.person for seat in case.seats if seat.answer is not Answer.WAITING}
    ring = Ring(0, (Member.TOPIC,), max(sizes))
    found: tuple[str, ...] = ()
    for meeting in (False, True):
        found = found or _in_ring(case, ring, agent, on, {agent.id, *asked}, meeting=meeting)[0]
    return found


def free(people: Sequence[str], on: Occasion) -> Container[str]:
    """Those of the people who may be asked at this moment."""
    engaged = on.work.of(Availability).engaged(people, on.now)
    known = with_shifts(list(on.work.people.many(people).values()), on.work, on.now)
    on_duty = {person.workspace: OnDuty(person.workspace, on) for person in known}
    return {
        person.id
        for person in known
        if person.belongs and person.id not in engaged and on_duty[person.workspace](person.duty)
    }


def _in_ring(
    case: Case, ring: Ring, agent: Person, on: Occasion, taken: Container[str], *, meeting: bool
) -> tuple[tuple[str, ...], bool]:
    on_duty = OnDuty(case.workspace, on)
    people: list[str] = []
    some_meet = False
    for helper in chain.from_iterable(_sources(case, ring, agent, on)):
        person = helper.person
        if helper.engaged or person.id in taken or person.id in people:
            continue
        if helper.meeting and not meeting:
            some_meet = True
            continue
        if on_duty(person.duty):
            people.append(person.id)
            if len(people) == ring.size:
                break
    return tuple(people), some_meet


def _sources(case: Case, ring: Ring, agent: Person, on: Occasion) -> Iterator[Iterator[Helper]]:
    """Those of each kind of member, looked up only when those before were not enough."""
    if not ring.members:
        yield helpers_named([case.wanted] if case.wanted else [], on)
    for member in ring.members:
        match member:
            case Member.TRUSTED:
                yield helpers_named(agent.trusted, on)
            case Member.TOPIC:
                if case.topic is not None:
                    yield _helpers(case, on, ring.size, topic=case.topic)
            case Member.SUPERVISORS:
                yield _helpers(case, on, ring.size, role=Role.SUPERVISOR)
            case Member.EVERYBODY:
                yield _helpers(case, on, ring.size)


def _helpers(
    case: Case, on: Occasion, size: int, *, topic: str | None = None, role: Role | None = None
) -> Iterator[Helper]:
    """Those who help, least recently asked first, out of so many at a time. A page has some more
    than are asked, for those who are engaged."""
    page = size + len(case.seats) + 1
    return helpers_in_turn(case.workspace, on, page, topic=topic, role=role)
