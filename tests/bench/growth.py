"""What grows with a company: `python -m tests.bench.growth [sqlite|postgresql URL]`.

A hundred people with a thousand old hands, five hundred notices and a hundred plans, and the same
a thousand times over, in one run: each command, timer and claim is done in both in turn, in a
transaction that is taken back, and what is told is how many times longer it takes in the large one.
Also how many times more steps SQLite's machine takes, or how many times more rows PostgreSQL reads:
both are the same on any computer.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, update

from bot.app import engine
from handlers import router
from handlers.boundaries.model import Policies
from handlers.escalation.model import Cases, State
from handlers.kit.commands import Command
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Profile, Role
from handlers.vents.model import Listener, Listens, Vents
from handlers.work import Services
from storage.cleaning import clean
from storage.database import Database
from storage.engines import opened
from storage.migrate import migrate
from storage.outbox.table import outbox
from storage.sealed import Seal
from storage.work import SqlWork
from tests.bench.many import multiply
from tests.storage.made import ANY_PACE, raised
from tests.world import MONDAY_TEN, PaperPlatform

PEOPLE, HANDS, NOTICES = 100, 1000, 500
TIMES = int(os.environ.get("PLECS_GROWTH_TIMES", "1000"))
ROUNDS = int(os.environ.get("PLECS_GROWTH_ROUNDS", "15"))

WORKSPACE = "paper-T1"
_ALWAYS = parse_hours("Mon-Sun 00:00-24:00")
_TEAM = 10
_NAMES = ("Anna", "Jānis", "Līga", "Kārlis", "Ilze", "Mārtiņš", "Zane", "Edgars", "Ieva", "Andris")
_SURNAMES = ("Ozoliņa", "Bērziņš", "Kalniņa", "Liepiņš", "Krūmiņa", "Balodis", "Eglīte", "Zariņš")
_BACK = timedelta(days=385)
"""How far back hands go: for thirteen months their times are kept."""

Doing = Callable[[SqlWork], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that is done, and how much more it may cost where a thousand times more is kept."""

    name: str
    does: Doing
    aim: float = 2.0


def company(
    database: Database, *, people: int = PEOPLE, hands: int = HANDS, times: int = 1
) -> Services:
    """A company of so many, and then so many times as many. Answers what its commands are asked
    with."""
    database.on_commit.clear()
    made = engine(database, {"paper": PaperPlatform()}, lambda: MONDAY_TEN, frozenset())
    database.on_commit.clear()
    database.run_now(partial(_hire, people=people))
    for number in range(people):
        ask = _asked("plan.choose", f"U{number}", preset="hourly")
        database.run_now(partial(router.answer, ask, now=MONDAY_TEN, services=made.services))
    database.run_now(partial(_what_was, hands=hands))
    if times > 1:
        with opened(_url(database), patient=True) as patient, patient.begin() as connection:
            multiply(connection, times)
    # What days that are over came to was looked at before, as somebody does each week.
    week = _asked("hand.week", "U0", back="1")
    database.run_now(partial(router.answer, week, now=MONDAY_TEN, services=made.services))
    return made.services


