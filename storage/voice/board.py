"""The board's posts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, Row, String, Table, Text, delete, func, select

from handlers.voice.board.model import Board, Post
from storage.mapping import Record
from storage.schema import (
    CODE,
    ID,
    STATED,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_KEPT = timedelta(days=396)

voice_posts: Table = Table(
    "voice_posts",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    person_column("author", String(32)),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("outcome", String(16), nullable=False, info=CODE),
    Column("because", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("day", Instant, nullable=False, index=True, info=STATED),
    Index("ix_voice_posts_workspace", "workspace", "day", "id"),
    Index("ix_voice_posts_author", "author", "day"),
    # Of a day they stand in an order of chance.
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="13 months, or until it is taken down; with its author, where it has one: what "
            "stands on the board, with the day. What was said without a name stands there in "
            "a coordinator’s words, and nobody’s name with it. The words are sealed.",
            ended=lambda now: voice_posts.c.day < now - _KEPT,
        )
    },
)

_POST = Record(Post, voice_posts, besides=("words", "because"))


class SqlBoard:
    """`handlers.voice.board.model.Board` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def get(self, post: str) -> Post | None:
        row = _POST.load_row(self._connection, post)
        return None if row is None else self._post(row)

    def put(self, post: Post) -> None:
        seal = self._seal()
        words = {
            "words": seal.seal_words(post.words),
            "because": seal.seal_words(post.because),
        }
        put_all(self._connection, voice_posts, [_POST.row(post) | words])

    def latest(self, workspace: str, skip: int, limit: int) -> Sequence[Post]:
        here = select(voice_posts).where(voice_posts.c.workspace == workspace)
        newest = here.order_by(voice_posts.c.day.desc(), voice_posts.c.id.desc())
        found = self._connection.execute(newest.offset(skip).limit(limit))
        return tuple(map(self._post, found))

    def of_day(self, author: str, day: datetime) -> int:
        theirs = voice_posts.c.author == author, voice_posts.c.day == day
        return self._connection.scalar(select(func.count()).where(*theirs)) or 0

    def delete(self, post: str) -> None:
        self._connection.execute(delete(voice_posts).where(voice_posts.c.id == post))

    def _post(self, row: Row[Any]) -> Post:
        seal = self._seal()
        because = seal.words(row.because, row.id)
        return _POST.value(row, words=seal.words(row.words, row.id), because=because)


@repository(Board)
def board_of(work: SqlWork) -> SqlBoard:
    return SqlBoard(work.connection, lambda: work.seal)
