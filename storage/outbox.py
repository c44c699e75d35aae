"""Notices on their way: kept with what caused them, claimed by lease, paced for all replicas.

Where a notice goes is decided when it is claimed: to the place that its reader used last, and for
several to one where all of them are. A message that is there is changed where it is.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from handlers.kit.notices import DIGEST, Claim, Notice, Priority, Settled, Wait
from handlers.kit.people import Address
from handlers.kit.ports import Pace
from storage.effects import Effects
from storage.pace import Budget, SqlPaces, workspace_budgets
from storage.people import addresses, used_first
from storage.schema import Instant, Keeping, insert_new, metadata

Place = tuple[str, str]
"""A platform and its own id of a workspace."""

Addresses = Mapping[str, Mapping[Place, Address]]
"""People's addresses by place, of each the one used last first."""

outbox: Table = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace", String(80), nullable=False),
    Column("key", String(400), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("about", String(80), nullable=False),
    Column("recipients", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", Instant),
    Column("first_due", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(32)),
    Column("lease_until", Instant),
    Column("ref", Text),
    Column("place", Text),
    Column("refused_by", Text),
    Column("looks", String(64)),
    Column("settled_at", Instant),
    Column("forgets", Boolean, nullable=False),
    Column("waits_for", String(32)),
    Index(
        "ix_outbox_due",
        "priority",
        "due",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index(
        "ix_outbox_settled_at",
        "settled_at",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
    Index("ix_outbox_about", "about", "kind"),
    Index(
        "ix_outbox_waits_for",
        "waits_for",
        sqlite_where=text("waits_for IS NOT NULL"),
        postgresql_where=text("waits_for IS NOT NULL"),
    ),
    info={
        "keeping": Keeping(
            why="Two days after it was settled: as long as the message may still change; what "
            "forgets, until it is settled. Holds ids, never text.",
            ended=lambda now: (
                (outbox.c.settled_at < now - timedelta(days=2))
                & outbox.c.due.is_(None)
                & (outbox.c.waits_for.is_(None) | (outbox.c.kind == DIGEST))
            ),
            among=("key", "recipients", "waits_for"),
            erase=lambda person: (delete(outbox).where(outbox.c.recipients.contains(person)),),
        )
    },
)


_REFRESH = (
    update(outbox)
    .where(
        outbox.c.about == bindparam("subject"),
        outbox.c.kind == bindparam("of_kind"),
        outbox.c.workspace == bindparam("of_workspace"),
        # What waits is touched too, although it stays due when it is: the row is held until what
        # made it untrue is kept. Else it could be claimed, and its card made, in between.
        or_(outbox.c.ref.is_not(None), outbox.c.due.is_not(None)),
    )
    .values(
        version=outbox.c.version + 1,
        due=case(
            (
                or_(outbox.c.ref.is_not(None), outbox.c.claimed_by.is_not(None)),
                bindparam("when", type_=Instant),
            ),
            else_=outbox.c.due,
        ),
    )
)
_FORGET = (
    update(outbox)
    .where(
        outbox.c.about == bindparam("subject"),
        outbox.c.workspace == bindparam("of_workspace"),
        or_(outbox.c.ref.is_not(None), outbox.c.claimed_by.is_not(None)),
    )
    .values(version=outbox.c.version + 1, due=bindparam("when", type_=Instant), forgets=True)
)
_DROP = delete(outbox).where(
    outbox.c.about == bindparam("subject"),
    outbox.c.workspace == bindparam("of_workspace"),
    outbox.c.ref.is_(None),
    outbox.c.claimed_by.is_(None),
)
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
_ADDRESSES = (
    select(addresses)
    .where(addresses.c.person.in_(bindparam("people", expanding=True)))
    .order_by(*used_first(addresses))
)
_RELEASE = update(outbox).where(outbox.c.claimed_by.is_not(None))
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
_IS_DIGEST = outbox.c.kind == DIGEST
_KEEP_WAITING = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process"))
    .values(
        claimed_by=None,
        lease_until=None,
        waits_for=bindparam("person"),
        due=case((_IS_DIGEST, bindparam("until", type_=Instant))),
    )
)
_DIGEST_OF = (
    _IS_DIGEST,
    outbox.c.waits_for == bindparam("person"),
    outbox.c.due.is_not(None),
    outbox.c.claimed_by.is_(None),
)
_DIGEST_BY = (
    update(outbox)
    .where(*_DIGEST_OF)
    .values(
        due=case(
            (outbox.c.due > bindparam("until", type_=Instant), bindparam("until", type_=Instant)),
            else_=outbox.c.due,
        )
    )
)
_WAITING = (
    select(outbox)
    .where(outbox.c.waits_for == bindparam("person"), ~_IS_DIGEST)
    .order_by(outbox.c.first_due, outbox.c.id)
    .limit(bindparam("limit"))
)
_WAIT_NO_LONGER = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))


