"""What is due, taken by one sender at a time and within the platforms' pace."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Subquery,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)

from handlers.kit.delivery import Pace
from handlers.kit.notices import Claim, Lane, Notice, Priority, Settled
from handlers.kit.people import Address
from storage.effects import Effects
from storage.mapping import Record
from storage.outbox.places import (
    Budgets,
    ByPlace,
    addresses_of,
    conversation_of,
    place_of,
    places_of,
    where,
    written,
)
from storage.outbox.table import notice_of, outbox
from storage.pace import TRIED_EVERY, Books, Budget, SqlPaces
from storage.schema import Instant
from storage.sealed import Seal

_CLAIM = Record(Claim, outbox, besides=("notice", "to", "tries", "removes"))

_SWEEP = delete(outbox).where(
    outbox.c.id.in_(bindparam("ids", expanding=True)),
    outbox.c.forgets,
    outbox.c.due.is_(None),
    outbox.c.claimed_by.is_(None),
)


def _due(priority: Priority, *besides: ColumnElement[bool]) -> Subquery:
    """So many of one priority: so the index leads to what is due, past what will be due later."""
    return (
        select(outbox)
        .where(
            *besides,
            outbox.c.due <= bindparam("now", type_=Instant),
            outbox.c.priority == literal_column(str(int(priority))),
            or_(
                outbox.c.lease_until.is_(None),
                outbox.c.lease_until <= bindparam("now", type_=Instant),
                # No lease reaches as far: a clock wrote it that was wrong.
                outbox.c.lease_until > bindparam("furthest", type_=Instant),
            ),
        )
        .order_by(outbox.c.due, outbox.c.id)
        .limit(bindparam("urgent" if priority is Priority.URGENT else "others"))
        .with_for_update(skip_locked=True)
        .subquery()
    )


_DUE = union_all(*(select(_due(priority)) for priority in Priority))
_DUE_ELSEWHERE = select(
    _due(Priority.URGENT, outbox.c.workspace.not_in(bindparam("full", expanding=True)))
)
_LOOKS_ELSEWHERE = 8
"""How many times a claim looks past workspaces whose pace is used up."""

_IN_TURN = attrgetter("priority", "due", "id")
_TAKE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_by=bindparam("process"), lease_until=bindparam("until", type_=Instant))
)
_KEEP = (
    update(outbox)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.claimed_by == bindparam("process"),
    )
    .values(lease_until=bindparam("until", type_=Instant))
)
_POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"))
    .values(due=bindparam("when", type_=Instant))
)
_OWN = outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process")
_HOLDS = select(outbox.c.id).where(*_OWN, outbox.c.version == bindparam("claimed"))
_LET_GO = update(outbox).where(*_OWN).values(claimed_by=None, lease_until=None)
_SETTLE = _LET_GO.values(
    ref=case(
        (bindparam("removed"), null()), else_=func.coalesce(bindparam("new_ref"), outbox.c.ref)
    ),
    place=func.coalesce(bindparam("new_place"), outbox.c.place),
    fingerprint=func.coalesce(bindparam("new_fingerprint"), outbox.c.fingerprint),
    answers_left=bindparam("new_left"),
    attempts=bindparam("new_attempts"),
    refused_by=case((bindparam("anywhere"), null()), else_=outbox.c.refused_by),
    due=case(
        (
            or_(outbox.c.version == bindparam("claimed"), bindparam("gone")),
            bindparam("when", type_=Instant),
        ),
        else_=bindparam("now", type_=Instant),
    ),
    settled_at=bindparam("now", type_=Instant),
)
_REFUSED = select(outbox.c.refused_by).where(*_OWN)
_ELSEWHERE = _LET_GO.values(
    attempts=0, refused_by=bindparam("by"), due=bindparam("now", type_=Instant)
)
_MOVES_ON = _LET_GO.values(
    attempts=0,
    ref=None,
    place=None,
    fingerprint=None,
    answers_left=None,
    due=bindparam("now", type_=Instant),
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


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a notice may become, and what sending it draws on."""

    claim: Claim
    budgets: tuple[Budget, ...]


