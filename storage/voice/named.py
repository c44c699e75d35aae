"""Letters: what somebody wrote to one person with their name."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from handlers.voice.named.model import Letter, Letters, LetterState
from storage.effects import Effects
from storage.mapping import Record
from storage.schema import (
    CODE,
    DUE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    partial_index,
    person_column,
    rows_due,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_KEPT = timedelta(days=90)

voice_letters: Table = Table(
    "voice_letters",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("author", String(32), nullable=False),
    person_column("receiver", String(32), nullable=False),
    person_column("then", String(32), exported=False),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("state", String(16), nullable=False, info=CODE),
    Column("written_at", Instant, nullable=False, info=HAPPENED),
    Column("due_at", Instant, nullable=False, index=True, info=DUE),
    Column("step_at", Instant, info=DUE),
    Column("passed_on", Boolean, nullable=False),
    Column("answer", Text, nullable=False, info=dict(SEALED_WORDS)),
    Index("ix_voice_letters_author", "author", "written_at"),
    Index("ix_voice_letters_receiver", "receiver", "state", "due_at"),
    Index("ix_voice_letters_then", "then"),
    partial_index("ix_voice_letters_step_at", "step_at", where="step_at IS NOT NULL"),
    info={
        "retention": Retention(
            why="90 days after the answer was due, or until its author deletes it; with whoever of "
            "those named in it is erased. The words are sealed.",
            ended=lambda now: voice_letters.c.due_at < now - _KEPT,
            erase=lambda person: (
                delete(voice_letters).where(
                    or_(voice_letters.c.author == person, voice_letters.c.receiver == person)
                ),
                update(voice_letters).where(voice_letters.c.then == person).values(then=None),
            ),
        )
    },
)

_LETTER = Record(Letter, voice_letters, besides=("words", "answer"))


class SqlLetters:
    """`handlers.voice.named.model.Letters` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def add(self, letter: Letter) -> None:
        sealed = {"words": self._seal().seal_words(letter.words)} | self._answer(letter)
        self._connection.execute(insert(voice_letters), _LETTER.row(letter) | sealed)
        self._effects.step_at(letter.step_at)

    def get(self, letter: str) -> Letter | None:
        row = _LETTER.load_row(self._connection, letter)
        return None if row is None else self._letter(row)

    def save(self, letter: Letter) -> None:
        """The words are never written again: they stay, whatever key is set."""
        changes = _LETTER.changes(letter) | self._answer(letter)
        self._connection.execute(
            update(voice_letters).where(voice_letters.c.id == letter.id).values(changes)
        )
        self._effects.step_at(letter.step_at)

    def delete(self, letter: str) -> None:
        self._connection.execute(delete(voice_letters).where(voice_letters.c.id == letter))
        self._effects.forgot = True

    def due(self, now: datetime, limit: int) -> Sequence[Letter]:
        found = rows_due(self._connection, voice_letters.c.step_at, now, limit)
        return tuple(map(self._letter, found))

    def written_by(self, person: str, limit: int) -> Sequence[Letter]:
        theirs = select(voice_letters).where(voice_letters.c.author == person)
        return self._letters(theirs.order_by(voice_letters.c.written_at.desc()).limit(limit))

    def owed_by(self, person: str, limit: int) -> Sequence[Letter]:
        owed = voice_letters.c.receiver == person, voice_letters.c.state == LetterState.OPEN
        asked = select(voice_letters).where(*owed).order_by(voice_letters.c.due_at)
        return self._letters(asked.limit(limit))

    def open_of(self, person: str) -> int:
        theirs = voice_letters.c.author == person, voice_letters.c.state == LetterState.OPEN
        return self._connection.scalar(select(func.count()).where(*theirs)) or 0

    def _letters(self, asked: Any) -> tuple[Letter, ...]:
        return tuple(map(self._letter, self._connection.execute(asked)))

    def _answer(self, letter: Letter) -> dict[str, str]:
        return {"answer": self._seal().seal_words(letter.answer)}

    def _letter(self, row: Row[Any]) -> Letter:
        seal = self._seal()
        answer = seal.words(row.answer, row.id)
        return _LETTER.value(row, words=seal.words(row.words, row.id), answer=answer)


@repository(Letters)
def letters_of(work: SqlWork) -> SqlLetters:
    return SqlLetters(work.connection, work.effects, lambda: work.seal)
