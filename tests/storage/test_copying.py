"""Rows go from one kind of database to the other, and the proof that they did is one."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from handlers.kit.people import UNTIL_BACK
from storage.copying import Difference, UnfitError, copy_rows, count_rows, differences, snapshot
from storage.database import Database
from storage.engines import engine_for
from storage.moves import CLOSED, Move, close, move_to, reopen
from storage.outbox.table import outbox
from storage.people.tables import people
from tests.conftest import fresh_postgres
from tests.storage.made import NOW, notice, somebody

_PEOPLE = 1203
"""More than go together."""


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.fixture
def lite(empty_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = engine_for(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'lite.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def post(postgres_server: str, postgres_with_tables: str) -> Iterator[Engine]:
    with fresh_postgres(postgres_server, postgres_with_tables) as url:
        engine = engine_for(url, patient=True)
        yield engine
        engine.dispose()


def fill(engine: Engine) -> None:
    """Somebody, and as many like them; a notice; and an instant that no calendar has."""
    database = Database(engine.url.render_as_string(hide_password=False))
    anna = somebody(database)
    gone = replace(anna, away_until=UNTIL_BACK)
    database.run_now(lambda work: work.people.save(gone))
    database.run_now(lambda work: work.outbox.add("paper-T1", notice("c.1", anna.id)))
    database.close()
    with engine.begin() as connection:
        (row,) = connection.execute(select(people)).mappings()
        more = [dict(row) | {"id": f"p{number:05}"} for number in range(_PEOPLE - 1)]
        connection.execute(insert(people), more)


def same(source: Engine, target: Engine) -> list[Difference]:
    with snapshot(source) as one, target.connect() as other:
        return list(differences(one, other, lambda _: None))


@pytest.mark.parametrize("way", ["to post", "to lite"])
def test_what_was_stopped_goes_on_and_every_row_is_the_same(
    lite: Engine, post: Engine, way: str
) -> None:
    source, target = (lite, post) if way == "to post" else (post, lite)
    fill(source)
    done = list[int]()

    def stop(more: int) -> None:
        done.append(more)
        if sum(done) > 1000:
            raise StoppedError

    with snapshot(source) as rows, pytest.raises(StoppedError):
        copy_rows(rows, target, stop)
    assert sum(done) < count_of(source)
    again = list[int]()
    with snapshot(source) as rows:
        copy_rows(rows, target, again.append)
    assert (sum(again), same(source, target)) == (count_of(source), [])
    database = Database(target.url.render_as_string(hide_password=False))
    database.run_now(lambda work: work.outbox.add("paper-T1", notice("c.2", "p00001")))
    database.close()
    with target.connect() as connection:
        assert connection.scalars(select(outbox.c.id).order_by(outbox.c.id)).all() == [1, 2]


def test_a_row_that_is_not_the_same_is_found(lite: Engine, post: Engine) -> None:
    fill(lite)
    with snapshot(lite) as rows:
        copy_rows(rows, post, lambda _: None)
    with post.begin() as connection:
        connection.execute(update(people).where(people.c.id == "p00007").values(name="Anita"))
        connection.execute(delete(people).where(people.c.id == "p00009"))
        (row,) = connection.execute(select(people).where(people.c.id == "p00008")).mappings()
        connection.execute(insert(people), [dict(row) | {"id": "one more"}])
    assert same(lite, post) == [
        Difference("people", ("p00007",)),
        Difference("people", ("p00009",)),
        Difference("people", ("one more",)),
    ]


def test_what_does_not_fit_is_named_and_all_else_is_copied(lite: Engine, post: Engine) -> None:
    fill(lite)
    with lite.begin() as connection:
        long = update(people).where(people.c.id == "p00003").values(workspace="w" * 200)
        connection.execute(long)
    with snapshot(lite) as rows, pytest.raises(UnfitError) as told:
        copy_rows(rows, post, lambda _: None)
    assert str(told.value) == ("people ('p00003',): value too long for type character varying(80)")
    assert same(lite, post) == [Difference("people", ("p00003",))]


@pytest.mark.parametrize("kind", ["lite", "post"])
def test_a_closed_database_takes_nothing_until_it_is_opened(
    request: pytest.FixtureRequest, kind: str
) -> None:
    engine: Engine = request.getfixturevalue(kind)
    fill(engine)
    with engine.connect() as connection:
        close(connection, "elsewhere", NOW)
        close(connection, "elsewhere", NOW)
        assert move_to(connection) == Move("elsewhere", NOW, done=False), "with the closing itself"
        connection.rollback()
        for change in (delete(outbox), update(people).values(name="x")):
            with pytest.raises(Exception, match=CLOSED):
                connection.execute(change)
            connection.rollback()
        assert (reopen(connection), reopen(connection)) == (True, False)
        assert connection.execute(delete(outbox)).rowcount == 1


def count_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return count_rows(connection)
