"""Drafts that a language model makes for one case, until the case is over."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, String, Table, Text, delete, select

from handlers.draft.fitting.model import FitState, Fitting, Fittings, Passage, SourceAnswer
from handlers.kit.unread import Unread
from storage.effects import Effects
from storage.mapping import Codec, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
    rows_due,
)
from storage.sealed import SEALED, SEALED_WORDS, Seal
from storage.work import SqlWork, repository

fittings: Table = Table(
    "fittings",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, index=True, info=ID),
    person_column("person", String(32), nullable=False, index=True),
    Column("call", String(32), index=True, info=ID),
    Column("language", String(2), nullable=False, info=CODE),
    Column("state", String(16), nullable=False, info=CODE),
    Column("trouble", String(16), info=CODE),
    Column("made_at", Instant, nullable=False, info=HAPPENED),
    Column("ends_at", Instant, nullable=False, index=True, info=REMAINS),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("sources", Text, nullable=False, info=dict(SEALED)),
    Column("passages", Text, nullable=False, info=dict(SEALED)),
    info={
        "retention": Retention(
            why="Until the call is over or half an hour has passed: what a customer asked, without "
            "names and numbers, the approved answers to it, and what a language model made of "
            "them. Sealed.",
            ended=lambda now: fittings.c.ends_at < now - timedelta(minutes=10),
        )
    },
)


class SqlFittings:
    """`handlers.draft.fitting.model.Fittings` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._connection = work.connection
        self._effects: Effects = work.effects
        self._writes = work.writes

        def seal() -> Seal:
            return work.seal

        self._record = Record(
            Fitting,
            fittings,
            as_={
                "words": Codec(
                    lambda text: seal().seal_words(text), lambda kept: seal().words(kept, "fitting")
                ),
                "sources": _listed(SourceAnswer, seal),
                "passages": _listed(Passage, seal),
            },
        )

    def put(self, one: Fitting) -> None:
        put_all(self._connection, fittings, [self._record.row(one)])
        self._effects.step_at(one.ends_at)

    def get(self, fitting: str) -> Fitting | None:
        found = self._record.load(self._connection, fitting, hold=self._writes)
        return None if found is None or isinstance(found.words, Unread) else found

    def shown_to(self, person: str) -> Sequence[Fitting]:
        return self._those(fittings.c.person == person, fittings.c.state == FitState.SHOWN)

    def of_call(self, call: str) -> Sequence[Fitting]:
        return self._those(fittings.c.call == call)

    def of_workspace(self, workspace: str) -> Sequence[Fitting]:
        return self._those(fittings.c.workspace == workspace)

    def over(self, now: datetime, limit: int) -> Sequence[Fitting]:
        rows = rows_due(self._connection, fittings.c.ends_at, now, limit)
        return [self._record.value(row) for row in rows]

    def remove(self, fitting: str) -> None:
        self._connection.execute(delete(fittings).where(fittings.c.id == fitting))
        self._effects.forgot = True

    def _those(self, *which: ColumnElement[bool]) -> Sequence[Fitting]:
        rows = self._connection.execute(select(fittings).where(*which))
        return self._read(rows.all())

    def _read(self, rows: Sequence[Row[Any]]) -> list[Fitting]:
        """Those that can be read: what another key sealed is as if it were not there."""
        found = map(self._record.value, rows)
        return [one for one in found if not isinstance(one.words, Unread)]


def _listed(kind: type[Any], seal: Callable[[], Seal]) -> Codec:
    """A sealed list of such values. What can't be opened is none."""
    return Codec(
        lambda values: seal().seal(json.dumps([asdict(one) for one in values])),
        lambda kept: tuple(kind(**one) for one in json.loads(_opened(seal, kept) or "[]")),
    )


def _opened(seal: Callable[[], Seal], kept: str) -> str:
    return seal().open(kept, "fitting") or ""


@repository(Fittings)
def fittings_of(work: SqlWork) -> SqlFittings:
    return SqlFittings(work)
