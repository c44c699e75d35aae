"""Hands and callers by topic, for the minutes in which they can tell of a known issue."""

from datetime import datetime

from sqlalchemy import Column, Index, String, Table, func, select, update

from handlers.known.model import ONCE_IN, Signs
from storage.schema import HAPPENED, ID, Instant, Retention, metadata, put_all
from storage.work import SqlWork, repository

known_signs: Table = Table(
    "known_signs",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("topic", String(80), nullable=False, info=ID),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("asked_at", Instant, info=HAPPENED),
    Index("ix_known_signs_topic", "workspace", "topic", "at"),
    info={
        "retention": Retention(
            why="An hour: that a hand or a caller was about a topic, and that supervisors were "
            "asked because of it. Nobody stands there.",
            ended=lambda now: known_signs.c.at < now - ONCE_IN,
        )
    },
)


class SqlSigns:
    """`handlers.known.model.Signs` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._connection = work.connection

    def put(self, sign: str, workspace: str, topic: str, at: datetime) -> None:
        row = {"id": sign, "workspace": workspace, "topic": topic, "at": at}
        put_all(self._connection, known_signs, [row])

    def many(self, workspace: str, topic: str, since: datetime) -> int:
        there = known_signs.c
        return self._connection.execute(
            select(func.count())
            .select_from(known_signs)
            .where(there.workspace == workspace, there.topic == topic, there.at >= since)
        ).scalar_one()

    def ask(self, sign: str, at: datetime) -> None:
        this = known_signs.c.id == sign
        self._connection.execute(update(known_signs).where(this).values(asked_at=at))

    def were_asked(self, workspace: str, topic: str, since: datetime) -> bool:
        there = known_signs.c
        # Whatever was asked because of a sign was asked after it, within the hour that it is kept.
        about_it = there.workspace == workspace, there.topic == topic, there.at >= since
        asked = select(known_signs.c.id).where(*about_it, there.asked_at > since).limit(1)
        return self._connection.scalar(asked) is not None


@repository(Signs)
def signs_of(work: SqlWork) -> SqlSigns:
    return SqlSigns(work)
