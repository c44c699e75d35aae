"""The pulse: who is asked, what was answered, and what was published of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    String,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from handlers.kit.unread import see_read
from handlers.voice.pulse.model import LEAST, Pulse, PulseSeat, Result, Round, ThreeAnswers
from storage.effects import Effects
from storage.mapping import NUMBERS, Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    DUE,
    HAPPENED,
    ID,
    NAME,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED, Seal
from storage.work import SqlWork, repository

_LENGTH = 1024
"""Bytes of an answer with its group, sealed: no group is known by how long its name is."""

_HALVES = 2
"""Results are kept as whole numbers of halves."""

pulse_rounds: Table = Table(
    "pulse_rounds",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("month", String(7), nullable=False, info=CODE),
    Column("secret", Text, nullable=False, info=dict(SEALED)),
    Column("step_at", Instant, nullable=False, index=True, info=DUE),
    info={
        "retention": Retention(
            why="As long as the workspace asks its monthly questions: when they open or are over. "
            "What signs their ballots is sealed, and deleted when they are over. Names nobody."
        )
    },
)

pulse_seats: Table = Table(
    "pulse_seats",
    metadata,
    person_column("person", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("team", Text, nullable=False, info=NAME),
    Column("opened", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Index("ix_pulse_seats_workspace", "workspace"),
    partial_index(
        "ix_pulse_seats_untold",
        *("workspace", "person"),
        where="told = 0",
        on_postgresql="NOT told",
    ),
    info={
        "retention": Retention(
            why="A week, until the month’s questions are over: who is asked them, in which group, "
            "and whether they opened them. Not what they answered."
        )
    },
)

pulse_answers: Table = Table(
    "pulse_answers",
    metadata,
    Column("id", String(64), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Index("ix_pulse_answers_workspace", "workspace"),
    # In the order of hashes of numbers of chance: who answered after whom is nowhere.
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="A week, until they are one number of eight people or more. Whose they are stands "
            "nowhere; the group is sealed with them. What another SECRET_KEY sealed waits for that "
            "key, until the next month’s questions at most."
        )
    },
)

pulse_results: Table = Table(
    "pulse_results",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("month", String(7), primary_key=True, info=CODE),
    Column("team", Text, primary_key=True, info=NAME),
    Column("halves", Text, nullable=False, info=CODE),
    Column("published_at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="13 months: what groups of eight or more answered on average, to the half. Names "
            "nobody but whose group it is.",
            ended=lambda now: pulse_results.c.published_at < now - timedelta(days=396),
        )
    },
)

_ROUND = Record(Round, pulse_rounds, besides=("secret",))


class SqlPulse:
    """`handlers.voice.pulse.model.Pulse` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def of(self, workspace: str) -> Round | None:
        row = _ROUND.load_row(self._connection, workspace)
        return None if row is None else self._round(row)

    def put(self, round_: Round) -> None:
        secret = self._seal().seal_words(round_.secret)
        put_all(self._connection, pulse_rounds, [_ROUND.row(round_) | {"secret": secret}])
        self._effects.step_at(round_.step_at)

    def stop(self, workspace: str) -> None:
        for table in (pulse_rounds, pulse_seats, pulse_answers):
            self._connection.execute(delete(table).where(table.c.workspace == workspace))
        self._effects.forgot = True

    def due(self, now: datetime, limit: int) -> Sequence[Round]:
        found = rows_due(self._connection, pulse_rounds.c.step_at, now, limit)
        return tuple(map(self._round, found))

    def seat_all(self, workspace: str) -> int:
        here = people.c.workspace == workspace, people.c.active
        large = (
            select(people.c.led_by)
            .where(*here, people.c.led_by != "")
            .group_by(people.c.led_by)
            .having(func.count() >= LEAST)
        )
        team = case((people.c.led_by.in_(large), people.c.manager), else_="")
        # One group has one name, however its people's managers are written.
        named = func.min(team).over(
            partition_by=case((people.c.led_by.in_(large), people.c.led_by))
        )
        seats = select(
            people.c.id, people.c.workspace, named, literal(value=False), literal(value=False)
        ).where(*here)
        columns = ["person", "workspace", "team", "opened", "told"]
        self._connection.execute(insert(pulse_seats).from_select(columns, seats))
        # How many an INSERT of what was selected made, PostgreSQL's driver does not say.
        theirs = pulse_seats.c.workspace == workspace
        return self._connection.scalar(select(func.count()).where(theirs)) or 0

    def untold(self, limit: int) -> Sequence[tuple[str, str]]:
        some = (
            select(pulse_seats.c.workspace, pulse_seats.c.person)
            .where(~pulse_seats.c.told)
            .order_by(pulse_seats.c.workspace, pulse_seats.c.person)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = [(row.workspace, row.person) for row in self._connection.execute(some)]
        told = pulse_seats.c.person.in_([person for _, person in found])
        if found:
            self._connection.execute(update(pulse_seats).where(told).values(told=True))
        return found

    def seat(self, workspace: str, person: str) -> PulseSeat | None:
        theirs = pulse_seats.c.person == person, pulse_seats.c.workspace == workspace
        row = self._connection.execute(select(pulse_seats).where(*theirs)).one_or_none()
        return None if row is None else PulseSeat(row.person, row.team, row.opened)

    def open_(self, workspace: str, person: str) -> bool:
        theirs = pulse_seats.c.person == person, pulse_seats.c.workspace == workspace
        opened = update(pulse_seats).where(*theirs, ~pulse_seats.c.opened).values(opened=True)
        return self._connection.execute(opened).rowcount == 1

    def answer(self, workspace: str, ballot: str, team: str, answers: ThreeAnswers) -> None:
        text = json.dumps([team, answers], ensure_ascii=False)
        row = {
            "id": sha256(f"ballot {ballot}".encode()).hexdigest(),
            "workspace": workspace,
            "sealed": self._seal().seal(text + " " * (_LENGTH - len(text.encode()))),
        }
        insert_new(self._connection, pulse_answers, [row])
        self._effects.forgot = True

    def answers(self, workspace: str) -> Mapping[str, Sequence[ThreeAnswers]]:
        found: dict[str, list[ThreeAnswers]] = {}
        kept = select(pulse_answers.c.sealed).where(pulse_answers.c.workspace == workspace)
        for sealed in self._connection.scalars(kept):
            opened = self._seal().words(sealed, "pulse_answers")
            see_read(opened)
            team, answers = json.loads(opened)
            found.setdefault(team, []).append(tuple(answers))
        return found

    def publish(self, workspace: str, month: str, results: Sequence[Result], now: datetime) -> None:
        rows = [
            {
                "workspace": workspace,
                "month": month,
                "team": one.team,
                "halves": NUMBERS.write(round(_HALVES * value) for value in one.values),
                "published_at": now,
            }
            for one in results
        ]
        insert_new(self._connection, pulse_results, rows)
        for table in (pulse_seats, pulse_answers):
            self._connection.execute(delete(table).where(table.c.workspace == workspace))
        self._effects.forgot = True

    def latest(self, workspace: str) -> tuple[str, Sequence[Result]] | None:
        here = pulse_results.c.workspace == workspace
        month = self._connection.scalar(select(func.max(pulse_results.c.month)).where(here))
        if month is None:
            return None
        found = self._connection.execute(
            select(pulse_results).where(here, pulse_results.c.month == month)
        )
        results = [
            Result(row.team, tuple(n / _HALVES for n in NUMBERS.read(row.halves))) for row in found
        ]
        return month, sorted(results, key=lambda one: (one.team != "*", one.team == "", one.team))

    def _round(self, row: Any) -> Round:
        return _ROUND.value(row, secret=self._seal().words(row.secret, "pulse_rounds"))


@repository(Pulse)
def pulse_of(work: SqlWork) -> SqlPulse:
    return SqlPulse(work.connection, work.effects, lambda: work.seal)