class SqlClaims:
    """`handlers.kit.delivery.Claims` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal
        self._paces = SqlPaces(connection)

    def claim(
        self,
        process: str,
        now: datetime,
        *,
        lease: timedelta,
        urgent: int,
        others: int,
        pace_of: Callable[[str], Pace],
        busy: Collection[str] = (),
    ) -> tuple[Claim, ...]:
        """Takes what is due and within the platform's pace, so much at most, for `lease`; what is
        not within the pace is put off until it is. Where one workspace has more of what is urgent
        than its pace takes, or is `busy`, what others have is looked for past it: they don't wait
        for it."""
        asked: dict[str, Any] = {
            "now": now,
            "urgent": urgent,
            "others": others,
            "furthest": now + 2 * lease,  # twice: two processes' clocks differ a little
        }
        full = set(busy)
        allowed: list[Claim] = []
        if full and urgent:
            _, allowed = self._of_others(full, asked, now, pace_of)
        before = {claim.id for claim in allowed}
        asked["urgent"] -= len(before)
        rows: Sequence[Row[Any]] = [row for row in self._due(others, asked) if row.id not in before]
        allowed += self._within_pace(self._choices(rows, now, pace_of), now) if rows else []
        for _ in range(_LOOKS_ELSEWHERE):
            ids = {claim.id for claim in allowed}
            first = [row for row in rows if row.priority == Priority.URGENT]
            new = {row.workspace for row in first if row.id not in ids}
            # Fewer than were asked for: there are no more.
            if not new or len(first) < asked["urgent"]:
                break
            full |= new
            asked["urgent"] = urgent - sum(
                claim.notice.priority is Priority.URGENT for claim in allowed
            )
            rows, more = self._of_others(full, asked, now, pace_of)
            allowed += more
        if allowed:
            self._connection.execute(
                _TAKE,
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
                        "removed": result.gone and result.claim.removes,
                        "anywhere": result.anywhere,
                        "new_ref": result.ref,
                        "new_place": written(result.claim.to[0].place) if result.ref else None,
                        "new_fingerprint": result.fingerprint,
                        "new_left": _left(result),
                        "new_attempts": result.claim.attempts + 1 if result.due else 0,
                        "when": result.due,
                        "now": now,
                    }
                    for result in results
                ],
            )
        for result in results:
            if result.due is not None:
                self._effects.send_at(result.due)
        # What was asked to forget after it was claimed comes back as a claim that knows it,
        # unless it can never be sent again.
        self._sweep([result.claim for result in results if result.claim.forgets or result.gone])

    def give_back(
        self, claims: Sequence[Claim], pace_of: Callable[[str], Pace], now: datetime
    ) -> None:
        """Nothing was sent of these: what they took of the pace is there for others."""
        budgets = Budgets(pace_of, self._seal())
        spent = [(budgets.of(claim), claim.notice.priority) for claim in claims if claim.to]
        if spent:
            self._paces.give_back(spent, now)

    def keep(self, process: str, claims: Sequence[int], until: datetime) -> None:
        """These are still being sent: they stay the process's until then. One that another took
        over is left alone."""
        kept = {"ids": list(claims), "process": process, "until": until}
        self._connection.execute(_KEEP, kept)

    def holds(self, process: str, claim: Claim) -> bool:
        """Whether it is the process's still, and nobody has asked to have it made again."""
        asked = {"notice": claim.id, "process": process, "claimed": claim.version}
        return self._connection.scalar(_HOLDS, asked) is not None

    def elsewhere(self, process: str, claim: Claim, now: datetime) -> bool:
        """The claim did not arrive where it went: whether there is another place for all of its
        readers, where it was not tried yet. It is due there."""
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
        self._effects.send_at(now)
        return True

    def moves_on(self, process: str, claim: Claim, now: datetime) -> None:
        """The answer that the claim was to change can't be changed any more: the message goes on
        as a new one, at once."""
        moved = {"notice": claim.id, "process": process, "now": now}
        self._connection.execute(_MOVES_ON, moved)
        self._effects.send_at(now)

    def release_all(self) -> None:
        """Frees every claim. Only for a process that knows it is the only one."""
        self._connection.execute(_RELEASE)

    def next_due(self, among: Sequence[Priority] = tuple(Priority)) -> datetime | None:
        """When the next notice of these priorities that nobody holds is due."""
        dues = (
            self._connection.execute(_NEXT_DUE, {"priority": int(priority)}).scalar_one_or_none()
            for priority in among
        )
        return min(filter(None, dues), default=None)

    def _sweep(self, claims: Sequence[Claim]) -> None:
        if not claims:
            return
        swept = self._connection.execute(_SWEEP, {"ids": [claim.id for claim in claims]})
        if swept.rowcount:
            # Who writes to whom stands in the conversations' budgets too.
            self._paces.drop(conversation_of(c, self._seal()) for c in claims if len(c.to) > 1)
            self._effects.forgot = True

    def _due(self, others: int, asked: dict[str, Any]) -> Sequence[Row[Any]]:
        rows = sorted(self._connection.execute(_DUE, asked), key=_IN_TURN)
        return rows[: others + sum([row.priority == Priority.URGENT for row in rows])]

    def _of_others(
        self,
        full: Collection[str],
        asked: Mapping[str, Any],
        now: datetime,
        pace_of: Callable[[str], Pace],
    ) -> tuple[Sequence[Row[Any]], list[Claim]]:
        """What is urgent and due in other workspaces than these, and what the pace allows of it."""
        rows = self._connection.execute(_DUE_ELSEWHERE, {**asked, "full": sorted(full)}).all()
        return rows, self._within_pace(self._choices(rows, now, pace_of), now) if rows else []

    def _choices(
        self, rows: Sequence[Row[Any]], now: datetime, pace_of: Callable[[str], Pace]
    ) -> list[list[_Choice]]:
        """What each row may become: one claim, but for an urgent one that may go to another place
        where the first takes nothing now, and for one that may be taken away."""
        notices = [notice_of(row) for row in rows]
        known = addresses_of(
            self._connection, sorted({who for notice in notices for who in notice.to})
        )
        budgets = Budgets(pace_of, self._seal())
        return [
            [
                _Choice(claim, budgets.of(claim) if to else ())
                for to in _to(row, notice, known, now)
                for claim in _ways(row, _claim(row, notice, to, now), pace_of)
            ]
            for row, notice in zip(rows, notices, strict=True)
        ]

    def _within_pace(self, choices: Sequence[Sequence[_Choice]], now: datetime) -> list[Claim]:
        books = self._paces.open(
            [budget for several in choices for one in several for budget in one.budgets]
        )
        allowed: list[Claim] = []
        postponed: list[dict[str, Any]] = []
        for several in choices:
            one = several[0]
            if several[-1].claim.removes:
                one = min(several, key=partial(_leaves_at, books=books, now=now))
            elif len(several) > 1:
                one = next((each for each in several if _leaves_soon(each, books, now)), one)
            claim = one.claim
            if _is_apart(one, books, now):
                allowed.append(replace(claim, to=()))
                continue
            when = books.admit(one.budgets, claim.notice.priority, now)
            if when is None:
                tried = _tried(one, books) if books.any_refused else ()
                allowed.append(replace(claim, tries=tried) if tried else claim)
            else:
                postponed.append({"notice": claim.id, "when": when})
                self._effects.send_at(when)
        if postponed:
            self._connection.execute(_POSTPONE, postponed)
        self._paces.close(books, now)
        return allowed


