"""Practice scenarios as a library; and what people practised, sealed, each their own."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, Row, String, Table, Text, delete, select

from handlers.practice.model import Run, Runs, Scenario, Scenarios
from handlers.practice.plain import SCENARIOS
from storage.library import Shelved, SqlLibrary
from storage.library_search import EntryIndex, described
from storage.schema import HAPPENED, ID, Instant, Retention, metadata, person_column, put_all
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_KEPT = timedelta(days=365)

practice_runs: Table = Table(
    "practice_runs",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", String(32), nullable=False),
    Column("changed_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("progress", Text, nullable=False, info=dict(SEALED_WORDS)),
    Index("ix_practice_runs_person", "person", "changed_at"),
    info={
        "retention": Retention(
            why="A year from when it was last gone on with, or until the person deletes it: what "
            "somebody practised is theirs alone. Which scenario, and how it went, is sealed.",
            ended=lambda now: practice_runs.c.changed_at < now - _KEPT,
        )
    },
)

_LEAST = 0.16
"""What shares no word with the question and is less like it is another call: "shouting", and a
visit that never came."""

_SHELF = Shelved(
    SCENARIOS,
    lambda scenarios: EntryIndex(
        ((one, described(one, one.situation.values())) for one in scenarios), least=_LEAST
    ),
)


class SqlRuns:
    """`handlers.practice.model.Runs` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def get(self, run: str) -> Run | None:
        asked = select(practice_runs).where(practice_runs.c.id == run)
        return next(iter(self._values(asked)), None)

    def put(self, run: Run) -> None:
        progress = {
            "scenario": run.scenario,
            "version": run.version,
            "chosen": run.chosen,
            "path": run.path,
            "tried": run.tried,
            "ended": run.ended,
        }
        row = {
            "id": run.id,
            "workspace": run.workspace,
            "person": run.person,
            "changed_at": run.changed_at,
            "progress": self._seal().seal(json.dumps(progress)),
        }
        put_all(self._connection, practice_runs, [row])

    def of(self, person: str, limit: int) -> Sequence[Run]:
        mine = select(practice_runs).where(practice_runs.c.person == person)
        newest = practice_runs.c.changed_at.desc(), practice_runs.c.id
        return self._values(mine.order_by(*newest).limit(limit))

    def delete(self, run: str) -> None:
        self._connection.execute(delete(practice_runs).where(practice_runs.c.id == run))

    def delete_all(self, person: str) -> None:
        self._connection.execute(delete(practice_runs).where(practice_runs.c.person == person))

    def _values(self, asked: Any) -> tuple[Run, ...]:
        rows = self._connection.execute(asked).all()
        return tuple(filter(None, map(self._value, rows)))

    def _value(self, row: Row[Any]) -> Run | None:
        """None for what another key sealed: it is as if it was not there."""
        opened = self._seal().open(row.progress, row.id)
        if opened is None:
            return None
        progress = json.loads(opened)
        return Run(
            id=row.id,
            workspace=row.workspace,
            person=row.person,
            changed_at=row.changed_at,
            scenario=progress["scenario"],
            version=progress["version"],
            chosen=tuple(progress["chosen"]),
            path=tuple(progress["path"]),
            tried=tuple(map(tuple, progress["tried"])),
            ended=progress["ended"],
        )


@repository(Scenarios)
def scenarios_of(work: SqlWork) -> SqlLibrary[tuple[Scenario, ...]]:
    return SqlLibrary(work.connection, _SHELF)


@repository(Runs)
def runs_of(work: SqlWork) -> SqlRuns:
    return SqlRuns(work.connection, lambda: work.seal)
