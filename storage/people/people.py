"""Everybody known."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import compress, product
from operator import attrgetter
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from handlers.kit.hours import ALWAYS
from handlers.kit.people import Address, Person, Profile, Role
from handlers.kit.text import fold, sort_key
from handlers.kit.told import hours_or_always, shown_name
from handlers.people.model import MOST_TOPICS, MOST_TRUSTED
from storage.cleaning import hand_over
from storage.mapping import WORDS, ZONE, Codec, Record
from storage.people.addresses import is_address
from storage.people.tables import ROLE_COLUMNS, addresses, people, used_first
from storage.schema import insert_rows

_PERSON = Record(
    Person,
    people,
    as_={
        "name": Codec(str, partial(shown_name, otherwise="?")),
        "trusted": WORDS,
        "zone": ZONE,
        "hours": Codec(str, hours_or_always),
    },
    besides=("addresses", "roles", "topics"),
    derived={
        "folded_name": lambda one: fold(one.name),
        "sort_key": lambda one: sort_key(one.name),
        "supervisor": lambda one: Role.SUPERVISOR in one.roles,
        "coordinator": lambda one: Role.COORDINATOR in one.roles,
        "admin": lambda one: Role.ADMIN in one.roles,
        # Everything that asks people goes by this column: who doesn't belong here is in no list.
        "active": attrgetter("belongs"),
        "topic_1": lambda one: one.topics[0] if one.topics else None,
        "topic_2": lambda one: one.topics[1] if len(one.topics) > 1 else None,
    },
)

_ROLES = {
    given: frozenset((Role.AGENT, *compress(ROLE_COLUMNS, given)))
    for given in product((False, True), repeat=len(ROLE_COLUMNS))
}

_KEPT = select(addresses.c.platform, addresses.c.workspace, addresses.c.user).where(
    addresses.c.person == bindparam("owner")
)
_TRUSTING = select(people.c.id, people.c.trusted).where(
    people.c.trusted.contains(bindparam("trusted"))
)
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
    .order_by(people.c.sort_key, people.c.id)
    .limit(bindparam("limit"))
)
_UNREACHABLE_COUNT = select(func.count()).select_from(people).where(*_UNREACHABLE)


class SqlPeople:
    """`handlers.kit.ports.People` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._as_read: dict[str, Person] = {}

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
            extension=person.extension or other.extension,
            manager=person.manager or other.manager,
            chosen_locale=person.chosen_locale or other.chosen_locale,
            hours=other.hours if person.hours == ALWAYS else person.hours,
            active=person.belongs or other.belongs,
            kind=other.kind if other.belongs else person.kind,
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
            active=profile.active,
            kind=profile.kind,
        )
        if profile.locale:
            person = replace(person, platform_locale=profile.locale)
        if profile.zone:
            person = replace(person, zone=profile.zone)
        self._connection.execute(insert(people), _PERSON.row(person))
        self._write_addresses(person)
        return person

    def save(self, person: Person) -> None:
        before, row = self._as_read.get(person.id), _PERSON.changes(person)
        if before is not None:
            # Only what differs from what was read: an admin gives a role while its owner goes
            # away, and neither takes back what the other one did.
            was = _PERSON.changes(before)
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
            .order_by(people.c.sort_key, people.c.id)
            .offset(offset)
            .limit(limit)
        ).all()
        return self._in_order(ids), total

    def teams(self, workspace: str) -> tuple[tuple[str, int], ...]:
        rows = self._connection.execute(
            select(people.c.manager, func.count())
            .where(people.c.workspace == workspace, people.c.active)
            .group_by(people.c.manager)
        )
        found = ((manager, number) for manager, number in rows)
        return tuple(sorted(found, key=lambda one: (sort_key(one[0]), one)))

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
            .where(people.c.workspace == workspace, people.c.active, ROLE_COLUMNS[role])
            .order_by(people.c.sort_key, people.c.id)
        ).all()
        return self._in_order(ids)

    def _read(self, rows: Sequence[Row[Any]]) -> list[Person]:
        found = _people(rows)
        self._as_read.update((person.id, person) for person in found)
        return found

    def _in_order(self, ids: Sequence[str]) -> tuple[Person, ...]:
        found = self.many(ids)
        return tuple(found[person] for person in ids)

    def _write_addresses(self, person: Person) -> None:
        kept = {Address(*row) for row in self._connection.execute(_KEPT, {"owner": person.id})}
        for gone in kept.difference(person.addresses):
            self._connection.execute(delete(addresses).where(*is_address(gone)))
        rows = [
            {
                "platform": new.platform,
                "workspace": new.workspace,
                "user": new.user,
                "person": person.id,
                "used_at": None,
                "refused_at": None,
                "told_at": None,
                "quiet_told_at": None,
            }
            for new in person.addresses
            if new not in kept
        ]
        insert_rows(self._connection, addresses, rows)


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
        found[row.id] = _PERSON.value(
            row,
            addresses=where,
            roles=_ROLES[row.supervisor, row.coordinator, row.admin],
            topics=tuple(filter(None, (row.topic_1, row.topic_2))),
        )
    return list(found.values())
