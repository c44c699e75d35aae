"""What a company of a hundred thousand asks for is found by an index: nothing that is asked, sent
or done in time reads all that there is."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from handlers import router
from handlers.calls.model import CallEvent, Calls, Happened
from handlers.common.calendars import CalendarAddresses
from handlers.kit.cards import Reply
from handlers.kit.language_models import ModelDispatch
from handlers.kit.notices import Wait
from handlers.kit.people import Address, Person, Profile
from handlers.learning.model import Learners, Statements
from handlers.shifts.feeds.model import ShiftFeeds
from handlers.statuses.model import StatusDispatch
from handlers.supervision.sessions.model import Sessions
from handlers.thanks.model import Thanks
from storage.calendars import short_marks_of_calendars
from storage.calls import short_marks_of_telephones
from storage.database import Database
from storage.engines import engine_for
from storage.migrate import migrate
from storage.schema import metadata
from storage.sealed import Seal
from storage.work import SqlWork
from tests.bench import growth
from tests.bench.many import multiply
from tests.explorer import Explorer, Offered
from tests.storage.made import ANY_PACE, notice
from tests.storage.test_uniting import put
from tests.stories.telephones import NUMBER, PretendTelephones
from tests.stories.test_odd_values import explored
from tests.world import World, open_world

TIMES = 1_500
"""Rows of each table: enough that a planner who reads all of them has a reason to."""

FEWER = 50
"""So many there were when the planner looked last."""

FEW = {
    *("alerts", "break_moves", "break_teams", "clock_steps", "heartbeats", "policy_versions"),
    *("library_versions", "moves", "offer_heads", "pulse_rounds", "revisions", "telephone_systems"),
    *("vent_keys", "vent_weeks", "week_reports", "workspace_places", "workspace_settings"),
}
"""Tables that do not grow with the people nor with what they do."""

READS_ALL = {
    "FROM outbox WHERE outbox.due <=? .* GROUP BY": "an index of what is due, which is counted",
    "FROM pace_budgets WHERE .*urgent_end >": "the metrics look at the last hour's conversations",
    "caller_objections.mark IN": "by its key: here is a single one, which PostgreSQL reads at once",
    "FROM outbox$": "the walk's own look at what was sent",
    "offers SET known_by=.*customer=": "when a customer is forgotten, which is seldom",
    "FROM offer_limits WHERE offer_limits.bound": "the same",
    "FROM calls LEFT OUTER JOIN telephones": "who is on the telephone at this moment: few",
    "FROM offer_codes .* GROUP BY": "how many of each kind are left: all are counted",
    "FROM pulse_seats WHERE pulse_seats.told": "an index of those alone who were not told, a page",
    "cases WHERE cases.state IN .'calling', 'taken'.* GROUP BY": "an index of hands that are up",
    "UPDATE cases SET .* WHERE cases.state IN .'calling', 'taken'": "the same, put right",
    "FROM people WHERE people.coordinator = . AND people.active": "an index of coordinators alone",
    "FROM break_plans WHERE break_plans.plan_at < . GROUP BY": "an index of the late: here all are",
    "FROM local_messages ORDER BY": "the newest, by an index",
    "_addresses.mark FROM": "what opens something, once a minute at most",
    r"SELECT max\(anon_1.at\)": "how late it is by what is kept, when a process starts",
    "FROM supervision_requests WHERE .*workspace = . ORDER": "all that still wait for an answer",
}
"""Statements that may, and why."""


class _Walker(Explorer):
    """Asks each thing as it stands, and not with odd values too, and looks at no card."""

    def _sweep(self, offered: Offered) -> None:
        pass

    def _show(self, reply: Reply) -> None:
        pass


@dataclass
class AskedStatements:
    """Statements, each kind once, with what they were asked with. Several threads ask."""

    by_kind: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    _last: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def begun(self, _c: Connection, statement: Any, many: Any, values: Any, _o: Any) -> None:
        self._last[get_ident()] = statement, many or values

    def sent(self, _c: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        kind = re.sub(r"\(\?(?:, \?)*\)", "(...)", " ".join(sql.split()))
        last = self._last.pop(get_ident(), None)
        if last is not None and not kind.startswith("INSERT"):
            self.by_kind.setdefault(kind, last)


@pytest.mark.slow
async def test_nothing_reads_a_whole_table(
    empty_sqlite: Path, sqlite_url: str, tmp_path: Path, migrated_postgres: str
) -> None:
    """Each statement of each route and timer, on both databases, as their planners would do it who
    know how many rows there are, and who think of yesterday's few."""
    asked = AskedStatements()
    walked = tmp_path / "walked.db"
    shutil.copy(empty_sqlite, walked)
    async with open_world(f"sqlite:///{walked}") as world:
        with (
            _heard(world.engine.database.engine, "before_execute", asked.begun),
            _heard(world.engine.database.engine, "before_cursor_execute", asked.sent),
        ):
            await explored(world, _Walker)
            await by_other_doors(world)
    assert len(asked.by_kind) > 150
    found = []
    for url in (sqlite_url, migrated_postgres):
        engine = engine_for(url, patient=True)  # it thinks long in between
        with engine.connect() as connection:
            if engine.name == "postgresql":  # SQLite knows nothing until somebody has it look
                _fill(connection, FEWER)
                connection.exec_driver_sql("ANALYZE")
                # A table of these few pages costs as much as one of ten times as many.
                connection.exec_driver_sql("SET seq_page_cost = 10")
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
            _fill(connection, TIMES)
            told = _told_all(connection, asked)
            found += [("stale", *one) for one in _whole(connection, told)]
            connection.exec_driver_sql("ANALYZE")
            found += [("fresh", *one) for one in _whole(connection, told)]
        engine.dispose()
    assert found == []


