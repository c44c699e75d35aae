"""Who is free, as the features' rows tell it together. It keeps nothing of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    or_,
    select,
    type_coerce,
    union_all,
)

from handlers.availability.engaged import Availability, Helper, OnBreak
from handlers.boundaries.model import Policies
from handlers.breaks.model import Breaks
from handlers.escalation.model import Cases
from handlers.kit.people import Role
from storage.breaks import who_rest
from storage.calls import who_telephone
from storage.cases import in_cases
from storage.learning import WHO_LEARN, longest_ago
from storage.people.people import EVERY_ADDRESS, WHOLE
from storage.people.tables import ROLE_COLUMNS, among_people, people, used_first
from storage.reliefs import relieved_by
from storage.supervision.sessions import LONGEST_SESSION, WHO_SIT
from storage.team_meetings import WHO_MEET
from storage.vents import who_talk
from storage.work import SqlWork, repository


def _is_this_one(person: ColumnElement[Any]) -> ColumnElement[bool]:
    return person == people.c.id


_IS_ENGAGED = or_(
    *(exists(who(_is_this_one)) for who in (in_cases, who_talk, who_rest, who_telephone)),
    people.c.id.in_(WHO_SIT),
    people.c.id.in_(WHO_LEARN),
)
_MEETS = people.c.id.in_(WHO_MEET)
_AS_HELPER = (
    _IS_ENGAGED.label("engaged"),
    _MEETS.label("meeting"),
    relieved_by(people.c.id).label("relieved_by"),
)
_HELPING = WHOLE.add_columns(*_AS_HELPER).where(
    people.c.id.in_(bindparam("people", expanding=True))
)
_ON_TELEPHONE = who_telephone(among_people)
_ENGAGED = select(people.c.id).where(among_people(people.c.id), _IS_ENGAGED)


def _helpers(*of_whom: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """A page of those for whom one of the conditions holds. Each is read in the order of an index
    made for it, no further than `reach`."""
    helper = select(
        people.c.id,
        type_coerce(people.c.freed_at, BigInteger).label("freed_at"),
        type_coerce(people.c.asked_at, BigInteger).label("asked_at"),
    ).where(people.c.workspace == bindparam("workspace"), people.c.active, people.c.helps)
    first_asked = *_longest_free(people.c), people.c.id
    each = [
        helper.where(*conditions).order_by(*first_asked).limit(bindparam("reach")).subquery()
        for conditions in of_whom
    ]
    every = union_all(*(select(one) for one in each)) if len(each) > 1 else select(each[0])
    columns = every.selected_columns
    page = (
        every.order_by(*_longest_free(columns), columns["id"])
        .limit(bindparam("limit"))
        .offset(bindparam("skip"))
        .subquery()
    )
    return (
        WHOLE.add_columns(*_AS_HELPER)
        .join(page, page.c.id == people.c.id)
        .order_by(None)
        .order_by(*_longest_free(page.c), page.c.id, *used_first(EVERY_ADDRESS))
    )


def _longest_free(c: Any) -> tuple[ColumnElement[Any], ...]:
    """Whose last call ended the longest ago goes first, and among equals who was least recently
    asked."""
    return c.freed_at, c.asked_at


_HELPERS = _helpers(())
_HELPERS_BY_ROLE = {role: _helpers((column,)) for role, column in ROLE_COLUMNS.items()}
_HELPERS_BY_TOPIC = _helpers(
    *((column == bindparam("topic"),) for column in (people.c.topic_1, people.c.topic_2))
)


class SqlAvailability:
    """`handlers.availability.engaged.Availability` over the features' rows."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        if not people:
            return frozenset()
        asked = {"people": list(people), **_at(now)}
        return frozenset(self._work.connection.scalars(_ENGAGED, asked))

    def helpers(
        self,
        workspace: str,
        now: datetime,
        *,
        topic: str | None = None,
        role: Role | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> Sequence[Helper]:
        asked = {"workspace": workspace, "skip": skip, "limit": limit, "reach": skip + limit}
        if topic is not None:
            statement, asked = _HELPERS_BY_TOPIC, {**asked, "topic": topic}
        else:
            statement = _HELPERS if role is None else _HELPERS_BY_ROLE[role]
        rows = self._work.connection.execute(statement, {**asked, **_at(now)}).all()
        return self._read(rows)

    def helping(self, people: Sequence[str], now: datetime) -> Sequence[Helper]:
        if not people:
            return ()
        asked = {"people": list(people), **_at(now)}
        found = self._read(self._work.connection.execute(_HELPING, asked).all())
        return [one for one in found if one.person.belongs]

    def in_call(self, person: str, now: datetime) -> bool:
        return bool(self._work.of(Cases).busy((person,))) or self.on_telephone(person, now)

    def on_telephone(self, person: str, now: datetime) -> bool:
        asked = {"people": [person], "now": now}
        return self._work.connection.execute(_ON_TELEPHONE, asked).first() is not None

    def break_of(self, person: str, now: datetime) -> OnBreak | None:
        one = self._work.of(Breaks).live_of(person)
        if one is None or one.ends_at is None or not one.is_on(now):
            return None
        return OnBreak(one.until, one.ends_at)

    def ended_call_at(self, person: str) -> datetime | None:
        newest = next(iter(self._work.of(Policies).receipts(person, 1)), None)
        return newest.ended_at if newest is not None else None

    def _read(self, rows: Sequence[Row[Any]]) -> list[Helper]:
        of = {row.id: row for row in rows}
        return [
            Helper(one, bool(row.engaged), bool(row.meeting), row.relieved_by)
            for one in self._work.people.read(rows)
            for row in (of[one.id],)
        ]


def _at(now: datetime) -> dict[str, datetime]:
    return {"now": now, "since": now - LONGEST_SESSION, "since_class": longest_ago(now)}


@repository(Availability)
def availability_of(work: SqlWork) -> SqlAvailability:
    return SqlAvailability(work)
