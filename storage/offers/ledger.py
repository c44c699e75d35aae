"""The ledger: rows that are added, and never written over or taken out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    select,
    update,
)

from handlers.offers.ledger.model import BEGINNING, Booking, Head, Ledger, LedgerEntry, Leg
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    ID,
    STATED,
    Instant,
    Retention,
    insert_new,
    insert_rows,
    metadata,
    person_column,
)
from storage.work import SqlWork, repository

_YEARS_NAMED = 5
"""For so many years after its own a booking can be told to be somebody's."""

offer_entries = Table(
    "offer_entries",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # What was written is hashed: a clock that is put right moves nothing here.
    Column("at", Instant, nullable=False, info=STATED),
    Column("what", String(16), nullable=False, info=CODE),
    Column("offer", String(32), nullable=False, info=ID),
    Column("occasion", String(40), nullable=False, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("cents", BigInteger, CheckConstraint("cents > 0"), nullable=False),
    Column("currency", String(3), nullable=False, info=CODE),
    Column("by", String(32), nullable=False, info=ID),
    Column("agent", String(32), nullable=False, info=ID),
    Column("signer", String(32), CheckConstraint("signer <> agent"), nullable=False, info=ID),
    Column("version", Integer, nullable=False),
    Column("limits_version", Integer, nullable=False),
    Column("choice", String(40), nullable=False, info=ID),
    Column("customer", String(16), nullable=False, info=CODE),
    Column("code", String(32), nullable=False, info=ID),
    Column("reason", String(40), nullable=False, info=CODE),
    Column("before", String(64), nullable=False, info=ID),
    Column("hash", String(64), nullable=False, info=ID),
    Index("uq_offer_entries_step", "offer", "what", unique=True),
    info={
        "retention": Retention(
            why="As long as the workspace uses Plecs: a ledger with a page torn out proves "
            "nothing. It has no names, no numbers and no words: people stand in it under names of "
            "its own (offer_parties)."
        )
    },
)

offer_legs = Table(
    "offer_legs",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("account", String(60), nullable=False, info=ID),
    Column("cents", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ("workspace", "number"),
        (offer_entries.c.workspace, offer_entries.c.number),
        ondelete="CASCADE",
    ),
    info={"retention": Retention(why="With its entry. Amounts and accounts: names nobody.")},
)

offer_heads = Table(
    "offer_heads",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False, info=ID),
    info={"retention": Retention(why="The newest entry's number and hash. Names nobody.")},
)

