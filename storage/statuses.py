"""Who lets Plecs set their status, and what it shows of theirs. Tokens and words are sealed."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    case,
    delete,
    or_,
    select,
    true,
    update,
)

from handlers.kit.delivery import Rate
from handlers.kit.people import Address, Person
from handlers.kit.ports import Status
from handlers.statuses.model import (
    TRIED_FOR,
    Shown,
    StatusClaim,
    StatusDispatch,
    StatusPermissions,
    StatusSettled,
    WantedStatus,
)
from storage.effects import Effects
from storage.pace import Budget, SqlPaces
from storage.people.people import SqlPeople
from storage.schema import (
    ID,
    LEASED,
    REMAINS,
    STATED,
    Instant,
    Retention,
    insert_rows,
    metadata,
    person_column,
)
from storage.sealed import SEALED, Seal
from storage.work import SqlWork, repository

statuses: Table = Table(
    "statuses",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    person_column("person", String(32), unique=True),
    Column("platform", String(16), nullable=False, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("user", String(80), nullable=False, info=ID),
    Column("token", Text, nullable=False, info=dict(SEALED)),
    Column("permitted_at", Instant, nullable=False, info=STATED),
    Column("leaving", Boolean, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("until", Instant, info=REMAINS),
    Column("ends_at", Instant, info=REMAINS),
    Column("shown", Text, info=dict(SEALED)),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("gives_up_at", Instant, info=REMAINS),
    Column("attempts", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("claimed_by", String(32), info=ID),
    Column("lease_until", Instant, info=LEASED),
    info={
        "retention": Retention(
            why="Until the person takes the permission back or leaves; the status that was there "
            "before, until the break is over. Of an erased person the sealed token stays until it "
            "is given back, half an hour at most.",
            ended=lambda now: statuses.c.leaving & (statuses.c.gives_up_at < now),
            erase=lambda person: (
                update(statuses)
                .where(statuses.c.person == person)
                .values(
                    person=None,
                    user="",
                    shown=None,
                    wanted=False,
                    leaving=True,
                    step_at=statuses.c.permitted_at,
                ),
            ),
        )
    },
)

_OF = statuses.c.person == bindparam("whose")
_SHOW = (
    update(statuses)
    .where(_OF, ~statuses.c.leaving)
    .values(
        wanted=True,
        until=bindparam("back_at", type_=Instant),
        ends_at=bindparam("over_at", type_=Instant),
        gives_up_at=None,
        step_at=bindparam("now", type_=Instant),
        attempts=0,
        version=statuses.c.version + 1,
    )
)
_PUT_BACK = (
    update(statuses)
    .where(_OF, statuses.c.wanted)
    .values(
        wanted=False,
        gives_up_at=bindparam("tried_until", type_=Instant),
        step_at=bindparam("now", type_=Instant),
        attempts=0,
        version=statuses.c.version + 1,
    )
)
_WITHDRAW = (
    update(statuses)
    .where(_OF, ~statuses.c.leaving)
    .values(
        leaving=True,
        wanted=False,
        gives_up_at=bindparam("tried_until", type_=Instant),
        step_at=bindparam("now", type_=Instant),
        attempts=0,
        version=statuses.c.version + 1,
    )
)
_DUE = (
    select(statuses)
    .where(
        statuses.c.step_at <= bindparam("now", type_=Instant),
        or_(
            statuses.c.lease_until.is_(None),
            statuses.c.lease_until <= bindparam("now", type_=Instant),
            # No lease reaches as far: a clock wrote it that was wrong.
            statuses.c.lease_until > bindparam("furthest", type_=Instant),
        ),
    )
    .order_by(statuses.c.step_at, statuses.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(statuses)
    .where(statuses.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_by=bindparam("process"), lease_until=bindparam("lease", type_=Instant))
)
_HELD = (statuses.c.id == bindparam("one"), statuses.c.claimed_by == bindparam("process"))
_SETTLE = (
    update(statuses)
    .where(*_HELD)
    .values(
        claimed_by=None,
        lease_until=None,
        shown=bindparam("sealed"),
        attempts=bindparam("tries"),
        step_at=case(
            (statuses.c.version == bindparam("claimed"), bindparam("due", type_=Instant)),
            else_=statuses.c.step_at,
        ),
    )
)
_SETTLE_UNREAD = _SETTLE.values(shown=statuses.c.shown)
"""The same of one that another SECRET_KEY sealed: what was shown stays written down as it is."""

_FORGET = delete(statuses).where(*_HELD, statuses.c.version == bindparam("claimed"))
_RELEASE = update(statuses).where(statuses.c.claimed_by.is_not(None))
_UNDER_WAY = 100
"""More than all processes have under way at once."""

_FIRST = (
    select(statuses.c.step_at, statuses.c.lease_until)
    .where(statuses.c.step_at.is_not(None))
    .order_by(statuses.c.step_at)
    .limit(_UNDER_WAY)
    .subquery()
)
_FREE_AT = case(
    (_FIRST.c.lease_until > _FIRST.c.step_at, _FIRST.c.lease_until), else_=_FIRST.c.step_at
)
_NEXT_DUE = select(_FREE_AT).order_by(_FREE_AT).limit(1)


class SqlStatuses:
    """`handlers.statuses.model.StatusPermissions` and `StatusDispatch` over a connection."""

    def __init__(
        self,
        connection: Connection,
        known: SqlPeople,
        effects: Effects,
        seal: Callable[[], Seal],
    ) -> None:
        self._connection = connection
        self._people = known
        self._effects = effects
        self._seal = seal
        self._paces = SqlPaces(connection)

    def is_permitted(self, person: str) -> bool:
        row = self._connection.execute(
            select(statuses).where(statuses.c.person == person, ~statuses.c.leaving)
        ).one_or_none()
        return row is not None and self._seal().open(row.token, row.id) is not None

    def permit(self, person: Person, at: Address, token: str, now: datetime) -> None:
        self._connection.execute(delete(statuses).where(statuses.c.person == person.id))
        row = {
            "id": secrets.token_hex(16),
            "person": person.id,
            "platform": at.platform,
            "workspace": at.workspace,
            "user": at.user,
            "token": self._seal().seal(token),
            "permitted_at": now,
            "leaving": False,
            "wanted": False,
            "attempts": 0,
            "version": 0,
        }
        insert_rows(self._connection, statuses, [row])

    def withdraw(self, person: str, now: datetime) -> None:
        self._change(_WITHDRAW, person, now, tried_until=now + TRIED_FOR)

    def forget(
        self, platform: str, workspace: str, users: Sequence[str] | None, before: datetime
    ) -> None:
        theirs = true() if users is None else statuses.c.user.in_(users)
        self._connection.execute(
            delete(statuses).where(
                statuses.c.platform == platform,
                statuses.c.workspace == workspace,
                statuses.c.permitted_at <= before,
                theirs,
            )
        )

    def show(self, person: str, wanted: WantedStatus, now: datetime) -> None:
        self._change(_SHOW, person, now, back_at=wanted.until, over_at=wanted.ends_at)

    def put_back(self, person: str, now: datetime) -> None:
        self._change(_PUT_BACK, person, now, tried_until=now + TRIED_FOR)

    def claim(
        self, process: str, now: datetime, *, lease: timedelta, limit: int
    ) -> tuple[StatusClaim, ...]:
        """Takes what is due, the oldest first, for `lease`."""
        # Twice: two processes' clocks differ a little.
        asked = {"now": now, "limit": limit, "furthest": now + 2 * lease}
        rows = self._let(self._connection.execute(_DUE, asked).all(), now)
        if not rows:
            return ()
        taken = {"ids": [row.id for row in rows], "process": process, "lease": now + lease}
        self._connection.execute(_CLAIM, taken)
        people = self._people.many([row.person for row in rows if row.person])
        return tuple(self._claim(row, people.get(row.person)) for row in rows)

    def remember(self, claim: StatusClaim, shown: Shown) -> None:
        """Keeps what is about to be set, before it is."""
        self._connection.execute(
            update(statuses).where(statuses.c.id == claim.id).values(shown=self._sealed(shown))
        )

    def settle(self, process: str, result: StatusSettled, now: datetime) -> None:
        """Writes what became of the claim. If something else was wanted meanwhile it is due at
        once; a claim that another process took over is left alone. What is held is held for all
        processes."""
        claim = result.claim
        if result.held_until is not None:
            self._paces.hold(_pace(claim.at.platform, claim.at.workspace), result.held_until, now)
        held = {"one": claim.id, "process": process, "claimed": claim.version}
        if result.gone and self._connection.execute(_FORGET, held).rowcount:
            return
        is_unread = claim.token is None
        self._connection.execute(
            _SETTLE_UNREAD if is_unread else _SETTLE,
            {
                **held,
                **({} if is_unread else {"sealed": self._sealed(result.shown)}),
                "tries": claim.attempts + 1 if result.due else 0,
                "due": result.due,
            },
        )
        self._effects.statuses = True

    def release_all(self) -> None:
        """Frees every claim. Only for a process that knows it is the only one."""
        self._connection.execute(_RELEASE.values(claimed_by=None, lease_until=None))

    def next_due(self) -> datetime | None:
        """When the next may be claimed: it is due then, and no lease of another one's holds it."""
        due: datetime | None = self._connection.scalar(_NEXT_DUE)
        return due

    def _let(self, rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
        """Those of the rows whose workspace takes any now; the others are put off until it does."""
        keys = {row.id: _pace(row.platform, row.workspace).key for row in rows}
        held = self._paces.held(keys.values(), now) if keys else {}
        for row in rows:
            if (until := held.get(keys[row.id])) is not None:
                put_off = update(statuses).where(statuses.c.id == row.id).values(step_at=until)
                self._connection.execute(put_off)
        return [row for row in rows if keys[row.id] not in held]

    def _change(self, statement: Any, person: str, now: datetime, **values: Any) -> None:
        changed = self._connection.execute(statement, {"whose": person, "now": now, **values})
        self._effects.statuses |= bool(changed.rowcount)

    def _claim(self, row: Row[Any], person: Person | None) -> StatusClaim:
        shown = None if row.shown is None else self._seal().open(row.shown, row.id)
        return StatusClaim(
            id=row.id,
            at=Address(row.platform, row.workspace, row.user),
            person=person,
            token=self._seal().open(row.token, row.id),
            wanted=WantedStatus(row.until, row.ends_at) if row.wanted else None,
            shown=None if shown is None else _shown(shown),
            leaving=row.leaving,
            gives_up_at=row.gives_up_at,
            attempts=row.attempts,
            version=row.version,
        )

    def _sealed(self, shown: Shown | None) -> str | None:
        return None if shown is None else self._seal().seal(_as_text(shown))


@repository(StatusPermissions)
def statuses_of(work: SqlWork) -> SqlStatuses:
    return SqlStatuses(work.connection, work.people, work.effects, lambda: work.seal)


@repository(StatusDispatch)
def status_dispatch_of(work: SqlWork) -> SqlStatuses:
    return SqlStatuses(work.connection, work.people, work.effects, lambda: work.seal)


def _pace(platform: str, workspace: str) -> Budget:
    """What a platform's workspace takes of statuses: as many as there are, until it says how long
    it takes none."""
    return Budget(f"statuses-{platform}-{workspace}", Rate(1, timedelta(seconds=1), burst=1))


def _as_text(shown: Shown) -> str:
    return json.dumps(asdict(shown), default=datetime.isoformat)


def _shown(text: str) -> Shown:
    kept = json.loads(text)
    before = kept["before"]
    until = None if before["until"] is None else datetime.fromisoformat(before["until"])
    return Shown(
        Status(before["text"], before["emoji"], until),
        tuple(kept["texts"]),
        datetime.fromisoformat(kept["until"]),
        kept["sure"],
    )