async def by_other_doors(world: World) -> None:
    """What nobody types: calls that a telephone system tells of, of whom it knows and whom not;
    what is looked after; what senders, other systems and addresses ask, again and again."""
    engine, system = world.engine, PretendTelephones(world)
    called = await world.person("Called", extension="611")
    for extension in (called.extension, "999"):
        for kind in Happened:
            await system.tells(kind, f"{extension} {kind}", extension, number=NUMBER)
    named = CallEvent(None, "cti", Happened.STARTED, "named", world.now, ("Anna Nobody",), None)
    await engine.desk.hear(named, called.workspace)
    await engine.database.run(lambda work: looked_after(work, world))
    await engine.database.run(lambda work: sent(work, world.now, called))
    await engine.database.run(lambda work: asked_from_outside(work, world.now, called))
    await engine.desk.phones.read()
    await engine.figures()
    assert await engine.is_ready()


def looked_after(work: SqlWork, world: World) -> None:
    """Whether all is well, and how the clock stands."""
    for look in router.looks(world.engine.services):
        look(work, world.now, 50)
    work.instants.latest()
    work.instants.step()
    short_marks_of_calendars(work)
    short_marks_of_telephones(work)


def sent(work: SqlWork, now: datetime, reader: Person) -> None:
    """What senders ask of the outbox, of what waits, of statuses and of a language model."""
    address, lease = reader.addresses[0], timedelta(seconds=20)
    work.outbox.add(reader.workspace, notice("growth", reader.id, due=now))
    work.outbox.seen("key", "ref", address.place, now)
    work.outbox.stood("key", "ref", address.place, now)
    work.outbox.looks("key", "as", now)
    work.outbox.look_at("key", now)
    claims = work.claims.claim(
        "here", now, lease=lease, urgent=9, others=9, pace_of=lambda _: ANY_PACE, busy=("busy",)
    )
    claim = claims[0]
    work.claims.next_due()
    work.claims.keep("here", [claim.id], now)
    work.claims.holds("here", claim)
    work.digests.keep_waiting("here", [(claim, Wait(reader.id, now))], now)
    work.digests.waiting(reader.id, 9)
    work.digests.gathered(reader.id, [claim.id], now)
    work.digests.let_go([claim.id], now)
    work.claims.elsewhere("here", claim, now)
    work.claims.moves_on("here", claim, now)
    work.lanes.untried(now)
    work.of(StatusDispatch).claim("here", now, lease=lease, limit=9)
    work.of(StatusDispatch).next_due()
    work.of(ModelDispatch).claim("here", now, lease=lease, limit=9)
    work.of(ModelDispatch).next_due()


