"""What a language model is to be asked, by ids, until it is answered."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    func,
    select,
    update,
)

from handlers.kit.language_models import ModelDispatch, ModelQuestions, Question
from storage.effects import Effects
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    LEASED,
    Instant,
    Retention,
    insert_new,
    metadata,
    rows_due,
)
from storage.work import SqlWork, repository

_KEPT = timedelta(hours=1)

model_questions: Table = Table(
    "model_questions",
    metadata,
    Column("kind", String(40), primary_key=True, info=CODE),
    Column("about", String(80), primary_key=True, info=ID),
    Column("asked_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("claimed_by", String(32), info=ID),
    # When it may be claimed: at once, or when the lease of whoever claimed it is over.
    Column("due_at", Instant, nullable=False, index=True, info=LEASED),
    info={
        "retention": Retention(
            why="Until a language model has answered, an hour at most: that it is to be asked, by "
            "the id of what it is asked about. Names nobody, and holds nothing of it.",
            ended=lambda now: model_questions.c.asked_at < now - _KEPT,
        )
    },
)

_COLUMNS = model_questions.c
_THE_ONE = (_COLUMNS.kind == bindparam("of_kind")) & (_COLUMNS.about == bindparam("of"))
_CLAIM = (
    update(model_questions)
    .where(_THE_ONE)
    .values(claimed_by=bindparam("process"), due_at=bindparam("lease", type_=Instant))
)
_NEXT_DUE = select(func.min(_COLUMNS.due_at))
_RELEASE = update(model_questions).where(_COLUMNS.claimed_by.is_not(None))


class SqlModelQuestions:
    """`handlers.kit.language_models.ModelQuestions` and `ModelDispatch` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def ask(self, question: Question) -> None:
        row = {
            "kind": question.kind,
            "about": question.about,
            "asked_at": question.asked_at,
            "due_at": question.asked_at,
        }
        insert_new(self._connection, model_questions, [row])
        self._effects.questions = True

    def withdraw(self, kind: str, about: str) -> None:
        asked = {"of_kind": kind, "of": about}
        self._connection.execute(delete(model_questions).where(_THE_ONE), asked)

    def claim(
        self, process: str, now: datetime, *, lease: timedelta, limit: int
    ) -> tuple[Question, ...]:
        rows = rows_due(self._connection, _COLUMNS.due_at, now, limit)
        for row in rows:
            taken = {"of_kind": row.kind, "of": row.about, "process": process, "lease": now + lease}
            self._connection.execute(_CLAIM, taken)
        return tuple(Question(row.kind, row.about, row.asked_at) for row in rows)

    def settle(self, process: str, question: Question) -> bool:
        asked = {"of_kind": question.kind, "of": question.about}
        mine = delete(model_questions).where(_THE_ONE, _COLUMNS.claimed_by == process)
        return bool(self._connection.execute(mine, asked).rowcount)

    def next_due(self) -> datetime | None:
        due: datetime | None = self._connection.scalar(_NEXT_DUE)
        return due

    def release_all(self) -> None:
        self._connection.execute(_RELEASE.values(claimed_by=None, due_at=_COLUMNS.asked_at))


@repository(ModelQuestions)
def model_questions_of(work: SqlWork) -> SqlModelQuestions:
    return SqlModelQuestions(work.connection, work.effects)


@repository(ModelDispatch)
def model_dispatch_of(work: SqlWork) -> SqlModelQuestions:
    return SqlModelQuestions(work.connection, work.effects)
