"""How supervision grows from 50 groups to 500: `python -m tests.bench.supervision`.

Each group has eight people and a cycle of ten sessions, of which two have been. What is measured is
what somebody waits for, without the network: from the command to its answer, over SQLite, one after
the other. The bound is a second for each.
"""

import asyncio
import csv
import io
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bot.app import Engine, engine
from bot.calendars import Addresses
from handlers import calendars
from handlers.availability.rest import instant
from handlers.common.calendars import CalendarAddresses
from handlers.kit.cards import Card
from handlers.kit.commands import Command, Value
from handlers.kit.delivery import Pace, Rate
from handlers.kit.hours import parse_hours
from handlers.kit.notices import SendResult, Sent
from handlers.kit.people import Address, Person, Profile, Role
from handlers.supervision.cycles.model import Cycle, Cycles
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import Attendance, Seats, Session, Sessions, SessionSeat
from handlers.work import Occasion
from scheduling.calendars import written
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.world import buttons

SIZES = (50, 500)
PEOPLE, SESSIONS, PAST = 8, 10, 2
TIMES = 15
BOUND = 1.0

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ZONE, SECRET = "Europe/Riga", "a secret of the benchmark's own, long enough"
CYCLE, FIND = "supervision.cycle.preview", "supervision.find.slots"
UNPLANNED = f"n{TIMES + 1}"
_PLENTY = Rate(100_000, timedelta(seconds=1), 100_000)


class Nobody:
    """A platform that takes everything."""

    name = "bench"
    pace = Pace(_PLENTY, _PLENTY, _PLENTY)

    async def send(self, *_: object, **_also: object) -> SendResult:
        return Sent("1")

    async def profile(self, address: Address) -> Profile | None:
        return None

    async def by_email(self, _email: str, _workspace: str) -> Profile | None:
        return None


async def main() -> None:
    found: dict[int, dict[str, float]] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder:
            found[size] = await _measured(Path(folder), size)
    print(f"{'median, in ms':<34}" + "".join(f"{size:>7} groups" for size in SIZES) + "   growth")
    for name in found[SIZES[0]]:
        few, many = (found[size][name] for size in SIZES)
        print(f"{name:<34}{few * 1000:>14.1f}{many * 1000:>14.1f}{many / few:>8.1f}x")
    slow = [name for name, seconds in found[SIZES[-1]].items() if seconds > BOUND]
    print(f"over a second: {', '.join(slow)}" if slow else "none takes a second")


async def _measured(folder: Path, size: int) -> dict[str, float]:
    url = f"sqlite:///{folder}/plecs.db"
    migrate(url)
    database = Database(url, Seal(SECRET))
    made = engine(
        database,
        {"bench": Nobody()},
        lambda: NOW,
        frozenset(),
        Addresses("https://plecs.example", SECRET),
    )
    try:
        database.run_now(lambda work: _fill(work, size))
        return await _timed(made)
    finally:
        await asyncio.to_thread(database.close)


async def _timed(made: Engine) -> dict[str, float]:
    database, services = made.database, made.services

    async def card(user: str, name: str, **values: Value) -> Card:
        """The answer, which must not be the form with errors."""
        reply = (await made.desk.ask(_command(user, name, **values))).reply
        assert isinstance(reply, Card), reply
        return reply

    waiting = iter(range(TIMES + 1))

    async def plan() -> float:
        """From the dates on the screen to the cycle, its seats and its messages, all kept."""
        reply = await card("C", CYCLE, **_asked(f"n{next(waiting)}"))
        assert isinstance(reply, Card)
        (do,) = [one for one in buttons(reply) if one.does == "supervision.cycle.plan"]
        begun = time.perf_counter()
        await card("C", do.does, **do.values)
        return time.perf_counter() - begun

    def made_address(work: SqlWork) -> str:
        person = work.people.at(_address("P8"))
        assert person is not None
        return work.of(CalendarAddresses).renew(person.id, NOW)

    secret = await database.run(made_address)

    def feed(work: SqlWork) -> int:
        found = calendars.feed(secret, Occasion(work, NOW, services))
        assert found is not None
        return len(written(found))

    def table(work: SqlWork) -> int:
        body = exports.table("bench-T1", work, NOW, services.speaking("lv")).decode("utf-8-sig")
        return len(list(csv.reader(io.StringIO(body))))

    def sheet(work: SqlWork) -> int:
        return len(written(exports.sheet("bench-T1", work, NOW, services.speaking("lv"))))

    return {
        "a cycle planned, ten sessions": await _seconds(plan),
        "a cycle's dates shown before": await _seconds(
            lambda: card("C", CYCLE, **_asked(UNPLANNED))
        ),
        "find a time": await _seconds(lambda: card("C", FIND, **_asked(UNPLANNED))),
        "/supervision, a member": await _seconds(lambda: card("P8", "supervision")),
        "/supervision, a coordinator": await _seconds(lambda: card("C", "supervision")),
        "the overview": await _seconds(lambda: card("C", "supervision.all")),
        "a person's calendar": await _seconds(lambda: database.read(feed)),
        "all as a table": await _seconds(lambda: database.read(table)),
        "all as a calendar": await _seconds(lambda: database.read(sheet)),
    }


