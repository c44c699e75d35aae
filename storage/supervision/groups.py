"""Supervision groups, and who is in them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from handlers.kit.text import fold, sort_key
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    NAME,
    SORT_KEY,
    STATED,
    WORDS,
    Instant,
    Retention,
    metadata,
    partial_index,
    person_column,
    put_all,
)
from storage.work import SqlWork, repository

_A_YEAR = timedelta(days=366)

groups: Table = Table(
    "supervision_groups",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("name", Text, nullable=False, info=NAME),
    Column("folded_name", Text, nullable=False, info=NAME),
    Column("sort_key", SORT_KEY, nullable=False, info=NAME),
    Column("position", Text, nullable=False, info=NAME),
    Column("seats", Integer, nullable=False),
    Column("locale", String(8), nullable=False, info=CODE),
    Column("place", Text, nullable=False, info=NAME),
    person_column("facilitator", String(32), nullable=False, index=True),
    person_column("owner", String(32), nullable=False, index=True),
    Column("created_at", Instant, nullable=False, info=HAPPENED),
    Column("open_for_asking", Boolean, nullable=False),
    Column("agreement", Text, nullable=False, info=WORDS),
    Column("agreement_version", Integer, nullable=False),
    Column("closed_at", Instant, info=HAPPENED),
    partial_index(
        "uq_supervision_groups_open_name",
        "workspace",
        "folded_name",
        where="closed_at IS NULL",
        unique=True,
    ),
    info={
        "retention": Retention(
            why="A year after it was closed.",
            ended=lambda now: groups.c.closed_at < now - _A_YEAR,
            erase=lambda person: (
                update(groups).where(groups.c.owner == person).values(owner=""),
                update(groups).where(groups.c.facilitator == person).values(facilitator=""),
            ),
        )
    },
)


members: Table = Table(
    "supervision_members",
    metadata,
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), primary_key=True),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False, info=CODE),
    Column("since", Instant, nullable=False, info=HAPPENED),
    Column("until", Instant, info=STATED),
    Index("ix_supervision_members_person", "person"),
    partial_index("ix_supervision_members_until", "until", where="until IS NOT NULL"),
    info={
        "retention": Retention(
            why="As long as the group; who left, a year. Who declined is not kept.",
            ended=lambda now: and_(
                members.c.state == Standing.LEFT, members.c.since < now - _A_YEAR
            ),
        )
    },
)


is_open = groups.c.closed_at.is_(None)


_BY_NAME = groups.c.sort_key, groups.c.id


_GROUP = Record(
    Group,
    groups,
    derived={
        "folded_name": lambda group: fold(group.name),
        "sort_key": lambda group: sort_key(group.name),
    },
)
_MEMBER = Record(GroupMember, members)


class SqlGroups:
    """`handlers.supervision.groups.model.Groups` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, group: str) -> Group | None:
        return _GROUP.load(self._connection, group)

    def hold(self, group: str) -> Group | None:
        return _GROUP.load(self._connection, group, hold=True)

    def put(self, group: Group) -> None:
        put_all(self._connection, groups, [_GROUP.row(group)])

    def page(
        self, workspace: str, skip: int, limit: int, text: str = ""
    ) -> tuple[tuple[Group, ...], int]:
        found = and_(
            groups.c.workspace == workspace,
            is_open,
            *(groups.c.folded_name.contains(word, autoescape=True) for word in fold(text).split()),
        )
        total = self._connection.execute(
            select(func.count()).select_from(groups).where(found)
        ).scalar_one()
        rows = self._connection.execute(
            select(groups).where(found).order_by(*_BY_NAME).offset(skip).limit(limit)
        ).all()
        return tuple(_GROUP.value(row) for row in rows), total

    def named(self, workspace: str, name: str) -> Group | None:
        row = self._connection.execute(
            select(groups).where(
                groups.c.workspace == workspace, groups.c.folded_name == fold(name), is_open
            )
        ).one_or_none()
        return _GROUP.value(row) if row else None

    def joined_by(self, person: str) -> tuple[Group, ...]:
        return self._open(
            select(groups)
            .join(members, members.c.group == groups.c.id)
            .where(members.c.person == person, members.c.state == Standing.JOINED)
        )

    def kept_by(self, person: str) -> tuple[Group, ...]:
        return self._open(
            select(groups).where(or_(groups.c.owner == person, groups.c.facilitator == person))
        )

    def open_for_asking(self, workspace: str, limit: int) -> tuple[Group, ...]:
        return self._open(
            select(groups)
            .where(groups.c.workspace == workspace, groups.c.open_for_asking)
            .limit(limit)
        )

    def _open(self, statement: Any) -> tuple[Group, ...]:
        rows = self._connection.execute(statement.where(is_open).order_by(*_BY_NAME))
        return tuple(_GROUP.value(row) for row in rows)


@repository(Groups)
def groups_of(work: SqlWork) -> SqlGroups:
    return SqlGroups(work.connection)


class SqlMembers:
    """`handlers.supervision.members.model.Members` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def of(self, group: str) -> tuple[GroupMember, ...]:
        rows = self._connection.execute(
            select(members)
            .where(members.c.group == group, members.c.state != Standing.LEFT)
            .order_by(members.c.since, members.c.person)
        )
        return tuple(_MEMBER.value(row) for row in rows)

    def places_of(self, person: str) -> tuple[GroupMember, ...]:
        rows = self._connection.execute(
            select(members)
            .join(groups, groups.c.id == members.c.group)
            .where(members.c.person == person, members.c.state != Standing.LEFT, is_open)
            .order_by(members.c.since, members.c.group)
        )
        return tuple(_MEMBER.value(row) for row in rows)

    def get(self, group: str, person: str) -> GroupMember | None:
        return _MEMBER.load(self._connection, group, person)

    def put(self, member: GroupMember) -> None:
        put_all(self._connection, members, [_MEMBER.row(member)])
        self._effects.step_at(member.until)

    def remove(self, group: str, person: str) -> None:
        self._connection.execute(
            delete(members).where(members.c.group == group, members.c.person == person)
        )

    def lapsed(self, now: datetime, limit: int) -> tuple[GroupMember, ...]:
        rows = self._connection.execute(
            select(members).where(members.c.until <= now).order_by(members.c.until).limit(limit)
        )
        return tuple(_MEMBER.value(row) for row in rows)


@repository(Members)
def members_of(work: SqlWork) -> SqlMembers:
    return SqlMembers(work.connection, work.effects)
