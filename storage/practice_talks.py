"""Calls practised with a language model, sealed, for as long as they can be gone on with."""

import json
from collections.abc import Callable

from sqlalchemy import Column, Connection, String, Table, Text, delete

from handlers.kit.language_models import ModelTrouble
from handlers.practice.talking.model import KEPT, SpokenLine, Talk, Talks
from storage.mapping import Record
from storage.schema import HAPPENED, ID, Instant, Retention, metadata, person_column, put_all
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

practice_talks: Table = Table(
    "practice_talks",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", String(32), nullable=False, index=True),
    Column("changed_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("talk", Text, nullable=False, info=dict(SEALED_WORDS)),
    info={
        "retention": Retention(
            why="Two hours from what was said last, or until its person ends it: a call with a "
            "language model that can be gone on with. Which scenario, and what was said, is "
            "sealed.",
            ended=lambda now: practice_talks.c.changed_at < now - KEPT,
        )
    },
)
_TALK = Record(
    Talk,
    practice_talks,
    besides=("scenario", "version", "locale", "said", "waits", "trouble"),
)


class SqlTalks:
    """`handlers.practice.talking.model.Talks` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def get(self, talk: str) -> Talk | None:
        row = _TALK.load_row(self._connection, talk)
        opened = None if row is None else self._seal().open(row.talk, row.id)
        if row is None or opened is None:
            return None
        kept = json.loads(opened)
        return _TALK.value(
            row,
            scenario=kept["scenario"],
            version=kept["version"],
            locale=kept["locale"],
            said=tuple(SpokenLine(text, heat) for text, heat in kept["said"]),
            waits=kept["waits"],
            trouble=ModelTrouble(kept["trouble"]) if kept["trouble"] else None,
        )

    def put(self, talk: Talk) -> None:
        kept = {
            "scenario": talk.scenario,
            "version": talk.version,
            "locale": talk.locale,
            "said": [(one.text, one.heat) for one in talk.said],
            "waits": talk.waits,
            "trouble": talk.trouble,
        }
        sealed = self._seal().seal(json.dumps(kept, ensure_ascii=False))
        put_all(self._connection, practice_talks, [_TALK.row(talk) | {"talk": sealed}])

    def delete_of(self, person: str) -> None:
        self._connection.execute(delete(practice_talks).where(practice_talks.c.person == person))


@repository(Talks)
def talks_of(work: SqlWork) -> SqlTalks:
    return SqlTalks(work.connection, lambda: work.seal)
