"""Calls and telephones, as telephone systems tell of them; and the addresses they post to."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from handlers.calls.model import (
    BY_HAND_LASTS,
    HEARD_EVERY,
    Call,
    Calls,
    Details,
    Telephone,
)
from handlers.common.current_call import Contact, CurrentCall, CurrentCalls
from handlers.kit.callers import Caller, Purpose
from handlers.kit.people import Person
from storage.effects import Effects
from storage.mapping import Record
from storage.people.known_as import known_as
from storage.people.people import SqlPeople
from storage.people.tables import OfPeople, people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    STATED,
    Instant,
    Retention,
    caller_column,
    insert_new,
    metadata,
    partial_index,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED, Seal
from storage.secret_addresses import SqlSecrets, is_secret, short_marks
from storage.work import SqlWork, repository

_KEPT = timedelta(days=30)
_SYSTEM_GONE = timedelta(days=7)

calls: Table = Table(
    "calls",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("mark", String(64), nullable=False, unique=True, info=ID),
    Column("began_at", Instant, nullable=False, index=True, info=STATED),
    Column("talked_at", Instant, info=STATED),
    Column("talked", String(16), info=CODE),
    person_column("agent", String(32)),
    Column("ended_at", Instant, info=STATED),
    Column("transferred", Boolean, nullable=False),
    caller_column("caller", String(64), purpose=Purpose.REMEMBERING),
    Column("topic", String(80), info=ID),
    Column("by_hand", Boolean, nullable=False),
    Column("objects", Boolean, nullable=False),
    partial_index("ix_calls_caller", "caller", "began_at", where="caller IS NOT NULL"),
    partial_index("ix_calls_agent", "agent", "talked_at", where="agent IS NOT NULL"),
    info={
        "retention": Retention(
            why="30 days: when a number called, and who answered, so that it is known again. The "
            "number itself is nowhere; its pseudonym is made with a key that is not in the "
            "database, another one each quarter of a year.",
            ended=lambda now: calls.c.began_at < now - _KEPT,
            erase=lambda person: (update(calls).where(calls.c.agent == person).values(agent=None),),
            forget_caller=lambda pseudonyms: (
                delete(call_details).where(
                    call_details.c.call.in_(
                        select(calls.c.id).where(calls.c.caller.in_(pseudonyms))
                    )
                ),
                update(calls).where(calls.c.caller.in_(pseudonyms)).values(caller=None),
            ),
        )
    },
)

call_details: Table = Table(
    "call_details",
    metadata,
    Column("call", ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    info={
        "retention": Retention(
            why="The call and an hour: what the telephone system pushed with it, contacts before "
            "it among that. Sealed.",
            ended=lambda now: call_details.c.ends_at <= now,
        )
    },
)

telephones: Table = Table(
    "telephones",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("call", String(64), nullable=False, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("at", Instant, nullable=False, index=True, info=STATED),
    Column("until", Instant, info=REMAINS),
    Column("source", String(90), nullable=False, info=ID),
    partial_index("ix_telephones_until", "until", where="until IS NOT NULL"),
    Index("ix_telephones_workspace", "workspace"),
    info={
        "retention": Retention(
            why="A day: the last thing known of somebody's telephone, and whether they are on it.",
            ended=lambda now: and_(
                telephones.c.at < now - timedelta(days=1), telephones.c.until.is_(None)
            ),
        )
    },
)

telephone_systems: Table = Table(
    "telephone_systems",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("heard_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("silent_since", Instant, info=HAPPENED),
    info={
        "retention": Retention(
            why="A week after a telephone system was heard of last. Names nobody.",
            ended=lambda now: telephone_systems.c.heard_at < now - _SYSTEM_GONE,
        )
    },
)

telephone_addresses: Table = Table(
    "telephone_addresses",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("mark", String(64), nullable=False, unique=True, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Column("made_at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="Until an admin renews it. Sealed, and found by its hash. Names nobody.",
        )
    },
)

_CALL = Record(Call, calls)
_TELEPHONE = Record(Telephone, telephones)

_ON_IT = telephones.c.until > bindparam("now", type_=Instant)


def who_telephone(who: OfPeople) -> Select[Any]:
    """Those of whom `who` holds who are on the telephone at `now`."""
    return select(telephones.c.person).where(who(telephones.c.person), _ON_IT)


_MARKED = select(calls).where(calls.c.mark == bindparam("mark"))
_HELD = select(people.c.id).where(people.c.id == bindparam("of")).with_for_update()
_HEARD_BEFORE = select(telephone_systems.c.heard_at, telephone_systems.c.silent_since).where(
    telephone_systems.c.workspace == bindparam("of")
)
_HEARD = (
    update(telephone_systems)
    .where(
        or_(bindparam("of") == "", telephone_systems.c.workspace == bindparam("of")),
        or_(
            telephone_systems.c.heard_at < bindparam("lately", type_=Instant),
            telephone_systems.c.silent_since.is_not(None),
        ),
    )
    .values(heard_at=bindparam("now", type_=Instant), silent_since=None)
)
_FREED = (
    update(people)
    .where(people.c.id == bindparam("of"), people.c.freed_at < bindparam("at", type_=Instant))
    .values(freed_at=bindparam("at", type_=Instant))
)
_BY_HAND_OVER = (
    update(calls)
    .where(
        calls.c.agent == bindparam("of"),
        calls.c.by_hand,
        calls.c.ended_at.is_(None),
        calls.c.talked_at <= bindparam("at", type_=Instant),
    )
    .values(ended_at=bindparam("at", type_=Instant))
)
_CALLER_IN = select(calls.c.caller).where(calls.c.mark == bindparam("mark"))
_DETAILS = select(call_details.c.sealed).where(call_details.c.call == bindparam("call"))
_DETAILS_END = (
    update(call_details)
    .where(call_details.c.call == bindparam("of"))
    .values(ends_at=bindparam("ends", type_=Instant))
)
_WITH_DETAILS = select(calls, call_details.c.sealed).outerjoin(
    call_details, call_details.c.call == calls.c.id
)
_CALL_OF = _WITH_DETAILS.where(calls.c.id == bindparam("call"))
_CURRENT = (
    _WITH_DETAILS.outerjoin(
        telephones,
        and_(telephones.c.person == bindparam("of"), telephones.c.call == calls.c.mark, _ON_IT),
    )
    .where(
        calls.c.agent == bindparam("of"),
        or_(
            telephones.c.person.is_not(None),
            and_(
                calls.c.by_hand,
                calls.c.ended_at.is_(None),
                calls.c.talked_at > bindparam("since", type_=Instant),
            ),
        ),
    )
    .order_by(calls.c.talked_at.desc())
    .limit(1)
)

_GOING_ON = (
    select(calls.c.id)
    .join(telephones, telephones.c.call == calls.c.mark)
    .where(telephones.c.workspace == bindparam("of"), _ON_IT)
    .limit(bindparam("most"))
)


class SqlCalls:
    """`handlers.calls.model.Calls` over a connection."""

    def __init__(
        self, connection: Connection, effects: Effects, known: SqlPeople, seal: Callable[[], Seal]
    ) -> None:
        self._connection = connection
        self._effects = effects
        self._people = known
        self._seal = seal
        self._secrets = SqlSecrets(connection, seal, telephone_addresses)
        self._as_put: dict[str, Call] = {}
        self._as_kept: dict[str, Details] = {}
        self._held: dict[str, Telephone | None] = {}

    def mark(self, source: str, call: str) -> str:
        return self._seal().mark(f"call of {source}: {call}")

    def known_as(self, agent: str, workspace: str) -> Person | None:
        return known_as(self._people, self._seal(), agent, workspace)

    def marked(self, mark: str) -> Call | None:
        row = self._connection.execute(_MARKED.with_for_update(), {"mark": mark}).one_or_none()
        return None if row is None else _CALL.value(row)

    def caller_in(self, mark: str) -> str | None:
        found: str | None = self._connection.execute(_CALLER_IN, {"mark": mark}).scalar()
        return found

    def put(self, call: Call) -> None:
        put_all(self._connection, calls, [_CALL.row(call)])
        self._as_put[call.id] = call

    def keep_details(self, call: str, details: Details, until: datetime) -> None:
        if isinstance(details, _UnreadDetails):
            self.details_end(call, until)
            return
        sealed = self._seal().seal(_written(details))
        row = {"call": call, "sealed": sealed, "ends_at": until}
        put_all(self._connection, call_details, [row])
        self._as_kept[call] = details

    def details_end(self, call: str, at: datetime) -> None:
        self._connection.execute(_DETAILS_END, {"of": call, "ends": at})

    def details(self, call: str) -> Details:
        found = self._as_kept[call] = details_of(self._connection, self._seal, call)
        return found

    def as_heard(self, call: str) -> tuple[Call, Details] | None:
        """The call with what came with it, where this transaction has it from an event."""
        if call not in self._as_put or call not in self._as_kept:
            return None
        return self._as_put[call], self._as_kept[call]

    def telephone(self, person: str) -> Telephone | None:
        if person in self._held:
            return self._held[person]
        self._held[person] = found = self._telephone(person)
        return found

    def _telephone(self, person: str) -> Telephone | None:
        found = _TELEPHONE.load(self._connection, person, hold=True)
        if found is None:  # two events may be the first ones that are heard of it
            self._connection.execute(_HELD, {"of": person})
            found = _TELEPHONE.load(self._connection, person, hold=True)
        return found

    def put_telephone(self, telephone: Telephone) -> None:
        put_all(self._connection, telephones, [_TELEPHONE.row(telephone)])
        self._held[telephone.person] = telephone
        self._effects.step_at(telephone.until)

    def by_hand_over(self, person: str, at: datetime) -> None:
        self._connection.execute(_BY_HAND_OVER, {"of": person, "at": at})

    def freed(self, person: str, at: datetime) -> None:
        self._connection.execute(_FREED, {"of": person, "at": at})

    def overdue(self, now: datetime, limit: int) -> Sequence[Telephone]:
        rows = rows_due(self._connection, telephones.c.until, now, limit)
        return tuple(map(_TELEPHONE.value, rows))

    def heard(self, workspace: str, now: datetime) -> None:
        lately = now - HEARD_EVERY
        if workspace:
            before = self._connection.execute(_HEARD_BEFORE, {"of": workspace}).one_or_none()
            if before is None:
                row = {"workspace": workspace, "heard_at": now, "silent_since": None}
                insert_new(self._connection, telephone_systems, [row])
            elif before.silent_since is None and before.heard_at >= lately:
                return
        self._connection.execute(_HEARD, {"of": workspace, "now": now, "lately": lately})

    def with_telephones(self, workspace: str, limit: int) -> Sequence[Person]:
        ids = self._connection.scalars(
            select(telephones.c.person).where(telephones.c.workspace == workspace).limit(limit)
        ).all()
        return tuple(self._people.many(ids).values())

    def unheard(self, before: datetime) -> Sequence[str]:
        systems = telephone_systems.c
        return self._connection.scalars(
            select(systems.workspace).where(
                systems.heard_at < before, systems.silent_since.is_(None)
            )
        ).all()

    def fell_silent(self, workspace: str, now: datetime) -> None:
        self._connection.execute(
            update(telephone_systems)
            .where(telephone_systems.c.workspace == workspace)
            .values(silent_since=now)
        )
        self._connection.execute(
            update(telephones)
            .where(telephones.c.workspace == workspace, telephones.c.until.is_not(None))
            .values(until=None)
        )
        self._held.clear()

    def secret(self, workspace: str) -> str | None:
        return self._secrets.of(workspace)

    def renew(self, workspace: str, now: datetime) -> str:
        return self._secrets.renew(workspace, now)

    def opened_by(self, secret: str) -> str | None:
        found: str | None = self._connection.execute(
            select(telephone_addresses.c.workspace).where(is_secret(telephone_addresses, secret))
        ).scalar_one_or_none()
        return found


class SqlCurrentCalls:
    """`handlers.common.current_call.CurrentCalls` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal], hearing: SqlCalls) -> None:
        self._connection = connection
        self._seal = seal
        self._hearing = hearing

    def of(self, person: str, now: datetime) -> CurrentCall | None:
        asked = {"of": person, "now": now, "since": now - BY_HAND_LASTS}
        row = self._connection.execute(_CURRENT, asked).one_or_none()
        return None if row is None else self._current(row)

    def going_on(self, workspace: str, now: datetime, limit: int) -> Sequence[str]:
        asked = {"of": workspace, "now": now, "most": limit}
        return self._connection.scalars(_GOING_ON, asked).all()

    def get(self, call: str) -> CurrentCall | None:
        heard = self._hearing.as_heard(call)
        if heard is not None:
            return _current(*heard)
        row = self._connection.execute(_CALL_OF, {"call": call}).one_or_none()
        return None if row is None else self._current(row)

    def _current(self, row: Row[Any]) -> CurrentCall:
        call = _CALL.value(row)
        return _current(call, _opened(row.sealed, call.id, self._seal))


