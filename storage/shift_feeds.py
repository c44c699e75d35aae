"""Addresses from which shifts are fetched, and for whom each plans."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
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

from handlers.shifts.feeds.model import Feed, ShiftFeeds
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    LEASED,
    Instant,
    Retention,
    insert_rows,
    metadata,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED, Seal
from storage.work import SqlWork, repository

shift_feeds: Table = Table(
    "shift_feeds",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("setter", String(32), nullable=False),
    person_column("owner", ForeignKey(people.c.id, ondelete="CASCADE"), unique=True),
    Column("kind", String(8), nullable=False, info=CODE),
    Column("address", Text, nullable=False, info=dict(SEALED)),
    Column("due_at", Instant, nullable=False, index=True, info=LEASED),
    Column("etag", String(200), nullable=False, info=CODE),
    Column("modified", String(60), nullable=False, info=CODE),
    Column("fetched_at", Instant, info=HAPPENED),
    Column("skipped", Integer, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("trouble", String(16), info=CODE),
    Index("ix_shift_feeds_workspace", "workspace", "owner", "id"),
    Index("ix_shift_feeds_setter", "setter"),
    info={
        "retention": Retention(
            why="Until it is taken out; with whose shifts it has. Its address is sealed.",
            erase=lambda person: (
                update(shift_feeds).where(shift_feeds.c.setter == person).values(setter=""),
                delete(shift_feeds).where(shift_feeds.c.owner == person),
            ),
        )
    },
)
shift_feed_people: Table = Table(
    "shift_feed_people",
    metadata,
    Column("feed", ForeignKey(shift_feeds.c.id, ondelete="CASCADE"), primary_key=True),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("until", String(10), nullable=False, info=CODE),
    info={"retention": Retention(why="As long as the address plans shifts for them.")},
)
_C = shift_feeds.c
_FEED = Record(Feed, shift_feeds, besides=("address",))
_OF = (
    select(shift_feeds)
    .where(_C.workspace == bindparam("of"))
    .order_by(_C.owner.is_not(None), _C.id)
    .limit(bindparam("limit"))
)
_OWNED = select(shift_feeds).where(_C.owner == bindparam("of"))
_OWNERS = select(_C.owner).where(_C.workspace == bindparam("of"), _C.owner.is_not(None))
_NEXT = select(func.min(_C.due_at))
_LEASE = update(shift_feeds).where(_C.id == bindparam("of"))


class SqlShiftFeeds:
    """`handlers.shifts.feeds.model.ShiftFeeds` over a connection."""

    def __init__(
        self, connection: Connection, effects: Effects, seal: Callable[[], Seal], *, writes: bool
    ) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal
        self._writes = writes

    def get(self, feed: str) -> Feed | None:
        row = _FEED.load_row(self._connection, feed, hold=self._writes)
        return None if row is None else next(self._read([row]), None)

    def put(self, feed: Feed) -> None:
        row = _FEED.row(feed) | {"address": self._seal().seal(feed.address)}
        put_all(self._connection, shift_feeds, [row])
        self._effects.feeds = True

    def remove(self, feed: str) -> None:
        self._connection.execute(delete(shift_feeds).where(_C.id == feed))

    def of(self, workspace: str, limit: int) -> Sequence[Feed]:
        found = self._connection.execute(_OF, {"of": workspace, "limit": limit}).all()
        return tuple(self._read(found))

    def owned_by(self, person: str) -> Feed | None:
        return next(self._read(self._connection.execute(_OWNED, {"of": person}).all()), None)

    def owners(self, workspace: str) -> frozenset[str]:
        return frozenset(self._connection.scalars(_OWNERS, {"of": workspace}))

    def next_due(self) -> datetime | None:
        due: datetime | None = self._connection.scalar(_NEXT)
        return due

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Feed]:
        rows = rows_due(self._connection, _C.due_at, now, limit)
        for row in rows:  # those, too, whose address this key does not open
            self._connection.execute(_LEASE.values(due_at=until), {"of": row.id})
        return tuple(self._read(rows))

    def planned(self, feed: str) -> Mapping[str, date]:
        rows = self._connection.execute(
            select(shift_feed_people).where(shift_feed_people.c.feed == feed)
        )
        return {row.person: date.fromisoformat(row.until) for row in rows}

    def plans(self, feed: str, until: Mapping[str, date]) -> None:
        self._connection.execute(delete(shift_feed_people).where(shift_feed_people.c.feed == feed))
        rows = [
            {"feed": feed, "person": person, "until": day.isoformat()}
            for person, day in until.items()
        ]
        insert_rows(self._connection, shift_feed_people, rows)

    def _read(self, rows: Sequence[Row[Any]]) -> Iterator[Feed]:
        """Those whose addresses this key opens."""
        for row in rows:
            address = self._seal().open(row.address, row.id)
            if address is not None:
                yield _FEED.value(row, address=address)


@repository(ShiftFeeds)
def shift_feeds_of(work: SqlWork) -> SqlShiftFeeds:
    return SqlShiftFeeds(work.connection, work.effects, lambda: work.seal, writes=work.writes)
