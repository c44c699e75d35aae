"""What stories of shifts stand on: what a planner planned."""

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.availability.planning import entries, free_day
from handlers.availability.rest import instant
from handlers.availability.shifts import DayPlan, Shifts, ShiftSource, plan
from handlers.kit.rota import Planned, ShiftKind
from storage.work import SqlWork
from tests.world import World

RIGA = "Europe/Riga"


async def plans(world: World, user: str, *shifts: str) -> None:
    """Each "2.3. 08:00-16:00", "2.3. 08:00-16:00 desk" or "2.3. free", of the year of the story."""
    person = await world.known(user)
    of_day: dict[date, list[Planned]] = defaultdict(list)
    for told in shifts:
        day, what, *kind = told.split()
        number, month = map(int, day.rstrip(".").split("."))
        on = date(world.now.year, month, number)
        if what == "free":
            of_day[on].append(free_day(on, RIGA))
            continue
        start, end = (datetime.fromisoformat(f"{on}T{clock}") for clock in what.split("-"))
        if end <= start:
            end = end.replace(day=end.day + 1)
        span = instant(start, RIGA), instant(end, RIGA)
        of_day[on] += entries(ShiftKind(*kind or ("work",)), *span, RIGA)

    def write(work: SqlWork) -> None:
        days = [
            DayPlan(person.id, on, tuple(found), ShiftSource.FILE) for on, found in of_day.items()
        ]
        plan(work, person.workspace, days)

    await world.engine.database.run(write)


async def planned(world: World, user: str, day: str) -> list[str]:
    """What is planned for them on that day, "2.3.", as it was told."""
    person = await world.known(user)
    number, month = map(int, day.rstrip(".").split("."))
    on = date(world.now.year, month, number)
    found = await world.engine.database.read(lambda work: work.of(Shifts).days([person.id], on, on))
    return [
        f"{_clock(one.start)}-{_clock(one.end)} {one.kind}"
        for each in found
        for one in each.entries
    ]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(RIGA)):%H:%M}"
