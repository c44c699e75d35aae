"""Everybody known, and where each can be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    ForeignKey,
    FromClause,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    type_coerce,
    union_all,
    update,
)

from handlers.kit.hours import ALWAYS, parse_hours
from handlers.kit.people import Address, Duty, Kind, Person, Profile, Role
from handlers.kit.text import fold
from handlers.people.model import MOST_TOPICS, MOST_TRUSTED
from storage.cleaning import hand_over
from storage.schema import Instant, Keeping, insert_rows, metadata, put_all

people: Table = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    Column("supervisor", Boolean, nullable=False),
    Column("coordinator", Boolean, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("topic_1", String(80)),
    Column("topic_2", String(80)),
    Column("trusted", Text, nullable=False),
    Column("helps", Boolean, nullable=False),
    Column("position", Text, nullable=False),
    Column("manager", Text, nullable=False),
    Column("platform_locale", String(8), nullable=False),
    Column("chosen_locale", String(8)),
    Column("zone", String(64), nullable=False),
    Column("hours", Text, nullable=False),
    Column("away_until", Instant),
    Column("quiet_from", Instant),
    Column("quiet_until", Instant),
    Column("active", Boolean, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("asked_at", Instant),
    Index("ix_people_helpers", "workspace", "active", "helps", "asked_at", "id"),
    *(
        Index(
            f"ix_people_{name}",
            "workspace",
            *of_whom,
            "active",
            "helps",
            "asked_at",
            "id",
            sqlite_where=text(where_sqlite),
            postgresql_where=text(where_postgresql),
        )
        for name, of_whom, where_sqlite, where_postgresql in (
            ("topic_1", ("topic_1",), "topic_1 IS NOT NULL", "topic_1 IS NOT NULL"),
            ("topic_2", ("topic_2",), "topic_2 IS NOT NULL", "topic_2 IS NOT NULL"),
            ("supervisors", (), "supervisor = 1", "supervisor"),
        )
    ),
    Index("ix_people_quiet_until", "quiet_until"),
    Index("ix_people_name", "workspace", "folded_name"),
    info={
        "keeping": Keeping(
            why="As long as the person uses Plecs; erased on request.",
            person=("id",),
            erase=lambda person: (
                delete(people).where(people.c.id == person),
                update(people)
                .where(people.c.trusted.contains(person))
                .values(trusted=func.replace(people.c.trusted, person, "")),
            ),
        )
    },
)

addresses = Table(
    "addresses",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(80), primary_key=True),
    Column("user", String(120), primary_key=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("used_at", Instant),
    Column("refused_at", Instant),
    Index(
        "ix_addresses_refused_at",
        "refused_at",
        sqlite_where=text("refused_at IS NOT NULL"),
        postgresql_where=text("refused_at IS NOT NULL"),
    ),
    info={"keeping": Keeping(why="As long as the person's row.", person=("person",))},
)


def used_first(them: FromClause) -> tuple[ColumnElement[Any], ...]:
    """The order of addresses: the one used last first, and those never used in a stable order."""
    c = them.c
    return c.used_at.desc().nulls_last(), c.platform, c.workspace, c.user


doors = Table(
    "doors",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("external", String(80), primary_key=True),
    Column("workspace", String(80), nullable=False),
    info={"keeping": Keeping(why="As long as the workspace uses Plecs; names nobody.")},
)
"""Which workspace a platform's own belongs to, where it was joined with another platform's. What
isn't here is a workspace by itself."""

