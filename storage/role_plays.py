"""Calls practised by two: what is under way, and what they wrote to each other afterwards."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    or_,
    select,
)

from handlers.practice.together.model import (
    WORDS_KEPT,
    RolePlay,
    RolePlays,
    Sentences,
    Stage,
)
from storage.mapping import WORDS, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

role_plays: Table = Table(
    "role_plays",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("asker", String(32), nullable=False, index=True, exported=False),
    person_column("partner", String(32), nullable=False, index=True, exported=False),
    Column("first", String(40), nullable=False, info=ID),
    Column("second", String(40), nullable=False, info=ID),
    Column("version", Integer, nullable=False),
    Column("indicators", Text, nullable=False, info=CODE),
    Column("stage", String(16), nullable=False, info=CODE),
    Column("ends_at", Instant, nullable=False, index=True, info=REMAINS),
    Column("open", Boolean, nullable=False),
    info={
        "retention": Retention(
            why="Until the two have practised, and a day for writing to each other; ten minutes if "
            "nothing comes of it. In no export: it would tell who said no.",
            ended=lambda now: role_plays.c.ends_at < now - timedelta(days=1),
            erase=lambda person: (
                delete(role_plays).where(
                    or_(role_plays.c.asker == person, role_plays.c.partner == person)
                ),
            ),
        )
    },
)

role_play_words: Table = Table(
    "role_play_words",
    metadata,
    Column("play", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("writer", String(32), primary_key=True),
    person_column("reader", String(32), nullable=False, index=True),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("written_at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="Thirty days, or until its reader deletes it; with whoever of the two is erased. "
            "What one wrote to the other after practising is sealed.",
            ended=lambda now: role_play_words.c.written_at < now - WORDS_KEPT,
        )
    },
)

_PLAYS = Record(RolePlay, role_plays, as_={"indicators": WORDS})
_SENTENCES = Record(Sentences, role_play_words, besides=("words",))


class SqlRolePlays:
    """`handlers.practice.together.model.RolePlays` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def get(self, play: str) -> RolePlay | None:
        return _PLAYS.load(self._connection, play)

    def of(self, person: str) -> Sequence[RolePlay]:
        two = or_(role_plays.c.asker == person, role_plays.c.partner == person)
        rows = self._connection.execute(select(role_plays).where(two)).all()
        found = map(_PLAYS.value, rows)
        return tuple(one for one in found if one.asker == person or one.stage is not Stage.ASKING)

    def save(self, play: RolePlay) -> None:
        put_all(self._connection, role_plays, [_PLAYS.row(play)])

    def delete(self, play: str) -> None:
        self._connection.execute(delete(role_plays).where(role_plays.c.id == play))

    def due(self, now: datetime, limit: int) -> Sequence[RolePlay]:
        rows = rows_due(self._connection, role_plays.c.ends_at, now, limit)
        return tuple(map(_PLAYS.value, rows))

    def tell(self, sentences: Sentences) -> bool:
        words = self._seal().seal(json.dumps(dict(sentences.words), ensure_ascii=False))
        row = _SENTENCES.row(sentences) | {"words": words}
        return insert_new(self._connection, role_play_words, [row]) == 1

    def told(self, play: str, reader: str) -> Sentences | None:
        theirs = role_play_words.c.play == play, role_play_words.c.reader == reader
        row = self._connection.execute(select(role_play_words).where(*theirs)).one_or_none()
        opened = None if row is None else self._seal().open(row.words, row.play)
        if row is None or opened is None:
            return None
        return _SENTENCES.value(row, words=json.loads(opened))

    def forget_told(self, play: str, reader: str) -> None:
        theirs = role_play_words.c.play == play, role_play_words.c.reader == reader
        self._connection.execute(delete(role_play_words).where(*theirs))


@repository(RolePlays)
def role_plays_of(work: SqlWork) -> SqlRolePlays:
    return SqlRolePlays(work.connection, lambda: work.seal)
