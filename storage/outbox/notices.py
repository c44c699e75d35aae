"""Notices as handlers write them: added, made again, forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from handlers.kit.commands import AnswerPlace
from handlers.kit.notices import DIGEST, Notice, Past
from handlers.kit.people import Place
from storage.effects import Effects
from storage.outbox.places import written
from storage.outbox.table import notice_of, outbox, recipients_of
from storage.schema import Instant, insert_new

_SHOWN_WITHIN = timedelta(seconds=5)
"""How long an answer may take to be shown before what it says is sent as a message."""


def _refreshing(of_kind: ColumnElement[bool]) -> Update:
    return (
        update(outbox)
        .where(
            outbox.c.about == bindparam("subject"),
            of_kind,
            outbox.c.workspace == bindparam("of_workspace"),
            # What waits is touched too, although it stays due when it is: the row is held until
            # what made it untrue is kept. Else it could be claimed, and its card made, in between.
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
            over_at=None,
        )
    )


_REFRESH = _refreshing(outbox.c.kind == bindparam("of_kind"))
_REFRESH_ALL = _refreshing(outbox.c.kind.in_(bindparam("of_kinds", expanding=True)))
_IS_PAST = outbox.c.recipients.in_(bindparam("whose", expanding=True))
_REFRESH_PAST = _REFRESH_ALL.values(
    removable=_IS_PAST,
    # What is not there yet keeps its place: it may still have to be sent.
    priority=case(
        (and_(_IS_PAST, outbox.c.ref.is_not(None)), bindparam("then")), else_=outbox.c.priority
    ),
)
_ABOUT = and_(
    outbox.c.about == bindparam("subject"), outbox.c.workspace == bindparam("of_workspace")
)
_UNDER = outbox.c.key == bindparam("of")
_KEPT = select(outbox).where(_UNDER)
_FORGET = (
    update(outbox)
    .where(or_(outbox.c.ref.is_not(None), outbox.c.claimed_by.is_not(None)))
    .values(version=outbox.c.version + 1, due=bindparam("when", type_=Instant), forgets=True)
)
_DROP = delete(outbox).where(outbox.c.ref.is_(None), outbox.c.claimed_by.is_(None))
_LET_GO = update(outbox).where(_ABOUT).values(over_at=bindparam("when", type_=Instant))
_ADOPT = (
    update(outbox)
    .where(outbox.c.key == bindparam("of"), outbox.c.ref.is_(None))
    .values(
        ref=bindparam("there"),
        place=bindparam("at"),
        due=None,
        settled_at=bindparam("now", type_=Instant),
    )
)
_STANDS = (
    update(outbox)
    .where(outbox.c.key == bindparam("of"))
    .values(
        ref=bindparam("there"),
        place=bindparam("at"),
        answers_left=bindparam("uses"),
        answers_until=bindparam("until", type_=Instant),
        fingerprint=bindparam("as"),
        due=None,
        # Whoever changes the one before has nothing more to say of it.
        claimed_by=None,
        lease_until=None,
        version=outbox.c.version + 1,
        settled_at=bindparam("now", type_=Instant),
    )
)
# An answer takes the place of another answer, and of no message.
_ANSWER_STANDS = _STANDS.where(or_(outbox.c.ref.is_(None), outbox.c.answers_left.is_not(None)))
_SOON_STANDS = (
    update(outbox)
    .where(
        outbox.c.key == bindparam("of"),
        outbox.c.ref.is_(None),
        outbox.c.claimed_by.is_(None),
    )
    .values(fingerprint=bindparam("as"), due=bindparam("soon", type_=Instant))
)
_STOOD = (
    update(outbox)
    .where(outbox.c.key == bindparam("of"))
    .values(
        ref=bindparam("there"),
        place=bindparam("at"),
        claimed_by=None,
        lease_until=None,
        version=outbox.c.version + 1,
        # Something may have changed while it was being shown.
        due=bindparam("now", type_=Instant),
        settled_at=bindparam("now", type_=Instant),
    )
)
_LOOKS = (
    update(outbox)
    .where(
        outbox.c.key == bindparam("of"),
        func.coalesce(outbox.c.fingerprint, "") != bindparam("as"),
        # What is to be forgotten is changed for the last time by the sender, who then forgets it.
        outbox.c.forgets.is_(False),
    )
    .values(
        fingerprint=bindparam("as"),
        # One that is being changed just now is settled by who does it.
        due=case((outbox.c.claimed_by.is_not(None), outbox.c.due)),
        settled_at=bindparam("now", type_=Instant),
    )
)
_LOOK_AT = (
    update(outbox)
    .where(outbox.c.key == bindparam("of"), outbox.c.ref.is_not(None))
    .values(
        version=outbox.c.version + 1,
        fingerprint=None,
        due=bindparam("now", type_=Instant),
    )
)
IS_DIGEST = outbox.c.kind == DIGEST
_DIGEST_OF = (
    IS_DIGEST,
    outbox.c.waits_for == bindparam("person"),
    outbox.c.due.is_not(None),
    outbox.c.claimed_by.is_(None),
)
DIGEST_BY = (
    update(outbox)
    .where(*_DIGEST_OF)
    .values(
        due=case(
            (outbox.c.due > bindparam("until", type_=Instant), bindparam("until", type_=Instant)),
            else_=outbox.c.due,
        )
    )
)
"""Has the digest that is on its way to somebody come sooner; nothing where there is none."""


class SqlOutbox:
    """`handlers.kit.ports.Outbox` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

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
                    "recipients": recipients_of(notice.to),
                    "priority": int(notice.priority),
                    "due": notice.due,
                    "first_due": notice.due,
                    "version": 0,
                    "attempts": 0,
                    "forgets": forget,
                    "removable": False,
                }
                for notice in notices
            ],
        )
        for notice in notices:
            self._effects.send_at(notice.due)

    def refresh(self, workspace: str, kind: str, about: str, now: datetime) -> bool:
        return self._refresh(
            _REFRESH,
            {"of_workspace": workspace, "of_kind": kind, "subject": about, "when": now},
        )

    def refresh_all(
        self,
        workspace: str,
        kinds: Sequence[str],
        about: str,
        now: datetime,
        *,
        past: Past | None = None,
    ) -> None:
        sent = {"of_workspace": workspace, "of_kinds": kinds, "subject": about, "when": now}
        if past is None:
            self._refresh(_REFRESH_ALL, sent)
        else:
            whose = [recipients_of((person,)) for person in past.people]
            self._refresh(_REFRESH_PAST, sent | {"whose": whose, "then": int(past.priority)})

    def forget(self, workspace: str, about: str, now: datetime) -> None:
        self._forget(_ABOUT, {"of_workspace": workspace, "subject": about}, now)

    def forget_one(self, key: str, now: datetime) -> None:
        self._forget(_UNDER, {"of": key}, now)

    def let_go(self, workspace: str, about: str, now: datetime) -> None:
        over = {"of_workspace": workspace, "subject": about, "when": now}
        self._connection.execute(_LET_GO, over)

    def kept(self, key: str) -> Notice | None:
        row = self._connection.execute(_KEPT, {"of": key}).one_or_none()
        return None if row is None else notice_of(row)

    def seen(self, key: str, ref: str, place: Place, now: datetime) -> tuple[Notice, bool] | None:
        row = self._connection.execute(_KEPT, {"of": key}).one_or_none()
        if row is None:
            return None
        if row.ref is None:
            self._connection.execute(
                _ADOPT, {"of": key, "there": ref, "at": written(place), "now": now}
            )
            self._effects.adopted += 1
        elif row.ref != ref:
            self._effects.repeated += 1
        # An answer is known by the address where it may be changed, not by what the platform
        # calls what stands there.
        is_kept = row.ref in (None, ref) or row.answers_left is not None
        return replace(notice_of(row), sent=True), is_kept

    def stands(
        self, key: str, at: AnswerPlace, place: Place, fingerprint: str, now: datetime
    ) -> None:
        if not at.ref:
            soon = {"of": key, "as": fingerprint, "soon": now + _SHOWN_WITHIN}
            self._connection.execute(_SOON_STANDS, soon)
            self._effects.send_at(now + _SHOWN_WITHIN)
            return
        self._connection.execute(
            _STANDS if at.uses is None else _ANSWER_STANDS,
            {
                "of": key,
                "there": at.ref,
                "at": written(place),
                "uses": at.uses,
                "until": at.until,
                "as": fingerprint,
                "now": now,
            },
        )

    def stood(self, key: str, ref: str, place: Place, now: datetime) -> None:
        there = {"of": key, "there": ref, "at": written(place), "now": now}
        self._connection.execute(_STOOD, there)
        self._effects.send_at(now)

    def looks(self, key: str, fingerprint: str, now: datetime) -> bool:
        changed = {"of": key, "as": fingerprint, "now": now}
        return self._connection.execute(_LOOKS, changed).rowcount > 0

    def look_at(self, key: str, now: datetime) -> None:
        self._connection.execute(_LOOK_AT, {"of": key, "now": now})
        self._effects.send_at(now)

    def look_again(self, person: str, now: datetime) -> None:
        """Has what waits for the person decided anew."""
        self._connection.execute(DIGEST_BY, {"person": person, "until": now})
        self._effects.send_at(now)

    def _refresh(self, which: Update, asked: dict[str, Any]) -> bool:
        self._effects.send_at(asked["when"])
        return self._connection.execute(which, asked).rowcount > 0

    def _forget(self, which: ColumnElement[bool], named: dict[str, str], now: datetime) -> None:
        self._connection.execute(_DROP.where(which), named)
        self._connection.execute(_FORGET.where(which), {**named, "when": now})
        self._effects.forgot = True
        self._effects.send_at(now)
