"""What is remembered of callers, under their pseudonyms, and that some of them objected."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    or_,
    select,
    text,
    update,
)

from handlers.callers.model import (
    BOUNDARY_KEPT,
    CALLS_KEPT,
    MEMORY,
    PROMISE_KEPT,
    PROMISE_LASTS,
    Callers,
    CallNote,
    Earlier,
    Ending,
    Memory,
    MemoryRules,
    Promise,
    PromiseState,
)
from handlers.calls.model import Call, Calls, Happened
from handlers.common.objections import Objections
from handlers.kit.callers import Caller, Purpose
from handlers.kit.people import Person
from storage.calls import calls
from storage.cleaning import forget_caller
from storage.mapping import DAY, OBJECT, Codec, Record
from storage.schema import (
    CODE,
    DUE,
    HAPPENED,
    ID,
    SETTING,
    Instant,
    Retention,
    caller_column,
    metadata,
    partial_index,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.settings import SqlSettings, workspace_settings
from storage.work import SqlWork, repository

_MOST = 100
"""Calls of a number that are looked at."""

call_notes: Table = Table(
    "call_notes",
    metadata,
    Column("call", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("author", String(32), nullable=False),
    caller_column("caller", String(64), nullable=False, index=True, purpose=Purpose.REMEMBERING),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("topic", String(80), info=ID),
    Column("helped", Text, nullable=False, info=dict(SEALED_WORDS)),
    info={
        "retention": Retention(
            why=f"{CALLS_KEPT} days: what a call was about, and what helped, for whoever answers "
            "the number next. What tells who somebody is was taken out before.",
            ended=lambda now: call_notes.c.at < now - timedelta(days=CALLS_KEPT),
        )
    },
)

promises: Table = Table(
    "promises",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("call", String(32), nullable=False, index=True, info=ID),
    person_column("promiser", String(32), nullable=False),
    caller_column("caller", String(64), nullable=False, index=True, purpose=Purpose.REMEMBERING),
    Column("topic", String(80), info=ID),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("due", String(10), nullable=False, info=CODE),
    Column("made_at", Instant, nullable=False, info=HAPPENED),
    Column("state", String(16), nullable=False, info=CODE),
    Column("settled_at", Instant, index=True, info=HAPPENED),
    Column("next_at", Instant, info=DUE),
    partial_index("ix_promises_next_at", "next_at", where="next_at IS NOT NULL"),
    partial_index("ix_promises_open", "promiser", "due", where="state = 'open'"),
    info={
        "retention": Retention(
            why=f"Until it is kept, handed over or not possible, and {PROMISE_KEPT} days; a year "
            "after its day where nobody says. What tells who somebody is was taken out before.",
            ended=lambda now: or_(
                promises.c.settled_at < now - timedelta(days=PROMISE_KEPT),
                promises.c.due < (now - timedelta(days=PROMISE_LASTS)).date().isoformat(),
            ),
        )
    },
)

call_endings: Table = Table(
    "call_endings",
    metadata,
    Column("receipt", String(80), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    caller_column("caller", String(64), nullable=False, index=True, purpose=Purpose.REMEMBERING),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("boundary", Text, nullable=False, info=SETTING),
    Column("step", Integer, nullable=False),
    info={
        "retention": Retention(
            why=f"{BOUNDARY_KEPT} days: that a call was ended within policy, and after how many "
            "warnings, so that the next agent knows. Names nobody.",
            ended=lambda now: call_endings.c.at < now - timedelta(days=BOUNDARY_KEPT),
        )
    },
)

caller_objections = Table(
    "caller_objections",
    metadata,
    caller_column("mark", String(64), primary_key=True, purpose=Purpose.OBJECTIONS),
    Column("at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="As long as the objection stands: that nothing may be kept of a caller. A "
            "pseudonym that is good for nothing else.",
            forget_caller=lambda _: (),
        )
    },
)

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:caller, 0))")
_EARLIER = (
    select(calls)
    .where(
        calls.c.caller.in_(bindparam("callers", expanding=True)),
        calls.c.workspace == bindparam("workspace"),
        calls.c.id != bindparam("call"),
        calls.c.began_at > bindparam("since", type_=Instant),
        calls.c.began_at <= bindparam("at", type_=Instant),
        calls.c.talked_at.is_not(None),
    )
    .order_by(calls.c.began_at.desc())
    .limit(_MOST)
)


class SqlCallers:
    """`handlers.callers.model.Callers` over a connection."""

    def __init__(
        self,
        connection: Connection,
        kept: Calls,
        settings: SqlSettings,
        seal: Callable[[], Seal],
        forgot: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._calls = kept
        self._settings = settings
        self._forgot = forgot
        words = Codec(lambda text: seal().seal_words(text), lambda kept: seal().words(kept, "call"))
        self._note = Record(CallNote, call_notes, as_={"helped": words})
        self._promise = Record(Promise, promises, as_={"words": words, "due": DAY})
        self._ending = Record(Ending, call_endings, as_={"boundary": OBJECT})

    def memory(
        self, caller: Caller, workspace: str, call: str, at: datetime, rules: MemoryRules
    ) -> Memory:
        asked = {
            "callers": list(caller.remembering),
            "workspace": workspace,
            "call": call,
            "at": at,
            "since": at - timedelta(days=rules.calls),
        }
        earlier = self._connection.execute(_EARLIER, asked)
        notes = self._theirs(
            call_notes, caller, workspace, call_notes.c.at > at - timedelta(days=rules.calls)
        ).order_by(call_notes.c.at.desc())
        promised = self._theirs(promises, caller, workspace).order_by(promises.c.made_at.desc())
        endings = self._theirs(
            call_endings,
            caller,
            workspace,
            call_endings.c.at > at - timedelta(days=rules.boundary),
        ).order_by(call_endings.c.at.desc())
        return Memory(
            at,
            tuple(
                Earlier(row.id, row.began_at, row.ended_at, row.transferred, row.topic, row.agent)
                for row in earlier
            ),
            tuple(map(self._note.value, self._connection.execute(notes))),
            tuple(map(self._promise.value, self._connection.execute(promised))),
            tuple(map(self._ending.value, self._connection.execute(endings))),
        )

    def note(self, call: str) -> CallNote | None:
        return self._note.load(self._connection, call)

    def put_note(self, note: CallNote) -> None:
        put_all(self._connection, call_notes, [self._note.row(note)])

    def hold(self, call: str) -> None:
        self._connection.execute(select(calls.c.id).where(calls.c.id == call).with_for_update())

    def promised_in(self, call: str, person: str) -> Promise | None:
        is_settled = promises.c.state != PromiseState.OPEN
        row = self._connection.execute(
            select(promises)
            .where(promises.c.call == call, promises.c.promiser == person)
            .order_by(is_settled, promises.c.made_at.desc(), promises.c.id)
            .limit(1)
        ).one_or_none()
        return None if row is None else self._promise.value(row)

    def promise(self, promise: str) -> Promise | None:
        return self._promise.load(self._connection, promise, hold=True)

    def put_promise(self, promise: Promise) -> None:
        put_all(self._connection, promises, [self._promise.row(promise)])

    def drop_promise(self, promise: str) -> None:
        self._connection.execute(delete(promises).where(promises.c.id == promise))

    def open_of(self, person: str, limit: int) -> tuple[Promise, ...]:
        rows = self._connection.execute(
            select(promises)
            .where(promises.c.promiser == person, promises.c.state == PromiseState.OPEN)
            .order_by(promises.c.due, promises.c.id)
            .limit(limit)
        )
        return tuple(map(self._promise.value, rows))

    def due(self, now: datetime, limit: int) -> Sequence[Promise]:
        rows = rows_due(self._connection, promises.c.next_at, now, limit)
        return tuple(map(self._promise.value, rows))

    def put_ending(self, ending: Ending) -> None:
        put_all(self._connection, call_endings, [self._ending.row(ending)])

    def drop_ending(self, receipt: str) -> None:
        self._connection.execute(delete(call_endings).where(call_endings.c.receipt == receipt))

    def last_call(self, person: str, since: datetime) -> str | None:
        found: str | None = self._connection.execute(
            select(calls.c.id)
            .where(
                calls.c.agent == person,
                or_(calls.c.ended_at.is_(None), calls.c.ended_at > since),
                calls.c.talked_at > since - timedelta(days=1),
            )
            .order_by(calls.c.talked_at.desc())
            .limit(1)
        ).scalar_one_or_none()
        return found

    def last_with(self, person: str, caller: Caller, since: datetime) -> str | None:
        found: str | None = self._connection.execute(
            select(calls.c.id)
            .where(
                calls.c.agent == person,
                calls.c.caller.in_(caller.remembering),
                calls.c.ended_at > since,
                calls.c.talked_at > since - timedelta(days=1),
            )
            .order_by(calls.c.talked_at.desc())
            .limit(1)
        ).scalar_one_or_none()
        return found

    def told_by_hand(self, call: str, person: Person, caller: Caller, now: datetime) -> None:
        self._calls.by_hand_over(person.id, now)
        self._calls.put(
            Call(
                call,
                person.workspace,
                self._calls.mark("by hand", call),
                now,
                now,
                Happened.ANSWERED,
                person.id,
                caller=caller.remembering[0],
                by_hand=True,
            )
        )

    def goes_on(self, call: str, person: Person, now: datetime) -> None:
        self._calls.by_hand_over(person.id, now)
        self._connection.execute(update(calls).where(calls.c.id == call).values(ended_at=None))

    def is_from(self, call: str, caller: Caller, until: datetime) -> None:
        self._connection.execute(
            update(calls)
            .where(calls.c.id == call, calls.c.caller.is_(None))
            .values(caller=caller.remembering[0])
        )
        self._calls.keep_details(call, replace(self._calls.details(call), caller=caller), until)

    def over(self, call: str, now: datetime) -> None:
        self._connection.execute(
            update(calls)
            .where(calls.c.id == call, calls.c.by_hand, calls.c.ended_at.is_(None))
            .values(ended_at=now)
        )

    def calls_of(self, caller: Caller) -> tuple[tuple[str, str], ...]:
        rows = self._connection.execute(
            select(calls.c.id, calls.c.workspace).where(calls.c.caller.in_(caller.remembering))
        )
        return tuple((row.id, row.workspace) for row in rows)

    def forget(self, caller: Caller) -> int:
        _hold(self._connection, caller)
        self._forgot()
        return forget_caller(self._connection, caller)

    def object(self, caller: Caller, theirs: Sequence[str], now: datetime) -> None:
        _hold(self._connection, caller)
        if theirs:
            were = update(calls).where(calls.c.id.in_(theirs)).values(objects=True)
            self._connection.execute(were)
        row = {"mark": caller.objections[0], "at": now}
        put_all(self._connection, caller_objections, [row])

    def shorten(self, now: datetime) -> int:
        workspaces = self._connection.scalars(
            select(workspace_settings.c.workspace).where(
                workspace_settings.c.section == MEMORY.name
            )
        ).all()
        return sum(self._shorten(workspace, now) for workspace in workspaces)

    def _shorten(self, workspace: str, now: datetime) -> int:
        rules = MEMORY.of(self._settings, workspace)
        kept_from = now - timedelta(days=rules.calls)
        c, notes, endings = calls.c, call_notes.c, call_endings.c
        statements = (
            update(calls)
            .where(c.workspace == workspace, c.began_at < kept_from, c.caller.is_not(None))
            .values(caller=None),
            delete(call_notes).where(notes.workspace == workspace, notes.at < kept_from),
            delete(call_endings).where(
                endings.workspace == workspace, endings.at < now - timedelta(days=rules.boundary)
            ),
        )
        return sum(self._connection.execute(one).rowcount for one in statements)

    def _theirs(
        self, table: Table, caller: Caller, workspace: str, *also: ColumnElement[bool]
    ) -> Select[Any]:
        return (
            select(table)
            .where(table.c.caller.in_(caller.remembering), table.c.workspace == workspace, *also)
            .limit(_MOST)
        )


class SqlObjections:
    """`handlers.common.objections.Objections` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stands(self, caller: Caller) -> bool:
        _hold(self._connection, caller)
        objected = caller_objections.c.mark.in_(caller.objections)
        return (
            self._connection.execute(select(caller_objections.c.mark).where(objected)).first()
            is not None
        )

    def take_back(self, caller: Caller) -> bool:
        objected = caller_objections.c.mark.in_(caller.objections)
        return self._connection.execute(delete(caller_objections).where(objected)).rowcount > 0


def _hold(connection: Connection, caller: Caller) -> None:
    """Holds the caller against other writers until the transaction ends, whether or not there is a
    row of theirs. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"caller": caller.objections[-1]})


@repository(Callers)
def callers_of(work: SqlWork) -> SqlCallers:
    def forgot() -> None:
        work.effects.forgot = True

    return SqlCallers(work.connection, work.of(Calls), work.settings, lambda: work.seal, forgot)


@repository(Objections)
def objections_of(work: SqlWork) -> SqlObjections:
    return SqlObjections(work.connection)
