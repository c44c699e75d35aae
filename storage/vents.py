"""Vents while they last, how people want to be asked, and counts that name nobody."""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    CompoundSelect,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    or_,
    select,
    union_all,
    update,
)

from handlers.vents.model import Listener, Listens, Tally, Vent, Vents, VentState, Week
from storage.effects import Effects
from storage.mapping import LIST, Record
from storage.people.tables import OfPeople, among_people
from storage.people.tables import people as known_people
from storage.schema import (
    CODE,
    ID,
    REMAINS,
    STATED,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
    people_column,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED, SEALED_WORDS, Seal
from storage.work import SqlWork, repository

vents: Table = Table(
    "vents",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("asker", String(32), nullable=False, unique=True),
    person_column("listener", String(32), nullable=False, exported=False, untold=True),
    Column("wish", String(16), nullable=False, info=CODE),
    Column("timing", String(16), nullable=False, info=CODE),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("state", String(16), nullable=False, info=CODE),
    Column("awaits", Boolean, nullable=False),
    Column("ends_at", Instant, nullable=False, info=REMAINS),
    Column("breath", Integer, nullable=False),
    Column("breath_at", Instant, info=REMAINS),
    Column("frame", Boolean, nullable=False),
    people_column("tried", Text, nullable=False, untold=True),
    Column("step_at", Instant, nullable=False, index=True, info=REMAINS),
    Index("ix_vents_listener", "listener"),
    Index("ix_vents_workspace", "workspace", "state"),
    partial_index(
        "uq_vents_listening", "listener", where="state IN ('agreed', 'talking')", unique=True
    ),
    info={
        "retention": Retention(
            why="Until the vent ends; a question that led to none, 50 minutes. A listener's "
            "export leaves it out: they may have chosen not to be asked by this person. The "
            "asker's leaves out who was asked.",
            ended=lambda now: vents.c.step_at < now - timedelta(days=1),
            erase=lambda person: (
                delete(vents).where(or_(vents.c.asker == person, vents.c.listener == person)),
            ),
        )
    },
)

listeners: Table = Table(
    "listeners",
    metadata,
    person_column("person", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("listens", String(16), nullable=False, info=CODE),
    Column("most", Integer),
    Index("ix_listeners_workspace", "workspace", "listens", "person"),
    info={"retention": Retention(why="As long as the person uses Plecs; they set it.")},
)

vent_blocks: Table = Table(
    "vent_blocks",
    metadata,
    person_column("person", String(32), primary_key=True),
    person_column("blocked", String(32), primary_key=True, exported=False),
    Index("ix_vent_blocks_blocked", "blocked"),
    info={
        "retention": Retention(
            why="Until the person takes it back. The blocked never see it, not in their export.",
            erase=lambda person: (
                delete(vent_blocks).where(
                    or_(vent_blocks.c.person == person, vent_blocks.c.blocked == person)
                ),
            ),
        )
    },
)

vent_keys: Table = Table(
    "vent_keys",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("period", String(20), primary_key=True, info=CODE),
    Column("secret", Text, nullable=False, info=dict(SEALED)),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    info={
        "retention": Retention(
            why="Three days at most, or until the week is over: what was counted under it names "
            "nobody then. Sealed: the database alone can't tell.",
            ended=lambda now: vent_keys.c.ends_at <= now,
        )
    },
)

vent_tallies: Table = Table(
    "vent_tallies",
    metadata,
    Column("mark", String(64), primary_key=True, info=ID),
    Column("times", Integer, nullable=False),
    Column("last", Text, info=dict(SEALED)),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    # In the order of their hashes: the order in which things happened is nowhere.
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="As long as its key. Says how often, never who, nor when: that is a keyed hash, "
            "and the end of somebody's last listening is sealed.",
            ended=lambda now: vent_tallies.c.ends_at <= now,
        )
    },
)