async def _seconds(ask: Callable[[], Awaitable[object]]) -> float:
    """The median of several, after one that is not counted. What answers with seconds has
    measured by itself."""
    await ask()
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        measured = await ask()
        whole = time.perf_counter() - begun
        spent.append(measured if isinstance(measured, float) else whole)
    return median(spent)


def _address(user: str) -> Address:
    return Address("bench", "T1", user)


def _command(user: str, name: str, **values: Value) -> Command:
    return Command(name, _address(user), "", values, "")


def _fill(work: SqlWork, size: int) -> None:
    office = parse_hours("Mon-Fri 09:00-17:30")

    def hire(name: str, *roles: Role) -> Person:
        profile = Profile(_address(name), name, "lv", ZONE)
        person = work.people.add("bench-T1", profile, frozenset(roles))
        person = replace(person, hours=office)
        work.people.save(person)
        return person

    keeper = hire("C", Role.COORDINATOR)
    for number in range(size):
        people = [hire(f"P{number * PEOPLE + one}") for one in range(PEOPLE)]
        _found_group(work, f"g{number}", people, keeper)
        _plan(work, number, people)
    for number in range(TIMES + 2):
        # They sit in other groups as well: that is what a time must be found around.
        people = [hire(f"N{number}"), *_known(work, range(1, PEOPLE), number)]
        _found_group(work, f"n{number}", people, keeper)


def _known(work: SqlWork, numbers: range, shift: int) -> list[Person]:
    """Of each of the first groups somebody, other people at each shift."""
    found = [work.people.at(_address(f"P{one * PEOPLE + shift % PEOPLE}")) for one in numbers]
    return [person for person in found if person is not None]


def _asked(group: str) -> dict[str, Value]:
    """What a coordinator fills in. Evenings, so that nobody is booked then already; those who are
    in two of the new groups, on two days."""
    return {
        "group": group,
        "first": f"2026-03-{17 + int(group[1:]) // PEOPLE}",
        "wall": "17:30",
        "zone": ZONE,
        "weeks": "2",
        "minutes": "60",
        "count": str(SESSIONS),
    }


def _found_group(work: SqlWork, group: str, people: list[Person], keeper: Person) -> None:
    work.of(Groups).put(
        Group(
            id=group, workspace="bench-T1", name=f"Grupa {group}", position="", seats=PEOPLE,
            locale="lv", place="https://meet.example/x", facilitator="", owner=keeper.id,
            created_at=NOW,
        )
    )  # fmt: skip
    for person in people:
        work.of(Members).put(GroupMember(group, person.id, Standing.JOINED, NOW))


def _plan(work: SqlWork, number: int, people: list[Person]) -> None:
    group, cycle = f"g{number}", f"c{number}"
    weekday, hour = number % 5, 9 + number // 5 % 7
    first = datetime(2026, 2, 2, hour) + timedelta(days=weekday)  # noqa: DTZ001 - a wall time
    work.of(Cycles).put(Cycle(cycle, group, 1, 2, f"{hour:02}:00", ZONE, 90, first.date()))
    walls = [first + timedelta(weeks=2 * one) for one in range(SESSIONS)]
    sessions = [
        Session(
            id=f"{cycle}s{one}", cycle=cycle, group=group, workspace="bench-T1", number=one + 1,
            wall=wall, zone=ZONE, starts_at=(begins := instant(wall, ZONE)),
            ends_at=begins + timedelta(minutes=90), changed_at=NOW,
        )
        for one, wall in enumerate(walls)
    ]  # fmt: skip
    work.of(Sessions).put(sessions)
    work.of(Seats).put(
        [
            SessionSeat(
                session.id,
                person.id,
                Attendance.ATTENDED if session.ends_at < NOW else Attendance.UNKNOWN,
            )
            for session in sessions
            for person in people
        ]
    )


if __name__ == "__main__":
    asyncio.run(main())
