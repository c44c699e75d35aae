"""Who may be asked for something at this moment."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.availability.engaged import Availability, Helper
from handlers.availability.rest import IsFree, free_days
from handlers.availability.shifts import with_shifts
from handlers.kit.people import Duty, Person, Role

if TYPE_CHECKING:  # what a handler works with is above this room
    from handlers.work import Occasion

_LOOKED_AT = 500
"""How far down the list of colleagues it is looked for somebody on duty, so that a company of
100,000 asleep at night costs no more than a small one."""


class OnDuty:
    """Whether people of a workspace are on duty at this moment: in their hours, and who has hours
    not in a shift that begins on a public holiday, but for what is planned on that date."""

    def __init__(self, workspace: str, on: "Occasion") -> None:
        self._workspace = workspace
        self._on = on
        self._is_free: IsFree | None = None

    def __call__(self, duty: Duty) -> bool:
        on = self._on
        if not duty.holds(on.now):
            return False
        local = on.now.astimezone(ZoneInfo(duty.zone))
        if not duty.hours.shifts or not duty.hours.by_week(local):
            return True
        if self._is_free is None:
            self._is_free = free_days(on.work.settings, self._workspace, on.services.calendar)
        is_free = self._is_free
        return duty.hours.by_week_on(local, lambda day: not is_free(day))


def helpers_in_turn(
    workspace: str, on: "Occasion", page: int, *, topic: str | None = None, role: Role | None = None
) -> Iterator[Helper]:
    """Those who help, in the order in which they are asked, looked up so many at a time."""
    for skip in range(0, _LOOKED_AT, page):
        helpers = on.work.of(Availability).helpers(
            workspace, on.now, topic=topic, role=role, skip=skip, limit=page
        )
        yield from _in_their_place(helpers, on)
        if len(helpers) < page:
            return


def helpers_named(people: Sequence[str], on: "Occasion") -> Iterator[Helper]:
    """Those of these people who help, in their order; or who looks after theirs."""
    found = {one.person.id: one for one in on.work.of(Availability).helping(people, on.now)}
    named = [found[one] for one in people if one in found]
    yield from _in_their_place([one for one in named if one.person.helps], on)


def _in_their_place(helpers: Sequence[Helper], on: "Occasion") -> Iterator[Helper]:
    """The helpers, with what is planned for them; in place of each who is looked after, who does
    that, and who does it for that one."""
    instead: dict[str, Helper] = {}
    asked = {one.relieved_by for one in helpers if one.relieved_by}
    while new := asked - instead.keys():
        found = on.work.of(Availability).helping(sorted(new), on.now)
        instead |= {one.person.id: one for one in found}
        asked = {one.relieved_by for one in found if one.relieved_by}
        if len(found) < len(new):  # whoever is gone is asked no more
            asked -= new
    there: dict[str, Helper] = {}
    for helper in helpers:
        one, passed = helper, set[str]()
        while one.relieved_by in instead and one.person.id not in passed:
            passed.add(one.person.id)
            one = instead[one.relieved_by]
        if one.relieved_by is None:
            there.setdefault(one.person.id, one)
    people = with_shifts([one.person for one in there.values()], on.work, on.now)
    for helper, person in zip(there.values(), people, strict=True):
        yield helper if person is helper.person else replace(helper, person=person)


def free_with_role(
    workspace: str, role: Role, on: "Occasion", besides: Container[str], most: int
) -> tuple[Person, ...]:
    """Those with the role who may be asked at this moment, in turn, but for those `besides`."""
    on_duty, found = OnDuty(workspace, on), list[Person]()
    for helper in helpers_in_turn(workspace, on, 2 * most, role=role):
        person = helper.person
        is_free = not helper.engaged and not helper.meeting and on_duty(person.duty)
        if is_free and person.id not in besides and person not in found:
            found.append(person)
            if len(found) == most:
                break
    return tuple(found)
