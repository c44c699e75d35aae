"""What was said without a name, so that nothing in the database leads to who it was.

No column holds a person who wrote. What waits is one sealed text of always the same length, hash of
the code and all; what is out was sealed anew, under another id, and put there in an order of
chance. Tables without row numbers are kept in the order of their keys, which are of chance, too.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    or_,
    select,
    update,
)

from handlers.kit.unread import see_read
from handlers.voice.model import VoiceKind
from handlers.voice.unlinked.model import (
    MOST_WAITING,
    NoteLine,
    Unlinked,
    UnlinkedNote,
    Waiting,
    Written,
)
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    DUE,
    HAPPENED,
    ID,
    STATED,
    Instant,
    Retention,
    insert_new,
    insert_rows,
    metadata,
    partial_index,
    person_column,
    rows_due,
)
from storage.sealed import SEALED, SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_LENGTH = 3072
"""Bytes of everything that is sealed here: more than the longest message takes, so that none is
known by its length."""

_KEPT = timedelta(days=396)

_UNREAD_KEPT = timedelta(days=7)
"""How long what waits and can't go out is kept."""

voice_waiting: Table = Table(
    "voice_waiting",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("out_at", Instant, nullable=False, index=True, info=DUE),
    Column("unread_at", Instant, info=HAPPENED),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Index("ix_voice_waiting_workspace", "workspace"),
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="Until it goes out with others, the next morning at the latest: what somebody "
            "wrote without their name. Sealed, all of one length; nobody stands there. What "
            "another SECRET_KEY sealed waits for that key, seven days at most.",
            ended=lambda now: or_(
                voice_waiting.c.out_at < now - _UNREAD_KEPT,
                voice_waiting.c.unread_at < now - _UNREAD_KEPT,
            ),
        )
    },
)

voice_sent: Table = Table(
    "voice_sent",
    metadata,
    Column("mark", String(64), primary_key=True, info=ID),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="Three days: that a form was sent, so that it has no effect twice. The hash of a "
            "number of chance that is kept nowhere, and has nothing in common with what was sent.",
            ended=lambda now: voice_sent.c.ends_at <= now,
        )
    },
)

voice_notes: Table = Table(
    "voice_notes",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("receipt", String(64), nullable=False, unique=True, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("day", Instant, nullable=False, index=True, info=STATED),
    Column("waits", Boolean, nullable=False),
    partial_index(
        "ix_voice_notes_waits",
        "workspace",
        "day",
        "id",
        where="waits = 1",
        on_postgresql="waits",
    ),
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="13 months, or until its author deletes it by their code, of which a hash is kept: "
            "what was said without a name, and the day on which it went out. Nobody stands there.",
            ended=lambda now: voice_notes.c.day < now - _KEPT,
        )
    },
)

voice_lines: Table = Table(
    "voice_lines",
    metadata,
    Column("note", ForeignKey(voice_notes.c.id, ondelete="CASCADE"), primary_key=True, info=ID),
    Column("place", Integer, primary_key=True),
    Column("day", Instant, nullable=False, info=STATED),
    Column("is_answer", Boolean, nullable=False),
    person_column("by", String(32), index=True),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="As long as its note: the messages and the answers, sealed. Who answered is "
            "forgotten when they are erased; who wrote never stands there.",
            erase=lambda person: (
                update(voice_lines).where(voice_lines.c.by == person).values(by=None),
            ),
        )
    },
)

_NOTE = Record(UnlinkedNote, voice_notes)


