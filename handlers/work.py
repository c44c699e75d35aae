"""What a handler works with: the transaction, the time, the caller and their language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.escalation.model import Cases
from handlers.kit.people import Person
from handlers.kit.ports import NewId, Outbox, People, Texts, Words, WorkspaceSettings


class Work(Protocol):
    """One transaction: everything done through it is kept together or not at all."""

    @property
    def people(self) -> People: ...

    @property
    def settings(self) -> WorkspaceSettings: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def cases(self) -> Cases: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Where a handler stands: `me` asks at `now` (aware UTC) and reads `t`'s language."""

    work: Work
    now: datetime
    me: Person
    t: Texts
    words: Words
    new_id: NewId