def measured(services: Services) -> Iterator[Measured]:
    """All that is measured."""
    numbers = iter(range(10**9))

    def command(name: str, by: str = "U1", text: str = "", **values: str) -> Doing:
        def ask(work: SqlWork) -> object:
            asked = replace(_asked(name, by, text, **values), delivery=f"d{next(numbers)}")
            return router.answer(asked, work, MONDAY_TEN, services)

        return ask

    def taken(work: SqlWork) -> object:
        command("hand", "U1", "help")(work)
        agent = work.people.at(Address("paper", "T1", "U1"))
        assert agent is not None
        case = work.of(Cases).open_of(agent.id)
        assert case is not None
        return command("hand.take", "U22", case=case.id)(work)

    yield Measured("/hand", command("hand", text="he threatens me"))
    yield Measured("/hand and I'm coming", taken)
    yield Measured("/hand who", command("hand.who", "U0"))
    yield Measured("/hand log", command("hand.log"))
    yield Measured("/hand gaps", command("hand.coverage", "U0"))
    yield Measured("/hand week", command("hand.week", "U0", back="1"), 3)
    yield Measured("/plecs report", command("report", "U11"), 3)
    yield Measured("/policy", command("policy", text="he shouts and threatens"))
    yield Measured("/break", command("break"))
    yield Measured("/break 10", command("break", text="10"))
    yield Measured("/break 10, no manager", command("break", "U9", text="10"))
    yield Measured("/break team", command("break.team", "U0"))
    yield Measured("/break plan", command("plan"))
    yield Measured("a plan for a team", command("plan.propose", "U11"))
    yield Measured("/vent", command("vent"))
    yield Measured("/vent name", command("vent", text="Ilze Krūmiņa"), 3)
    yield Measured("/plecs people", command("people", "U11"))
    yield Measured("people by name", command("people", "U11", text="ilze kr"), 3)
    yield Measured("/supervision", command("supervision"))
    yield Measured("start page", command("home"))
    yield Measured("a supervisor's start page", command("home", "U0"))
    yield Measured("settings", command("settings", "U11"))
    yield Measured("audit, by who may not", command("audit"))

    def claim(work: SqlWork) -> object:
        return work.claims.claim(
            "bench",
            MONDAY_TEN + timedelta(seconds=9),
            lease=timedelta(seconds=20),
            urgent=50,
            others=50,
            pace_of=lambda _: ANY_PACE,
        )

    yield Measured("claim of 50", claim, 1.5)
    for timer in router.timers(services):
        yield Measured(f"tick: {timer.__name__}", _timed(timer), 1.5)
    for look in router.looks(services):
        yield Measured(f"look: {look.__name__}", _timed(look), 1.5)
    yield Measured("clean-up, nothing to do", lambda work: clean(work.connection, MONDAY_TEN), 1.5)


def _timed(timer: Callable[[Any, Any, int], int]) -> Doing:
    return lambda work: timer(work, MONDAY_TEN, 50)


class _TakenBackError(Exception):
    """What was measured is not kept."""


