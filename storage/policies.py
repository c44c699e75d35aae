"""Boundaries as a library, and the receipts of endings that stand on them."""

import json
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    select,
    update,
)

from handlers.boundaries.model import RECEIPT_KEPT, Policies, PolicySet, Receipt
from handlers.boundaries.plain import POLICIES, behaviour_to_plain, read_file
from handlers.common.crisis import CrisisLines, CrisisNumbers
from storage.library import Shelved, SqlLibrary
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    HAPPENED,
    ID,
    SETTING,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
)
from storage.words import WordForms
from storage.work import SqlWork, repository

if TYPE_CHECKING:
    from storage.policy_search import PolicyIndex

policy_receipts: Table = Table(
    "policy_receipts",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("agent", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("card", String(64), nullable=False, info=ID),
    Column("ended_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("warned", Integer, nullable=False),
    Column("behaviour", String(40), nullable=False, info=ID),
    Column("version", Integer, nullable=False),
    Column("boundary", Text, nullable=False, info=SETTING),
    Column("adopted", Boolean, nullable=False),
    Column("void_at", Instant, info=HAPPENED),
    UniqueConstraint("agent", "card"),
    Index("ix_policy_receipts_own", "agent", "ended_at"),
    info={
        "retention": Retention(
            why="Two years, within which complaints come. Nothing about the customer.",
            ended=lambda now: policy_receipts.c.ended_at < now - RECEIPT_KEPT,
        )
    },
)

_RECEIPT = Record(
    Receipt,
    policy_receipts,
    besides=("boundary",),
    derived={
        "behaviour": attrgetter("boundary.id"),
        "version": attrgetter("boundary.version"),
        "boundary": lambda one: json.dumps(behaviour_to_plain(one.boundary), ensure_ascii=False),
    },
)


def _index(policies: PolicySet) -> "PolicyIndex":
    from storage.policy_search import PolicyIndex  # noqa: PLC0415 - who starts waits for no search

    return PolicyIndex(policies, WordForms())


_SHELF = Shelved(POLICIES, _index)


class SqlPolicies(SqlLibrary[PolicySet]):
    """`handlers.boundaries.model.Policies` over a connection."""

    def crisis(self, workspace: str, now: datetime) -> CrisisNumbers:
        return self.current(workspace, now).content.crisis

    def void(self, receipt: str, at: datetime) -> None:
        self._connection.execute(
            update(policy_receipts).where(policy_receipts.c.id == receipt).values(void_at=at)
        )

    def keep(self, receipt: Receipt) -> bool:
        row = _RECEIPT.row(receipt)
        return insert_new(self._connection, policy_receipts, [row]) == 1

    def receipt(self, receipt: str) -> Receipt | None:
        return next(iter(self._receipts(policy_receipts.c.id == receipt, 1)), None)

    def receipt_of(self, agent: str, card: str) -> Receipt | None:
        same = and_(policy_receipts.c.agent == agent, policy_receipts.c.card == card)
        return next(iter(self._receipts(same, 1)), None)

    def receipts(self, agent: str, limit: int) -> tuple[Receipt, ...]:
        return self._receipts(policy_receipts.c.agent == agent, limit)

    def _receipts(self, where: ColumnElement[bool], limit: int) -> tuple[Receipt, ...]:
        newest = policy_receipts.c.ended_at.desc(), policy_receipts.c.id
        rows = self._connection.execute(
            select(policy_receipts).where(where).order_by(*newest).limit(limit)
        )
        return tuple(_receipt(row) for row in rows.all())


@repository(CrisisLines)
def crisis_lines_of(work: SqlWork) -> SqlPolicies:
    return SqlPolicies(work.connection, _SHELF)


@repository(Policies)
def policies_of(work: SqlWork) -> SqlPolicies:
    return SqlPolicies(work.connection, _SHELF)


def warm_up() -> None:
    """Reads the dictionaries and makes a first index."""
    _SHELF.as_shipped(date.min).index.find("kliedz")


def _receipt(row: Row[Any]) -> Receipt:
    plain = {"behaviours": {row.behaviour: json.loads(row.boundary)}}
    (boundary,) = read_file(plain, date.min).behaviours
    return _RECEIPT.value(row, boundary=replace(boundary, version=row.version))
