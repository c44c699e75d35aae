"""What whoever has copies of the database, its bytes, the log, `/metrics` and even SECRET_KEY
tries, to find out who wrote what came without a name. Each attack answers what it found."""

import hmac
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import permutations, product
from pathlib import Path
from typing import Any, Protocol

import psycopg

KeptRow = tuple[object, ...]
Copy = Mapping[str, frozenset[KeptRow]]
"""A copy of the database: the rows of each table, each with its row number where it has one."""

WAITING, OUT = "voice_waiting", "voice_notes"

FEWEST = 8
"""So few people behind a value are found: it is a group of eight that hides its members."""

_AN_INSTANT = 10**15
"""Microseconds since 1970: a number as large says when something was."""

_A_NAME = 6
"""Letters of a value by which rows may be joined; shorter ones are words that all rows have."""


@dataclass(frozen=True)
class Writer:
    """Whom the attacker would like to find, by everything that may stand for them."""

    name: str
    person: str
    traces: frozenset[str]


class Disk(Protocol):
    """Where a database lies, as whoever has its disk reads it."""

    def copied(self) -> Copy: ...

    def pages(self) -> bytes:
        """The bytes in which its rows lie, and what is left of rows that are gone."""
        ...

    def log(self) -> bytes:
        """What the database has written down of its changes."""
        ...


@dataclass(frozen=True)
class FileOnDisk:
    """SQLite."""

    file: Path

    def copied(self) -> Copy:
        return copied(self.file)

    def pages(self) -> bytes:
        return self.file.read_bytes() + self.log()

    def log(self) -> bytes:
        log = self.file.with_name(f"{self.file.name}-wal")
        return log.read_bytes() if log.exists() else b""


@dataclass(frozen=True)
class ServerOnDisk:
    """PostgreSQL. Of each row a copy has, besides its values, in which place it lies, which
    transaction wrote it, and which locked it or took it away."""

    connection: psycopg.Connection

    def copied(self) -> Copy:
        names = [name for (name,) in self._asked(_TABLES)]
        rows = (
            f"SELECT '{one}', ctid::text, xmin::text, xmax::text, row_to_json(t) FROM \"{one}\" t"  # noqa: S608 - its own
            for one in names
        )
        found: dict[str, set[KeptRow]] = {name: set() for name in names}
        for name, place, written, locked, row in self._asked(" UNION ALL ".join(rows)):
            first, *values = (one if _is_plain(one) else repr(one) for one in row.values())
            hidden = (f"at {place:>12} of {name}", f"by {written:>12}", f"until {locked:>12}")
            found[name].add((first, *hidden, *values))
        return {name: frozenset(there) for name, there in found.items()}

    def pages(self) -> bytes:
        self.connection.execute("CHECKPOINT")
        return b"".join(bytes(read) for (read,) in self._asked(_PAGES))

    def log(self) -> bytes:
        return b"".join(bytes(read) for (read,) in self._asked(_LOG))

    def keep_house_never(self) -> None:
        """Has the server vacuum nothing by itself: it forgets then who locked a row, at a moment
        of its own, which looks like a change by whoever wrote just then."""
        for (name,) in self._asked(_TABLES):
            self.connection.execute(f'ALTER TABLE "{name}" SET (autovacuum_enabled = off)'.encode())

    def _asked(self, statement: str) -> list[Any]:
        return self.connection.execute(statement.encode()).fetchall()


_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
_PAGES = """SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE relkind IN ('r', 'i', 't') AND (relname LIKE 'voice%' OR relname LIKE '%_voice%'
        OR oid IN (SELECT reltoastrelid FROM pg_class WHERE relname LIKE 'voice%'))
        AND pg_relation_size(oid) > 0"""
_LOG = "SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir() ORDER BY name"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | None)


def copied(file: Path) -> Copy:
    """Everything in the file, as whoever has a copy of it reads it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found: dict[str, frozenset[KeptRow]] = {}
        tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        for name, made in connection.execute(tables).fetchall():
            number = "" if "WITHOUT ROWID" in made else "rowid, "
            rows = connection.execute(f'SELECT {number}* FROM "{name}"')  # noqa: S608 - its own
            found[name] = frozenset(rows)
        return found


def changed(before: Copy, after: Copy) -> dict[str, frozenset[KeptRow]]:
    """The rows that came, went or changed, by table."""
    different = {name: before[name] ^ after[name] for name in after}
    return {name: rows for name, rows in different.items() if rows}


def named_in(text: str, authors: Sequence[Writer]) -> set[str]:
    """Who is named in it: by an id, an address, a name, the number of a delivery."""
    words = set(re.findall(r"\w+", text))
    return {one.name for one in authors if not one.traces.isdisjoint(words)}


def in_the_difference(
    before: Copy, after: Copy, authors: Sequence[Writer]
) -> tuple[set[str], set[str]]:
    """Between two copies: who is named in what changed, and which tables did."""
    rows = changed(before, after)
    return named_in(repr(rows), authors), set(rows)


def instants_in(rows: Iterable[KeptRow]) -> set[int]:
    """Every instant that the rows tell."""
    return {one for row in rows for one in row if isinstance(one, int) and one >= _AN_INSTANT}


def shapes(rows: Iterable[KeptRow]) -> set[tuple[object, ...]]:
    """How the rows look to whoever can't read them: what each value is, and how long."""
    return {tuple((type(one).__name__, len(repr(one))) for one in row) for row in rows}


