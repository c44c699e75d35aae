"""The audit log: rows that are added, and never written over."""

from datetime import timedelta

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, Text, select, update

from handlers.audit.model import AuditEntry, AuditLog
from storage.mapping import OBJECT, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    SETTING,
    Instant,
    Retention,
    insert_rows,
    metadata,
    person_column,
)
from storage.work import SqlWork, repository

audit_entries: Table = Table(
    "audit_entries",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("subject", String(80), nullable=False, info=CODE),
    person_column("by", String(32), index=True),
    Column("by_command", Boolean, nullable=False),
    person_column("person", String(32), index=True),
    Column("before", Text, nullable=False, info=SETTING),
    Column("after", Text, nullable=False, info=SETTING),
    Index("ix_audit_entries_workspace", "workspace", "at"),
    info={
        "retention": Retention(
            why="13 months: who changed which setting, role or boundary. Whoever is erased is no "
            "longer named in it.",
            ended=lambda now: audit_entries.c.at < now - timedelta(days=396),
            erase=lambda person: (
                update(audit_entries).where(audit_entries.c.by == person).values(by=None),
                update(audit_entries).where(audit_entries.c.person == person).values(person=None),
            ),
        )
    },
)

_ENTRY = Record(AuditEntry, audit_entries, as_={"before": OBJECT, "after": OBJECT})


class SqlAuditLog:
    """`handlers.audit.model.AuditLog` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: AuditEntry) -> None:
        insert_rows(self._connection, audit_entries, [_ENTRY.row(entry)])

    def of(self, workspace: str, skip: int, limit: int) -> tuple[AuditEntry, ...]:
        rows = self._connection.execute(
            select(audit_entries)
            .where(audit_entries.c.workspace == workspace)
            .order_by(audit_entries.c.at.desc(), audit_entries.c.id)
            .offset(skip)
            .limit(limit)
        )
        return tuple(map(_ENTRY.value, rows))


@repository(AuditLog)
def audit_log_of(work: SqlWork) -> SqlAuditLog:
    return SqlAuditLog(work.connection)