@dataclass(frozen=True, slots=True)
class GrownWorld:
    """One of the two."""

    database: Database

    def seconds(self, does: Doing) -> float:
        """How long it takes, without its commit."""
        took = 0.0

        def timed(work: SqlWork) -> None:
            nonlocal took
            begun = time.perf_counter()
            does(work)
            took = time.perf_counter() - begun
            raise _TakenBackError

        try:
            self.database.run_now(timed)
        except _TakenBackError:
            return took
        raise AssertionError("it is always taken back")

    def counted(self, does: Doing) -> int:
        """Hundreds of steps that SQLite takes, or rows that PostgreSQL reads."""
        return self.steps(does) if self.database.is_sqlite else self.rows(does)

    def rows(self, does: Doing) -> int:
        """How many rows PostgreSQL reads for its questions: each is asked once more."""
        asked: list[tuple[str, Any]] = []
        rows = 0

        def heard(_c: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
            if not many and sql.startswith(("SELECT", "WITH")):
                asked.append((sql, values))

        def counted(work: SqlWork) -> None:
            nonlocal rows
            event.listen(work.connection, "before_cursor_execute", heard)
            does(work)
            event.remove(work.connection, "before_cursor_execute", heard)
            driver: Any = work.connection.connection.driver_connection
            driver.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            for sql, values in asked:
                plan = driver.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchone()
                rows += _rows_in(plan[0][0]["Plan"])

        self.seconds(counted)
        return rows

    def steps(self, does: Doing) -> int:
        """How many hundreds of steps SQLite takes."""
        steps = 0

        def count() -> None:
            nonlocal steps
            steps += 1

        def counted(work: SqlWork) -> object:
            driver: Any = work.connection.connection.driver_connection
            driver.set_progress_handler(count, 100)
            try:
                return does(work)
            finally:
                driver.set_progress_handler(None, 0)

        self.seconds(counted)
        return steps


def _rows_in(node: dict[str, Any]) -> int:
    """What this part of a plan and those below it looked at."""
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    looked_at = node["Actual Rows"] + sum(node.get(one, 0) for one in removed)
    return int(looked_at * node["Actual Loops"]) + sum(map(_rows_in, node.get("Plans", ())))


def _hire(work: SqlWork, *, people: int) -> None:
    for number in range(people):
        name = f"{_NAMES[number % 10]} {_SURNAMES[number // 10 % 8]}"
        address = Address("paper", "T1", f"U{number}")
        roles = {Role.SUPERVISOR} if number % 10 == 0 else set()
        if number == 11:
            roles = {Role.ADMIN, Role.COORDINATOR}
        person = work.people.add(
            WORKSPACE, Profile(address, name, "lv", "Europe/Riga"), frozenset(roles)
        )
        has_manager = number % 10 != 9
        work.people.save(
            replace(
                person,
                hours=_ALWAYS,
                topics=("contracts",) if number % 3 == 0 else ("bills",) if number == 9 else (),
                manager=f"Manager {number // _TEAM}" if has_manager else "",
            )
        )
        if number % 2:
            work.of(Vents).save_listener(Listener(person.id, WORKSPACE, Listens.GLADLY))
    work.of(Policies).settle(WORKSPACE, MONDAY_TEN)


def _what_was(work: SqlWork, *, hands: int) -> None:
    for number in range(hands):
        at = MONDAY_TEN - timedelta(days=2) - number * _BACK / hands
        seconds = timedelta(seconds=20 + number % 100)
        case = replace(
            raised("", workspace=WORKSPACE),
            raised_at=at,
            topic=None,
            line="",
            state=State.SOLVED,
            step_at=None,
            first_taken_at=at + seconds if number % 10 else None,
            unanswered_at=None if number % 10 else at + timedelta(minutes=2),
            closed_at=at + timedelta(minutes=10),
        )
        work.of(Cases).add(case)
    for number in range(NOTICES):
        work.outbox.add(WORKSPACE, Notice("hand.ping", f"old{number}", ("nobody",), MONDAY_TEN))
    settled = {"due": None, "ref": "there", "settled_at": MONDAY_TEN - timedelta(hours=1)}
    work.connection.execute(update(outbox).where(outbox.c.about.startswith("old")).values(settled))


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _asked(name: str, by: str, text: str = "", **values: str) -> Command:
    return Command(name, Address("paper", "T1", by), text, values)


def _grown(url: str, times: int) -> tuple[GrownWorld, Services]:
    migrate(url)
    database = Database(url, Seal("a secret of the bench"))
    begun = time.perf_counter()
    services = company(database, times=times)
    print(f"times {times}: filled in {time.perf_counter() - begun:.0f} s", flush=True)
    if not database.is_sqlite:  # as its autovacuum does
        with opened(url, patient=True) as patient:
            alone = patient.execution_options(isolation_level="AUTOCOMMIT")
            with alone.connect() as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    return GrownWorld(database), services


def main(small_url: str, large_url: str) -> None:
    (small, services), (large, _) = _grown(small_url, 1), _grown(large_url, TIMES)
    with large.database.engine.connect() as connection:
        for name in ("people", "cases", "outbox", "break_plans"):
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608
            print(f"{name}: {count:,}")
    unit = "steps, 100" if small.database.is_sqlite else "rows"
    print(f"\n| | small, ms | large, ms | times | aim | small, {unit} | large |")
    print("| --- " * 7 + "|")
    for one in measured(services):
        times: dict[bool, list[float]] = {False: [], True: []}
        for number in range(ROUNDS + 2):
            for is_large, world in ((False, small), (True, large)):
                took = world.seconds(one.does)
                if number > 1:
                    times[is_large].append(took)
        before, after = median(times[False]), median(times[True])
        counted = [world.counted(one.does) for world in (small, large)]
        missed = "" if after / before <= one.aim else " MISSED"
        print(
            f"| {one.name} | {before * 1000:.2f} | {after * 1000:.2f} | {after / before:.1f} "
            f"| {one.aim:g}{missed} | {counted[0]} | {counted[1]} |",
            flush=True,
        )
    small.database.close()
    large.database.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(sys.argv[1], sys.argv[2])
    else:
        with TemporaryDirectory(prefix="plecs-growth-") as folder:
            main(*(f"sqlite:///{Path(folder, name)}.db" for name in ("small", "large")))
