"""How much of each limit of offers is taken: rows that can't hold more than their limit."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from handlers.kit.callers import Purpose
from handlers.offers.model import CUSTOMER_KEPT, Bound, Limit, SpendingLimits
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    caller_column,
    insert_new,
    metadata,
)
from storage.work import SqlWork, repository

offer_limits: Table = Table(
    "offer_limits",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("bound", String(16), primary_key=True, info=CODE),
    # Of a person it is the ledger's name of theirs, of a customer a mark.
    caller_column("subject", String(64), purpose=Purpose.OFFERS, primary_key=True),
    Column("month", String(7), primary_key=True, info=CODE),
    Column("currency", String(3), primary_key=True, info=CODE),
    Column("taken", BigInteger, nullable=False),
    Column("most", BigInteger, nullable=False),
    Column("used_at", Instant, nullable=False, index=True, info=HAPPENED),
    CheckConstraint("taken >= 0 AND taken <= most"),
    info={
        "retention": Retention(
            why="A year after it was last used: a customer's limit counts twelve months, a month's "
            "need be known no longer. Customers and people stand in it as marks.",
            ended=lambda now: offer_limits.c.used_at < now - CUSTOMER_KEPT - timedelta(days=1),
            forget_caller=lambda marks: (
                delete(offer_limits).where(
                    offer_limits.c.bound == Bound.CUSTOMER, offer_limits.c.subject.in_(marks)
                ),
            ),
        )
    },
)

_THIS = tuple(
    offer_limits.c[name] == bindparam(f"of_{name}")
    for name in ("workspace", "bound", "subject", "month", "currency")
)
_TAKE = (
    update(offer_limits)
    # The limit as it is now: where it was lowered below what is taken, nothing more is.
    .where(*_THIS, offer_limits.c.taken + bindparam("cents") <= bindparam("limit"))
    .values(
        taken=offer_limits.c.taken + bindparam("cents"),
        most=bindparam("limit"),
        used_at=bindparam("now", type_=Instant),
    )
)
_RELEASE = (
    update(offer_limits)
    .where(*_THIS, offer_limits.c.taken >= bindparam("cents"))
    .values(taken=offer_limits.c.taken - bindparam("cents"))
)
_TAKEN = select(offer_limits.c.taken).where(*_THIS)


class SqlSpendingLimits:
    """`handlers.offers.model.SpendingLimits` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, workspace: str, limit: Limit, most: int, cents: int, now: datetime) -> bool:
        values = _this(workspace, limit) | {"cents": cents, "limit": most, "now": now}
        if self._connection.execute(_TAKE, values).rowcount == 1:
            return True
        row = {
            "workspace": workspace,
            "bound": limit.bound,
            "subject": limit.subject,
            "month": limit.month,
            "currency": limit.currency,
            "taken": 0,
            "most": most,
            "used_at": now,
        }
        # Where somebody else's first one is there by now, that decides.
        insert_new(self._connection, offer_limits, [row])
        return self._connection.execute(_TAKE, values).rowcount == 1

    def release(self, workspace: str, limit: Limit, cents: int) -> None:
        self._connection.execute(_RELEASE, _this(workspace, limit) | {"cents": cents})

    def taken(self, workspace: str, limit: Limit) -> int:
        return int(self._connection.scalar(_TAKEN, _this(workspace, limit)) or 0)


def _this(workspace: str, limit: Limit) -> dict[str, Any]:
    return {
        "of_workspace": workspace,
        "of_bound": limit.bound,
        "of_subject": limit.subject,
        "of_month": limit.month,
        "of_currency": limit.currency,
    }


@repository(SpendingLimits)
def limits_of(work: SqlWork) -> SqlSpendingLimits:
    return SqlSpendingLimits(work.connection)