def asked_from_outside(work: SqlWork, now: datetime, anna: Person) -> None:
    """What learning systems, calendars and platforms ask, and what is fetched."""
    (address, *_), soon = anna.addresses, now + timedelta(minutes=1)
    work.of(Learners).known_as("anna@example.org")
    work.of(Statements).next_due()
    work.of(Statements).claim(now, soon, 9)
    work.of(Statements).later("statement", soon)
    work.of(ShiftFeeds).next_due()
    work.of(ShiftFeeds).claim(now, soon, 9)
    work.of(ShiftFeeds).owners(anna.workspace)
    work.of(ShiftFeeds).planned("feed")
    work.of(ShiftFeeds).plans("feed", {})
    work.of(Calls).opened_by("secret")
    work.of(Calls).details_end("call", now)
    work.of(CalendarAddresses).owner("secret")
    work.of(CalendarAddresses).stop(anna.id)
    work.of(Thanks).shown("thanks", anna.id)
    work.of(Thanks).shown_to(anna.id, now)
    work.of(Sessions).between(anna.workspace, now, soon)
    work.addresses.used(address, now)
    work.addresses.is_vouched(address)
    work.addresses.quiet_over(address.platform, now, 9)
    work.workspaces.places(anna.workspace)
    work.local_messages.get("message")
    work.local_messages.newer(1, 9)
    work.local_messages.newest(9)
    work.slack.token("T1")
    work.slack.over(now)
    work.teams.reference(address)
    work.teams.chat("tenant", ("one", "two"))


def _fill(connection: Connection, times: int) -> None:
    for table in metadata.sorted_tables:
        for person in ("k" * 32, "g" * 32):
            put(connection, table, person)
    multiply(connection, times)


def _told_all(connection: Connection, asked: AskedStatements) -> dict[str, tuple[str, Any]]:
    return {
        kind: _told(connection, *one)
        for kind, one in asked.by_kind.items()
        if not any(re.search(may, kind) for may in READS_ALL)
    }


def _whole(
    connection: Connection, told: dict[str, tuple[str, Any]]
) -> Iterator[tuple[str, str, str]]:
    """What reads a whole table that grows: the database, how, and what."""
    for kind, (sql, values) in told.items():
        for how in _plan(connection, sql, values):
            table = re.search(r"(?:SCAN|Seq Scan on) (\w+)", how)
            if table and table[1] in metadata.tables and table[1] not in FEW:
                yield connection.dialect.name, how.strip(), kind


def _plan(connection: Connection, sql: str, values: Any) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values):
            yield row.detail
    else:
        for (line,) in connection.exec_driver_sql(f"EXPLAIN {sql}", values):
            yield line


A_PAGE = 200
"""Steps that a list may take which is not full in a small company: the longest has a hundred
teams."""


def test_a_company_fifty_times_as_large_takes_no_more_steps(tmp_path: Path) -> None:
    """Each command, timer and claim of the bench, counted by SQLite's own machine, so that it is
    the same on any computer. A step here is a hundred of its instructions."""
    steps: dict[int, dict[str, int]] = {}
    for times in (1, 50):
        url = f"sqlite:///{tmp_path / str(times)}.db"
        migrate(url)
        database = Database(url, Seal("a secret of the bench"))
        services = growth.company(database, people=100, hands=60, times=times)
        world = growth.GrownWorld(database)
        steps[times] = {one.name: world.steps(one.does) for one in growth.measured(services)}
        database.close()
    small, large = steps[1], steps[50]
    more = {
        name: (small[name], large[name]) for name in small if large[name] > 2 * small[name] + A_PAGE
    }
    assert more == {}


class _ToldError(Exception):
    """The statement and its values, as they would have been sent."""


def _told(connection: Connection, statement: Any, values: Any) -> tuple[str, Any]:
    def stop(*given: Any) -> None:
        raise _ToldError(given[2], given[3][0] if given[5] else given[3])

    with _heard(connection.engine, "before_cursor_execute", stop):
        try:
            connection.execute(statement, values)
        except _ToldError as error:
            sql, sent = error.args
            return sql, sent
    raise AssertionError("it was to be stopped")


@contextmanager
def _heard(engine: Engine, what: str, hear: Callable[..., None]) -> Iterator[None]:
    event.listen(engine, what, hear)
    try:
        yield
    finally:
        event.remove(engine, what, hear)


def test_a_name_is_not_looked_for_among_all_that_begin_so(sqlite_url: str) -> None:
    """Two hundred are called Ilze and two hundred more have a name that begins with "Kr": for each
    Ilze her own names are looked at, and not theirs."""

    def hire(work: SqlWork) -> None:
        for number in range(200):
            for name in (f"Ilze Ozola {number}", f"Anna Krūmiņa {number}"):
                who = Profile(Address("paper", "T1", name), name, "lv", "Europe/Riga")
                work.people.add("paper-T1", who, frozenset())

    database = Database(sqlite_url, Seal("a secret of the bench"))
    database.run_now(hire)

    def search(work: SqlWork) -> object:
        return work.people.search("paper-T1", "ilze kr", 0, 10)

    steps = growth.GrownWorld(database).steps(search)
    database.close()
    assert steps < 200
