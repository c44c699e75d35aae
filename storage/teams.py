"""How people in Teams are reached: their conversation with Plecs, kept sealed, the newest wins."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    delete,
    exists,
    inspect,
    select,
)

from handlers.kit.people import Address
from storage.people.addresses import SqlAddresses
from storage.people.tables import addresses, people
from storage.schema import HAPPENED, ID, Instant, Retention, insert_new, metadata, put_all
from storage.sealed import SEALED, Seal

PLATFORM = "teams"

teams_conversations: Table = Table(
    "teams_conversations",
    metadata,
    Column("tenant", String(80), primary_key=True, info=ID),
    Column("user", String(120), primary_key=True, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Column("installed", Boolean, nullable=False),
    Column("at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="As long as the app is installed, and 30 days so that a late message changes "
            "nothing. Sealed.",
            ended=lambda now: and_(
                teams_conversations.c.installed.is_(False),
                teams_conversations.c.at < now - timedelta(days=30),
            ),
            erase=lambda person: (
                delete(teams_conversations).where(
                    exists().where(
                        addresses.c.platform == PLATFORM,
                        addresses.c.workspace == teams_conversations.c.tenant,
                        addresses.c.user == teams_conversations.c.user,
                        addresses.c.person == person,
                    )
                ),
            ),
        )
    },
)
teams_chats: Table = Table(
    "teams_chats",
    metadata,
    Column("mark", String(64), primary_key=True, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    # In the order of their hashes: which was opened after which is nowhere.
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="A month from when Plecs opened the chat; then another is opened. Whose it is "
            "stands there under a keyed hash, and which it is sealed: it names nobody.",
            ended=lambda now: teams_chats.c.at < now - timedelta(days=30),
        )
    },
)

# A row is a person's by their address: it must be erased before the address is.
teams_conversations.add_is_dependent_on(addresses)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where somebody's own conversation with Plecs is. `user` is their id in it, `bot` Plecs'
    own."""

    service_url: str
    conversation: str
    user: str
    bot: str


class SqlTeams:
    """The conversations over a connection."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def reference(self, address: Address) -> Reference | None:
        """Where the person's conversation is; None for whoever has not installed the app, and
        when another key sealed it."""
        row = self._connection.execute(
            select(teams_conversations.c.sealed).where(
                *_of(address), teams_conversations.c.installed
            )
        ).one_or_none()
        text = row and self._seal.open(row.sealed, "teams_conversations")
        return Reference(**json.loads(text)) if text else None

    def put(self, address: Address, reference: Reference, at: datetime) -> None:
        """Keeps the reference, unless something newer than `at` is known."""
        self._write(address, json.dumps(asdict(reference)), at, installed=True)

    def gone(self, address: Address, at: datetime) -> None:
        """The app was removed or blocked: forgets the conversation, unless something newer than
        `at` is known."""
        self._write(address, "", at, installed=False)

    def chat(self, tenant: str, users: Collection[str]) -> str | None:
        """The chat that was opened for these, if any."""
        which = teams_chats.c.mark == self._mark(tenant, users)
        sealed = self._connection.scalar(select(teams_chats.c.sealed).where(which))
        return self._seal.open(sealed, "teams_chats") if sealed is not None else None

    def opened(self, tenant: str, users: Collection[str], chat: str, day: datetime) -> str:
        """Keeps that it was opened; answers the one that is kept: whoever was first has opened it
        for all."""
        row = {"mark": self._mark(tenant, users), "sealed": self._seal.seal(chat), "at": day}
        insert_new(self._connection, teams_chats, [row])
        return self.chat(tenant, users) or chat

    def closed(self, tenant: str, users: Collection[str]) -> None:
        """It is gone."""
        which = teams_chats.c.mark == self._mark(tenant, users)
        self._connection.execute(delete(teams_chats).where(which))

    def _mark(self, tenant: str, users: Collection[str]) -> str:
        return self._seal.mark("/".join(("teams chat", tenant, *sorted(users))))

    def _write(self, address: Address, text: str, at: datetime, *, installed: bool) -> None:
        newest = self._connection.scalar(select(teams_conversations.c.at).where(*_of(address)))
        if newest is not None and newest > at:
            return
        row = {
            "tenant": address.workspace,
            "user": address.user,
            "sealed": self._seal.seal(text),
            "installed": installed,
            "at": at,
        }
        put_all(self._connection, teams_conversations, [row])
        known = SqlAddresses(self._connection)
        if installed:
            known.reached((address,))
        else:
            known.refused((address,), at)


def _of(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        teams_conversations.c.tenant == address.workspace,
        teams_conversations.c.user == address.user,
    )


def without_conversation(connection: Connection, tenant: str) -> tuple[str, ...]:
    """The names, in order, of active people of the tenant whom no conversation reaches; empty
    where the tables are not there yet."""
    if not inspect(connection).has_table(teams_conversations.name):
        return ()
    there = exists().where(
        teams_conversations.c.tenant == addresses.c.workspace,
        teams_conversations.c.user == addresses.c.user,
        teams_conversations.c.installed,
    )
    names = connection.scalars(
        select(people.c.name)
        .join(addresses, addresses.c.person == people.c.id)
        .where(
            addresses.c.platform == PLATFORM,
            addresses.c.workspace == tenant,
            people.c.active,
            ~there,
        )
        .order_by(people.c.sort_key, people.c.id)
    )
    return tuple(names)