vent_weeks: Table = Table(
    "vent_weeks",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("start", Instant, primary_key=True, info=STATED),
    Column("vents", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    info={
        "retention": Retention(
            why="13 months: how many vents a week had, and of how many people.",
            ended=lambda now: vent_weeks.c.start < now - timedelta(days=396),
        )
    },
)

_VENT = Record(
    Vent,
    vents,
    named={"when": "timing"},
    as_={"tried": LIST},
    besides=("words",),
    derived={"step_at": attrgetter("step_at")},
)
_LISTENER = Record(Listener, listeners, besides=("blocked",))
_WEEK = Record(Week, vent_weeks)

_OF_ASKER = select(vents).where(vents.c.asker == bindparam("person"))
_ADD = insert(vents)
_SAVE = update(vents).where(vents.c.id == bindparam("vent"))
_KEY_BYTES = 32
_NEAREST = (VentState.TALKING, VentState.AGREED, VentState.ASKING)


def who_talk(who: OfPeople) -> CompoundSelect[Any]:
    """Those of whom `who` holds who talk in a vent."""
    talks = vents.c.state == VentState.TALKING
    return union_all(
        select(vents.c.asker).where(talks, who(vents.c.asker)),
        select(vents.c.listener).where(talks, who(vents.c.listener)),
    )


_TALKING = who_talk(among_people)


# Said of both: PostgreSQL, which goes along both, begins at it in both.
_IDS = listeners.c.person, known_people.c.id
_WHO_LISTEN = {
    follow: select(listeners.c.person)
    .join(known_people, known_people.c.id == listeners.c.person)
    .where(
        listeners.c.workspace == bindparam("workspace"),
        listeners.c.listens == Listens.GLADLY,
        *((one > bindparam("after") if follow else one <= bindparam("after")) for one in _IDS),
        known_people.c.active,
    )
    .order_by(listeners.c.person)
    .limit(bindparam("limit"))
    for follow in (True, False)
}


class SqlVents:
    """`handlers.vents.model.Vents` over a connection."""

    def __init__(
        self, connection: Connection, effects: Effects, seal: Callable[[], Seal], *, writes: bool
    ) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal
        self._writes = writes

    def add(self, vent: Vent) -> None:
        self._connection.execute(_ADD, _VENT.row(vent) | self._words(vent))
        self._effects.step_at(vent.step_at)

    def get(self, vent: str) -> Vent | None:
        row = _VENT.load_row(self._connection, vent, hold=self._writes)
        return None if row is None else self._vent(row)

    def save(self, vent: Vent) -> None:
        changes = _VENT.changes(vent) | self._words(vent)
        self._connection.execute(_SAVE, {"vent": vent.id} | changes)
        self._effects.step_at(vent.step_at)

    def remove(self, vent: str) -> None:
        self._connection.execute(delete(vents).where(vents.c.id == vent))
        self._effects.forgot = True

    def of_asker(self, person: str) -> Vent | None:
        row = self._connection.execute(_OF_ASKER, {"person": person}).one_or_none()
        return None if row is None else self._vent(row)

    def of_listener(self, person: str) -> tuple[Vent, ...]:
        found = self._connection.execute(
            select(vents).where(
                vents.c.listener == person,
                or_(vents.c.awaits, vents.c.state.in_([VentState.AGREED, VentState.TALKING])),
            )
        ).all()
        return tuple(sorted(map(self._vent, found), key=lambda vent: _NEAREST.index(vent.state)))

    def due(self, now: datetime, limit: int) -> tuple[Vent, ...]:
        found = rows_due(self._connection, vents.c.step_at, now, limit)
        return tuple(map(self._vent, found))

    def talking(self, people: Sequence[str]) -> frozenset[str]:
        if not people:
            return frozenset()
        talking = self._connection.scalars(_TALKING, {"people": list(people)})
        return frozenset(people).intersection(talking)

    def taken(self, people: Sequence[str]) -> frozenset[str]:
        if not people:
            return frozenset()
        listening = self._connection.scalars(
            select(vents.c.listener).where(
                vents.c.listener.in_(people),
                or_(vents.c.awaits, vents.c.state.in_([VentState.AGREED, VentState.TALKING])),
            )
        ).all()
        return frozenset(listening) | self.talking(people)

    def listeners(self, people: Sequence[str]) -> Mapping[str, Listener]:
        if not people:
            return {}
        blocked: dict[str, list[str]] = {}
        for row in self._connection.execute(
            select(vent_blocks)
            .where(vent_blocks.c.person.in_(people))
            .order_by(vent_blocks.c.blocked)
        ):
            blocked.setdefault(row.person, []).append(row.blocked)
        return {
            row.person: _LISTENER.value(row, blocked=tuple(blocked.get(row.person, ())))
            for row in self._connection.execute(
                select(listeners).where(listeners.c.person.in_(people))
            )
        }

    def who_listen(self, workspace: str, after: str, limit: int) -> tuple[str, ...]:
        asked: dict[str, Any] = {"workspace": workspace, "after": after, "limit": limit}
        following = self._connection.scalars(_WHO_LISTEN[True], asked).all()
        asked["limit"] -= len(following)
        if not asked["limit"]:
            return tuple(following)
        return (*following, *self._connection.scalars(_WHO_LISTEN[False], asked))

    def save_listener(self, listener: Listener) -> None:
        put_all(self._connection, listeners, [_LISTENER.row(listener)])
        self._connection.execute(delete(vent_blocks).where(vent_blocks.c.person == listener.person))
        insert_new(
            self._connection,
            vent_blocks,
            [{"person": listener.person, "blocked": other} for other in listener.blocked],
        )

    def tallies(self, workspace: str, period: str, what: Sequence[str]) -> Mapping[str, Tally]:
        key = self._key(workspace, period)
        if key is None or not what:
            return {}
        marks = {_mark(key, one): one for one in what}
        return {
            marks[row.mark]: Tally(row.times, self._opened(row))
            for row in self._connection.execute(
                select(vent_tallies).where(vent_tallies.c.mark.in_(marks))
            )
        }

    def tally(
        self,
        workspace: str,
        period: str,
        what: str,
        *,
        until: datetime,
        more: int = 1,
        at: datetime | None = None,
    ) -> int:
        mark = _mark(self._key(workspace, period) or self._new_key(workspace, period, until), what)
        last = None if at is None else self._seal().seal(at.isoformat())
        insert_new(
            self._connection,
            vent_tallies,
            [{"mark": mark, "times": 0, "last": None, "ends_at": until}],
        )
        self._connection.execute(
            update(vent_tallies)
            .where(vent_tallies.c.mark == mark)
            .values(times=vent_tallies.c.times + more, last=last)
        )
        count: int = self._connection.execute(
            select(vent_tallies.c.times).where(vent_tallies.c.mark == mark)
        ).scalar_one()
        return count

    def count_week(self, workspace: str, start: datetime, *, new_person: bool) -> None:
        empty = {"workspace": workspace, "start": start, "vents": 0, "people": 0}
        insert_new(self._connection, vent_weeks, [empty])
        self._connection.execute(
            update(vent_weeks)
            .where(vent_weeks.c.workspace == workspace, vent_weeks.c.start == start)
            .values(vents=vent_weeks.c.vents + 1, people=vent_weeks.c.people + int(new_person))
        )

    def weeks(self, workspace: str, before: datetime, limit: int) -> tuple[Week, ...]:
        found = self._connection.execute(
            select(vent_weeks)
            .where(vent_weeks.c.workspace == workspace, vent_weeks.c.start < before)
            .order_by(vent_weeks.c.start.desc())
            .limit(limit)
        ).all()
        return tuple(map(_WEEK.value, found))

    def _key(self, workspace: str, period: str) -> bytes | None:
        secret = self._secret(workspace, period)
        if secret is None:
            return None
        if (opened := self._seal().open(secret, "vent_keys")) is None:
            beside = self._secret(workspace, self._beside(period))
            opened = beside and self._seal().open(beside, "vent_keys")
        return bytes.fromhex(opened) if opened else None

    def _secret(self, workspace: str, period: str) -> str | None:
        found: str | None = self._connection.scalar(
            select(vent_keys.c.secret).where(
                vent_keys.c.workspace == workspace, vent_keys.c.period == period
            )
        )
        return found

    def _new_key(self, workspace: str, period: str, until: datetime) -> bytes:
        row = {"workspace": workspace, "period": period, "ends_at": until}
        row["secret"] = self._seal().seal(secrets.token_hex(_KEY_BYTES))
        insert_new(self._connection, vent_keys, [row])
        if (key := self._key(workspace, period)) is None:
            # Another SECRET_KEY sealed the one that is there, and stays: it may be set again.
            insert_new(self._connection, vent_keys, [row | {"period": self._beside(period)}])
            key = self._key(workspace, period)
        assert key is not None, "written just now, by us or by another process"
        return key

    def _beside(self, period: str) -> str:
        """Where this SECRET_KEY's own key of a period is kept when another's has its place."""
        return f"{period}{self._seal().mark('vent_keys')[:5]}"

    def _opened(self, row: Row[Any]) -> datetime | None:
        last = row.last and self._seal().open(row.last, "vent_tallies")
        return datetime.fromisoformat(last) if last else None

    def _words(self, vent: Vent) -> dict[str, str]:
        # A deleted row stays in PostgreSQL's files for a while, and these are words.
        return {"words": self._seal().seal_words(vent.words)}

    def _vent(self, row: Row[Any]) -> Vent:
        return _VENT.value(row, words=self._seal().words(row.words, row.id))


@repository(Vents)
def vents_of(work: SqlWork) -> SqlVents:
    return SqlVents(work.connection, work.effects, lambda: work.seal, writes=work.writes)


def _mark(key: bytes, what: str) -> str:
    return hmac.digest(key, what.encode(), "sha256").hex()