_KEPT = select(addresses.c.platform, addresses.c.workspace, addresses.c.user).where(
    addresses.c.person == bindparam("owner")
)
_DOOR = select(doors.c.workspace).where(
    doors.c.platform == bindparam("platform"), doors.c.external == bindparam("external")
)
_TRUSTING = select(people.c.id, people.c.trusted).where(
    people.c.trusted.contains(bindparam("trusted"))
)
_ROLE_COLUMNS = {
    Role.SUPERVISOR: people.c.supervisor,
    Role.COORDINATOR: people.c.coordinator,
    Role.ADMIN: people.c.admin,
}
_every_address = addresses.alias("every_address")
_WHOLE = (
    select(
        people,
        _every_address.c.platform.label("address_platform"),
        _every_address.c.workspace.label("address_workspace"),
        _every_address.c.user.label("address_user"),
    )
    .outerjoin(_every_address, _every_address.c.person == people.c.id)
    .order_by(*used_first(_every_address))
)
_AT = _WHOLE.join(addresses, addresses.c.person == people.c.id).where(
    addresses.c.platform == bindparam("platform"),
    addresses.c.workspace == bindparam("workspace"),
    addresses.c.user == bindparam("user"),
)
_BY_ID = _WHOLE.where(people.c.id.in_(bindparam("ids", expanding=True)))
_DUTY = select(
    people.c.id,
    people.c.zone,
    people.c.hours,
    people.c.away_until,
    people.c.quiet_from,
    people.c.quiet_until,
    type_coerce(people.c.asked_at, BigInteger).label("asked_at"),
).where(people.c.workspace == bindparam("workspace"), people.c.active, people.c.helps)


def _helpers(*of_whom: Sequence[ColumnElement[bool]]) -> Select[Any] | CompoundSelect[Any]:
    """A page of those for whom one of the conditions holds. Each is read in the order of an index
    made for it, no further than `reach`."""
    first_asked = people.c.asked_at.asc().nulls_first(), people.c.id
    each = [
        _DUTY.where(*conditions).order_by(*first_asked).limit(bindparam("reach")).subquery()
        for conditions in of_whom
    ]
    every = union_all(*(select(one) for one in each)) if len(each) > 1 else select(each[0])
    columns = every.selected_columns
    return (
        every.order_by(columns["asked_at"].asc().nulls_first(), columns["id"])
        .limit(bindparam("limit"))
        .offset(bindparam("skip"))
    )


_HELPERS = _helpers(())
_HELPERS_BY_ROLE = {role: _helpers((column,)) for role, column in _ROLE_COLUMNS.items()}
_HELPERS_BY_TOPIC = _helpers(
    *((column == bindparam("topic"),) for column in (people.c.topic_1, people.c.topic_2))
)
_THIS = (
    addresses.c.platform == bindparam("at_platform"),
    addresses.c.workspace == bindparam("at_workspace"),
    addresses.c.user == bindparam("at_user"),
)
_REACHED = (
    update(addresses).where(*_THIS, addresses.c.refused_at.is_not(None)).values(refused_at=None)
)
_REFUSED = (
    update(addresses)
    .where(*_THIS, addresses.c.refused_at.is_(None))
    .values(refused_at=bindparam("now", type_=Instant))
)
_UNREACHABLE = (
    people.c.workspace == bindparam("workspace"),
    people.c.active,
    # From the few who were refused anywhere, and not from everybody.
    people.c.id.in_(select(addresses.c.person).where(addresses.c.refused_at.is_not(None))),
    ~exists().where(_every_address.c.person == people.c.id, _every_address.c.refused_at.is_(None)),
)
_UNREACHABLE_ONES = (
    select(people.c.id)
    .where(*_UNREACHABLE)
    .order_by(people.c.folded_name, people.c.id)
    .limit(bindparam("limit"))
)
_UNREACHABLE_COUNT = select(func.count()).select_from(people).where(*_UNREACHABLE)
_MARK_ASKED = (
    update(people)
    .where(people.c.id.in_(bindparam("ids", expanding=True)))
    .values(asked_at=bindparam("now", type_=Instant))
)

DUTY_COLUMNS = (
    people.c.zone,
    people.c.hours,
    people.c.away_until,
    people.c.quiet_from,
    people.c.quiet_until,
)
_CREWS = (
    select(*DUTY_COLUMNS, func.count().label("people"))
    .where(
        people.c.workspace == bindparam("workspace"),
        people.c.manager == bindparam("manager"),
        people.c.active,
        people.c.supervisor.is_(False),
    )
    .group_by(*DUTY_COLUMNS)
)


