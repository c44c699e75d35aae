"""What stands in the columns of the local workspace, so that a restart shows it again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Integer,
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

from storage.mapping import LIST, Record
from storage.schema import CODE, HAPPENED, ID, WORDS, Instant, Retention, metadata

messages: Table = Table(
    "local_messages",
    metadata,
    Column("id", String(120), primary_key=True, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("readers", Text, nullable=False, info=ID),
    Column("html", Text, nullable=False, info=WORDS),
    Column("summary", Text, nullable=False, info=WORDS),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("place", Integer, nullable=False),
    Column("version", Integer, nullable=False, unique=True),
    info={
        "retention": Retention(
            why="30 days; what several people see together a day, because of a vent it would say "
            "who talked with whom. The people of the local workspace are made up.",
            ended=lambda now: or_(
                messages.c.at < now - timedelta(days=30),
                messages.c.readers.contains(",") & (messages.c.at < now - timedelta(days=1)),
            ),
        )
    },
)


class MessageKind(StrEnum):
    """What a message is: a card that was sent, an answer to one person alone, or what a person
    typed."""

    SENT = "sent"
    PRIVATE = "private"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One message; `readers` are the users whose columns show it, `html` is ready to be shown.

    `place` orders a column and stays when the message is changed; `version` grows with each
    change of any message. Both are given by `put`.
    """

    id: str
    kind: MessageKind
    readers: tuple[str, ...]
    html: str
    summary: str
    at: datetime
    place: int = 0
    version: int = 0


_MESSAGE = Record(LocalMessage, messages, as_={"readers": LIST})


class SqlLocalMessages:
    """The messages, over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, message: LocalMessage) -> None:
        """Keeps the message. One with its id is changed in place; its time and place stay."""
        newest = self._connection.scalar(select(func.max(messages.c.version))) or 0
        row = _MESSAGE.row(replace(message, version=newest + 1, place=newest + 1))
        stays = {"id", "at", "place"}
        change = {name: value for name, value in row.items() if name not in stays}
        changed = self._connection.execute(
            update(messages).where(messages.c.id == message.id).values(change)
        )
        if not changed.rowcount:
            self._connection.execute(insert(messages).values(row))

    def clear(self) -> None:
        """Deletes every message."""
        self._connection.execute(delete(messages))

    def get(self, message: str) -> LocalMessage | None:
        return _MESSAGE.load(self._connection, message)

    def newer(self, version: int, limit: int) -> tuple[LocalMessage, ...]:
        """Those written or changed after the version, in that order."""
        found = self._connection.execute(
            select(messages)
            .where(messages.c.version > version)
            .order_by(messages.c.version)
            .limit(limit)
        )
        return tuple(map(_MESSAGE.value, found.all()))

    def newest(self, limit: int) -> tuple[LocalMessage, ...]:
        """Those changed last, in the order in which they were."""
        found = self._connection.execute(
            select(messages).order_by(messages.c.version.desc()).limit(limit)
        )
        return tuple(map(_MESSAGE.value, found.all()[::-1]))
