"""What waits for people who can't be reached now, to come together when they can."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from handlers.kit.notices import DIGEST, Claim, Notice, Wait
from storage.effects import Effects
from storage.outbox.notices import DIGEST_BY, IS_DIGEST, SqlOutbox
from storage.outbox.table import notice_of, outbox
from storage.schema import Instant

_KEEP_WAITING = (
    update(outbox)
    .where(outbox.c.id == bindparam("notice"), outbox.c.claimed_by == bindparam("process"))
    .values(
        claimed_by=None,
        lease_until=None,
        waits_for=bindparam("person"),
        due=case((IS_DIGEST, bindparam("until", type_=Instant))),
    )
)
_WAITING = (
    select(outbox)
    .where(outbox.c.waits_for == bindparam("person"), ~IS_DIGEST)
    .order_by(outbox.c.first_due, outbox.c.id)
    .limit(bindparam("limit"))
)
_WAIT_NO_LONGER = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))


class SqlDigests:
    """`handlers.kit.delivery.Digests` over a connection."""

    def __init__(self, connection: Connection, notices: SqlOutbox, effects: Effects) -> None:
        self._connection = connection
        self._notices = notices
        self._effects = effects

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
            self._effects.send_at(wait.until)

    def waiting(self, person: str, limit: int) -> tuple[tuple[int, Notice], ...]:
        """What waits for the person, longest first, by id."""
        rows = self._connection.execute(_WAITING, {"person": person, "limit": limit})
        return tuple((row.id, notice_of(row)) for row in rows)

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
        self._effects.send_at(now)

    def _digest(self, workspace: str, wait: Wait, now: datetime) -> None:
        """One digest is on its way to somebody for whom anything waits."""
        asked = {"person": wait.person, "until": wait.until}
        if self._connection.execute(DIGEST_BY, asked).rowcount:
            return
        # Each has a name of its own: yesterday's is not sent again.
        digest = Notice(DIGEST, f"{now:%y%m%d%H%M%S%f}", (wait.person,), wait.until)
        self._notices.add(workspace, digest)
        self._connection.execute(
            update(outbox).where(outbox.c.key == digest.key).values(waits_for=wait.person)
        )
