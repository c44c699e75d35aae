"""How long things are kept, and what is left of somebody who is erased: nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, event, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from handlers.boundaries.model import Policies, Receipt
from handlers.escalation import rules
from handlers.escalation.model import Cases
from handlers.escalation.numbers import HandDays
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Settled
from handlers.kit.people import UNTIL_BACK, Address, Person, Profile, Role
from handlers.kit.weeks import CalendarDay
from handlers.library.model import Adoption, Author, Version
from storage import cleaning
from storage.database import Database
from storage.local import LocalMessage, MessageKind
from storage.people.tables import people
from storage.schema import Holds, Instant, clocked_of, columns_with, metadata, retention_of
from storage.work import SqlWork
from storage.workspaces import empty
from tests.storage.made import ANY_PACE, NOW, notice, raised, reachable, somebody

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_each_table_says_how_long_it_keeps_and_whose_rows_are(table: Table) -> None:
    retention = retention_of(table)
    assert retention.why.endswith(".")
    blanked = {name for blank in retention.blanks for name in blank.values}
    named = {column.name for column in columns_with(table, Holds.PERSON)}
    assert not named & blanked or named <= blanked, "one of the people would stay"
    for blank in retention.blanks:
        assert set(blank.values) <= set(table.c.keys())
        assert str(blank.ended(NOW))
    if retention.ended is not None:
        assert str(retention.ended(NOW))


COLUMNS = [column for table in metadata.sorted_tables for column in table.c]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_each_column_of_text_says_what_it_holds(column: Column[Any]) -> None:
    """So that none with a person's id is missed by export, erasure and uniting, and no words are
    kept in the clear and for ever."""
    holds, table = column.info.get("holds"), column.table
    assert isinstance(table, Table)
    if any(key.column is people.c.id for key in column.foreign_keys):
        assert holds in (Holds.PERSON, Holds.HIDDEN_PERSON), f"{column}: make it a person_column()"
    elif isinstance(column.type, String) and not column.foreign_keys:
        assert holds or column.info.get("sealed"), (
            f"{column} does not say what it holds: make it a person_column() or people_column(), "
            "or give it info=ID, CODE, NAME, SETTING or WORDS (storage/schema.py), or seal it"
        )
    if holds is Holds.WORDS:
        retention = retention_of(table)
        blanked = any(column.name in blank.values for blank in retention.blanks)
        assert blanked or retention.ended, f"{column} keeps people's words without an end: seal it"
    if holds is Holds.HIDDEN_PERSON or holds is Holds.PEOPLE:
        erase = retention_of(table).erase
        assert erase, f"{column}: say in Retention.erase how a person is taken out"


@pytest.mark.parametrize(
    "column", [column for column in COLUMNS if isinstance(column.type, Instant)], ids=str
)
def test_each_column_of_instants_says_what_a_clock_that_is_put_right_makes_of_it(
    column: Column[Any],
) -> None:
    assert clocked_of(column)


def test_a_table_that_says_too_little_is_named_with_what_to_write() -> None:
    boats = Table("boats", MetaData(), Column("name", String(8)), Column("launched_at", Instant))
    with pytest.raises(LookupError, match=r"boats does not say how long .* Retention\("):
        retention_of(boats)
    with pytest.raises(LookupError, match=r"boats\.launched_at does not say .* info=HAPPENED, "):
        clocked_of(boats.c.launched_at)
    assert clocked_of(boats.c.name) is None


def rows_left(database: Database, at: datetime) -> dict[str, int]:
    """How many rows each table has after cleaning at that time, where it has any."""

    def clean(work: SqlWork) -> dict[str, int]:
        cleaning.clean(work.connection, at)
        counts = {
            table.name: work.connection.execute(
                text(f"SELECT count(*) FROM {table.name}")  # noqa: S608 - our own names
            ).scalar_one()
            for table in metadata.sorted_tables
            if table.name != "revisions"  # the tables' own
        }
        counts.pop("revisions", None)  # what the tables are, not what is in them
        return {name: count for name, count in counts.items() if count}

    return database.run_now(clean)


def test_much_is_deleted_a_little_at_a_time(database: Database) -> None:
    def fill(work: SqlWork) -> None:
        for number in range(5):
            work.deliveries.is_new("paper", f"d{number}", NOW)

    database.run_now(fill)
    later = NOW + 2 * DAY
    assert [
        database.run_now(lambda work: cleaning.clean(work.connection, later, 2)) for _ in range(4)
    ] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("column", "index"), [("agent", "ix_cases_named"), ("taken_by", "ix_cases_helped")]
)
def test_what_is_not_blank_yet_is_found_by_its_index(
    sqlite_url: str, column: str, index: str
) -> None:
    """Everybody's hands of a year are looked through once a minute."""
    database = Database(sqlite_url)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    database.run_now(lambda work: cleaning.clean(work.connection, NOW))
    (statement,) = (one for one in asked if "FROM cases" in one and column in one)
    plan = database.run_now(
        lambda work: work.connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?")
        ).all()
    )
    database.close()
    assert index in str(plan)


