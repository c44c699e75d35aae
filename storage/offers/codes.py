"""Gift cards' codes: sealed, set aside by one update, and gone once the customer has theirs."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    update,
)

from handlers.kit.unread import see_read
from handlers.offers.model import CODE_SHOWN, CodeState, GiftCode, GiftCodes, Stock
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Blank,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
)
from storage.sealed import SEALED, Seal
from storage.work import SqlWork, repository

offer_codes: Table = Table(
    "offer_codes",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    # By it a code is known that was brought in before; nobody reads the code from it.
    Column("mark", String(64), nullable=False, info=ID),
    Column("code", Text, nullable=False, info=dict(SEALED)),
    Column("cents", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False, info=CODE),
    Column("until", String(10), info=CODE),
    Column("brought_at", Instant, nullable=False, info=HAPPENED),
    Column("offer", String(32), nullable=False, info=ID),
    Column("shown_at", Instant, index=True, info=HAPPENED),
    Column("handed_over", Boolean, nullable=False),
    Index("uq_offer_codes_mark", "workspace", "mark", unique=True),
    partial_index("ix_offer_codes_free", "workspace", "currency", "cents", where="offer = ''"),
    partial_index("ix_offer_codes_offer", "workspace", "offer", where="offer <> ''"),
    info={
        "retention": Retention(
            why="Gift cards’ codes are sealed, and gone 15 minutes after one was shown, at once "
            "when the customer has it. That there was one stays with its booking: names nobody.",
            blanks=(Blank({"code": ""}, lambda now: offer_codes.c.shown_at < now - CODE_SHOWN),),
        )
    },
)


class SqlGiftCodes:
    """`handlers.offers.model.GiftCodes` over a connection."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def bring_in(self, workspace: str, codes: Sequence[GiftCode], now: datetime) -> int:
        rows = [
            {
                "id": uuid4().hex,
                "workspace": workspace,
                "mark": self._seal.mark(f"gift code: {one.code}"),
                "code": self._seal.seal(one.code),
                "cents": one.cents,
                "currency": one.currency,
                "until": None if one.until is None else one.until.isoformat(),
                "brought_at": now,
                "offer": "",
                "shown_at": None,
                "handed_over": False,
            }
            for one in codes
        ]
        return insert_new(self._connection, offer_codes, rows)

    def reserve(self, workspace: str, offer: str, cents: int, currency: str, day: date) -> str:
        next_one = (
            select(offer_codes.c.id)
            .where(
                offer_codes.c.workspace == workspace,
                offer_codes.c.currency == currency,
                offer_codes.c.cents == cents,
                offer_codes.c.offer == "",
                _good_on(day),
            )
            # Those that are good for the shortest time go first.
            .order_by(func.coalesce(offer_codes.c.until, "9999"), offer_codes.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found: str | None = self._connection.scalar(
            update(offer_codes)
            .where(offer_codes.c.id == next_one.scalar_subquery(), offer_codes.c.offer == "")
            .values(offer=offer)
            .returning(offer_codes.c.id)
        )
        return found or ""

    def show(self, code: str, now: datetime) -> str | None:
        row = self._connection.execute(
            select(offer_codes.c.code, offer_codes.c.shown_at)
            .where(offer_codes.c.id == code)
            .with_for_update()
        ).one_or_none()
        if row is None or not row.code:
            return None
        if row.shown_at is not None and row.shown_at + CODE_SHOWN <= now:
            return None
        opened = self._seal.words(row.code, code)
        see_read(opened)
        if row.shown_at is None:
            self._change(code, shown_at=now)
        return opened

    def handed_over(self, code: str) -> None:
        self._change(code, code="", handed_over=True)

    def give_back(self, code: str) -> bool:
        freed = self._connection.execute(
            update(offer_codes)
            .where(offer_codes.c.id == code, offer_codes.c.shown_at.is_(None))
            .values(offer="")
        )
        return freed.rowcount == 1

    def stock(self, workspace: str, day: date) -> tuple[Stock, ...]:
        free = func.sum(case((and_(offer_codes.c.offer == "", _good_on(day)), 1), else_=0))
        rows = self._connection.execute(
            select(
                offer_codes.c.cents,
                offer_codes.c.currency,
                free.label("free"),
                func.count().label("all"),
            )
            .where(offer_codes.c.workspace == workspace)
            .group_by(offer_codes.c.cents, offer_codes.c.currency)
            .order_by(offer_codes.c.currency, offer_codes.c.cents)
        )
        return tuple(Stock(row.cents, row.currency, int(row.free), row.all) for row in rows)

    def states(self, workspace: str) -> tuple[CodeState, ...]:
        rows = self._connection.execute(
            select(offer_codes)
            .where(
                offer_codes.c.workspace == workspace,
                or_(offer_codes.c.offer != "", offer_codes.c.shown_at.is_not(None)),
            )
            .order_by(offer_codes.c.id)
        )
        return tuple(
            CodeState(row.id, row.cents, row.currency, row.offer, row.shown_at is not None)
            for row in rows
        )

    def _change(self, one: str, **values: object) -> None:
        self._connection.execute(
            update(offer_codes).where(offer_codes.c.id == one).values(**values)
        )


def _good_on(day: date) -> ColumnElement[bool]:
    return or_(offer_codes.c.until.is_(None), offer_codes.c.until >= day.isoformat())


@repository(GiftCodes)
def gift_codes_of(work: SqlWork) -> SqlGiftCodes:
    return SqlGiftCodes(work.connection, work.seal)
