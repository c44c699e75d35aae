"""Calls that people write down for others to practise, sealed, each its author's."""

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Connection, Row, String, Table, Text, delete, select

from handlers.practice.own.model import Proposal, Proposals, ProposalState
from storage.mapping import Record
from storage.schema import CODE, DUE, ID, Instant, Retention, metadata, person_column, put_all
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

practice_own: Table = Table(
    "practice_own",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, index=True, info=ID),
    person_column("author", String(32), nullable=False, index=True),
    Column("state", String(16), nullable=False, info=CODE),
    Column("keep_until", Instant, nullable=False, index=True, info=DUE),
    Column("written", Text, nullable=False, info=dict(SEALED_WORDS)),
    info={
        "retention": Retention(
            why="Sixty days from when its author changed it last, or until they delete it; thirty "
            "days from its approval: so long they can take it out of the library. Of times there "
            "is the last day alone; what is written is sealed.",
            ended=lambda now: practice_own.c.keep_until < now,
        )
    },
)
_WRITTEN = ("locale", "indicators", "shows", "words", "round", "words_back", "entry")
"""What is kept sealed, together."""

_PROPOSAL = Record(Proposal, practice_own, besides=_WRITTEN)


class SqlProposals:
    """`handlers.practice.own.model.Proposals` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._seal = seal

    def get(self, proposal: str) -> Proposal | None:
        row = _PROPOSAL.load_row(self._connection, proposal, hold=True)
        return None if row is None else self._value(row)

    def of(self, author: str) -> Sequence[Proposal]:
        asked = select(practice_own).where(practice_own.c.author == author)
        return self._values(asked.order_by(practice_own.c.keep_until.desc(), practice_own.c.id))

    def offered(self, workspace: str) -> Sequence[Proposal]:
        asked = select(practice_own).where(
            practice_own.c.workspace == workspace, practice_own.c.state == ProposalState.OFFERED
        )
        return sorted(self._values(asked), key=attrgetter("id"))

    def put(self, proposal: Proposal) -> None:
        written = {name: getattr(proposal, name) for name in _WRITTEN}
        sealed = self._seal().seal(json.dumps(written, ensure_ascii=False))
        put_all(self._connection, practice_own, [_PROPOSAL.row(proposal) | {"written": sealed}])

    def delete(self, proposal: str) -> None:
        self._connection.execute(delete(practice_own).where(practice_own.c.id == proposal))

    def _values(self, asked: Any) -> tuple[Proposal, ...]:
        rows = self._connection.execute(asked).all()
        return tuple(filter(None, map(self._value, rows)))

    def _value(self, row: Row[Any]) -> Proposal | None:
        """None for what another key sealed: it is as if it was not there."""
        opened = self._seal().open(row.written, row.id)
        if opened is None:
            return None
        written = json.loads(opened)
        return _PROPOSAL.value(row, **written | {"indicators": tuple(written["indicators"])})


@repository(Proposals)
def proposals_of(work: SqlWork) -> SqlProposals:
    return SqlProposals(work.connection, lambda: work.seal)
