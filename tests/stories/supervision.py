"""What stories of a group's dates are told with."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Value
from handlers.kit.hours import parse_hours
from handlers.kit.people import Person
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.sessions.model import Seats, Session, Sessions, SessionSeat
from tests.stories.test_supervision_groups import invite
from tests.world import World, plain, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")

PEOPLE = ("Anna", "Jānis", "Līga", "Oskars")


async def group_of(world: World, *names: str, name: str = "Northern lights") -> dict[str, str]:
    """A group of Dace's that these have joined; answers the values of its buttons."""
    await world.says("Dace", "/supervision")
    form = await world.presses("Dace", "New group")
    assert isinstance(form, Form)
    await world.fills("Dace", form, name=name, place="Room 4")
    of_group = dict(world.button("Dace", "Plan a cycle").values)
    if names:
        await invite(world, *names)
    for one in names:
        await world.ask(world.command(one, "supervision.accept", values=of_group))
    return of_group


async def keep(world: World, person: Person) -> None:
    await world.engine.database.run(lambda work: work.people.save(person))


async def later(world: World, **more: float) -> None:
    """That much later, without what came between."""
    world.platform.now += timedelta(**more)
    await world.settle()


async def shown(world: World, of_group: dict[str, str], **wanted: Value) -> Reply:
    """The preview of a cycle, or its form with what is wrong."""
    form = await world.ask(world.command("Dace", "supervision.cycle", values=of_group))
    assert isinstance(form, Form)
    usual = {"first": "2026-03-10", "wall": "14:00", "zone": "Europe/Riga"}
    return await world.fills("Dace", form, **usual | wanted)


async def planned(world: World, of_group: dict[str, str], **wanted: Value) -> list[Session]:
    await shown(world, of_group, **wanted)
    assert title(await world.presses("Dace", "Plan these dates")).endswith(": done")
    return await sessions(world, of_group)


async def sessions(world: World, of_group: dict[str, str]) -> list[Session]:
    def read(work):  # type: ignore[no-untyped-def] # the story's own
        return [
            one
            for cycle in reversed(work.of(Cycles).of(of_group["group"]))
            for one in work.of(Sessions).of_cycle(cycle.id)
        ]

    found: list[Session] = await world.engine.database.read(read)
    return found


async def seats(world: World, of: Sequence[Session]) -> set[SessionSeat]:
    ids = [one.id for one in of]
    found = await world.engine.database.read(lambda work: work.of(Seats).of(ids))
    return set(found)


def days(found: Sequence[Session]) -> list[str]:
    return [f"{one.wall:%m-%d %H:%M}" for one in found]


def told(world: World, name: str) -> list[str]:
    """The titles of what somebody was told about dates."""
    titles = [one for one in world.titles(name) if one.startswith("Northern lights: ")]
    return [one for one in titles if not one.endswith(": what stays here")]


def dates_of(world: World, name: str) -> Card:
    """The message with which somebody heard of the cycle, as it looks now."""
    cards = [one for one in world.inbox(name) if plain(one.title) == "Northern lights: 8 dates"]
    return cards[-1]


async def edited(world: World, label: str, session: Session, **typed: Value) -> Reply:
    """The preview of a change to this session, or its form with what is wrong."""
    of_session = {"session": session.id}
    await world.ask(world.command("Dace", "supervision.date", values=of_session))
    form = await world.presses("Dace", label)
    assert isinstance(form, Form)
    return await world.fills("Dace", form, **typed)
