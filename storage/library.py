"""Libraries in their versions, who adopted which entries, and what was asked and not found."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)

from handlers.library.model import (
    UNFOUND_FROM,
    UNFOUND_KEPT,
    UNFOUND_LIMIT,
    Adoption,
    Author,
    Found,
    Library,
    LibraryEntry,
    Unfound,
    Version,
)
from storage.library_yaml import plain_shipped, shipped
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    NAME,
    SETTING,
    WORDS,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
    put_all,
)

S = TypeVar("S")

library_versions: Table = Table(
    "library_versions",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("library", String(16), primary_key=True, info=CODE),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", Instant, nullable=False, info=HAPPENED),
    person_column("saved_by", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("saved_by_name", Text, nullable=False, info=NAME),
    Column("digest", String(64), nullable=False, info=ID),
    Column("content", Text, nullable=False, info=SETTING),
    info={
        "retention": Retention(
            why="As long as the workspace uses Plecs: receipts, and what was given to customers, "
            "stand on old versions. Who saved one is forgotten when they are erased.",
            erase=lambda person: (
                update(library_versions)
                .where(library_versions.c.saved_by == person)
                .values(saved_by=None, saved_by_name=""),
            ),
        )
    },
)

library_adoptions: Table = Table(
    "library_adoptions",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("library", String(16), primary_key=True, info=CODE),
    Column("entry", String(40), primary_key=True, info=ID),
    Column("version", Integer, primary_key=True, autoincrement=False),
    person_column("adopted_by", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("adopted_by_name", Text, nullable=False, info=NAME),
    Column("adopted_at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="As long as the workspace uses Plecs: agents act on it. Who adopted a boundary, a "
            "technique or an answer is forgotten when they are erased; it stays adopted.",
            erase=lambda person: (
                update(library_adoptions)
                .where(library_adoptions.c.adopted_by == person)
                .values(adopted_by=None, adopted_by_name=""),
            ),
        )
    },
)

library_unfound: Table = Table(
    "library_unfound",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("library", String(16), primary_key=True, info=CODE),
    Column("words", String(UNFOUND_LIMIT), primary_key=True, info=WORDS),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("asked_at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="Fourteen days from when it was asked: coordinators see what their people look "
            "for and do not find, once three different ones asked. Without names and numbers.",
            ended=lambda now: library_unfound.c.asked_at < now - UNFOUND_KEPT,
        )
    },
)

_OF_ONE = (
    library_versions.c.workspace == bindparam("workspace"),
    library_versions.c.library == bindparam("library"),
)

_HEADS = select(*(column for column in library_versions.columns if column.name != "content")).where(
    *_OF_ONE
)
"""Everything but the content, which most often is on the shelf already."""

_NEWEST = _HEADS.order_by(library_versions.c.number.desc()).limit(bindparam("limit"))
_ONE = _HEADS.where(library_versions.c.number == bindparam("number"))
_CONTENT = select(library_versions.c.content).where(
    *_OF_ONE, library_versions.c.number == bindparam("number")
)

_head = _HEADS.order_by(library_versions.c.number.desc()).limit(1).subquery()
_IN_FORCE = select(
    *(column for column in _head.columns if column.name not in ("workspace", "library")),
    *library_adoptions.columns,
).select_from(
    _head.outerjoin(
        library_adoptions,
        (library_adoptions.c.workspace == bindparam("workspace"))
        & (library_adoptions.c.library == bindparam("library")),
    )
)
"""The newest version beside each adoption of the workspace's; once, where there is none."""

_ADOPTION = select(library_adoptions).where(
    *(
        library_adoptions.c[name] == bindparam(name)
        for name in ("workspace", "library", "entry", "version")
    )
)

_SHELF_SIZE = 64
"""Contents kept ready to be searched, about a megabyte each. Workspaces that use what ships
with Plecs share one."""


