"""The notices, each a message that is changed in place, and how far each has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    or_,
)

from handlers.kit.notices import DIGEST, Notice
from storage.mapping import WORDS, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    LEASED,
    STATED,
    Instant,
    Retention,
    metadata,
    partial_index,
    people_column,
    remains_if,
)


def _counts_a_while(wrong: datetime) -> ColumnElement[bool]:
    """Urgent ones are due soon after what caused them; the others at times of day, and what was due
    then by the wrong clock is put off by a while."""
    return or_(outbox.c.priority == 0, outbox.c.first_due <= wrong)


outbox: Table = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace", String(80), nullable=False, info=ID),
    people_column("key", String(400), nullable=False, unique=True),
    Column("kind", String(40), nullable=False, info=CODE),
    people_column("about", String(80), nullable=False),
    people_column("recipients", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", Instant, info=remains_if(_counts_a_while)),
    Column("first_due", Instant, nullable=False, info=remains_if(_counts_a_while)),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(32), info=ID),
    Column("lease_until", Instant, info=LEASED),
    Column("ref", Text, info=ID),
    Column("place", Text, info=ID),
    Column("refused_by", Text, info=ID),
    Column("fingerprint", String(64), info=ID),
    Column("answers_left", Integer),
    Column("answers_until", Instant, info=STATED),
    Column("settled_at", Instant, info=HAPPENED),
    Column("over_at", Instant, info=HAPPENED),
    Column("forgets", Boolean, nullable=False),
    Column("removable", Boolean, nullable=False),
    people_column("waits_for", String(32)),
    partial_index(
        "ix_outbox_due",
        "priority",
        "due",
        where="due IS NOT NULL",
    ),
    partial_index(
        "ix_outbox_settled_at",
        "settled_at",
        where="settled_at IS NOT NULL",
    ),
    partial_index(
        "ix_outbox_over_at",
        "over_at",
        where="over_at IS NOT NULL",
    ),
    Index("ix_outbox_about", "about", "kind"),
    partial_index("ix_outbox_claimed", "lease_until", where="claimed_by IS NOT NULL"),
    partial_index(
        "ix_outbox_waits_for",
        "waits_for",
        where="waits_for IS NOT NULL",
    ),
    info={
        "retention": Retention(
            why="As long as the message may still change: two days after it was settled, an hour "
            "after what it is about is over; of a vent and a declined invitation, until it is "
            "settled. Holds ids, never text.",
            ended=lambda now: (
                or_(
                    outbox.c.settled_at < now - timedelta(days=2),
                    outbox.c.over_at < now - timedelta(hours=1),
                )
                & outbox.c.due.is_(None)
                & (outbox.c.waits_for.is_(None) | (outbox.c.kind == DIGEST))
            ),
            erase=lambda person: (
                delete(outbox).where(
                    or_(
                        outbox.c.recipients.contains(person),
                        outbox.c.about.contains(person),
                        outbox.c.waits_for == person,
                    )
                ),
            ),
        )
    },
)


_NOTICE = Record(
    Notice, outbox, named={"to": "recipients"}, as_={"to": WORDS}, besides=("due", "sent", "gone")
)


def recipients_of(people: Sequence[str]) -> str:
    """The people as the column keeps them."""
    recipients: str = WORDS.write(people)
    return recipients


def notice_of(row: Row[Any]) -> Notice:
    """The notice that a row keeps. What is due no more, or comes with others, was due first."""
    sent, is_over = row.ref is not None, row.due is None
    due = row.first_due if is_over else row.due
    return _NOTICE.value(row, due=due, sent=sent, gone=not sent and is_over)
