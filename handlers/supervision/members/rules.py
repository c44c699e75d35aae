"""Who can't be in a group together, and why."""

from collections.abc import Sequence

from handlers.kit.cards import Line
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import fold
from handlers.supervision.members.model import Roster, Standing, leads

IN_THE_WAY = (Standing.JOINED, Standing.INVITED, Standing.WAITING)


def cannot_join(here: Roster, person: Person, t: Texts) -> Line | None:
    """Why somebody can't be in the group at all; None: they can."""
    group = here.group
    if not person.active:
        return t("{name} can't use Plecs now.", name=person.name)
    if person.id in {one.id for one in here.who(Standing.JOINED)}:
        return t("{name} is in the group already.", name=person.name)
    if person.id == group.facilitator:
        return t("{name} facilitates the group from outside.", name=person.name)
    if group.position and person.position and fold(person.position) != fold(group.position):
        return t(
            "{name} is {position} by the people list; the group is for {other}.",
            name=person.name,
            position=person.position,
            other=group.position,
        )
    return None


def clash(others: Sequence[Person], person: Person, here: Roster, t: Texts) -> Line | None:
    """Line managers and those they lead are not equals: who of the others is one to the person."""
    facilitator = here.people.get(here.group.facilitator)
    if facilitator is not None and leads(facilitator, person):
        return line_manager(facilitator, person, t)
    for other in others:
        if other.id != person.id and leads(other, person):
            return line_manager(other, person, t)
        if other.id != person.id and leads(person, other):
            return line_manager(person, other, t)
    return None


def line_manager(boss: Person, person: Person, t: Texts) -> Line:
    return t(
        "{boss} is the line manager of {person}: they can't be in one group.",
        boss=boss.name,
        person=person.name,
    )
