"""Offers under way and of the last twelve months, and who was asked to sign one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)

from handlers.kit.callers import Purpose
from handlers.kit.text import fold
from handlers.offers.model import (
    FROM,
    OPEN_STATES,
    KnownBy,
    Offer,
    Offers,
    OfferState,
    SignerAnswer,
    Spread,
)
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    Instant,
    Retention,
    caller_column,
    insert_new,
    metadata,
    partial_index,
    person_column,
    rows_due,
)
from storage.sealed import Seal
from storage.work import SqlWork, repository

_OPEN = "state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES))

_NOT_YET_HELD = OfferState.DRAFT, OfferState.ASKED

offers: Table = Table(
    "offers",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("agent", String(32), nullable=False),
    Column("began_at", Instant, nullable=False, info=HAPPENED),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("state", String(16), nullable=False, info=CODE),
    Column("known_by", String(16), nullable=False, info=CODE),
    caller_column("customer", String(64), purpose=Purpose.OFFERS, nullable=False),
    Column("occasion", String(40), nullable=False, info=ID),
    Column("remedy", Integer, nullable=False),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("cents", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False, info=CODE),
    Column("version", Integer, nullable=False),
    Column("limits_version", Integer, nullable=False),
    Column("reason", String(40), nullable=False, info=ID),
    Column("agent_party", String(32), nullable=False, info=ID),
    person_column("signer", String(32), index=True),
    Column("signer_party", String(32), nullable=False, info=ID),
    Column("ring", Integer, nullable=False),
    Column("asked_at", Instant, info=HAPPENED),
    Column("code", String(32), nullable=False, info=ID),
    Column("held_at", Instant, info=HAPPENED),
    Column("posted_at", Instant, info=HAPPENED),
    Column("closed_at", Instant, index=True, info=HAPPENED),
    partial_index("uq_offers_open_agent", "agent", unique=True, where=_OPEN),
    partial_index("ix_offers_customer", "workspace", "customer", where="customer <> ''"),
    Index("ix_offers_posted", "workspace", "posted_at"),
    Index("ix_offers_agent", "agent", "posted_at"),
    info={
        "retention": Retention(
            why="What was accepted twelve months, for the customer’s limit and what was done "
            "before for the same; what was not, a day. The customer stands in it as a mark. The "
            "booking is the ledger’s.",
            ended=lambda now: offers.c.closed_at < now - timedelta(days=1),
            # An id that nobody has stands in their place: the customer's limit stays.
            erase=lambda person: (
                update(offers).where(offers.c.agent == person).values(agent=uuid4().hex),
                update(offers).where(offers.c.signer == person).values(signer=uuid4().hex),
            ),
            # What is not held for them yet is for somebody unknown then.
            forget_caller=lambda marks: (
                update(offers)
                .where(offers.c.customer.in_(marks))
                .values(
                    customer="",
                    known_by=case(
                        (offers.c.state.in_(_NOT_YET_HELD), KnownBy.NOTHING.value),
                        else_=offers.c.known_by,
                    ),
                ),
            ),
        )
    },
)

offer_asked = Table(
    "offer_asked",
    metadata,
    Column("offer", ForeignKey(offers.c.id, ondelete="CASCADE"), primary_key=True),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("answer", String(16), nullable=False, info=CODE),
    info={
        "retention": Retention(
            why="Who is asked to sign an offer and what they said: until it is signed or the ten "
            "minutes are over. Nobody is told who said no."
        )
    },
)

_OFFER = Record(Offer, offers)
_OPEN_OF = select(offers).where(
    offers.c.agent == bindparam("agent"), offers.c.state.in_(OPEN_STATES)
)
_ASKS_OF = (
    select(offers)
    .join(offer_asked, offer_asked.c.offer == offers.c.id)
    .where(
        offer_asked.c.person == bindparam("person"),
        offer_asked.c.answer == SignerAnswer.NOTHING,
        offers.c.state == OfferState.ASKED,
    )
    .order_by(offers.c.asked_at, offers.c.id)
)
_SAVE = update(offers).where(offers.c.id == bindparam("offer"))
_SIGN = (
    update(offers)
    .where(
        offers.c.id == bindparam("offer"),
        offers.c.state == OfferState.ASKED,
        offers.c.signer.is_(None),
        offers.c.agent != bindparam("by"),
    )
    .values(signer=bindparam("by"))
)
_ACCEPTED = offers.c.state == OfferState.POSTED
_NEWEST = offers.c.posted_at.desc(), offers.c.id


class SqlOffers:
    """`handlers.offers.model.Offers` over a connection."""

    def __init__(
        self, connection: Connection, effects: Effects, seal: Callable[[], Seal], *, writes: bool
    ) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal
        self._writes = writes

    def begin(self, offer: Offer) -> None:
        self._connection.execute(
            delete(offers).where(offers.c.agent == offer.agent, offers.c.state == OfferState.DRAFT)
        )
        self._connection.execute(insert(offers), _OFFER.row(offer))
        self._effects.step_at(offer.step_at)

    def get(self, offer: str) -> Offer | None:
        return _OFFER.load(self._connection, offer, hold=self._writes)

    def save(self, offer: Offer) -> None:
        self._connection.execute(_SAVE, _OFFER.changes(offer) | {"offer": offer.id})
        if offer.state is not OfferState.ASKED:
            self._connection.execute(delete(offer_asked).where(offer_asked.c.offer == offer.id))
        self._effects.step_at(offer.step_at)

    def remove(self, offer: str) -> None:
        self._connection.execute(delete(offers).where(offers.c.id == offer))

    def sign(self, offer: str, signer: str) -> bool:
        return self._connection.execute(_SIGN, {"offer": offer, "by": signer}).rowcount == 1

    def open_of(self, agent: str) -> Offer | None:
        asked = _OPEN_OF.with_for_update() if self._writes else _OPEN_OF
        row = self._connection.execute(asked, {"agent": agent}).one_or_none()
        return None if row is None else _OFFER.value(row)

    def asks_of(self, person: str) -> tuple[Offer, ...]:
        rows = self._connection.execute(_ASKS_OF, {"person": person})
        return tuple(map(_OFFER.value, rows))

    def case_mark(self, workspace: str, reference: str) -> str:
        return self._seal().mark(f"offers, case: {workspace} {fold(reference)}")

    def due(self, now: datetime, limit: int) -> tuple[Offer, ...]:
        rows = rows_due(self._connection, offers.c.step_at, now, limit)
        return tuple(map(_OFFER.value, rows))

    def of_customer(self, workspace: str, customer: str, limit: int) -> tuple[Offer, ...]:
        return self._newest(
            limit, _ACCEPTED, offers.c.workspace == workspace, offers.c.customer == customer
        )

    def of_agent(self, agent: str, limit: int) -> tuple[Offer, ...]:
        return self._newest(limit, offers.c.agent == agent, offers.c.posted_at.is_not(None))

    def posted(self, workspace: str, skip: int, limit: int) -> tuple[Offer, ...]:
        return self._newest(limit, _ACCEPTED, offers.c.workspace == workspace, skip=skip)

    def ask(self, offer: str, people: Sequence[str]) -> None:
        rows = [{"offer": offer, "person": one, "answer": SignerAnswer.NOTHING} for one in people]
        insert_new(self._connection, offer_asked, rows)

    def answer(self, offer: str, person: str, answer: SignerAnswer) -> None:
        self._connection.execute(
            update(offer_asked)
            .where(offer_asked.c.offer == offer, offer_asked.c.person == person)
            .values(answer=answer)
        )

    def asked(self, offer: str) -> Mapping[str, SignerAnswer]:
        rows = self._connection.execute(
            select(offer_asked.c.person, offer_asked.c.answer)
            .where(offer_asked.c.offer == offer)
            .order_by(offer_asked.c.person)
        )
        return {row.person: SignerAnswer(row.answer) for row in rows}

    def spread(self, workspace: str, start: datetime, end: datetime) -> tuple[Spread, ...]:
        rows = self._connection.execute(
            select(
                offers.c.occasion,
                offers.c.currency,
                offers.c.agent,
                offers.c.remedy,
                offers.c.cents,
            ).where(
                _ACCEPTED,
                offers.c.workspace == workspace,
                offers.c.posted_at >= start,
                offers.c.posted_at < end,
            )
        ).all()
        by_occasion: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            by_occasion.setdefault((row.occasion, row.currency), []).append(row)
        found = []
        for (occasion, currency), given in sorted(by_occasion.items()):
            cents = [row.cents for row in given]
            spread = Spread(
                occasion,
                len(given),
                len({row.agent for row in given}),
                sum(row.remedy == 0 for row in given),
                min(cents),
                median_low(cents),
                max(cents),
                currency,
            )
            if spread.people >= FROM:
                found.append(spread)
        return tuple(found)

    def _newest(
        self, limit: int, *conditions: ColumnElement[bool], skip: int = 0
    ) -> tuple[Offer, ...]:
        rows = self._connection.execute(
            select(offers).where(*conditions).order_by(*_NEWEST).offset(skip).limit(limit)
        )
        return tuple(map(_OFFER.value, rows))


@repository(Offers)
def offers_of(work: SqlWork) -> SqlOffers:
    return SqlOffers(work.connection, work.effects, lambda: work.seal, writes=work.writes)
