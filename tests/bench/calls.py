"""What one command costs, counted and not timed: Python calls and SQL statements, which differ on
no machine. `python -m tests.bench.calls` prints them."""

import cProfile
import pstats
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, event

from bot.app import engine
from handlers import router
from handlers.boundaries.model import Policies
from handlers.escalation.model import Cases
from handlers.kit.commands import Command
from handlers.kit.people import Address, Profile, Role
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import ANY_PACE
from tests.world import MONDAY_TEN, PaperPlatform

_PEOPLE = 60
_WARM = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Python calls, built-in ones included, and SQL statements of one transaction, without its
    begin and commit."""

    calls: int
    statements: int


def costs(folder: Path) -> dict[str, Cost]:
    """What each costs on a warm SQLite database with sixty people on duty."""
    url = f"sqlite:///{folder / 'calls.db'}"
    migrate(url)
    database = Database(url, Seal("a secret of the bench"))
    made = engine(database, {"paper": PaperPlatform()}, lambda: MONDAY_TEN, frozenset())
    database.on_commit.clear()
    database.run_now(_settle_in)
    now = MONDAY_TEN
    found: dict[str, Cost] = {}
    numbers = iter(range(10_000))

    def asked(name: str, text: str = "", by: str = "", **values: str) -> Callable[[SqlWork], None]:
        who = by or f"U{next(numbers) % (_PEOPLE // 2)}"
        command = Command(name, Address("paper", "T1", who), text, values, f"d{next(numbers)}")
        return lambda work: _nothing(router.answer(command, work, now, made.services))

    def measure(name: str, does: Callable[[], Callable[[SqlWork], None]]) -> None:
        for _ in range(_WARM):
            database.run_now(does())
        found[name] = _counted(database, does())

    measure("/hand", lambda: asked("hand", "topic he threatens me"))
    measure("/policy", lambda: asked("policy", "he shouts and threatens"))

    def coming() -> Callable[[SqlWork], None]:
        agent, helper = f"U{next(numbers) % 20}", f"U{_PEOPLE - 1 - next(numbers) % 15}"
        database.run_now(asked("hand", "help", by=agent))
        case = database.run_now(lambda work: _open_case(work, agent))
        return asked("hand.take", by=helper, case=case)

    measure("I'm coming", coming)

    def claim() -> Callable[[SqlWork], None]:
        return lambda work: _nothing(
            work.claims.claim(
                "bench",
                now + timedelta(seconds=next(numbers)),
                lease=timedelta(seconds=20),
                urgent=50,
                others=50,
                pace_of=lambda _: ANY_PACE,
            )
        )

    for _ in range(40):
        database.run_now(asked("hand", "help"))
    found["claim of 50"] = _counted(database, claim())
    database.close()
    return found


def _nothing(_: object) -> None:
    """What a transaction answered is not looked at."""


def _open_case(work: SqlWork, user: str) -> str:
    person = work.people.at(Address("paper", "T1", user))
    assert person is not None
    case = work.of(Cases).open_of(person.id)
    assert case is not None
    return case.id


def _settle_in(work: SqlWork) -> None:
    for number in range(_PEOPLE):
        address = Address("paper", "T1", f"U{number}")
        roles = frozenset({Role.SUPERVISOR} if number % 10 == 0 else ())
        profile = Profile(address, f"Person {number}", "en", "Europe/Riga")
        person = work.people.add(work.workspaces.of(address), profile, roles)
        work.people.save(replace(person, topics=("contracts",) if number % 3 == 0 else ()))
    work.of(Policies).settle(work.workspaces.of(Address("paper", "T1", "U0")), MONDAY_TEN)


def _counted(database: Database, does: Callable[[SqlWork], None]) -> Cost:
    profile = cProfile.Profile()
    with _statements(database) as statements:

        def profiled(work: SqlWork) -> None:
            profile.enable()
            try:
                does(work)
            finally:
                profile.disable()

        database.run_now(profiled)
    return Cost(pstats.Stats(profile).total_calls, len(statements))  # type: ignore[attr-defined] # typeshed leaves it out


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        for name, cost in costs(Path(made)).items():
            sys.stdout.write(f"{name:14}{cost.calls:8} calls{cost.statements:5} statements\n")