def _current(call: Call, details: Details) -> CurrentCall:
    return CurrentCall(
        call.id,
        call.workspace,
        call.agent or "",
        call.talked_at or call.began_at,
        details.caller,
        details.case,
        call.topic,
        call.by_hand,
        None if call.talks else call.ended_at,
        details.history,
        details.history_url,
        call.objects,
    )


def details_of(connection: Connection, seal: Callable[[], Seal], call: str) -> Details:
    """What came with the call, as long as it is kept."""
    return _opened(connection.execute(_DETAILS, {"call": call}).scalar_one_or_none(), call, seal)


def _opened(sealed: str | None, call: str, seal: Callable[[], Seal]) -> Details:
    if sealed is None:
        return Details()
    opened = seal().open(sealed, call)
    return _UnreadDetails() if opened is None else _read(opened)


class _UnreadDetails(Details):
    """What another SECRET_KEY sealed, and what is heard besides: it stays as it is."""

    __slots__ = ()


def short_marks_of_telephones(work: SqlWork) -> set[bytes]:
    """What tells the secrets that open something from guesses."""
    return short_marks(work, telephone_addresses)


def _written(details: Details) -> str:
    caller = details.caller
    return json.dumps(
        {
            "caller": caller and {purpose.value: list(caller.of(purpose)) for purpose in Purpose},
            "case": details.case,
            "history": [
                [one.at.isoformat(), one.channel, one.topic, one.outcome] for one in details.history
            ],
            "history_url": details.history_url,
        }
    )


def _read(opened: str) -> Details:
    kept: dict[str, Any] = json.loads(opened)
    caller = kept["caller"]
    return Details(
        caller and Caller(*(tuple(caller[purpose.value]) for purpose in Purpose)),
        kept["case"],
        tuple(
            Contact(datetime.fromisoformat(at), channel, topic, outcome)
            for at, channel, topic, outcome in kept["history"]
        ),
        kept["history_url"],
    )


@repository(Calls)
def calls_of(work: SqlWork) -> SqlCalls:
    return SqlCalls(work.connection, work.effects, work.people, lambda: work.seal)


@repository(CurrentCalls)
def current_calls_of(work: SqlWork) -> SqlCurrentCalls:
    hearing = work.of(Calls)
    assert isinstance(hearing, SqlCalls), "storage keeps calls in one way"
    return SqlCurrentCalls(work.connection, lambda: work.seal, hearing)