class SqlPeople:
    """`handlers.kit.ports.People` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._as_read: dict[str, Person] = {}

    def workspace_of(self, address: Address) -> str:
        found = self._connection.execute(
            _DOOR, {"platform": address.platform, "external": address.workspace}
        ).scalar_one_or_none()
        return found or f"{address.platform}-{address.workspace}"

    def join(self, places: Sequence[Address]) -> tuple[Address, ...]:
        """Makes the platforms' workspaces one here, with one list of people. Answers those that
        can't be: somebody is known there already, and somebody else in the one they would join.
        """
        known = {place: self._is_known(self.workspace_of(place)) for place in places}
        home = self.workspace_of(next((p for p in places if known[p]), places[0]))
        apart = tuple(p for p in places if known[p] and self.workspace_of(p) != home)
        rows = [
            {"platform": place.platform, "external": place.workspace, "workspace": home}
            for place in places
            if place not in apart
        ]
        put_all(self._connection, doors, rows)
        return apart

    def joined(self, workspace: str) -> tuple[Address, ...]:
        """The platforms' workspaces that were joined into this one, as addresses without a
        user."""
        rows = self._connection.execute(
            select(doors.c.platform, doors.c.external)
            .where(doors.c.workspace == workspace)
            .order_by(doors.c.platform, doors.c.external)
        )
        return tuple(Address(platform, external, "") for platform, external in rows)

    def unite(self, person: Person, other: Person) -> Person:
        both = replace(
            person,
            addresses=tuple(dict.fromkeys((*person.addresses, *other.addresses))),
            roles=person.roles | other.roles,
            topics=tuple(dict.fromkeys((*person.topics, *other.topics)))[:MOST_TOPICS],
            trusted=tuple(
                trusted
                for trusted in dict.fromkeys((*person.trusted, *other.trusted))
                if trusted not in (person.id, other.id)
            )[:MOST_TRUSTED],
            helps=person.helps and other.helps,
            position=person.position or other.position,
            manager=person.manager or other.manager,
            chosen_locale=person.chosen_locale or other.chosen_locale,
            hours=other.hours if person.hours == ALWAYS else person.hours,
            active=person.active or other.active,
        )
        for row in self._connection.execute(_TRUSTING, {"trusted": other.id}).all():
            names = [person.id if name == other.id else name for name in row.trusted.split()]
            self._connection.execute(
                update(people)
                .where(people.c.id == row.id)
                .values(trusted=" ".join(dict.fromkeys(names)))
            )
        hand_over(self._connection, other.id, person.id)
        self._as_read.clear()
        self.save(both)
        return self.many((person.id,))[person.id]

    def used(self, address: Address, now: datetime) -> None:
        self._connection.execute(update(addresses).where(*_is(address)).values(used_at=now))

    def reached(self, addresses: Sequence[Address]) -> None:
        if addresses:
            self._connection.execute(_REACHED, [_row_of(address) for address in addresses])

    def refused(self, addresses: Sequence[Address], now: datetime) -> None:
        if addresses:
            rows = [_row_of(address) | {"now": now} for address in addresses]
            self._connection.execute(_REFUSED, rows)

    def unreachable(self, workspace: str, limit: int) -> tuple[tuple[Person, ...], int]:
        asked = {"workspace": workspace}
        ids = self._connection.scalars(_UNREACHABLE_ONES, {**asked, "limit": limit}).all()
        if not ids:
            return (), 0
        total = self._connection.execute(_UNREACHABLE_COUNT, asked).scalar_one()
        return self._in_order(ids), total

    def at(self, address: Address) -> Person | None:
        rows = self._connection.execute(
            _AT,
            {
                "platform": address.platform,
                "workspace": address.workspace,
                "user": address.user,
            },
        ).all()
        return next(iter(self._read(rows)), None)

    def get(self, person: str) -> Person | None:
        return self.many((person,)).get(person)

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        if not people:
            return {}
        rows = self._connection.execute(_BY_ID, {"ids": list(people)}).all()
        return {person.id: person for person in self._read(rows)}

    def add(self, workspace: str, profile: Profile, roles: frozenset[Role]) -> Person:
        person = Person(
            id=uuid4().hex,
            workspace=workspace,
            name=profile.name,
            addresses=(profile.address,),
            roles=roles | {Role.AGENT},
            active=profile.active and profile.kind is Kind.MEMBER,
            kind=profile.kind,
        )
        if profile.locale:
            person = replace(person, platform_locale=profile.locale)
        if profile.zone:
            person = replace(person, zone=profile.zone)
        self._connection.execute(insert(people), {"id": person.id} | _row(person))
        self._write_addresses(person)
        return person

    def save(self, person: Person) -> None:
        before, row = self._as_read.get(person.id), _row(person)
        if before is not None:
            # Only what differs from what was read: an admin gives a role while its owner goes
            # away, and neither takes back what the other one did.
            was = _row(before)
            row = {name: value for name, value in row.items() if value != was[name]}
        if row:
            self._connection.execute(update(people).where(people.c.id == person.id).values(row))
        if before is None or set(person.addresses) != set(before.addresses):
            self._write_addresses(person)
        self._as_read[person.id] = person

    def search(
        self, workspace: str, text: str, offset: int, limit: int
    ) -> tuple[tuple[Person, ...], int]:
        found = and_(
            people.c.workspace == workspace,
            people.c.active,
            *(people.c.folded_name.contains(word, autoescape=True) for word in fold(text).split()),
        )
        total = self._connection.execute(
            select(func.count()).select_from(people).where(found)
        ).scalar_one()
        ids = self._connection.scalars(
            select(people.c.id)
            .where(found)
            .order_by(people.c.folded_name, people.c.id)
            .offset(offset)
            .limit(limit)
        ).all()
        return self._in_order(ids), total

    def helpers(
        self,
        workspace: str,
        *,
        topic: str | None = None,
        role: Role | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> Mapping[str, Duty]:
        values = {"workspace": workspace, "skip": skip, "limit": limit, "reach": skip + limit}
        if topic is not None:
            rows = self._connection.execute(_HELPERS_BY_TOPIC, {**values, "topic": topic})
        else:
            statement = _HELPERS if role is None else _HELPERS_BY_ROLE[role]
            rows = self._connection.execute(statement, values)
        return {
            person: Duty(zone, _hours(hours), away_until, quiet_from, quiet_until)
            for person, zone, hours, away_until, quiet_from, quiet_until, _ in rows
        }

    def mark_asked(self, people: Sequence[str], now: datetime) -> None:
        if people:
            self._connection.execute(_MARK_ASKED, {"ids": list(people), "now": now})

    def quiet_over(self, platform: str, now: datetime, limit: int) -> tuple[Address, ...]:
        rows = self._connection.execute(
            select(addresses.c.platform, addresses.c.workspace, addresses.c.user)
            .join(people, people.c.id == addresses.c.person)
            .where(people.c.active, people.c.quiet_until <= now, addresses.c.platform == platform)
            .order_by(people.c.quiet_until, people.c.id)
            .limit(limit)
        ).all()
        return tuple(Address(*row) for row in rows)

    def teams(self, workspace: str) -> tuple[tuple[str, int], ...]:
        rows = self._connection.execute(
            select(people.c.manager, func.count())
            .where(people.c.workspace == workspace, people.c.active)
            .group_by(people.c.manager)
            .order_by(people.c.manager)
        )
        return tuple((manager, number) for manager, number in rows)

    def of_team(self, workspace: str, manager: str) -> tuple[str, ...]:
        found = self._connection.scalars(
            select(people.c.id)
            .where(people.c.workspace == workspace, people.c.active, people.c.manager == manager)
            .order_by(people.c.id)
        )
        return tuple(found)

    def with_role(self, workspace: str, role: Role) -> tuple[Person, ...]:
        ids = self._connection.scalars(
            select(people.c.id)
            .where(people.c.workspace == workspace, people.c.active, _ROLE_COLUMNS[role])
            .order_by(people.c.folded_name, people.c.id)
        ).all()
        return self._in_order(ids)

    def crews(self, workspace: str, manager: str) -> tuple[tuple[Duty, int], ...]:
        """When the active people who have this manager and are no supervisors are on duty, and
        how many of them at the same times."""
        rows = self._connection.execute(_CREWS, {"workspace": workspace, "manager": manager})
        return tuple((duty_of(row), row.people) for row in rows)

    def _read(self, rows: Sequence[Row[Any]]) -> list[Person]:
        found = _people(rows)
        self._as_read.update((person.id, person) for person in found)
        return found

    def _in_order(self, ids: Sequence[str]) -> tuple[Person, ...]:
        found = self.many(ids)
        return tuple(found[person] for person in ids)

    def _is_known(self, workspace: str) -> bool:
        anybody = select(people.c.id).where(people.c.workspace == workspace).limit(1)
        return self._connection.execute(anybody).one_or_none() is not None

    def _write_addresses(self, person: Person) -> None:
        kept = {Address(*row) for row in self._connection.execute(_KEPT, {"owner": person.id})}
        for gone in kept.difference(person.addresses):
            self._connection.execute(delete(addresses).where(*_is(gone)))
        rows = [
            {
                "platform": new.platform,
                "workspace": new.workspace,
                "user": new.user,
                "person": person.id,
                "used_at": None,
                "refused_at": None,
            }
            for new in person.addresses
            if new not in kept
        ]
        insert_rows(self._connection, addresses, rows)


def _row_of(address: Address) -> dict[str, Any]:
    return {
        "at_platform": address.platform,
        "at_workspace": address.workspace,
        "at_user": address.user,
    }


def _is(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        addresses.c.platform == address.platform,
        addresses.c.workspace == address.workspace,
        addresses.c.user == address.user,
    )


_hours = lru_cache(maxsize=1024)(parse_hours)
"""Whole companies share a few patterns, and reading one costs more than the row it stands in."""


def duty_of(row: Row[*tuple[Any, ...]]) -> Duty:
    """The duty that a row with DUTY_COLUMNS tells of."""
    return Duty(row.zone, _hours(row.hours), row.away_until, row.quiet_from, row.quiet_until)


def _row(person: Person) -> dict[str, Any]:
    topics = (*person.topics, None, None)
    return {
        "workspace": person.workspace,
        "name": person.name,
        "folded_name": fold(person.name),
        "supervisor": Role.SUPERVISOR in person.roles,
        "coordinator": Role.COORDINATOR in person.roles,
        "admin": Role.ADMIN in person.roles,
        "topic_1": topics[0],
        "topic_2": topics[1],
        "trusted": " ".join(person.trusted),
        "helps": person.helps,
        "position": person.position,
        "manager": person.manager,
        "platform_locale": person.platform_locale,
        "chosen_locale": person.chosen_locale,
        "zone": person.zone,
        "hours": str(person.hours),
        "away_until": person.away_until,
        "quiet_from": person.quiet_from,
        "quiet_until": person.quiet_until,
        "active": person.active,
        "kind": person.kind,
    }


def _people(rows: Sequence[Row[Any]]) -> list[Person]:
    found: dict[str, Person] = {}
    for row in rows:
        known = found.get(row.id)
        where = (
            (Address(row.address_platform, row.address_workspace, row.address_user),)
            if row.address_platform is not None
            else ()
        )
        if known is not None:
            found[row.id] = replace(known, addresses=known.addresses + where)
            continue
        found[row.id] = Person(
            id=row.id,
            workspace=row.workspace,
            name=row.name,
            addresses=where,
            roles=frozenset(
                (
                    Role.AGENT,
                    *((Role.SUPERVISOR,) if row.supervisor else ()),
                    *((Role.COORDINATOR,) if row.coordinator else ()),
                    *((Role.ADMIN,) if row.admin else ()),
                )
            ),
            topics=tuple(topic for topic in (row.topic_1, row.topic_2) if topic),
            trusted=tuple(row.trusted.split()),
            helps=row.helps,
            position=row.position,
            manager=row.manager,
            platform_locale=row.platform_locale,
            chosen_locale=row.chosen_locale,
            zone=row.zone,
            hours=_hours(row.hours),
            away_until=row.away_until,
            quiet_from=row.quiet_from,
            quiet_until=row.quiet_until,
            active=row.active,
            kind=Kind(row.kind),
        )
    return list(found.values())