def _leaves_soon(one: _Choice, books: Books, now: datetime) -> bool:
    return books.earliest(one.budgets, one.claim.notice.priority, now) <= now + TRIED_EVERY


def _leaves_at(one: _Choice, books: Books, now: datetime) -> datetime:
    return books.turn(one.budgets, one.claim.notice.priority, now)


def _tried(one: _Choice, books: Books) -> tuple[Lane, ...]:
    lanes = zip(one.claim.lanes, one.budgets, strict=False)
    return tuple(lane for lane, budget in lanes if books.tries(budget))


def _is_apart(one: _Choice, books: Books, now: datetime) -> bool:
    """Whether those of an urgent one have to have it alone: no conversation can be opened."""
    claim = one.claim
    if claim.notice.priority is not Priority.URGENT or len(claim.to) < 2:
        return False
    lanes = zip(claim.lanes, one.budgets, strict=False)
    opening = [budget for lane, budget in lanes if lane is Lane.OPENING]
    return books.earliest(opening, Priority.URGENT, now) > now + TRIED_EVERY


def _left(result: Settled) -> int | None:
    """How often what is there may be changed yet, where that is limited."""
    left = result.claim.answers_left
    if result.ref is None or left is None:
        return left
    return left - 1


def _ways(row: Row[Any], claim: Claim, pace_of: Callable[[str], Pace]) -> Sequence[Claim]:
    """The claim, and where what it would change may be taken away as well, that."""
    if not row.removable or claim.ref is None or not claim.to:
        return (claim,)
    if pace_of(claim.to[0].platform).workspace_removal is None:
        return (claim,)
    return claim, replace(claim, removes=True)


def _is_used_up(row: Row[Any], now: datetime) -> bool:
    """Whether what is there was an answer, which can't be changed any more."""
    if row.answers_left is None:
        return False
    return bool(row.answers_left < 1 or row.answers_until <= now)


def _claim(row: Row[Any], notice: Notice, to: tuple[Address, ...], now: datetime) -> Claim:
    claim = _CLAIM.value(row, notice=notice, to=to)
    if _is_used_up(row, now):
        return replace(claim, ref=None, fingerprint=None, answers_left=None)
    return claim


def _to(
    row: Row[Any], notice: Notice, known: ByPlace, now: datetime
) -> Sequence[tuple[Address, ...]]:
    """Where the notice may go: nowhere is one of the answers."""
    if row.place is not None and not _is_used_up(row, now):
        there = [known.get(person, {}).get(place_of(row.place)) for person in notice.to]
        return [tuple(filter(None, there)) if all(there) else ()]
    places = where(notice.to, known, places_of(row.refused_by)) or ((),)
    return places if notice.priority is Priority.URGENT else places[:1]
