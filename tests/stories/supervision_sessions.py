"""What stories of a group's sessions are told with."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from handlers.availability.rest import instant
from handlers.kit.cards import Card, Form
from handlers.kit.hours import parse_hours
from handlers.kit.people import Person, Role
from handlers.supervision.cycles.model import Cycle, Cycles
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import Seats, Session, Sessions, SessionSeat, Turn
from handlers.supervision.shared import lifecycle as life
from storage.work import SqlWork
from tests.world import MONDAY_TEN, World, lines, plain

FIRST = datetime(2026, 3, 11, 15, 0)  # noqa: DTZ001 - a wall time has no zone
"""A Wednesday, nine days after the world begins."""

ON = "the session is on"

WORTH = "was it worth the time"

NAMES = ("Anna", "Jānis", "Līga", "Oto", "Zane", "Ilze")


def said(asked: Form) -> str:
    """What a form says above its fields."""
    return lines(Card(asked.title, asked.intro))


def sessions(count: int = 3) -> list[Session]:
    found = []
    for number in range(1, count + 1):
        wall = FIRST + timedelta(weeks=number - 1)
        begins = instant(wall, "Europe/Riga")
        found.append(
            Session(
                id=f"s{number}",
                cycle="c1",
                group="g1",
                workspace="paper-T1",
                number=number,
                wall=wall,
                zone="Europe/Riga",
                starts_at=begins,
                ends_at=begins + timedelta(minutes=90),
                changed_at=MONDAY_TEN,
            )
        )
    return found


async def meeting(world: World, names: Sequence[str] = NAMES, **also: object) -> list[Person]:
    """A group of these people with three sessions on Wednesdays at three, as planned now."""
    owner = await world.person("Dace", Role.COORDINATOR)
    people = [await world.person(name, hours=parse_hours("Mon-Fri 08:00-18:00")) for name in names]
    planned = sessions()
    values: dict[str, object] = {
        "id": "g1",
        "workspace": "paper-T1",
        "name": "Lanterns",
        "position": "",
        "seats": 8,
        "locale": "lv",
        "place": "https://meet.example/lanterns",
        "facilitator": "",
        "owner": owner.id,
        "created_at": world.now,
    }
    cycle = Cycle("c1", "g1", 1, 1, "15:00", "Europe/Riga", 90, date(2026, 3, 11))

    def plan(work: SqlWork) -> None:
        work.of(Groups).put(Group(**(values | also)))  # type: ignore[arg-type] # any of its fields
        work.of(Cycles).put(cycle)
        work.of(Sessions).put(planned)
        for number, person in enumerate(people):
            since = world.now - timedelta(seconds=len(people) - number)
            work.of(Members).put(GroupMember("g1", person.id, Standing.JOINED, since))
            work.of(Seats).put([SessionSeat(one.id, person.id) for one in planned])
        life.sessions_planned(work, planned, world.now)
        life.cycle_started(work, cycle, world.now)

    await world.engine.database.run(plan)
    await world.settle()
    return people


async def until(world: World, at: datetime) -> None:
    """Lets time pass until then: in a few strides, and the last half hour by the minute."""
    near = at - timedelta(minutes=30)
    for stride in range(1, 13) if near > world.now else ():
        world.platform.now += (near - world.now) / (13 - stride)
        await world.settle()
    while world.now < at:
        world.platform.now = min(at, world.now + timedelta(minutes=1))
        await world.settle()


async def parts(world: World, session: str = "s1") -> dict[str, Turn]:
    """Who has which part, by first name."""

    def look(work: SqlWork) -> dict[str, Turn]:
        seats = work.of(Seats).of([session])
        people = work.people.many([seat.person for seat in seats])
        return {people[seat.person].name: seat.part for seat in seats if seat.part is not Turn.NONE}

    return await world.engine.database.read(look)


def newest(world: World, name: str) -> Card:
    return world.inbox(name)[-1]


def titled(world: World, name: str, words: str) -> Card:
    """The newest message to them with these words in its title."""
    return next(one for one in reversed(world.inbox(name)) if words in plain(one.title))


async def everybody_agrees(world: World, names: Sequence[str] = NAMES) -> None:
    for name in names:
        await world.presses(name, "I agree")


def written(folder: Path) -> bytes:
    """Every byte that is kept: the file and its log."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def held(world: World, answers: Sequence[int]) -> None:
    """The first session takes place, and these answers come."""
    await meeting(world)
    first = sessions()[0]
    await until(world, first.starts_at - timedelta(days=7) + timedelta(minutes=5))
    for name in NAMES:
        await world.presses(name, "I'll be there", newest(world, name))
    await until(world, first.ends_at + timedelta(minutes=1))
    for name, points in zip(NAMES, answers, strict=False):
        await world.presses(name, str(points), titled(world, name, WORTH))


async def session(world: World) -> Session:
    found = await world.engine.database.read(lambda work: work.of(Sessions).get("s1"))
    assert found is not None
    return found
