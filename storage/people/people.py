"""Everybody known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from itertools import compress, product
from operator import attrgetter
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    desc,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from handlers.kit.hours import ALWAYS
from handlers.kit.people import Address, Person, Profile, Role
from handlers.kit.ports import MOST_COUNTED
from handlers.kit.text import LAST_LETTER, fold, sort_key
from handlers.kit.told import hours_or_always, shown_name
from handlers.people.model import MOST_TOPICS, MOST_TRUSTED
from storage.cleaning import hand_over
from storage.mapping import WORDS, ZONE, Codec, Record
from storage.outbox.lanes import SqlLanes
from storage.pace import REFUSED
from storage.people.addresses import SqlAddresses, is_address
from storage.people.tables import (
    ROLE_COLUMNS,
    addresses,
    email_marks,
    people,
    people_names,
    used_first,
)
from storage.schema import insert_rows, unindexed
from storage.settings import EVERY_SECTION, SqlSettings, workspace_settings


def _pattern(one: Person) -> str:
    supervises = Role.SUPERVISOR in one.roles
    alike = (one.zone, str(one.hours), *one.topics[:2], str(supervises), str(one.helps))
    return blake2b("\n".join(alike).encode(), digest_size=16).hexdigest()


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
        "led_by": lambda one: fold(one.manager),
        "supervisor": lambda one: Role.SUPERVISOR in one.roles,
        "coordinator": lambda one: Role.COORDINATOR in one.roles,
        "admin": lambda one: Role.ADMIN in one.roles,
        # Everything that asks people goes by this column: who doesn't belong here is in no list.
        "active": attrgetter("belongs"),
        "topic_1": lambda one: one.topics[0] if one.topics else None,
        "topic_2": lambda one: one.topics[1] if len(one.topics) > 1 else None,
        "pattern": _pattern,
    },
)

_ROLES = {
    given: frozenset((Role.AGENT, *compress(ROLE_COLUMNS, given)))
    for given in product((False, True), repeat=len(ROLE_COLUMNS))
}

_PARTS = re.compile(r"[^\W_]+|(?:[^\w\s]|_)+")

_KEPT = select(addresses.c.platform, addresses.c.workspace, addresses.c.user).where(
    addresses.c.person == bindparam("owner")
)
_TRUSTING = select(people.c.id, people.c.trusted).where(
    people.c.trusted.contains(bindparam("trusted"))
)
EVERY_ADDRESS = addresses.alias("every_address")
"""Where somebody is who was found otherwise."""


WHOLE = (
    select(
        people,
        EVERY_ADDRESS.c.platform.label("address_platform"),
        EVERY_ADDRESS.c.workspace.label("address_workspace"),
        EVERY_ADDRESS.c.user.label("address_user"),
    )
    .outerjoin(EVERY_ADDRESS, EVERY_ADDRESS.c.person == people.c.id)
    .order_by(*used_first(EVERY_ADDRESS))
)
"""People with all of their addresses: a row for each, that of the one used last first."""

_SETTINGS = (
    select(EVERY_SECTION)
    .where(workspace_settings.c.workspace == people.c.workspace)
    .scalar_subquery()
    .label("settings")
)
# What a command begins with: the caller, what their workspace set, and whether the platforms refuse
# anything.
_AT = (
    WHOLE.add_columns(
        addresses.c.refused_at.is_not(None).label("is_refused"),
        _SETTINGS,
        exists(REFUSED).label("any_refused"),
    )
    .join(addresses, addresses.c.person == people.c.id)
    .where(
        addresses.c.platform == bindparam("platform"),
        addresses.c.workspace == bindparam("workspace"),
        addresses.c.user == bindparam("user"),
    )
)
_ONE = WHOLE.where(people.c.id == bindparam("id"))
_BY_ID = WHOLE.where(people.c.id.in_(bindparam("ids", expanding=True)))
_UNREACHABLE = (
    bindparam("workspace") == unindexed(people.c.workspace),
    people.c.active,
    people.c.id.in_(select(addresses.c.person).where(addresses.c.refused_at.is_not(None))),
    ~exists().where(EVERY_ADDRESS.c.person == people.c.id, EVERY_ADDRESS.c.refused_at.is_(None)),
)
_UNREACHABLE_ONES = (
    select(people.c.id)
    .where(*_UNREACHABLE)
    .order_by(people.c.sort_key, people.c.id)
    .limit(bindparam("limit"))
)
_TO_PHONE = (
    select(people.c.id)
    .where(
        people.c.workspace == bindparam("workspace"),
        people.c.active,
        people.c.helps,
        people.c.extension != literal_column("''"),
    )
    .order_by(people.c.supervisor.desc(), people.c.id.desc())
    .limit(bindparam("limit"))
)
# Each by an index of its own: whoever asks for one or the other reads everybody.
_TOLD = (
    select(people.c.id)
    .where(people.c.extension == bindparam("told"), people.c.extension != literal_column("''"))
    .union(select(email_marks.c.person).where(email_marks.c.mark == bindparam("mark")))
)
_MEANT = (
    select(people.c.id)
    .where(
        people.c.id.in_(_TOLD),
        people.c.active,
        or_(bindparam("workspace") == "", people.c.workspace == bindparam("workspace")),
    )
    .limit(2)
)
_AT_EXTENSION = WHOLE.add_columns(_SETTINGS).where(people.c.id.in_(_MEANT))
_UNREACHABLE_COUNT = select(func.count()).select_from(people).where(*_UNREACHABLE)


_OF_WORKSPACE = people.c.workspace == bindparam("workspace")
_first = select(func.min(people.c.led_by).label("led_by")).where(
    _OF_WORKSPACE, people.c.led_by > literal_column("''")
)
_led = _first.cte("led", recursive=True)
_next = select(func.min(people.c.led_by)).where(_OF_WORKSPACE, people.c.led_by > _led.c.led_by)
# From one manager to the next by the index, past those who are led.
_LED = _led.union_all(
    select(_next.correlate(_led).scalar_subquery()).where(_led.c.led_by.is_not(None))
)
_MANAGERS = select(_LED.c.led_by).where(_LED.c.led_by.is_not(None)).limit(bindparam("limit"))
_TEAMS = (
    select(func.max(people.c.manager), func.count())
    .where(_OF_WORKSPACE, people.c.active, people.c.led_by.in_(bindparam("led", expanding=True)))
    .group_by(people.c.led_by)
)
# In some companies that is everybody.
_LED_BY_NOBODY = select(func.count()).select_from(
    select(people.c.id)
    .where(_OF_WORKSPACE, people.c.active, people.c.led_by == literal_column("''"))
    .limit(MOST_COUNTED + 1)
    .subquery()
)


class SqlPeople:
    """`handlers.kit.ports.People` over a connection. Who was read in a transaction is not asked
    for again in it. `addresses`, `settings` and `lanes` are told what was read along with a
    caller."""

    def __init__(
        self,
        connection: Connection,
        addresses: SqlAddresses,
        settings: SqlSettings,
        lanes: SqlLanes,
    ) -> None:
        self._connection = connection
        self._addresses = addresses
        self._settings = settings
        self._lanes = lanes
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
        self._connection.execute(delete(people_names).where(people_names.c.person == other.id))
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
        if not rows:
            return None
        self._addresses.read(address, is_refused=rows[0].is_refused)
        self._settings.read(rows[0].workspace, rows[0].settings)
        self._lanes.read(are_open=not rows[0].any_refused)
        return self.read(rows)[0]

    def get(self, person: str) -> Person | None:
        if person not in self._as_read:
            self.read(self._connection.execute(_ONE, {"id": person}).all())
        return self._as_read.get(person)

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        new = [person for person in people if person not in self._as_read]
        if new:
            self.read(self._connection.execute(_BY_ID, {"ids": new}).all())
        return {person: self._as_read[person] for person in people if person in self._as_read}

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
        self._write_names(person)
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
        if "name" in row:
            known = people_names.c.person == person.id
            self._connection.execute(delete(people_names).where(known))
            self._write_names(person)
        if before is None or set(person.addresses) != set(before.addresses):
            self._write_addresses(person)
        self._as_read[person.id] = person

    def search(
        self, workspace: str, text: str, offset: int, limit: int
    ) -> tuple[tuple[Person, ...], int]:
        words = _words(text)
        place = unindexed(people.c.workspace) if words else people.c.workspace
        found = and_(
            place == workspace,
            people.c.active,
            *_are_called(workspace, words),
        )
        counted = select(people.c.id).where(found).limit(offset + limit + MOST_COUNTED)
        total = self._connection.execute(
            select(func.count()).select_from(counted.subquery())
        ).scalar_one()
        ids = self._connection.scalars(
            select(people.c.id)
            .where(found)
            .order_by(*(desc(_is_called(word)) for word in words), people.c.sort_key, people.c.id)
            .offset(offset)
            .limit(limit)
        ).all()
        return self._in_order(ids), total

    def at_extension(self, told: str, mark: str, workspace: str) -> tuple[Person, ...]:
        """The active people, two at most, with this extension, or whose e-mail address has the
        mark: of the workspace, or where that is empty of any."""
        asked = {"told": told, "mark": mark, "workspace": workspace}
        rows = self._connection.execute(_AT_EXTENSION, asked).all()
        for row in rows:
            self._settings.read(row.workspace, row.settings)
        return tuple(self.read(rows))

    def named(self, name: str, workspace: str) -> tuple[Person, ...]:
        """The active people of the workspace, two at most, who are called just so."""
        words = _words(name)
        if not words:
            return ()
        called = *_are_called(workspace, words), people.c.folded_name == fold(name)
        place = unindexed(people.c.workspace)
        found = select(people.c.id).where(place == workspace, people.c.active, *called)
        return self._in_order(self._connection.scalars(found.limit(2)).all())

    def teams(self, workspace: str, most: int) -> tuple[tuple[str, int], ...] | None:
        whose = {"workspace": workspace}
        led = self._connection.scalars(_MANAGERS, {**whose, "limit": most + 1}).all()
        if len(led) > most:
            return None
        rows = self._connection.execute(_TEAMS, {**whose, "led": led}).all()
        teams = sorted(map(tuple, rows), key=lambda one: (sort_key(one[0]), one))
        led_by_nobody = self._connection.execute(_LED_BY_NOBODY, whose).scalar_one()
        return (("", led_by_nobody), *teams) if led_by_nobody else tuple(teams)

    def of_team(self, workspace: str, manager: str) -> tuple[str, ...]:
        led = people.c.led_by == fold(manager)
        found = self._connection.scalars(
            select(people.c.id)
            .where(people.c.workspace == workspace, people.c.active, led)
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

    def to_phone(self, workspace: str, limit: int) -> tuple[Person, ...]:
        """So many of those who help and have an extension, supervisors first."""
        whose = {"workspace": workspace, "limit": limit}
        return self._in_order(self._connection.scalars(_TO_PHONE, whose).all())

    def read(self, rows: Sequence[Row[Any]]) -> list[Person]:
        """Those in rows of WHOLE, in their order."""
        found = _people(rows)
        self._as_read.update((person.id, person) for person in found)
        return found

    def forget(self) -> None:
        """What was written may have been taken back: it is read anew."""
        self._as_read.clear()

    def _in_order(self, ids: Sequence[str]) -> tuple[Person, ...]:
        found = self.many(ids)
        return tuple(found[person] for person in ids)

    def _write_names(self, person: Person) -> None:
        whose = {"workspace": person.workspace, "person": person.id}
        rows = [whose | {"word": word} for word in _words(person.name)]
        insert_rows(self._connection, people_names, rows)

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


def _words(name: str) -> list[str]:
    """The parts of a name, folded, each once: letters and digits, and the signs between them."""
    return list(dict.fromkeys(_PARTS.findall(fold(name))))


def _are_called(workspace: str, words: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Those of the workspace of whose names one begins with each of the words. They are looked for
    by the longest: the fewest begin so. The others are looked for among the names of those who were
    found: thousands of names may begin so."""
    for place, word in enumerate(sorted(words, key=len, reverse=True)):
        if place == 0:
            called = people_names.c.workspace == workspace, *_begins(people_names.c.word, word)
            yield people.c.id.in_(select(people_names.c.person).where(*called))
        else:
            theirs = people_names.c.person == people.c.id
            yield exists().where(theirs, *_begins(unindexed(people_names.c.word), word))


def _begins(column: ColumnElement[str], word: str) -> tuple[ColumnElement[bool], ...]:
    return column >= word, column < word + LAST_LETTER


def _is_called(word: str) -> ColumnElement[bool]:
    return exists().where(people_names.c.person == people.c.id, people_names.c.word == word)


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
