"""Hands and callers by topic, for the minutes in which they can tell of a known issue."""

from datetime import datetime

from sqlalchemy import Column, Index, String, Table, bindparam, func, select, update

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

_there = known_signs.c
_LATELY = (
    _there.workspace == bindparam("of"),
    _there.topic == bindparam("subject"),
    _there.at >= bindparam("since", type_=Instant),
)
_SOME = select(_there.id).where(*_LATELY).limit(bindparam("most")).subquery()
_MANY = select(func.count()).select_from(_SOME)
# Whatever was asked because of a sign was asked after it, within the hour that it is kept.
_ASKED = (
    select(_there.id).where(*_LATELY, _there.asked_at > bindparam("since", type_=Instant)).limit(1)
)


class SqlSigns:
    """`handlers.known.model.Signs` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._connection = work.connection

    def put(self, sign: str, workspace: str, topic: str, at: datetime) -> None:
        row = {"id": sign, "workspace": workspace, "topic": topic, "at": at}
        put_all(self._connection, known_signs, [row])

    def many(self, workspace: str, topic: str, since: datetime, most: int) -> int:
        asked = {"of": workspace, "subject": topic, "since": since, "most": most}
        return self._connection.execute(_MANY, asked).scalar_one()

    def ask(self, sign: str, at: datetime) -> None:
        this = known_signs.c.id == sign
        self._connection.execute(update(known_signs).where(this).values(asked_at=at))

    def were_asked(self, workspace: str, topic: str, since: datetime) -> bool:
        asked = {"of": workspace, "subject": topic, "since": since}
        return self._connection.scalar(_ASKED, asked) is not None


@repository(Signs)
def signs_of(work: SqlWork) -> SqlSigns:
    return SqlSigns(work)
