"""What one command costs, counted and not timed: Python calls and SQL statements, which differ on
no machine.

`python -m tests.bench.calls` prints them beside what bare Bolt takes to hand a command to somebody
and beside budget.toml, and fails when one has grown by more than SLACK. Who needs more says why in
the same change; who needs less takes the budget down.
"""

import asyncio
import cProfile
import pstats
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Connection, event

from bot.app import engine
from handlers import router
from handlers.boundaries.model import Policies
from handlers.escalation.model import Cases
from handlers.kit.commands import Command
from handlers.kit.notices import Claim, Settled
from handlers.kit.people import Address, Profile, Role
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.bench.floors import bare
from tests.storage.made import ANY_PACE
from tests.world import MONDAY_TEN, PaperPlatform

SLACK = 0.05
"""How much more than its budget something may cost: libraries count a little differently from one
version to the next."""

_BUDGET = Path(__file__).with_name("budget.toml")
PEOPLE = 60
"""Those who are there."""

_WARM = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Python calls, built-in ones included, and SQL statements of one transaction, without its
    begin and commit."""

    calls: int
    statements: int


def budget() -> dict[str, Cost]:
    """What each may cost."""
    kept = tomllib.loads(_BUDGET.read_text("utf-8"))
    return {name: Cost(**cost) for name, cost in kept.items()}


def over_budget(found: Mapping[str, Cost]) -> list[str]:
    """What costs more than it may, in words."""
    may = budget()
    return [
        f"{name}: {cost.calls} calls and {cost.statements} statements, "
        f"for {may[name].calls} and {may[name].statements}"
        for name, cost in found.items()
        if cost.calls > may[name].calls * (1 + SLACK) or cost.statements > may[name].statements
    ]


def costs(folder: Path, before: Callable[[SqlWork], None] | None = None) -> dict[str, Cost]:
    """What each costs on a warm SQLite database with sixty people on duty. `before`: what else is
    kept of them."""
    # Each in a database of its own: who has once listened to an engine's statements leaves there
    # what every later statement makes calls to ask.
    calls = _walked(folder / "calls.db", before, _calls_of)
    statements = _walked(folder / "statements.db", before, _statements_of)
    return {name: Cost(found, statements[name]) for name, found in calls.items()}


_Does = Callable[[SqlWork], None]
_Counts = Callable[[Database, _Does], int]


def _walked(file: Path, before: _Does | None, count: _Counts) -> dict[str, int]:
    """How many of one kind each takes."""
    url = f"sqlite:///{file}"
    migrate(url)
    database = Database(url, Seal("a secret of the bench"))
    made = engine(database, {"paper": PaperPlatform()}, lambda: MONDAY_TEN, frozenset())
    database.on_commit.clear()
    database.run_now(_settle_in)
    if before is not None:
        database.run_now(before)
    now = MONDAY_TEN
    found: dict[str, int] = {}
    numbers = iter(range(10_000))

    def asked(name: str, text: str = "", by: str = "", **values: str) -> _Does:
        who = by or f"U{next(numbers) % (PEOPLE // 2)}"
        command = Command(name, Address("paper", "T1", who), text, values, f"d{next(numbers)}")
        return lambda work: _nothing(router.answer(command, work, now, made.services))

    def measure(name: str, does: Callable[[], _Does], times: int = 1) -> None:
        for _ in range(_WARM):
            database.run_now(does())
        found[name] = min(count(database, does()) for _ in range(times))

    measure("/hand", lambda: asked("hand", "topic he threatens me"))
    # It changes nothing, so it is the same each time, but for a few calls that come in between.
    measure("/policy", lambda: asked("policy", "he shouts and threatens"), times=3)

    def coming() -> _Does:
        agent, helper = f"U{next(numbers) % 20}", f"U{PEOPLE - 1 - next(numbers) % 15}"
        database.run_now(asked("hand", "help", by=agent))
        case = database.run_now(lambda work: _open_case(work, agent))
        return asked("hand.take", by=helper, case=case)

    measure("I'm coming", coming)

    def claim(most: int) -> _Does:
        return lambda work: _nothing(
            work.claims.claim(
                "bench",
                now + timedelta(seconds=next(numbers)),
                lease=timedelta(seconds=20),
                urgent=most,
                others=most,
                pace_of=lambda _: ANY_PACE,
            )
        )

    for _ in range(80):
        database.run_now(asked("hand", "help"))
    for _ in range(_WARM):
        database.run_now(claim(1))
    found["claim of 50"] = count(database, claim(50))
    found["settled send"] = _settled(database, now, count)
    database.close()
    return found


def _settled(database: Database, now: datetime, count: _Counts) -> int:
    """What it takes to write that one message has arrived."""

    def settle(claims: Sequence[Claim]) -> _Does:
        results = [Settled(claim, "ref", "fingerprint") for claim in claims]
        return lambda work: work.claims.settle("bench", results, now)

    due = database.run_now(
        lambda work: work.claims.claim(
            "bench",
            now + timedelta(hours=1),
            lease=timedelta(seconds=20),
            urgent=_WARM + 1,
            others=0,
            pace_of=lambda _: ANY_PACE,
        )
    )
    each = iter(due)
    for claim in islice(each, _WARM):
        database.run_now(settle([claim]))
    return count(database, settle(list(each)))


def bare_dispatch() -> int:
    """The Python calls in which bare Bolt hands one command to somebody who only acknowledges."""

    async def known(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1")

    app = AsyncApp(authorize=known, signing_secret="bench", request_verification_enabled=False)
    bare(app)
    asked = urlencode({"command": "/hand", "team_id": "T1", "user_id": "U1", "text": ""})
    form: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
    profile = cProfile.Profile()

    async def counted() -> None:
        for _ in range(_WARM):
            await app.async_dispatch(AsyncBoltRequest(body=asked, headers=form))
        profile.enable()
        answer = await app.async_dispatch(AsyncBoltRequest(body=asked, headers=form))
        profile.disable()
        assert answer.status == 200, answer.body

    asyncio.run(counted())
    return _calls(profile)


def _calls(profile: cProfile.Profile) -> int:
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined, no-any-return] # typeshed leaves it out


def _nothing(_: object) -> None:
    """What a transaction answered is not looked at."""


def _open_case(work: SqlWork, user: str) -> str:
    person = work.people.at(Address("paper", "T1", user))
    assert person is not None
    case = work.of(Cases).open_of(person.id)
    assert case is not None
    return case.id


def _settle_in(work: SqlWork) -> None:
    for number in range(PEOPLE):
        address = Address("paper", "T1", f"U{number}")
        roles = frozenset({Role.SUPERVISOR} if number % 10 == 0 else ())
        profile = Profile(address, f"Person {number}", "en", "Europe/Riga")
        person = work.people.add(work.workspaces.of(address), profile, roles)
        work.people.save(replace(person, topics=("contracts",) if number % 3 == 0 else ()))
    work.of(Policies).settle(work.workspaces.of(Address("paper", "T1", "U0")), MONDAY_TEN)


def _calls_of(database: Database, does: _Does) -> int:
    profile = cProfile.Profile()

    def profiled(work: SqlWork) -> None:
        profile.enable()
        try:
            does(work)
        finally:
            profile.disable()

    database.run_now(profiled)
    return _calls(profile)


def _statements_of(database: Database, does: _Does) -> int:
    with _statements(database) as statements:
        database.run_now(does)
    return len(statements)


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


def main() -> bool:
    """Prints what each costs; whether all keep to their budget."""
    with TemporaryDirectory() as folder:
        found = costs(Path(folder))
    may = budget()
    sys.stdout.write(f"{'bare Bolt':14}{bare_dispatch():8} calls\n")
    for name, cost in found.items():
        beside = f"(budget {may[name].calls} and {may[name].statements})"
        sys.stdout.write(f"{name:14}{cost.calls:8} calls{cost.statements:5} statements {beside}\n")
    over = over_budget(found)
    sys.stdout.writelines(f"OVER ITS BUDGET: {one}\n" for one in over)
    return not over


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
