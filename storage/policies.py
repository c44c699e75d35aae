"""Boundaries in their versions, and receipts of endings."""

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    select,
    update,
)

from handlers.boundaries.model import (
    RECEIPT_KEPT,
    Author,
    Found,
    Policies,
    PolicySet,
    Receipt,
    Version,
    behaviour_to_plain,
    read_file,
    read_policies,
    to_plain,
)
from handlers.common.crisis import CrisisLines, CrisisNumbers
from storage.mapping import Record
from storage.people.tables import people
from storage.policies_yaml import shipped
from storage.policy_search import PolicyIndex
from storage.schema import (
    HAPPENED,
    ID,
    NAME,
    SETTING,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
)
from storage.words import WordForms
from storage.work import SqlWork, repository

policy_versions: Table = Table(
    "policy_versions",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", Instant, nullable=False, info=HAPPENED),
    person_column("saved_by", ForeignKey(people.c.id, ondelete="SET NULL"), index=True),
    Column("saved_by_name", Text, nullable=False, info=NAME),
    Column("digest", String(64), nullable=False, info=ID),
    Column("content", Text, nullable=False, info=SETTING),
    info={
        "retention": Retention(
            why="As long as the workspace uses Plecs: receipts stand on old versions. Who saved "
            "one is forgotten when they are erased.",
            erase=lambda person: (
                update(policy_versions)
                .where(policy_versions.c.saved_by == person)
                .values(saved_by=None, saved_by_name=""),
            ),
        )
    },
)

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

_HEADS = select(*(column for column in policy_versions.columns if column.name != "content")).where(
    policy_versions.c.workspace == bindparam("workspace")
)
"""Everything but the content, which most often is on the shelf already."""

_NEWEST = _HEADS.order_by(policy_versions.c.number.desc()).limit(bindparam("limit"))
_ONE = _HEADS.where(policy_versions.c.number == bindparam("number"))
_CONTENT = select(policy_versions.c.content).where(
    policy_versions.c.workspace == bindparam("workspace"),
    policy_versions.c.number == bindparam("number"),
)

_SHELF_SIZE = 64
"""Policy sets kept ready to be searched, about a megabyte each. Workspaces that use what ships
with Plecs share one."""


class SqlPolicies:
    """`handlers.boundaries.model.Policies` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def crisis(self, workspace: str, now: datetime) -> CrisisNumbers:
        return self.current(workspace, now).policies.crisis

    def current(self, workspace: str, now: datetime) -> Version:
        return next(iter(self.history(workspace, 1)), None) or _first(workspace, now)

    def version(self, workspace: str, number: int) -> Version | None:
        values = {"workspace": workspace, "number": number}
        row = self._connection.execute(_ONE, values).one_or_none()
        return None if row is None else self._version(workspace, row)

    def history(self, workspace: str, limit: int) -> tuple[Version, ...]:
        rows = self._connection.execute(_NEWEST, {"workspace": workspace, "limit": limit})
        return tuple(self._version(workspace, row) for row in rows.all())

    def settle(self, workspace: str, now: datetime) -> None:
        if self._connection.execute(_NEWEST, {"workspace": workspace, "limit": 1}).first() is None:
            self._insert(_first(workspace, now))

    def save(self, version: Version) -> bool:
        self.settle(version.workspace, version.saved_at)
        return self._insert(version)

    def search(self, workspace: str, text: str, now: datetime) -> tuple[Version, Found]:
        values = {"workspace": workspace, "limit": 1}
        row = self._connection.execute(_NEWEST, values).one_or_none()
        if row is None:
            return _first(workspace, now), _as_shipped(now.date()).index.find(text)
        ready = self._ready(workspace, row)
        return self._version(workspace, row), ready.index.find(text)

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

    def _version(self, workspace: str, row: Row[Any]) -> Version:
        return Version(
            workspace=workspace,
            number=row.number,
            saved_at=row.saved_at,
            by=Author(row.saved_by or "", row.saved_by_name),
            policies=self._ready(workspace, row).policies,
        )

    def _ready(self, workspace: str, row: Row[Any]) -> "_Ready":
        ready = _SHELF.get(row.digest)
        if ready is None:
            values = {"workspace": workspace, "number": row.number}
            ready = _SHELF.of(self._connection.execute(_CONTENT, values).scalar_one())
        return ready

    def _insert(self, version: Version) -> bool:
        content = _content(version.policies)
        row = {
            "workspace": version.workspace,
            "number": version.number,
            "saved_at": version.saved_at,
            "saved_by": version.by.person or None,
            "saved_by_name": version.by.name,
            "digest": _digest(content),
            "content": content,
        }
        return insert_new(self._connection, policy_versions, [row]) == 1


@repository(CrisisLines)
def crisis_lines_of(work: SqlWork) -> SqlPolicies:
    return SqlPolicies(work.connection)


@repository(Policies)
def policies_of(work: SqlWork) -> SqlPolicies:
    return SqlPolicies(work.connection)


def warm_up() -> None:
    """Reads the dictionaries and makes a first index, about half a second, so that the first
    question after a start is as quick as the next."""
    _as_shipped(date.min).index.find("kliedz")


class _Ready:
    """A policy set and the index over it, made when it is first searched."""

    def __init__(self, policies: PolicySet) -> None:
        self.policies = policies

    @cached_property
    def index(self) -> PolicyIndex:
        # Two threads may both make it: the second one's is as good, and nobody waits on a lock.
        return PolicyIndex(self.policies, _WORDS)


class _Shelf:
    """Sets by the digest of their content. What is here never changes, so that a transaction
    rolled back or another process can't make it wrong."""

    def __init__(self) -> None:
        self._sets: OrderedDict[str, _Ready] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> _Ready | None:
        with self._lock:
            if digest in self._sets:
                self._sets.move_to_end(digest)
            return self._sets.get(digest)

    def of(self, content: str) -> _Ready:
        digest = _digest(content)
        ready = self.get(digest) or _Ready(_policies(content))
        with self._lock:
            ready = self._sets.setdefault(digest, ready)
            while len(self._sets) > _SHELF_SIZE:
                self._sets.popitem(last=False)
        return ready


_SHELF = _Shelf()
_WORDS = WordForms()


@lru_cache(maxsize=4)
def _as_shipped(today: date) -> _Ready:
    return _SHELF.of(_content(shipped(today)))


def _first(workspace: str, now: datetime) -> Version:
    return Version(workspace, 1, now, Author(), shipped(now.date()))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _content(policies: PolicySet) -> str:
    versions = {behaviour.id: behaviour.version for behaviour in policies.behaviours}
    return json.dumps(to_plain(policies) | {"versions": versions}, ensure_ascii=False)


def _policies(content: str) -> PolicySet:
    plain = json.loads(content)
    versions = plain.pop("versions")
    # Every date in a kept set is written out: no day to count from is needed.
    read = read_policies(plain, date.min)
    return replace(
        read,
        behaviours=tuple(replace(each, version=versions[each.id]) for each in read.behaviours),
    )


def _receipt(row: Row[Any]) -> Receipt:
    plain = {"behaviours": {row.behaviour: json.loads(row.boundary)}}
    (boundary,) = read_file(plain, date.min).behaviours
    return _RECEIPT.value(row, boundary=replace(boundary, version=row.version))
