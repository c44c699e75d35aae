"""The telephones of the local workspace: they ring, are answered and hung up by a button, and tell
of it as a telephone system would. The number stays in the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from handlers.calls.model import CallEvent, Happened
from handlers.kit.callers import Caller

SOURCE = "local telephone"


class Does(StrEnum):
    """What is done with a telephone."""

    RING = "ring"
    ANSWER = "answer"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class _Telephone:
    call: str
    state: str


class Telephones:
    """Each user's telephone: nothing is kept of it but whether it rings."""

    def __init__(self) -> None:
        self._in_use: dict[str, _Telephone] = {}

    def states(self) -> Mapping[str, str]:
        """Which telephones ring, and on which somebody talks, by user."""
        return {user: one.state for user, one in self._in_use.items()}

    def clear(self) -> None:
        """Everything begins anew."""
        self._in_use.clear()

    def use(self, user: str, name: str, does: Does, who: Caller | None, now: datetime) -> CallEvent:
        """What the telephone system tells of it. `name` is how it calls the user, and `who` calls
        them."""
        before = self._in_use.get(user)
        call = before.call if before is not None else uuid4().hex
        match does:
            case Does.RING:
                kind, call = Happened.STARTED, uuid4().hex
                self._in_use[user] = _Telephone(call, "rings")
            case Does.ANSWER:
                kind = Happened.ANSWERED
                self._in_use[user] = _Telephone(call, "talks")
            case Does.HANG_UP:
                kind = Happened.ENDED
                self._in_use.pop(user, None)
        return CallEvent(uuid4().hex, SOURCE, kind, call, now, (name,), who)