class Index(Protocol):
    """A library's content, ready to be searched: it never changes, so any thread may ask."""

    def find(self, text: str) -> Found: ...

    def because(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """The entries that each of the words leads to by itself, the likeliest first."""
        ...


_SHELVES: list["Shelved[Any]"] = []
"""All there are."""


def warm_up() -> None:
    """Reads the files of all libraries that come with Plecs."""
    for shelf in _SHELVES:
        plain_shipped(shelf.library.package)


class Shelved(Generic[S]):
    """A library's contents as they are kept ready, and how they are made ready."""

    def __init__(self, library: Library[S], index: Callable[[S], Index]) -> None:
        self.library = library
        self._index = index
        self._ready: OrderedDict[str, IndexedContent[S]] = OrderedDict()
        self._lock = threading.Lock()
        self.as_shipped = lru_cache(maxsize=4)(self._as_shipped)
        _SHELVES.append(self)

    def get(self, digest: str) -> "IndexedContent[S] | None":
        """By the digest of its content. What is here never changes, so that a transaction rolled
        back or another process can't make it wrong."""
        with self._lock:
            if digest in self._ready:
                self._ready.move_to_end(digest)
            return self._ready.get(digest)

    def of(self, written: str) -> "IndexedContent[S]":
        digest = _digest(written)
        ready = self.get(digest) or IndexedContent(self._read(written), self._index)
        with self._lock:
            ready = self._ready.setdefault(digest, ready)
            while len(self._ready) > _SHELF_SIZE:
                self._ready.popitem(last=False)
        return ready

    def first(self, workspace: str, now: datetime) -> Version[S]:
        """What a workspace has that has saved nothing."""
        return Version(workspace, 1, now, Author(), shipped(self.library, now.date()))

    def written(self, content: S) -> str:
        versions = {one.id: one.version for one in self.library.entries(content)}
        plain = self.library.plain(content) | {"versions": versions}
        return json.dumps(plain, ensure_ascii=False)

    def _read(self, written: str) -> S:
        plain = json.loads(written)
        versions = plain.pop("versions")
        # Every date in what is kept is written out: no day to count from is needed.
        return self.library.stamped(self.library.read(plain, date.min), versions)

    def _as_shipped(self, today: date) -> "IndexedContent[S]":
        return self.of(self.written(shipped(self.library, today)))


class IndexedContent(Generic[S]):
    """A library's content and the index over it, made when it is first searched."""

    def __init__(self, content: S, index: Callable[[S], Index]) -> None:
        self.content = content
        self._make = index

    @cached_property
    def index(self) -> Index:
        # Two threads may both make it: the second one's is as good, and nobody waits on a lock.
        return self._make(self.content)


class SqlLibrary(Generic[S]):
    """`handlers.library.model.Kept` over a connection."""

    def __init__(self, connection: Connection, shelf: Shelved[S]) -> None:
        self._connection = connection
        self._shelf = shelf
        self._name = shelf.library.name

    def current(self, workspace: str, now: datetime) -> Version[S]:
        rows = self._connection.execute(_IN_FORCE, self._of(workspace)).all()
        return self._in_force(workspace, rows) if rows else self._shelf.first(workspace, now)

    def version(self, workspace: str, number: int) -> Version[S] | None:
        row = self._connection.execute(_ONE, self._of(workspace, number=number)).one_or_none()
        return None if row is None else self._version(workspace, row)

    def history(self, workspace: str, limit: int) -> tuple[Version[S], ...]:
        rows = self._connection.execute(_NEWEST, self._of(workspace, limit=limit))
        return tuple(self._version(workspace, row) for row in rows.all())

    def settle(self, workspace: str, now: datetime) -> None:
        if self._connection.execute(_NEWEST, self._of(workspace, limit=1)).first() is None:
            self._insert(self._shelf.first(workspace, now))

    def save(self, version: Version[S]) -> bool:
        self.settle(version.workspace, version.saved_at)
        return self._insert(version)

    def search(self, workspace: str, text: str, now: datetime) -> tuple[Version[S], Found]:
        rows = self._connection.execute(_IN_FORCE, self._of(workspace)).all()
        if not rows:
            index = self._shelf.as_shipped(now.date()).index
            return self._shelf.first(workspace, now), index.find(text)
        ready = self._ready(workspace, rows[0])
        return self._in_force(workspace, rows), ready.index.find(text)

    def because(self, workspace: str, text: str, now: datetime) -> Mapping[str, tuple[str, ...]]:
        row = self._connection.execute(_NEWEST, self._of(workspace, limit=1)).one_or_none()
        shelf = self._shelf
        ready = shelf.as_shipped(now.date()) if row is None else self._ready(workspace, row)
        return ready.index.because(text)

    def adopted(self, workspace: str, entry: LibraryEntry) -> Adoption | None:
        asked = self._of(workspace, entry=entry.id, version=entry.version)
        row = self._connection.execute(_ADOPTION, asked).one_or_none()
        return None if row is None else _adoption(row)

    def adopt(self, adoptions: Sequence[Adoption]) -> None:
        rows = [
            {
                "workspace": one.workspace,
                "library": self._name,
                "entry": one.entry,
                "version": one.version,
                "adopted_by": one.by.person or None,
                "adopted_by_name": one.by.name,
                "adopted_at": one.at,
            }
            for one in adoptions
        ]
        insert_new(self._connection, library_adoptions, rows)

    def not_found(self, workspace: str, person: str, words: str, now: datetime) -> None:
        row = self._of(workspace, words=words, person=person, asked_at=now)
        put_all(self._connection, library_unfound, [row])

    def unfound(
        self, workspace: str, now: datetime, limit: int, *, least: int = UNFOUND_FROM
    ) -> tuple[Unfound, ...]:
        asked = library_unfound.c
        askers = func.count(asked.person)
        rows = self._connection.execute(
            select(asked.words, askers.label("people"))
            .where(
                asked.workspace == workspace,
                asked.library == self._name,
                asked.asked_at >= now - UNFOUND_KEPT,
            )
            .group_by(asked.words)
            .having(askers >= least)
            .order_by(askers.desc(), asked.words)
            .limit(limit)
        )
        return tuple(Unfound(row.words, row.people) for row in rows)

    def found_now(self, workspace: str, words: str) -> None:
        asked = library_unfound.c
        self._connection.execute(
            delete(library_unfound).where(
                asked.workspace == workspace, asked.library == self._name, asked.words == words
            )
        )

    def _of(self, workspace: str, **also: object) -> dict[str, Any]:
        return {"workspace": workspace, "library": self._name, **also}

    def _in_force(self, workspace: str, rows: Sequence[Row[Any]]) -> Version[S]:
        adopted = [_adoption(row) for row in rows if row.adopted_at is not None]
        of = {(one.entry, one.version): one for one in adopted}
        version = self._version(workspace, rows[0])
        return replace(version, adoptions=of) if of else version

    def _version(self, workspace: str, row: Row[Any]) -> Version[S]:
        return Version(
            workspace=workspace,
            number=row.number,
            saved_at=row.saved_at,
            by=Author(row.saved_by or "", row.saved_by_name),
            content=self._ready(workspace, row).content,
        )

    def _ready(self, workspace: str, row: Row[Any]) -> IndexedContent[S]:
        ready = self._shelf.get(row.digest)
        if ready is None:
            asked = self._of(workspace, number=row.number)
            ready = self._shelf.of(self._connection.execute(_CONTENT, asked).scalar_one())
        return ready

    def _insert(self, version: Version[S]) -> bool:
        content = self._shelf.written(version.content)
        row = self._of(
            version.workspace,
            number=version.number,
            saved_at=version.saved_at,
            saved_by=version.by.person or None,
            saved_by_name=version.by.name,
            digest=_digest(content),
            content=content,
        )
        return insert_new(self._connection, library_versions, [row]) == 1


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _adoption(row: Row[Any]) -> Adoption:
    by = Author(row.adopted_by or "", row.adopted_by_name)
    return Adoption(row.workspace, row.entry, row.version, by, row.adopted_at)
