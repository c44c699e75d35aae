"""Who may be asked for something at this moment."""

from collections.abc import Container, Iterator
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
    not on a public holiday, but for what is planned on that date."""

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
        return not self._is_free(local.date())


def helpers_in_turn(
    workspace: str, on: "Occasion", page: int, *, topic: str | None = None, role: Role | None = None
) -> Iterator[Helper]:
    """Those who help, in the order in which they are asked, looked up so many at a time."""
    for skip in range(0, _LOOKED_AT, page):
        helpers = on.work.of(Availability).helpers(
            workspace, on.now, topic=topic, role=role, skip=skip, limit=page
        )
        people = with_shifts([helper.person for helper in helpers], on.work, on.now)
        for helper, person in zip(helpers, people, strict=True):
            yield replace(helper, person=person)
        if len(helpers) < page:
            return


def free_with_role(
    workspace: str, role: Role, on: "Occasion", besides: Container[str], most: int
) -> tuple[Person, ...]:
    """Those with the role who may be asked at this moment, in turn, but for those `besides`."""
    on_duty, found = OnDuty(workspace, on), list[Person]()
    for helper in helpers_in_turn(workspace, on, 2 * most, role=role):
        person = helper.person
        if not helper.engaged and person.id not in besides and on_duty(person.duty):
            found.append(person)
            if len(found) == most:
                break
    return tuple(found)