class SqlUnlinked:
    """`handlers.voice.unlinked.model.Unlinked` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def could_be(self, workspace: str, most: int) -> int:
        here = people.c.workspace == workspace, people.c.active
        others = ~people.c.coordinator, ~people.c.admin
        some = select(people.c.id).where(*here, *others).order_by(people.c.sort_key).limit(most)
        return self._connection.scalar(select(func.count()).select_from(some.subquery())) or 0

    def wait(
        self, workspace: str, once: str, written: Written, out_at: datetime, until: datetime
    ) -> bool:
        mark = sha256(f"sent {once}".encode()).hexdigest()
        sent = {"mark": mark, "ends_at": until}
        if not insert_new(self._connection, voice_sent, [sent]):
            return True
        here = voice_waiting.c.workspace == workspace
        if (self._connection.scalar(select(func.count()).where(here)) or 0) >= MOST_WAITING:
            return False
        parts = [written.receipt, written.kind.value, written.words]
        row = {
            "id": secrets.token_hex(16),
            "workspace": workspace,
            "out_at": out_at,
            "sealed": self._sealed(json.dumps(parts, ensure_ascii=False)),
        }
        insert_rows(self._connection, voice_waiting, [row])
        # In the log of SQLite things stand in the order in which they happened.
        self._effects.forgot = True
        self._effects.step_at(out_at)
        return True

    def waiting(self, workspace: str, receipt: str) -> Written | None:
        return next((one.written for one in self._those_of(workspace, receipt)), None)

    def withdraw(self, workspace: str, receipt: str) -> None:
        theirs = self._those_of(workspace, receipt)
        for one in theirs:
            self._connection.execute(delete(voice_waiting).where(voice_waiting.c.id == one.id))
        this = voice_notes.c.receipt == receipt, voice_notes.c.workspace == workspace
        is_out = self._connection.execute(delete(voice_notes).where(*this)).rowcount
        if not theirs and not is_out:
            self._see_all_that_waits(workspace)
        self._effects.forgot = True

    def due(self, now: datetime, limit: int) -> Sequence[Waiting]:
        found = rows_due(self._connection, voice_waiting.c.out_at, now, limit)
        read = [self._waiting(row) for row in found]
        self._wait_for_their_key(
            [row for row, one in zip(found, read, strict=True) if one is None], now
        )
        return tuple(one for one in read if one is not None)

    def let_out(self, waiting: Sequence[Waiting], day: datetime) -> None:
        for one in sorted(waiting, key=lambda _: secrets.token_bytes(16)):
            self._connection.execute(delete(voice_waiting).where(voice_waiting.c.id == one.id))
            note = self.of_receipt(one.workspace, one.written.receipt)
            if note is None:
                note = UnlinkedNote(
                    secrets.token_hex(16), one.workspace, one.written.kind, day, waits=True
                )
                row = _NOTE.row(note) | {"receipt": one.written.receipt}
                insert_rows(self._connection, voice_notes, [row])
            self._add(note.id, one.written.words, day, is_answer=False)
        self._effects.forgot = True

    def put_off(self, waiting: Sequence[Waiting], out_at: datetime) -> None:
        ids = [one.id for one in waiting]
        self._connection.execute(
            update(voice_waiting)
            .where(voice_waiting.c.id.in_(ids))
            .values(out_at=out_at, unread_at=None)
        )
        self._effects.step_at(out_at)

    def of_receipt(self, workspace: str, receipt: str) -> UnlinkedNote | None:
        this = voice_notes.c.receipt == receipt, voice_notes.c.workspace == workspace
        row = self._connection.execute(select(voice_notes).where(*this)).one_or_none()
        return None if row is None else _NOTE.value(row)

    def get(self, note: str) -> UnlinkedNote | None:
        return _NOTE.load(self._connection, note)

    def lines(self, note: str, limit: int) -> Sequence[NoteLine]:
        newest = (
            select(voice_lines)
            .where(voice_lines.c.note == note)
            .order_by(voice_lines.c.place.desc())
            .limit(limit)
        )
        found = self._connection.execute(newest).all()
        return tuple(
            NoteLine(self._opened(row.words, note), row.day, row.is_answer, row.by)
            for row in reversed(found)
        )

    def that_wait(self, workspace: str, limit: int) -> tuple[Sequence[UnlinkedNote], int]:
        wait = voice_notes.c.workspace == workspace, voice_notes.c.waits
        first = select(voice_notes).where(*wait).order_by(voice_notes.c.day, voice_notes.c.id)
        found = self._connection.execute(first.limit(limit))
        count = self._connection.scalar(select(func.count()).select_from(voice_notes).where(*wait))
        return tuple(map(_NOTE.value, found)), count or 0

    def beginnings(self, notes: Sequence[str]) -> dict[str, str]:
        first = voice_lines.c.note.in_(notes), voice_lines.c.place == 0
        found = self._connection.execute(select(voice_lines).where(*first))
        return {row.note: self._opened(row.words, row.note) for row in found}

    def answer(self, note: str, words: str, by: str, day: datetime) -> None:
        self._add(note, words, day, is_answer=True, by=by)

    def _add(
        self, note: str, words: str, day: datetime, *, is_answer: bool, by: str | None = None
    ) -> None:
        last = select(func.max(voice_lines.c.place)).where(voice_lines.c.note == note)
        place = self._connection.scalar(last)
        row = {
            "note": note,
            "place": 0 if place is None else place + 1,
            "day": day,
            "is_answer": is_answer,
            "by": by,
            "words": self._sealed(words),
        }
        insert_rows(self._connection, voice_lines, [row])
        self._connection.execute(
            update(voice_notes).where(voice_notes.c.id == note).values(waits=not is_answer)
        )

    def _wait_for_their_key(self, rows: Sequence[Row[Any]], now: datetime) -> None:
        """What another SECRET_KEY sealed is looked at again a day later, at the same hour: that key
        may be set again."""
        for row in rows:
            out_at = row.out_at + timedelta(days=(now - row.out_at).days + 1)
            self._connection.execute(
                update(voice_waiting)
                .where(voice_waiting.c.id == row.id)
                .values(out_at=out_at, unread_at=row.unread_at or now)
            )

    def _those_of(self, workspace: str, receipt: str) -> list[Waiting]:
        here = select(voice_waiting).where(voice_waiting.c.workspace == workspace)
        found = map(self._waiting, self._connection.execute(here))
        return [one for one in found if one is not None and one.written.receipt == receipt]

    def _see_all_that_waits(self, workspace: str) -> None:
        """Raises UnreadError where another SECRET_KEY sealed some: it may be among them."""
        here = select(voice_waiting.c.sealed).where(voice_waiting.c.workspace == workspace)
        for sealed in self._connection.scalars(here):
            see_read(self._seal().words(sealed, "voice_waiting"))

    def _waiting(self, row: Row[Any]) -> Waiting | None:
        """None for what another SECRET_KEY sealed: it is as if it were not there."""
        opened = self._seal().open(row.sealed, "voice_waiting")
        if opened is None:
            return None
        receipt, kind, words = json.loads(opened)
        return Waiting(row.id, row.workspace, row.out_at, Written(receipt, VoiceKind(kind), words))

    def _sealed(self, text: str) -> str:
        return self._seal().seal(text + " " * (_LENGTH - len(text.encode())))

    def _opened(self, sealed: str, about: str) -> str:
        return self._seal().words(sealed, about).rstrip()


@repository(Unlinked)
def unlinked_of(work: SqlWork) -> SqlUnlinked:
    return SqlUnlinked(work.connection, work.effects, lambda: work.seal)
