"""The notices, each a message that is changed in place, and how far each has come."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, Row, String, Table, Text, delete, text

from handlers.kit.notices import DIGEST, Notice, Priority
from storage.schema import Instant, Keeping, metadata

outbox: Table = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace", String(80), nullable=False),
    Column("key", String(400), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("about", String(80), nullable=False),
    Column("recipients", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", Instant),
    Column("first_due", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(32)),
    Column("lease_until", Instant),
    Column("ref", Text),
    Column("place", Text),
    Column("refused_by", Text),
    Column("looks", String(64)),
    Column("settled_at", Instant),
    Column("forgets", Boolean, nullable=False),
    Column("waits_for", String(32)),
    Index(
        "ix_outbox_due",
        "priority",
        "due",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index(
        "ix_outbox_settled_at",
        "settled_at",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
    Index("ix_outbox_about", "about", "kind"),
    Index(
        "ix_outbox_waits_for",
        "waits_for",
        sqlite_where=text("waits_for IS NOT NULL"),
        postgresql_where=text("waits_for IS NOT NULL"),
    ),
    info={
        "keeping": Keeping(
            why="Two days after it was settled: as long as the message may still change; what "
            "forgets, until it is settled. Holds ids, never text.",
            ended=lambda now: (
                (outbox.c.settled_at < now - timedelta(days=2))
                & outbox.c.due.is_(None)
                & (outbox.c.waits_for.is_(None) | (outbox.c.kind == DIGEST))
            ),
            among=("key", "recipients", "waits_for"),
            erase=lambda person: (delete(outbox).where(outbox.c.recipients.contains(person)),),
        )
    },
)


def notice_of(row: Row[Any]) -> Notice:
    """The notice that a row keeps."""
    return Notice(
        kind=row.kind,
        about=row.about,
        to=tuple(json.loads(row.recipients)),
        due=row.due,
        priority=Priority(row.priority),
        sent=row.ref is not None,
    )
