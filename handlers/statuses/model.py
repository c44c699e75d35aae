"""The rules of a status: what was there before is put back, and what the person set is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from handlers.kit.people import Address, Person
from handlers.kit.ports import Status

CLEARS_AFTER = timedelta(minutes=2)
"""How long after a break's end the platform takes our status off by itself, should Plecs not be
there: long enough that Plecs normally comes first, and puts back what was there."""

TRIED_FOR = timedelta(minutes=30)
"""How long putting a status back is tried after the end. The platform has cleared ours by then."""

NOTHING = Status()


@dataclass(frozen=True, slots=True)
class Shown:
    """What Plecs set over the status that was there `before`. `texts` are all that it set or was
    about to set, `until` when the platform clears it. `sure`: the platform said that it is there.
    """

    before: Status
    texts: tuple[str, ...]
    until: datetime
    sure: bool = False


@dataclass(frozen=True, slots=True)
class WantedStatus:
    """A break is on. `until` is when the person is expected, None for a break without an end;
    `ends_at` when it is over at the latest."""

    until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class StatusClaim:
    """A status that this process may bring about until its lease ends.

    `person` is None for somebody who was erased. `token` is None when another SECRET_KEY sealed
    it. `leaving`: once nothing of ours is shown, the permission is given back. `version` tells
    whether something else was wanted meanwhile.
    """

    id: str
    at: Address
    person: Person | None
    token: str | None
    wanted: WantedStatus | None
    shown: Shown | None
    leaving: bool
    gives_up_at: datetime | None
    attempts: int
    version: int


@dataclass(frozen=True, slots=True)
class StatusSettled:
    """What became of a claim. `due`: again then; None: done for now. `gone`: nothing is kept.
    `held_until`: the platform wants no more of them from that workspace before."""

    claim: StatusClaim
    shown: Shown | None
    due: datetime | None = None
    gone: bool = False
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """Set this, and remember `shown` before that."""

    status: Status
    shown: Shown


@dataclass(frozen=True, slots=True)
class PutBack:
    """Set what was there before."""

    status: Status


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to set; `shown` is what is still ours."""

    shown: Shown | None


def decide(
    shown: Shown | None, wanted: Status | None, current: Status, now: datetime
) -> Put | PutBack | Leave:
    """What to do about the `current` status of somebody whose should be `wanted`; None: theirs."""
    ours = shown is not None and current.text in shown.texts
    lapsed = shown is not None and _is_nothing(current) and now >= shown.until
    if shown is not None and not ours and not lapsed and (shown.sure or wanted is None):
        return Leave(None)  # the person changed it, or it was never set
    if wanted is None:
        return _ended(shown, lapsed=lapsed, now=now)
    assert wanted.until is not None, "whatever Plecs sets is cleared by the platform some day"
    if shown is not None and (ours or lapsed):
        if ours and shown.sure and current.text == wanted.text and shown.until == wanted.until:
            return Leave(shown)
        texts = tuple(dict.fromkeys((*shown.texts, wanted.text)))
        return Put(wanted, Shown(shown.before, texts, wanted.until))
    return Put(wanted, Shown(current, (wanted.text,), wanted.until))


def _ended(shown: Shown | None, *, lapsed: bool, now: datetime) -> PutBack | Leave:
    if shown is None:
        return Leave(None)
    past = shown.before.until is not None and shown.before.until <= now
    before = NOTHING if past else shown.before
    return Leave(None) if lapsed and _is_nothing(before) else PutBack(before)


def _is_nothing(status: Status) -> bool:
    return not status.text and not status.emoji


class StatusPermissions(Protocol):
    """Who lets Plecs set their status, and what it should say. Words and tokens stay inside."""

    def is_permitted(self, person: str) -> bool: ...

    def permit(self, person: Person, at: Address, token: str, now: datetime) -> None:
        """Keeps the permission; one that was there is replaced."""
        ...

    def withdraw(self, person: str, now: datetime) -> None:
        """Puts the status back, then gives the permission back, as soon as the platform can be
        reached. Nothing for somebody who gave none."""
        ...

    def forget(
        self, platform: str, workspace: str, users: Sequence[str] | None, before: datetime
    ) -> None:
        """The platform took back what these users permitted until `before`; None: all users."""
        ...

    def show(self, person: str, wanted: WantedStatus, now: datetime) -> None:
        """Has their status say that they are away. Nothing without their permission."""
        ...

    def put_back(self, person: str, now: datetime) -> None:
        """Has their status be as it was."""
        ...


class StatusDispatch(Protocol):
    """The claims that whoever talks to the platforms works by."""

    def claim(
        self, process: str, now: datetime, *, lease: timedelta, limit: int
    ) -> tuple[StatusClaim, ...]:
        """Takes what is due, the oldest first, for `lease`."""
        ...

    def remember(self, claim: StatusClaim, shown: Shown) -> None:
        """Keeps what is about to be set, before it is."""
        ...

    def settle(self, process: str, result: StatusSettled, now: datetime) -> None:
        """Writes what became of the claim. If something else was wanted meanwhile it is due at
        once; a claim that another process took over is left alone. What is held is held for all
        processes."""
        ...

    def next_due(self) -> datetime | None:
        """When the next may be claimed."""
        ...

    def release_all(self) -> None:
        """Frees every claim: for a process that is alone, after an earlier one ended."""
        ...
