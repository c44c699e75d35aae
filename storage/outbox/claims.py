"""What is due, taken by one sender at a time and within the platforms' pace."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, or_, select, update

from handlers.kit.notices import Claim, Notice, Priority, Settled
from handlers.kit.people import Address
from handlers.kit.ports import Pace
from storage.effects import Effects
from storage.outbox.places import (
    Addresses,
    Place,
    addresses_of,
    budgets_of,
    conversation_of,
    place_of,
    places_of,
    where,
    written,
)
from storage.outbox.table import notice_of, outbox
from storage.pace import SqlPaces, workspace_budgets
from storage.schema import Instant

_SWEEP = delete(outbox).where(
    outbox.c.id.in_(bindparam("ids", expanding=True)),
    outbox.c.forgets,
    outbox.c.due.is_(None),
    outbox.c.claimed_by.is_(None),
)
# One priority at a time: so the index leads to what is due, past what will be due later.
_DUE = (
    select(outbox)
    .where(
        outbox.c.due <= bindparam("now", type_=Instant),
        outbox.c.priority == bindparam("priority"),
        or_(
            outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now", type_=Instant)
        ),
    )
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_by=bindparam("process"), lease_until=bindparam("until", type_=Instant))
)
_POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"))
    .values(due=bindparam("when", type_=Instant))
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process"))
    .values(
        claimed_by=None,
        lease_until=None,
        ref=func.coalesce(bindparam("new_ref"), outbox.c.ref),
        place=func.coalesce(bindparam("new_place"), outbox.c.place),
        looks=func.coalesce(bindparam("new_looks"), outbox.c.looks),
        attempts=bindparam("new_attempts"),
        due=case(
            (
                or_(outbox.c.version == bindparam("claimed"), bindparam("gone")),
                bindparam("when", type_=Instant),
            ),
            else_=bindparam("now", type_=Instant),
        ),
        settled_at=bindparam("now", type_=Instant),
    )
)
_REFUSED = select(outbox.c.refused_by).where(
    outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process")
)
_ELSEWHERE = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process"))
    .values(
        claimed_by=None,
        lease_until=None,
        attempts=0,
        refused_by=bindparam("by"),
        due=bindparam("now", type_=Instant),
    )
)
_RELEASE = (
    update(outbox).where(outbox.c.claimed_by.is_not(None)).values(claimed_by=None, lease_until=None)
)
_NEXT_DUE = (
    select(outbox.c.due)
    .where(
        outbox.c.priority == bindparam("priority"),
        outbox.c.due.is_not(None),
        outbox.c.lease_until.is_(None),
    )
    .order_by(outbox.c.due)
    .limit(1)
)


class SqlClaims:
    """`handlers.kit.ports.Claims` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects
        self._paces = SqlPaces(connection)

    def claim(
        self,
        process: str,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        pace_of: Callable[[str], Pace],
        most: Priority = Priority.BULK,
    ) -> tuple[Claim, ...]:
        """Takes what is due and within the platform's pace, urgent first, for `lease`; what is
        not within the pace is put off until it is. `most`: leave less urgent ones alone."""
        rows: list[Row[Any]] = []
        for priority in Priority:
            if priority <= most and len(rows) < limit:
                asked = {"now": now, "limit": limit - len(rows), "priority": int(priority)}
                rows += self._connection.execute(_DUE, asked)
        if not rows:
            return ()
        allowed = self._within_pace(self._claims(rows), now, pace_of)
        if allowed:
            self._connection.execute(
                _CLAIM,
                {
                    "ids": [claim.id for claim in allowed],
                    "process": process,
                    "until": now + lease,
                },
            )
        return tuple(allowed)

    def settle(self, process: str, results: Sequence[Settled], now: datetime) -> None:
        """Writes what became of the process's claims. A notice that was asked to be made again
        meanwhile is due at once; a claim that another process took over is left alone."""
        if results:
            self._connection.execute(
                _SETTLE,
                [
                    {
                        "notice": result.claim.id,
                        "process": process,
                        "claimed": result.claim.version,
                        "gone": result.gone,
                        "new_ref": result.ref,
                        "new_place": written(result.claim.to[0].place) if result.ref else None,
                        "new_looks": result.looks,
                        "new_attempts": result.claim.attempts + 1 if result.due else 0,
                        "when": result.due,
                        "now": now,
                    }
                    for result in results
                ],
            )
        for result in results:
            self._effects.wake_at(result.due)
        # What was asked to forget after it was claimed comes back as a claim that knows it,
        # unless it can never be sent again.
        self._sweep([result.claim for result in results if result.claim.forgets or result.gone])

    def give_back(
        self, claims: Sequence[Claim], pace_of: Callable[[str], Pace], now: datetime
    ) -> None:
        """Nothing was sent of these: what they took of the pace is there for others."""
        spent = [
            (budgets_of(claim, pace_of(claim.to[0].platform)), claim.notice.priority)
            for claim in claims
            if claim.to
        ]
        if spent:
            self._paces.give_back(spent, now)

    def elsewhere(self, process: str, claim: Claim, now: datetime) -> bool:
        """The place that the claim went to has refused it: whether there is another one for all
        of its readers, which hasn't. It is due there."""
        if not claim.to:
            return False
        held = {"notice": claim.id, "process": process}
        row = self._connection.execute(_REFUSED, held).one_or_none()
        if row is None:
            return False
        refused = [*places_of(row.refused_by), claim.to[0].place]
        if not where(claim.notice.to, addresses_of(self._connection, claim.notice.to), refused):
            return False
        by = json.dumps([written(place) for place in refused])
        self._connection.execute(_ELSEWHERE, {**held, "by": by, "now": now})
        self._effects.wake_at(now)
        return True

    def hold(self, place: Place, until: datetime, pace: Pace) -> None:
        """Sends nothing to the platform's workspace until then: the platform asked for it."""
        self._paces.hold(workspace_budgets(place, pace), until)

    def release_all(self) -> None:
        """Frees every claim. Only for a process that knows it is the only one."""
        self._connection.execute(_RELEASE)

    def next_due(self) -> datetime | None:
        """When the next notice that nobody holds is due."""
        dues = (
            self._connection.execute(_NEXT_DUE, {"priority": int(priority)}).scalar_one_or_none()
            for priority in Priority
        )
        return min(filter(None, dues), default=None)

    def depth(self, now: datetime) -> dict[Priority, int]:
        """How many notices of each priority are due and not sent."""
        counts = self._connection.execute(
            select(outbox.c.priority, func.count())
            .where(outbox.c.due <= now)
            .group_by(outbox.c.priority)
        ).all()
        return {Priority.URGENT: 0, Priority.NORMAL: 0, Priority.BULK: 0} | {
            Priority(priority): count for priority, count in counts
        }

    def _sweep(self, claims: Sequence[Claim]) -> None:
        if not claims:
            return
        swept = self._connection.execute(_SWEEP, {"ids": [claim.id for claim in claims]})
        if swept.rowcount:
            # Who writes to whom stands in the conversations' budgets too.
            self._paces.drop(conversation_of(c) for c in claims if len(c.to) > 1)
            self._effects.forgot = True

    def _claims(self, rows: Sequence[Row[Any]]) -> list[Claim]:
        notices = [notice_of(row) for row in rows]
        known = addresses_of(
            self._connection, sorted({who for notice in notices for who in notice.to})
        )
        return [
            _claim(row, notice, _to(row, notice, known))
            for row, notice in zip(rows, notices, strict=True)
        ]

    def _within_pace(
        self, claims: Sequence[Claim], now: datetime, pace_of: Callable[[str], Pace]
    ) -> list[Claim]:
        asked = {
            claim.id: budgets_of(claim, pace_of(claim.to[0].platform)) if claim.to else ()
            for claim in claims
        }
        books = self._paces.open(budget for budgets in asked.values() for budget in budgets)
        allowed: list[Claim] = []
        postponed: list[dict[str, Any]] = []
        for claim in claims:
            when = books.admit(asked[claim.id], claim.notice.priority, now)
            if when is None:
                allowed.append(claim)
            else:
                postponed.append({"notice": claim.id, "when": when})
                self._effects.wake_at(when)
        if postponed:
            self._connection.execute(_POSTPONE, postponed)
        self._paces.close(books, now)
        return allowed


def _claim(row: Row[Any], notice: Notice, to: tuple[Address, ...]) -> Claim:
    return Claim(
        id=row.id,
        workspace=row.workspace,
        notice=notice,
        to=to,
        version=row.version,
        attempts=row.attempts,
        first_due=row.first_due,
        ref=row.ref,
        looks=row.looks,
        forgets=row.forgets,
    )


def _to(row: Row[Any], notice: Notice, known: Addresses) -> tuple[Address, ...]:
    if row.place is not None:
        there = [known.get(person, {}).get(place_of(row.place)) for person in notice.to]
        return tuple(filter(None, there)) if all(there) else ()
    return where(notice.to, known, places_of(row.refused_by))