def test_a_closed_hands_line_is_gone_from_the_files(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url, readable_for=0)
    closed = replace(raised("agent"), line="WORDS of the agent", closed_at=NOW)
    # Whoever else has the file open keeps SQLite from deleting its log at the end.
    with closing(sqlite3.connect(tmp_path / "plecs.db")) as bystander:
        database.run_now(lambda work: work.of(Cases).add(closed))
        bystander.execute("SELECT count(*) FROM cases").fetchone()
        # They go from the log to the file while it is looked.
        assert any(b"WORDS" in files_in(tmp_path) for _ in range(1000))
        database.run_now(lambda work: cleaning.clean(work.connection, NOW + DAY + HOUR))
        # The log is emptied before the writer takes up what comes next.
        assert any(is_gone(database, tmp_path) for _ in range(1000))
    database.close()


def is_gone(database: Database, folder: Path) -> bool:
    database.run_now(lambda work: None)
    return b"WORDS" not in files_in(folder)


def files_in(folder: Path) -> bytes:
    """Everything in the folder's files, the database's log too."""
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_what_lived_long_enough_goes_and_the_rest_stays(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")
    closed, taken = raised(anna.id, (janis.id,)), raised(janis.id, (anna.id,))

    def fill(work: SqlWork) -> None:
        work.deliveries.is_new("slack", "Ev1", NOW)
        work.of(Cases).add(closed)
        work.of(Cases).add(taken)
        work.of(Cases).save(rules.cancel(closed, NOW))
        reachable(work, "anna")
        work.outbox.add("paper-T1", notice("done"), notice("to do"), notice("later", due=NOW + DAY))
        claims = work.claims.claim(
            "p",
            NOW,
            lease=HOUR,
            urgent=1,
            others=1,
            pace_of=lambda _: ANY_PACE,
        )
        work.claims.settle("p", [Settled(claim, "ref", "x") for claim in claims], NOW)
        work.local_messages.put(
            LocalMessage("m", MessageKind.SAID, ("anna",), "<p>x</p>", "x", NOW)
        )
        together = ("anna", "janis")
        work.local_messages.put(LocalMessage("n", MessageKind.SENT, together, "<p>x</p>", "x", NOW))
        version = work.of(Policies).current("paper-T1", NOW)
        work.of(Policies).settle("paper-T1", NOW)
        work.of(Policies).keep(
            Receipt(
                "r",
                "paper-T1",
                anna.id,
                "card",
                NOW,
                1,
                version.content.behaviours[0],
                adopted=True,
            )
        )

    database.run_now(fill)
    everything = {
        "people": 3,
        "people_names": 4,
        "addresses": 3,
        "deliveries": 1,
        "cases": 2,
        "case_seats": 2,
        "outbox": 3,
        "pace_budgets": 2,
        "local_messages": 2,
        "library_versions": 1,
        "policy_receipts": 1,
    }
    second = timedelta(seconds=1)
    assert rows_left(database, NOW + HOUR) == everything
    left = everything | {"case_seats": 1}
    del left["pace_budgets"]
    assert rows_left(database, NOW + HOUR + second) == left

    def line() -> str:
        case = database.run_now(lambda work: work.of(Cases).get(closed.id))
        assert case is not None
        return case.line

    assert rows_left(database, NOW + DAY) == left
    assert line() == "he threatens me"
    del left["deliveries"]
    left |= {"local_messages": 1}
    assert rows_left(database, NOW + DAY + second) == left
    assert line() == ""
    left |= {"outbox": 2}
    assert rows_left(database, NOW + 2 * DAY + second) == left
    del left["local_messages"]
    assert rows_left(database, NOW + 30 * DAY + second) == left
    left |= {"cases": 1}
    assert rows_left(database, NOW + 396 * DAY + second) == left
    del left["policy_receipts"]
    assert rows_left(database, NOW + 1000 * DAY) == left


def everything_of(database: Database) -> tuple[Person, Person]:
    """Somebody who used everything, and a colleague."""
    person = somebody(database, "Xenija Qvartz", Role.COORDINATOR)
    colleague = somebody(database, "Jānis")
    own = raised(person.id, (colleague.id,))
    own = replace(rules.cancel(own, NOW), line="qvartzline")
    helped, _ = rules.take(raised(colleague.id, (person.id,)), person.id, NOW)

    def use(work: SqlWork) -> None:
        work.people.save(
            replace(
                person,
                trusted=(colleague.id,),
                position="qvartzposition",
                manager="qvartzmanager",
                hours=parse_hours("Mon-Fri 08:00-17:00"),
            )
        )
        work.people.save(replace(colleague, trusted=("first", person.id, "last")))
        work.of(Cases).add(own)
        work.of(Cases).add(helped)
        work.outbox.add("paper-T1", notice(to=person.id), notice("c.2", to=colleague.id))
        work.outbox.add("paper-T1", replace(notice(), to=(colleague.id, person.id)))
        work.claims.claim("p", NOW, lease=HOUR, urgent=9, others=9, pace_of=lambda _: ANY_PACE)
        current = work.of(Policies).current("paper-T1", NOW)
        author = Author(person.id, person.name)
        assert work.of(Policies).save(Version("paper-T1", 2, NOW, author, current.content))
        rude = current.content.behaviours[0]
        work.of(Policies).adopt([Adoption("paper-T1", rude.id, 1, author, NOW)])
        work.of(Policies).not_found("paper-T1", person.id, "qvartzwords", NOW)
        work.of(Policies).keep(
            Receipt(
                "r",
                "paper-T1",
                person.id,
                "card",
                NOW,
                1,
                current.content.behaviours[0],
                adopted=True,
            )
        )

    database.run_now(use)
    return person, colleague


def test_export_has_every_row_of_the_person_and_of_nobody_else(database: Database) -> None:
    person, colleague = everything_of(database)
    found = database.run_now(lambda work: cleaning.export(work.connection, person.id, work.seal))
    assert {name: len(rows) for name, rows in found.items() if rows} == {
        "people": 1,
        "people_names": 2,
        "addresses": 1,
        "cases": 2,
        "case_seats": 1,
        "library_versions": 1,
        "policy_receipts": 1,
        "library_adoptions": 1,
        "library_unfound": 1,
    }
    assert found["people"][0]["name"] == "Xenija Qvartz"
    assert {row["line"] for row in found["cases"]} == {"qvartzline", "he threatens me"}
    theirs = database.run_now(
        lambda work: cleaning.export(work.connection, colleague.id, work.seal)
    )
    assert theirs["people"][0]["id"] == colleague.id


NOT_THEIRS = {
    "calendar_addresses.sealed": "an address that lets whoever has it read the calendar",
    "fittings.sources": "the company's approved answers",
    "fittings.passages": "what a model made of the company's approved answers",
    "shift_feeds.address": "the same of a rota",
    "statuses.shown": "what Slack shows at their name",
    "statuses.token": "a token that acts for them in Slack",
    "vents.listener": "who was asked: they may say no, and nobody learns of it",
    "vents.tried": "the same of those before",
}
"""What of a person's rows their export leaves out, and why."""


def test_an_export_leaves_out_nothing_of_ones_own() -> None:
    left_out = {
        str(column)
        for table in metadata.sorted_tables
        if columns_with(table, Holds.PERSON)
        for column in table.c
        if column.info.get("untold")
        or (column.info.get("sealed") and not column.info.get("theirs"))
    }
    assert left_out == NOT_THEIRS.keys()


def test_a_workspace_is_emptied_and_no_other(database: Database) -> None:
    person, _ = everything_of(database)
    other = database.run_now(
        lambda work: work.people.add(
            "paper-T2", Profile(Address("paper", "T2", "other"), "Other"), frozenset()
        )
    )
    database.run_now(lambda work: empty(work.connection, person.workspace))

    def rows(work: SqlWork) -> dict[str, int]:
        counted = {
            table.name: len(work.connection.execute(table.select()).all())
            for table in metadata.sorted_tables
        }
        own = ("pace_budgets", "revisions")
        return {name: n for name, n in counted.items() if n and name not in own}

    assert database.run_now(rows) == {"people": 1, "people_names": 1, "addresses": 1}
    assert database.run_now(lambda work: work.people.get(other.id)) == other


def test_whoever_is_erased_leaves_no_trace(database: Database, url: str) -> None:
    person, colleague = everything_of(database)
    assert database.run_now(lambda work: cleaning.erase(work.connection, person.id)) > 0

    def everything(work: SqlWork) -> str:
        return "\n".join(
            repr(row)
            for table in metadata.sorted_tables
            for row in work.connection.execute(table.select())
        )

    left = database.run_now(everything)
    traces = (person.id, "qvartz", "Qvartz", "Xenija", "xenija")
    assert [trace for trace in traces if trace in left] == []
    kept = database.run_now(lambda work: work.people.get(colleague.id))
    assert kept is not None
    assert kept.trusted == ("first", "last")
    hour = CalendarDay(NOW, NOW + HOUR)
    (counted,) = database.run_now(
        lambda work: work.of(HandDays).counted("paper-T1", [hour], NOW + HOUR)
    )
    assert counted.hands == 2, "the counts stay"

    if database.is_sqlite:
        database.run_now(lambda work: None)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        file = Path(url.removeprefix("sqlite:///"))
        stored = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert colleague.id.encode() in stored
        assert [trace for trace in traces if trace.encode() in stored] == []


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_comes_back_to_the_microsecond_and_in_order(instant: datetime) -> None:
    dialect = SQLiteDialect_pysqlite()
    write = Instant().bind_processor(dialect)
    read = Instant().result_processor(dialect, None)
    stored, latest, now = write(instant), write(UNTIL_BACK), write(NOW)
    assert stored is not None
    assert latest is not None
    assert now is not None
    assert read(stored) == instant
    assert -(2**63) <= stored <= latest < 2**63
    assert (stored < now) == (instant < NOW)


def test_an_instant_without_a_zone_is_refused() -> None:
    write = Instant().bind_processor(SQLiteDialect_pysqlite())
    with pytest.raises(TypeError):
        write(NOW.replace(tzinfo=None))
    assert write(None) is None
