"""The call that somebody is in, as the telephone system or they themselves told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.kit.callers import Caller


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with this caller before, as the company's own systems know it."""

    at: datetime
    channel: str
    topic: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CurrentCall:
    """A call with one of us on it.

    `since` is when they answered it, or took it over. `caller` is None where the number was
    withheld, where it was none, and once the call has been over for an hour. `case` is what the
    telephone system calls the matter, for other systems to find it by; empty where it said nothing.
    `topic` is the id of the topic that its queue is for. `history` are contacts with the caller
    before, and `history_url` is where there are more, as the company's own systems told. `by_hand`:
    its agent told of it, and so when it ends is not known. `objects`: its caller wants nothing
    kept, and so nobody knows who they are.
    """

    id: str
    workspace: str
    agent: str
    since: datetime
    caller: Caller | None = None
    case: str = ""
    topic: str | None = None
    by_hand: bool = False
    ended_at: datetime | None = None
    history: tuple[Contact, ...] = ()
    history_url: str = ""
    objects: bool = False


class CurrentCalls(Protocol):
    """Who is in which call."""

    def of(self, person: str, now: datetime) -> CurrentCall | None:
        """The call that the person is in, as far as is known: on the telephone, or told of by hand
        and not over."""
        ...

    def going_on(self, workspace: str, now: datetime, limit: int) -> Sequence[str]:
        """The ids of calls that people of the workspace have on the telephone."""
        ...

    def get(self, call: str) -> CurrentCall | None:
        """The call under this id, for as long as anything is kept of it. `agent` is who had it
        last; empty once they are erased."""
        ...
