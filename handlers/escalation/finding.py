"""Who may be asked to come, at this moment: a ring looks when it is due, not before."""

from collections.abc import Container, Iterator, Sequence
from itertools import chain

from handlers.availability.engaged import Availability
from handlers.availability.rest import IsFree, free_days, wall_time
from handlers.escalation import model
from handlers.escalation.model import Case, Member, Ring
from handlers.kit.hours import ALWAYS
from handlers.kit.people import Duty, Person, Role
from handlers.work import Occasion

_LOOKED_AT = 500
"""How far down the list of colleagues a ring looks for somebody on duty, so that a company of
100,000 asleep at night costs no more than a small one."""


def seated_now(case: Case, agent: Person, on: Occasion, *, first: bool = False) -> Case:
    """The case with those in its rings who may be asked now, of the rings that are still to be
    asked; of all when nobody was free. `first`: no further than the first that has anybody."""
    passed = case.ring + 1 if case.unanswered_at is None else 0
    return model.reseated(case, rings_now(case, agent, on, passed, first=first))


def everybody_seated(case: Case, agent: Person, on: Occasion) -> Case:
    """The case with all in its rings who may be asked now, those asked before among them."""
    return model.reseated(case, rings_now(case, agent, on, 0))


def rings_now(
    case: Case, agent: Person, on: Occasion, passed: int, *, first: bool = False
) -> list[tuple[str, ...]]:
    """Who may be asked at this moment, ring by ring; nobody twice, nobody of the rings passed."""
    taken = {agent.id, *(seat.person for seat in case.seats)}
    found: list[tuple[str, ...]] = [()] * passed
    for ring in case.rings[passed:]:
        people = _in_ring(case, ring, agent, on, taken)
        taken.update(people)
        found.append(people)
        if first and people:
            break
    return found


def free(people: Sequence[str], on: Occasion) -> Container[str]:
    """Those of the people who may be asked at this moment."""
    engaged = on.work.of(Availability).engaged(people, on.now)
    known = on.work.people.many(people).values()
    on_duty = {person.workspace: _OnDuty(person.workspace, on) for person in known}
    return {
        person.id
        for person in known
        if person.belongs and person.id not in engaged and on_duty[person.workspace](person.duty)
    }


class _OnDuty:
    """Whether people of a workspace are on duty at this moment: in their hours, and who has hours
    not on a public holiday."""

    def __init__(self, workspace: str, on: Occasion) -> None:
        self._workspace = workspace
        self._on = on
        self._is_free: IsFree | None = None

    def __call__(self, duty: Duty) -> bool:
        on = self._on
        if not duty.holds(on.now):
            return False
        if duty.hours == ALWAYS:
            return True
        if self._is_free is None:
            self._is_free = free_days(on.work.settings, self._workspace, on.services.calendar)
        return not self._is_free(wall_time(on.now, duty.zone).date())


def _in_ring(
    case: Case, ring: Ring, agent: Person, on: Occasion, taken: Container[str]
) -> tuple[str, ...]:
    on_duty = _OnDuty(case.workspace, on)
    people: list[str] = []
    for page in chain(*_sources(case, ring, agent, on, on_duty)):
        new = [person for person in page if person not in taken and person not in people]
        engaged = on.work.of(Availability).engaged(new, on.now) if new else frozenset()
        people += [person for person in new if person not in engaged][: ring.size - len(people)]
        if len(people) == ring.size:
            break
    return tuple(people)


def _sources(
    case: Case, ring: Ring, agent: Person, on: Occasion, on_duty: _OnDuty
) -> list[Iterator[Sequence[str]]]:
    if not ring.members:
        return [_those([case.wanted] if case.wanted else [], on, on_duty)]
    pages = {
        Member.TRUSTED: lambda: _those(agent.trusted, on, on_duty),
        Member.TOPIC: lambda: _helpers(case, on, on_duty, ring.size, topic=case.topic),
        Member.SUPERVISORS: lambda: _helpers(case, on, on_duty, ring.size, role=Role.SUPERVISOR),
        Member.EVERYBODY: lambda: _helpers(case, on, on_duty, ring.size),
    }
    members = [one for one in ring.members if one is not Member.TOPIC or case.topic is not None]
    return [pages[member]() for member in members]


def _those(people: Sequence[str], on: Occasion, on_duty: _OnDuty) -> Iterator[Sequence[str]]:
    known = on.work.people.many(people)
    named = (known[person] for person in people if person in known)
    yield [one.id for one in named if one.helps and one.belongs and on_duty(one.duty)]


def _helpers(
    case: Case,
    on: Occasion,
    on_duty: _OnDuty,
    size: int,
    *,
    topic: str | None = None,
    role: Role | None = None,
) -> Iterator[Sequence[str]]:
    """Those who help and are on duty, least recently asked first, out of so many at a time. A page
    has some more than are asked, for those who are engaged."""
    page = size + len(case.seats) + 1
    for skip in range(0, _LOOKED_AT, page):
        helpers = on.work.duty.helpers(
            case.workspace, topic=topic, role=role, skip=skip, limit=page
        )
        yield [person for person, duty in helpers.items() if on_duty(duty)]
        if len(helpers) < page:
            return
