"""Approved answers as a library, and what is said to be wrong with them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, delete, select

from handlers.draft.model import (
    ANSWERS,
    CORRECTIONS_KEPT,
    Answers,
    ApprovedAnswer,
    Correction,
    Corrections,
)
from storage.library import Shelved, SqlLibrary
from storage.library_search import EntryIndex, described
from storage.mapping import Record
from storage.schema import HAPPENED, ID, WORDS, Instant, Retention, insert_rows, metadata
from storage.work import SqlWork, repository

answer_corrections: Table = Table(
    "answer_corrections",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, index=True, info=ID),
    Column("answer", String(40), nullable=False, info=ID),
    Column("words", Text, nullable=False, info=WORDS),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="Fourteen days, or until a coordinator is done with it: what is said to be wrong "
            "with an answer. Without names and numbers, and without who said it.",
            ended=lambda now: answer_corrections.c.at < now - CORRECTIONS_KEPT,
        )
    },
)

_CORRECTION = Record(Correction, answer_corrections)


_LEAST = 0.15
"""Of 20 questions about other things eleven are told that no answer fits, and five without it; it
costs none of the questions by which the search is measured."""


class SqlCorrections:
    """`handlers.draft.model.Corrections` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._connection = work.connection

    def add(self, one: Correction) -> None:
        insert_rows(self._connection, answer_corrections, [_CORRECTION.row(one)])

    def waiting(self, workspace: str, now: datetime, limit: int) -> Sequence[Correction]:
        kept = answer_corrections.c
        rows = self._connection.execute(
            select(answer_corrections)
            .where(kept.workspace == workspace, kept.at >= now - CORRECTIONS_KEPT)
            .order_by(kept.at.desc(), kept.id)
            .limit(limit)
        )
        return [_CORRECTION.value(row) for row in rows]

    def remove(self, workspace: str, correction: str) -> None:
        kept = answer_corrections.c
        self._connection.execute(
            delete(answer_corrections).where(kept.workspace == workspace, kept.id == correction)
        )


def answers_index(answers: tuple[ApprovedAnswer, ...]) -> EntryIndex:
    """The answers, ready to be searched."""
    entries = ((one, described(one, one.text.values())) for one in answers)
    return EntryIndex(entries, least=_LEAST)


_SHELF = Shelved(ANSWERS, answers_index)


@repository(Answers)
def answers_of(work: SqlWork) -> SqlLibrary[tuple[ApprovedAnswer, ...]]:
    return SqlLibrary(work.connection, _SHELF)


@repository(Corrections)
def corrections_of(work: SqlWork) -> SqlCorrections:
    return SqlCorrections(work)
