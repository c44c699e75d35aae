"""Where people were heard from, and where nothing reaches them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, tuple_, update

from handlers.kit.people import Address, Place
from storage.people.tables import addresses, people
from storage.schema import Instant

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
_NEWS = {
    of_quiet: (
        update(addresses)
        .where(*_THIS, column.is_(None) | (column <= bindparam("told", type_=Instant)))
        .values({column: bindparam("told", type_=Instant)})
    )
    for of_quiet, column in ((False, addresses.c.told_at), (True, addresses.c.quiet_told_at))
}
# From one place to the next by the index, past those who are there.
_PLACE_AFTER = (
    select(addresses.c.platform, addresses.c.workspace)
    .where(
        tuple_(addresses.c.platform, addresses.c.workspace)
        > tuple_(bindparam("platform"), bindparam("workspace"))
    )
    .order_by(addresses.c.platform, addresses.c.workspace)
    .limit(1)
)
_VOUCHED = select(addresses.c.told_at.is_not(None)).where(*_THIS)


class SqlAddresses:
    """`handlers.kit.ports.KnownAddresses` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_refused: dict[Address, bool] = {}

    def read(self, address: Address, *, is_refused: bool) -> None:
        """The address was read along with its owner."""
        self._is_refused[address] = is_refused

    def used(self, address: Address, now: datetime) -> None:
        self._connection.execute(update(addresses).where(*is_address(address)).values(used_at=now))

    def is_news(self, address: Address, at: datetime, *, of_quiet: bool = False) -> bool:
        told = self._connection.execute(_NEWS[of_quiet], _row_of(address) | {"told": at})
        return told.rowcount == 1

    def is_vouched(self, address: Address) -> bool:
        return bool(self._connection.execute(_VOUCHED, _row_of(address)).scalar())

    def reached(self, addresses: Sequence[Address]) -> None:
        rows = [_row_of(one) for one in addresses if self._is_refused.get(one, True)]
        if rows:
            self._connection.execute(_REACHED, rows)

    def refused(self, addresses: Sequence[Address], now: datetime) -> None:
        if addresses:
            rows = [_row_of(address) | {"now": now} for address in addresses]
            self._connection.execute(_REFUSED, rows)

    def places(self, after: Place | None, limit: int) -> tuple[Place, ...]:
        """So many of the places where anybody has an address, in order, after that one."""
        found: list[Place] = []
        platform, workspace = after or ("", "")
        while len(found) < limit:
            last = {"platform": platform, "workspace": workspace}
            row = self._connection.execute(_PLACE_AFTER, last).one_or_none()
            if row is None:
                break
            platform, workspace = row
            found.append((platform, workspace))
        return tuple(found)

    def quiet_over(
        self, platform: str, now: datetime, limit: int, besides: Collection[str] = ()
    ) -> tuple[Address, ...]:
        rows = self._connection.execute(
            select(addresses.c.platform, addresses.c.workspace, addresses.c.user)
            .join(people, people.c.id == addresses.c.person)
            .where(
                people.c.active,
                people.c.quiet_until <= now,
                addresses.c.platform == platform,
                addresses.c.workspace.not_in(besides),
            )
            .order_by(people.c.quiet_until, people.c.id)
            .limit(limit)
        ).all()
        return tuple(Address(*row) for row in rows)


def _row_of(address: Address) -> dict[str, Any]:
    return {
        "at_platform": address.platform,
        "at_workspace": address.workspace,
        "at_user": address.user,
    }


def is_address(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        addresses.c.platform == address.platform,
        addresses.c.workspace == address.workspace,
        addresses.c.user == address.user,
    )