offer_parties: Table = Table(
    "offer_parties",
    metadata,
    Column("party", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("year", Integer, nullable=False),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Index("ix_offer_parties_person", "person", "year"),
    info={
        "retention": Retention(
            why="Who is meant by a name in the ledger, a new one each year: five years after that "
            "year, as long as accounts can be asked for. Whoever is erased is named by nothing "
            "any more; the bookings stay.",
            ended=lambda now: offer_parties.c.year < now.year - _YEARS_NAMED,
        )
    },
)

_BOOKING = Record(Booking, offer_entries)

_AT_ONCE = 500
"""Entries that are read in one statement. Whoever looks through all of them does so in between: a
transaction that did nothing for seconds would be ended by PostgreSQL."""

_LEAST = -(2**31)
"""Before any number that may stand there, forged ones as well."""

_SOME = (
    select(offer_entries)
    .where(
        offer_entries.c.workspace == bindparam("workspace"),
        offer_entries.c.number > bindparam("after"),
    )
    .order_by(offer_entries.c.number)
    .limit(_AT_ONCE)
    .subquery()
)
_WITH_LEGS = (
    select(
        _SOME,
        offer_legs.c.account.label("leg_account"),
        offer_legs.c.cents.label("leg_cents"),
    )
    # By what is there: an entry whose legs are gone is looked at as well.
    .outerjoin(
        offer_legs,
        (offer_legs.c.workspace == _SOME.c.workspace) & (offer_legs.c.number == _SOME.c.number),
    )
    .order_by(_SOME.c.number, offer_legs.c.leg)
)
_HEAD = select(offer_heads.c.number, offer_heads.c.hash).where(
    offer_heads.c.workspace == bindparam("workspace")
)
_MOVE_HEAD = update(offer_heads).where(offer_heads.c.workspace == bindparam("of"))
_PARTY = (
    select(offer_parties.c.party)
    .where(
        offer_parties.c.workspace == bindparam("workspace"),
        offer_parties.c.person == bindparam("person"),
        offer_parties.c.year == bindparam("year"),
    )
    .order_by(offer_parties.c.party)
    .limit(1)
)


class SqlLedger:
    """`handlers.offers.ledger.model.Ledger` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def book(self, workspace: str, booking: Booking, at: datetime) -> LedgerEntry:
        first = {"workspace": workspace, "number": 0, "hash": BEGINNING}
        insert_new(self._connection, offer_heads, [first])
        held = _HEAD.with_for_update()
        row = self._connection.execute(held, {"workspace": workspace}).one()
        entry = LedgerEntry(
            workspace, row.number + 1, at, booking, booking.legs, before=row.hash
        ).sealed()
        columns = {
            "workspace": workspace,
            "number": entry.number,
            "at": at,
            "before": entry.before,
            "hash": entry.hash,
        }
        insert_rows(self._connection, offer_entries, [_BOOKING.row(booking) | columns])
        legs = [
            {
                "workspace": workspace,
                "number": entry.number,
                "leg": place,
                "account": leg.account,
                "cents": leg.cents,
            }
            for place, leg in enumerate(entry.legs)
        ]
        insert_rows(self._connection, offer_legs, legs)
        moved = {"of": workspace, "number": entry.number, "hash": entry.hash}
        self._connection.execute(_MOVE_HEAD, moved)
        return entry

    def entries(self, workspace: str) -> Iterator[LedgerEntry]:
        after = _LEAST
        while rows := self._after(workspace, after):
            after = rows[-1].number
            for _, legs in groupby(rows, attrgetter("number")):
                yield _entry(list(legs))

    def _after(self, workspace: str, number: int) -> Sequence[Row[Any]]:
        asked = {"workspace": workspace, "after": number}
        return self._connection.execute(_WITH_LEGS, asked).all()

    def head(self, workspace: str) -> Head:
        row = self._connection.execute(_HEAD, {"workspace": workspace}).one_or_none()
        return Head() if row is None else Head(row.number, row.hash)

    def party(self, workspace: str, person: str, at: datetime) -> str:
        if found := self.known_party(workspace, person, at):
            return found
        row = {"party": uuid4().hex, "workspace": workspace, "person": person, "year": at.year}
        insert_rows(self._connection, offer_parties, [row])
        # Two that wrote at once have two names each: the first of them holds from now on.
        return self.known_party(workspace, person, at)

    def known_party(self, workspace: str, person: str, at: datetime) -> str:
        values = {"workspace": workspace, "person": person, "year": at.year}
        return self._connection.scalar(_PARTY, values) or ""

    def persons(self, workspace: str) -> Mapping[str, str]:
        rows = self._connection.execute(
            select(offer_parties.c.party, offer_parties.c.person).where(
                offer_parties.c.workspace == workspace
            )
        )
        return {row.party: row.person for row in rows}


def _entry(rows: list[Row[Any]]) -> LedgerEntry:
    one = rows[0]
    legs = tuple(Leg(row.leg_account, row.leg_cents) for row in rows if row.leg_account is not None)
    return LedgerEntry(
        one.workspace, one.number, one.at, _BOOKING.value(one), legs, one.before, one.hash
    )


@repository(Ledger)
def ledger_of(work: SqlWork) -> SqlLedger:
    return SqlLedger(work.connection)