def joined(copy: Copy, authors: Sequence[Writer], prefix: str = "voice_") -> set[tuple[str, str]]:
    """Joins each row of what was said without a name with every other row that has a value in
    common, and that with the next: which tables lead to fewer than eight of the authors, and by
    what."""
    people = {one.person: one.name for one in authors}
    rows_with: dict[object, list[tuple[str, KeptRow]]] = {}
    for table, rows in copy.items():
        for row in rows:
            for value in _values(row):
                rows_with.setdefault(value, []).append((table, row))

    def who(value: object, depth: int, seen: frozenset[object]) -> set[str]:
        rows = [row for table, row in rows_with.get(value, ()) if not table.startswith(prefix)]
        named = {people[one] for row in rows for one in row if one in people}
        if depth and len(rows) < FEWEST:
            for row in rows:
                for further in _values(row):
                    if further not in seen:
                        named |= who(further, depth - 1, seen | {further})
        return named

    return {
        (table, repr(value))
        for table, rows in copy.items()
        if table.startswith(prefix)
        for row in rows
        for value in _values(row)
        if 0 < len(who(value, 2, frozenset({value}))) < FEWEST
    }


def _values(row: KeptRow) -> Iterator[object]:
    for value in row:
        is_long = isinstance(value, str) and len(value) >= _A_NAME
        if is_long or (isinstance(value, int) and value >= _AN_INSTANT):
            yield value


def guessed(copy: Copy, authors: Sequence[Writer], secrets: Iterable[bytes]) -> set[str]:
    """Tries whether a value of what was said without a name is a hash of anything that stands for
    an author, alone or with a day, under no key or any that there is."""
    values = {
        value
        for table, rows in copy.items()
        if table.startswith("voice_")
        for row in rows
        for value in row
        if isinstance(value, str)
    }
    keys = [*secrets, *(value.encode() for value in values if len(value) <= 64)]
    before = ("", "sent ", "code ", "receipt ", "voice ", "2026-03-02 ")
    found = set()
    for author in authors:
        for trace, start in product(author.traces, before):
            text = f"{start}{trace}".encode()
            hashes = {sha256(text).hexdigest(), sha256(text).hexdigest()[:32]}
            hashes |= {hmac.digest(key, text, "sha256").hex() for key in keys[:6]}
            if not hashes.isdisjoint(values):
                found.add(author.name)
    return found


Order = Callable[[Sequence[KeptRow], bytes], Sequence[KeptRow]]
"""Rows of a table in an order that its copy has, given the file's bytes."""


def by_key(rows: Sequence[KeptRow], _file: bytes) -> Sequence[KeptRow]:
    """As the table hands them out."""
    return sorted(rows, key=lambda row: str(row[0]))


def by_place(rows: Sequence[KeptRow], file: bytes) -> Sequence[KeptRow]:
    """As they lie in the file: what came later lies elsewhere in its page."""
    return sorted(rows, key=lambda row: file.find(str(row[0]).encode()))


ORDERS: Sequence[Order] = (by_key, by_place)


@dataclass(frozen=True)
class Batch:
    """What waited, in the order in which it was written, with the words that were in each; and what
    went out together, with its words. The attacker has no words: they say who was right."""

    waited: Sequence[tuple[KeptRow, str]]
    waiting_file: bytes
    out: Sequence[tuple[KeptRow, str]]
    out_file: bytes


def alike(batch: Batch) -> int:
    """How many of what went out have something in common with some of what waited and not with the
    others: a value, or a length."""
    found = 0
    for row, _ in batch.out:
        common = [
            {value for value in _values(waited) if value in set(_values(row))}
            for waited, _ in batch.waited
        ]
        found += any(one != common[0] for one in common)
    lengths = {len(str(value)) for row, _ in batch.waited for value in row[-1:]}
    return found + (len(lengths) > 1)


def told_by_order(batches: Sequence[Batch]) -> int:
    """By the best guess from any order to any other, how often what waited was found again among
    what went out: all of a batch right, of so many batches. By chance it is one in six."""
    right = Counter(
        (before, after, turned)
        for batch in batches
        for (before, meant), (after, got) in product(
            enumerate(
                (*_orders(batch.waited, batch.waiting_file), [one for _, one in batch.waited])
            ),
            enumerate(_orders(batch.out, batch.out_file)),
        )
        for turned in permutations(range(len(meant)))
        if [meant[place] for place in turned] == got
    )
    return max(right.values())


def _orders(rows: Sequence[tuple[KeptRow, str]], file: bytes) -> list[list[str]]:
    """The words of the rows in each order that a copy has."""
    words = dict(rows)
    return [[words[row] for row in order(list(words), file)] for order in ORDERS]