class SqlOutbox:
    """`handlers.kit.ports.Outbox` over a connection, and the claims that delivery works by."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects
        self._paces = SqlPaces(connection)

    def add(self, workspace: str, *notices: Notice, forget: bool = False) -> None:
        insert_new(
            self._connection,
            outbox,
            [
                {
                    "workspace": workspace,
                    "key": notice.key,
                    "kind": notice.kind,
                    "about": notice.about,
                    "recipients": json.dumps(notice.to),
                    "priority": int(notice.priority),
                    "due": notice.due,
                    "first_due": notice.due,
                    "version": 0,
                    "attempts": 0,
                    "forgets": forget,
                }
                for notice in notices
            ],
        )
        for notice in notices:
            self._effects.wake_at(notice.due)

    def refresh(self, workspace: str, kind: str, about: str, now: datetime) -> None:
        self._connection.execute(
            _REFRESH, {"of_workspace": workspace, "of_kind": kind, "subject": about, "when": now}
        )
        self._effects.wake_at(now)

    def forget(self, workspace: str, about: str, now: datetime) -> None:
        subject = {"of_workspace": workspace, "subject": about}
        self._connection.execute(_DROP, subject)
        self._connection.execute(_FORGET, {**subject, "when": now})
        self._effects.forgot = True
        self._effects.wake_at(now)

    def kept(self, key: str) -> Notice | None:
        row = self._connection.execute(select(outbox).where(outbox.c.key == key)).one_or_none()
        return None if row is None else _notice(row)

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
                        "new_place": _written(result.claim.to[0].place) if result.ref else None,
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
            (_budgets(claim, pace_of(claim.to[0].platform)), claim.notice.priority)
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
        refused = [*_places(row.refused_by), claim.to[0].place]
        if not where(claim.notice.to, self._addresses(claim.notice.to), refused):
            return False
        by = json.dumps([_written(place) for place in refused])
        self._connection.execute(_ELSEWHERE, {**held, "by": by, "now": now})
        self._effects.wake_at(now)
        return True

    def keep_waiting(
        self, process: str, waits: Sequence[tuple[Claim, Wait]], now: datetime
    ) -> None:
        """Gives the claims back to wait for somebody who can't be reached now, and has a digest
        come when the wait is over."""
        for claim, wait in waits:
            kept = {
                "notice": claim.id,
                "process": process,
                "person": wait.person,
                "until": wait.until,
            }
            self._connection.execute(_KEEP_WAITING, kept)
            if claim.notice.kind != DIGEST:
                self._digest(claim.workspace, wait, now)
            self._effects.wake_at(wait.until)

    def waiting(self, person: str, limit: int) -> tuple[tuple[int, Notice], ...]:
        """What waits for the person, longest first, by id."""
        rows = self._connection.execute(_WAITING, {"person": person, "limit": limit})
        return tuple((row.id, _notice(row)) for row in rows)

    def gathered(self, person: str, ids: Sequence[int], now: datetime) -> None:
        """These have reached the person in a digest. If more wait, another digest follows."""
        self._connection.execute(
            _WAIT_NO_LONGER.values(waits_for=None, settled_at=now), {"ids": list(ids)}
        )
        more = self._connection.execute(_WAITING, {"person": person, "limit": 1}).one_or_none()
        if more is not None:
            self._digest(more.workspace, Wait(person, now), now)

    def let_go(self, ids: Sequence[int], now: datetime) -> None:
        """These wait no longer and are sent each by itself."""
        self._connection.execute(
            _WAIT_NO_LONGER.values(waits_for=None, due=now), {"ids": list(ids)}
        )
        self._effects.wake_at(now)

    def look_again(self, person: str, now: datetime) -> None:
        """Has what waits for the person decided anew."""
        self._connection.execute(_DIGEST_BY, {"person": person, "until": now})
        self._effects.wake_at(now)

    def hold(self, place: Place, until: datetime, pace: Pace) -> None:
        """Sends nothing to the platform's workspace until then: the platform asked for it."""
        self._paces.hold(workspace_budgets(place, pace), until)

    def release_all(self) -> None:
        """Frees every claim. Only for a process that knows it is the only one."""
        self._connection.execute(_RELEASE.values(claimed_by=None, lease_until=None))

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
            self._paces.drop(_conversation(c) for c in claims if len(c.to) > 1)
            self._effects.forgot = True

    def _digest(self, workspace: str, wait: Wait, now: datetime) -> None:
        """One digest is on its way to somebody for whom anything waits."""
        asked = {"person": wait.person, "until": wait.until}
        if self._connection.execute(_DIGEST_BY, asked).rowcount:
            return
        # Each has a name of its own: yesterday's is not sent again.
        digest = Notice(DIGEST, f"{now:%y%m%d%H%M%S%f}", (wait.person,), wait.until)
        self.add(workspace, digest)
        self._connection.execute(
            update(outbox).where(outbox.c.key == digest.key).values(waits_for=wait.person)
        )

    def _claims(self, rows: Sequence[Row[Any]]) -> list[Claim]:
        notices = [_notice(row) for row in rows]
        known = self._addresses(sorted({who for notice in notices for who in notice.to}))
        return [
            _claim(row, notice, _to(row, notice, known))
            for row, notice in zip(rows, notices, strict=True)
        ]

    def _addresses(self, people: Sequence[str]) -> Addresses:
        """The people's addresses, of each the one used last first."""
        found: dict[str, dict[Place, Address]] = {}
        for row in self._connection.execute(_ADDRESSES, {"people": list(people)}):
            address = Address(row.platform, row.workspace, row.user)
            found.setdefault(row.person, {}).setdefault(address.place, address)
        return found

    def _within_pace(
        self, claims: Sequence[Claim], now: datetime, pace_of: Callable[[str], Pace]
    ) -> list[Claim]:
        asked = {
            claim.id: _budgets(claim, pace_of(claim.to[0].platform)) if claim.to else ()
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


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        kind=row.kind,
        about=row.about,
        to=tuple(json.loads(row.recipients)),
        due=row.due,
        priority=Priority(row.priority),
        sent=row.ref is not None,
    )


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
        there = [known.get(person, {}).get(_place(row.place)) for person in notice.to]
        return tuple(filter(None, there)) if all(there) else ()
    return where(notice.to, known, _places(row.refused_by))


def where(
    people: Sequence[str], known: Addresses, refused: Collection[Place]
) -> tuple[Address, ...]:
    """Their addresses at the place where all of them are and which the first used last; none if
    there is no such place."""
    first, *others = (known.get(person, {}) for person in people)
    for place, address in first.items():
        if place not in refused and all(place in other for other in others):
            return (address, *(other[place] for other in others))
    return ()


def _written(place: Place) -> str:
    return "/".join(place)


def _place(written: str) -> Place:
    platform, _, workspace = written.partition("/")
    return platform, workspace


def _places(refused_by: str | None) -> list[Place]:
    return [_place(written) for written in json.loads(refused_by or "[]")]


def _budgets(claim: Claim, pace: Pace) -> tuple[Budget, ...]:
    new, change = workspace_budgets(claim.to[0].place, pace)
    if claim.ref is not None:  # a change interrupts nobody: no conversation is too full for it
        return (change,)
    return Budget(_conversation(claim), pace.conversation), new


def _conversation(claim: Claim) -> str:
    return f"{'-'.join(claim.to[0].place)}/{'+'.join(sorted(claim.notice.to))}"
