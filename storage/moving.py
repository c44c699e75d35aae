"""A whole database into another place, into a file, and back: what is refused, in which order, and
how it is known that everything came."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url

from storage import moves
from storage.copying import (
    HearsProgress,
    UnfitError,
    copy_rows,
    count_rows,
    differences,
    people_to_ask,
    snapshot,
)
from storage.database import Database, sealed_in, see_that_it_is_used
from storage.engines import opened
from storage.migrate import migrate, tables_version
from storage.sealed import Seal, Under
from storage.work import SqlWork

_ASKED = 30
"""People with a hand, with a session and with a plan, of each so many at most, whose pages are
compared."""

_NAMED = 5
"""Rows that are named when they are not the same."""

_engine = partial(opened, patient=True)


class NotMovedError(Exception):
    """It was not done, or not to its end. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows are the same in both, and how many people see the same."""

    rows: int
    people: int


@dataclass(frozen=True, slots=True)
class Mover:
    """`seal` opens what is sealed. `seen`: what these people see of a database, by their ids.
    `progress`: given what is begun and how many rows it has, what is told of each so many more."""

    seal: Seal
    now: Callable[[], datetime]
    seen: Callable[[SqlWork, Sequence[str]], Mapping[str, object]]
    progress: Callable[[str, int], AbstractContextManager[HearsProgress]]

    def move(self, old: str, new: str) -> Compared:
        """Moves everything into the empty database; the old one takes no changes from then on.
        Goes on where it was interrupted. Raises NotMovedError."""
        if old == new:
            raise NotMovedError("Both are the same database.")
        _see_that_it_is_there(old)
        here, there = shown(old), shown(new)
        with _alone(old), _alone(new), _engine(old) as before, _engine(new) as after:
            self._see_that_keys_open(old)
            with before.connect() as connection:
                gone = moves.move_to(connection)
                if gone is not None and gone.other == there and _is_whole(after, here):
                    # It may have been stopped when all was there, and that was not written here.
                    gone = replace(gone, done=True)
                    moves.note_to(connection, there, gone.at, done=True)
                    connection.commit()
                if gone is not None and gone.done:
                    raise NotMovedError(f"Everything has moved to {gone.other} already.")
                if gone is not None and gone.other != there:
                    raise NotMovedError(
                        f"It is being moved to {gone.other}: finish that, or: plecs db reopen"
                    )
            _see_that_it_may_come(after, here)
            with before.connect() as connection:
                try:
                    moves.close(connection, there, self.now())
                except moves.WrittenToError:
                    raise NotMovedError(
                        f"Others write to {here} all the time: stop every Plecs and whatever else "
                        "uses it, then begin again. Nothing was changed."
                    ) from None
            with snapshot(before) as rows:
                compared = self._copy_and_compare(rows, after, here)
            with before.begin() as connection:
                moves.note_to(connection, there, self.now(), done=True)
        return compared

    def back_up(self, url: str, file: Path) -> int:
        """Writes everything, as it is now, into a file that is not there yet; answers how many rows
        that are. The database stays as it is. Raises NotMovedError."""
        if file.exists():
            raise NotMovedError(f"{file} is there already: name another file.")
        _see_that_it_is_there(url)
        tables = tables_version(url)
        if tables.version is None:
            raise NotMovedError(f"There is nothing at {shown(url)}.")
        if tables.is_behind:
            raise NotMovedError(
                f"The tables of {shown(url)} are an older Plecs', and a backup changes nothing: "
                "make it with that Plecs, or bring them up first: plecs migrate"
            )
        see_that_it_is_used(url)
        begun = file.with_name(f"{file.name}.part")
        begun.unlink(missing_ok=True)
        migrate(f"sqlite:///{begun}")
        with _engine(url) as live, _engine(f"sqlite:///{begun}") as kept, snapshot(live) as rows:
            count = count_rows(rows)
            self._copy(rows, kept, count)
            with kept.connect() as copy:
                self._compare(rows, copy, count)
        begun.rename(file)
        return count

    def restore(self, file: str, name: str, url: str) -> Compared:
        """Puts a backup, the database `file` with today's tables, called `name`, into an empty
        one. Goes on where it was interrupted. Raises NotMovedError."""
        with _alone(url), _engine(file) as kept, _engine(url) as new:
            self._see_that_keys_open(file)
            _see_that_it_may_come(new, name)
            with snapshot(kept) as rows:
                return self._copy_and_compare(rows, new, name)

    def _copy_and_compare(self, rows: Connection, target: Engine, name: str) -> Compared:
        """Copies, compares each row and what people see, and has the target known as whole."""
        with target.begin() as connection:
            moves.note_from(connection, name, self.now(), done=False)
        count = count_rows(rows)
        self._copy(rows, target, count)
        people = people_to_ask(rows, _ASKED)
        with target.connect() as there:
            self._compare(rows, there, count)
            before, after = (
                self.seen(SqlWork(one, self.seal, writes=False), people) for one in (rows, there)
            )
        if others := [person for person, seen in before.items() if after.get(person) != seen]:
            raise NotMovedError(
                f"{len(others)} people would not see the same, the first is {others[0]}."
            )
        with target.begin() as connection:
            moves.note_from(connection, name, self.now(), done=True)
        return Compared(count, len(before))

    def _copy(self, rows: Connection, target: Engine, count: int) -> None:
        try:
            with self.progress("Copying", count) as told:
                copy_rows(rows, target, told)
        except UnfitError as error:
            raise NotMovedError(
                f"The new database does not take these rows:\n{error}\n"
                "Mend them in the old one (plecs db reopen), and begin again with an empty one."
            ) from None

    def _compare(self, rows: Connection, there: Connection, count: int) -> None:
        with self.progress("Comparing", count) as told:
            different = list(differences(rows, there, told))
        if different:
            named = ", ".join(f"{one.table} {one.key}" for one in different[:_NAMED])
            raise NotMovedError(
                f"{len(different)} rows are not the same: {named}. Begin with an empty database."
            )

    def _see_that_keys_open(self, url: str) -> None:
        if others := sealed_in(url, self.seal)[Under.OTHER]:
            raise NotMovedError(
                f"The present key does not open {others} values that are sealed: set SECRET_KEY to "
                "the one that sealed them."
            )


def open_again(url: str) -> None:
    """Has a database that was closed by a move take changes again. Raises NotMovedError where it
    was not closed."""
    with _engine(url) as engine, engine.connect() as connection:
        if not moves.reopen(connection):
            raise NotMovedError(f"{shown(url)} was not closed.")


def shown(url: str) -> str:
    """A database's address without its password."""
    return make_url(url).set(drivername=url.partition(":")[0].partition("+")[0]).render_as_string()


def _see_that_it_is_there(url: str) -> None:
    if url.startswith("sqlite") and not Path(make_url(url).database or "").exists():
        raise NotMovedError(f"There is no database at {shown(url)}.")


def _is_whole(target: Engine, name: str) -> bool:
    """Whether everything has come into it from there."""
    with target.connect() as connection:
        come = moves.move_from(connection)
    return come is not None and come.other == name and come.done


def _see_that_it_may_come(target: Engine, name: str) -> None:
    """Only into what is empty, or holds the beginning of the same."""
    with target.connect() as connection:
        come = moves.move_from(connection)
        if come is not None and come.other == name and not come.done:
            return
        if count_rows(connection):
            raise NotMovedError("There is something in the new database already: it must be empty.")


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """With today's tables, and no Plecs on a file until it is over."""
    migrate(url, moving=True)
    with closing(Database(url)) as held:
        if not held.claim_sole_use() and held.is_sqlite:
            raise NotMovedError(f"Plecs is running on {shown(url)}: stop it first.")
        yield
