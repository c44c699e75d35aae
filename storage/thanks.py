"""Thank-yous, and whom their receivers show them to."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from handlers.thanks.model import Thanks, ThankYou
from storage.mapping import Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_KEPT = timedelta(days=365)

thanks: Table = Table(
    "thanks",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("giver", String(32), nullable=False),
    person_column("receiver", String(32), nullable=False),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("indicator", String(40), info=CODE),
    Column("given_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("delivered_at", Instant, info=HAPPENED),
    Index("ix_thanks_giver", "giver", "given_at"),
    Index("ix_thanks_receiver", "receiver", "given_at"),
    info={
        "retention": Retention(
            why="A year, or until its receiver deletes it; with whoever of the two is erased. The "
            "words are sealed.",
            ended=lambda now: thanks.c.given_at < now - _KEPT,
            erase=lambda person: (
                delete(thanks).where(or_(thanks.c.giver == person, thanks.c.receiver == person)),
            ),
        )
    },
)

thanks_shown: Table = Table(
    "thanks_shown",
    metadata,
    Column("thanks", ForeignKey(thanks.c.id, ondelete="CASCADE"), primary_key=True, info=ID),
    person_column("reader", String(32), primary_key=True),
    Column("shown_at", Instant, nullable=False, info=HAPPENED),
    Index("ix_thanks_shown_reader", "reader", "shown_at"),
    info={
        "retention": Retention(why="As long as the thank-you: its receiver showed it to somebody.")
    },
)

_THANKS = Record(ThankYou, thanks, besides=("words",))


class SqlThanks:
    """`handlers.thanks.model.Thanks` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def add(self, one: ThankYou) -> None:
        row = _THANKS.row(one) | {"words": self._seal().seal_words(one.words)}
        self._connection.execute(insert(thanks), row)

    def get(self, thanks_id: str) -> ThankYou | None:
        row = _THANKS.load_row(self._connection, thanks_id)
        return None if row is None else self._value(row)

    def given_since(self, person: str, at: datetime) -> int:
        given = thanks.c.giver == person, thanks.c.given_at >= at
        return self._connection.scalar(select(func.count()).where(*given)) or 0

    def received(self, person: str, limit: int) -> Sequence[ThankYou]:
        mine = select(thanks).where(thanks.c.receiver == person, thanks.c.delivered_at.is_not(None))
        return self._values(mine.order_by(thanks.c.given_at.desc()).limit(limit))

    def delivered(self, thanks_id: str, at: datetime) -> None:
        first = thanks.c.id == thanks_id, thanks.c.delivered_at.is_(None)
        self._connection.execute(update(thanks).where(*first).values(delivered_at=at))

    def show(self, thanks_id: str, reader: str, at: datetime) -> None:
        row = {"thanks": thanks_id, "reader": reader, "shown_at": at}
        insert_new(self._connection, thanks_shown, [row])

    def shown(self, thanks_id: str, reader: str) -> ThankYou | None:
        there = thanks.c.id == thanks_id, thanks_shown.c.reader == reader
        row = self._connection.execute(
            select(thanks).join(thanks_shown).where(*there)
        ).one_or_none()
        return None if row is None else self._value(row)

    def shown_to(self, reader: str, since: datetime) -> Sequence[ThankYou]:
        to_them = thanks_shown.c.reader == reader, thanks_shown.c.shown_at >= since
        return self._values(
            select(thanks).join(thanks_shown).where(*to_them).order_by(thanks_shown.c.shown_at)
        )

    def delete(self, thanks_id: str) -> None:
        self._connection.execute(delete(thanks).where(thanks.c.id == thanks_id))

    def _values(self, asked: Any) -> tuple[ThankYou, ...]:
        return tuple(map(self._value, self._connection.execute(asked)))

    def _value(self, row: Row[Any]) -> ThankYou:
        return _THANKS.value(row, words=self._seal().words(row.words, row.id))


@repository(Thanks)
def thanks_of(work: SqlWork) -> SqlThanks:
    return SqlThanks(work.connection, lambda: work.seal)
