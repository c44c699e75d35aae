"""What holds for every table, also for one that nobody has thought of yet: what is kept of somebody
is given to them, goes with them, and ends when the table says that it ends."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from handlers.kit.callers import Caller, Purpose
from handlers.kit.people import Address, Profile
from handlers.offers.model import Bound
from storage import cleaning
from storage.database import Database
from storage.schema import Holds, columns_with, metadata, retention_of
from storage.work import SqlWork
from tests.storage.made import NOW
from tests.storage.test_uniting import put
from tests.storage.test_year import bytes_of

OF_THE_PERSON = ("people", "addresses", "people_names")
"""What somebody has from their first day on."""

TABLES = [table for table in metadata.sorted_tables if table.name not in OF_THE_PERSON]

OVER: dict[str, dict[str, Any]] = {
    "outbox": {"due": None, "waits_for": None},
    "statuses": {"leaving": True},
    "telephones": {"until": None},
}
"""What a row has once it is over, where something else than time makes it so."""


def filled(work: SqlWork) -> tuple[str, str]:
    """Two people; and a row in each table, with the first wherever a person may stand."""
    anna, ilze = (
        work.people.add("paper-T1", Profile(Address("paper", "T1", name), name), frozenset()).id
        for name in ("Anna", "Ilze")
    )
    for table in TABLES:
        put(work.connection, table, anna)
    return anna, ilze


def over(work: SqlWork) -> None:
    for name, values in OVER.items():
        work.connection.execute(update(metadata.tables[name]).values(values))


def rows(work: SqlWork) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in work.connection.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
    }


def test_what_is_kept_of_somebody_is_given_to_them(database: Database) -> None:
    def given(work: SqlWork, person: str) -> set[str]:
        found = cleaning.export(work.connection, person, work.seal)
        return {name for name, rows in found.items() if rows}

    anna, ilze = database.run_now(filled)
    theirs = {table.name for table in TABLES if columns_with(table, Holds.PERSON)}
    assert theirs - database.run_now(lambda work: given(work, anna)) == set()
    assert database.run_now(lambda work: given(work, ilze)) <= set(OF_THE_PERSON)


def test_what_is_kept_of_somebody_goes_with_them(database: Database) -> None:
    anna, _ = database.run_now(filled)
    database.run_now(lambda work: cleaning.erase(work.connection, anna))
    left = database.run_now(rows)
    assert {name for name, found in left.items() if anna in repr(found)} == set()


CALLER = Caller(("r" * 64,), ("o" * 64,), ("b" * 64,))

OF_A_CALLER: dict[str, dict[str, Any]] = {"offer_limits": {"bound": Bound.CUSTOMER}}
"""What a row has where a caller stands in a column that others may stand in, too."""

OBJECTIONS = {"caller_objections"}
"""That nothing may be kept of a caller is kept of them."""


def test_what_is_kept_of_a_caller_goes_with_them(database: Database) -> None:
    columns = [(table, one) for table in TABLES for one in columns_with(table, Holds.CALLER)]
    marks = {mark for purpose in Purpose for mark in CALLER.of(purpose)}

    def named(work: SqlWork) -> set[str]:
        return {
            name for name, found in rows(work).items() if any(mark in repr(found) for mark in marks)
        }

    def call(work: SqlWork) -> set[str]:
        filled(work)
        for table, column in columns:
            mark = CALLER.of(column.info["purpose"])[0]
            values = OF_A_CALLER.get(table.name, {}) | {column.name: mark}
            work.connection.execute(update(table).values(values))
        return named(work)

    def forget(work: SqlWork) -> set[str]:
        cleaning.forget_caller(work.connection, CALLER)
        return named(work)

    assert database.run_now(call) == {table.name for table, _ in columns}
    assert database.run_now(forget) == OBJECTIONS


def test_nothing_of_somebody_who_is_erased_is_left_in_the_files(
    database: Database, url: str
) -> None:
    """Of whatever table, and PostgreSQL's once it has vacuumed them."""
    anna, _ = database.run_now(filled)
    assert anna.encode() in bytes_of(database, url)
    database.run_now(lambda work: cleaning.erase(work.connection, anna))
    assert anna.encode() not in bytes_of(database, url)


def test_what_ends_has_ended(database: Database) -> None:
    """Three years on, of what happened today nothing is left in any table whose rows end."""
    database.run_now(filled)
    database.run_now(over)
    later = NOW + timedelta(days=3 * 366)

    def clean(work: SqlWork) -> None:
        while cleaning.clean(work.connection, later):
            pass

    database.run_now(clean)
    left = database.run_now(rows)
    ends = [table for table in TABLES if retention_of(table).ended is not None]
    assert [table.name for table in ends if left[table.name]] == []
