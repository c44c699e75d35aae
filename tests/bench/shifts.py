"""`python -m tests.bench.shifts`: shifts of 5,000 people for eight weeks, brought in from a file,
and what a hand and a claim cost beside the weekly hours alone.

Times are of this machine; calls and statements are the same on any.
"""

import resource
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bot.services import services
from bot.shift_list import ShiftList, read_shifts
from handlers.availability.planning import every_day
from handlers.availability.rest import instant
from handlers.availability.shifts import DayPlan, ShiftSource, plan
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person, Profile, Role
from handlers.kit.rota import Planned, ShiftKind
from handlers.shifts.bringing import PlanChanges, Planning, bring_in
from handlers.work import Occasion
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.bench import calls
from tests.world import MONDAY_TEN

PEOPLE, WEEKS = 5_000, 8
_OFFICE = parse_hours("Mon-Fri 09:00-17:00")
_SHIFTS = (("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00"), ("09:00", "17:30"))


def main() -> None:
    with TemporaryDirectory() as folder:
        _bring_in(Path(folder))
        weekly = calls.costs(_made(folder, "weekly"), _have_hours)
        planned = calls.costs(_made(folder, "planned"), _have_shifts)
    for name, was in weekly.items():
        now = planned[name]
        sys.stdout.write(
            f"{name}: {was.calls} calls and {was.statements} statements by weekly hours, "
            f"{now.calls} and {now.statements} by shifts: {now.calls / was.calls:.2f} times\n"
        )


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _bring_in(folder: Path) -> None:
    url = f"sqlite:///{folder / 'shifts.db'}"
    migrate(url)
    database = Database(url, Seal("a secret of the bench"))
    database.run_now(_hire)
    content = _file()
    before, began, worked = _megabytes(), perf_counter(), process_time()

    def read_all(work: SqlWork) -> ShiftList:
        found, bad = read_shifts(content, lambda told: work.people.at(Address("paper", "T1", told)))
        assert found is not None, bad[:3]
        return found

    listed = database.run_now(read_all)
    read_for = perf_counter() - began
    planning = Planning(listed.first, listed.last, listed.by_person, ShiftSource.FILE)

    def write(work: SqlWork) -> PlanChanges:
        on = Occasion(work, MONDAY_TEN, services())
        return bring_in(on, "paper-T1", planning)

    database.run_now(write)
    took, spent = perf_counter() - began, process_time() - worked
    began = perf_counter()
    database.run_now(write)
    again = perf_counter() - began
    size = (folder / "shifts.db").stat().st_size / 1e6
    sys.stdout.write(
        f"{listed.lines} lines of {len(content) / 1e6:.0f} MB: read in {read_for:.1f} s, all of it "
        f"in {took:.1f} s ({spent:.1f} s of the processor); once more, unchanged, {again:.1f} s; "
        f"{_megabytes() - before:.0f} MB of memory, {size:.0f} MB of database\n"
    )
    database.close()


def _have_hours(work: SqlWork) -> None:
    for person in _there(work):
        work.people.save(replace(person, hours=_OFFICE))


def _have_shifts(work: SqlWork) -> None:
    _have_hours(work)
    for person in _there(work):
        planned = [
            DayPlan(person.id, day, (_office(day),), ShiftSource.FILE)
            for day in every_day(MONDAY_TEN.date(), MONDAY_TEN.date() + timedelta(days=7 * WEEKS))
        ]
        plan(work, person.workspace, planned)


def _there(work: SqlWork) -> list[Person]:
    at = (work.people.at(Address("paper", "T1", f"U{number}")) for number in range(calls.PEOPLE))
    return [person for person in at if person is not None]


def _office(day: date) -> Planned:
    start, end = (instant(datetime.combine(day, time(hour)), "Europe/Riga") for hour in (9, 17))
    return Planned(start, end, day, ShiftKind.WORK)


def _hire(work: SqlWork) -> None:
    for number in range(PEOPLE):
        profile = Profile(Address("paper", "T1", f"U{number}"), f"Person {number}", "lv")
        roles = frozenset({Role.SUPERVISOR} if number % 30 == 0 else ())
        work.people.add("paper-T1", profile, roles)


def _file() -> bytes:
    """A day of each person in each line: five of seven with a shift, and the others free."""
    out = StringIO()
    out.write("person,start,end,kind\n")
    for number in range(PEOPLE):
        for ahead in range(7 * WEEKS):
            day = date(2026, 3, 2) + timedelta(days=ahead)
            start, end = _SHIFTS[(number + ahead // 7) % len(_SHIFTS)]
            if (ahead + number) % 7 < 5:
                out.write(f"U{number},{day} {start},{end},work\n")
            else:
                out.write(f"U{number},{day},{day},free\n")
    return out.getvalue().encode()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
