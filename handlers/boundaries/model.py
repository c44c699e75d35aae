"""The rules of a boundary: which sentence is next, and when a call may be ended.

A workspace's policies are one value, kept as a library. A receipt holds its own copy of the
boundary that it stands on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from handlers.common.crisis import CrisisNumbers
from handlers.kit.notices import Notice
from handlers.library import model as library
from handlers.library.model import Change, Kept, Saying, Sayings

ENDED = "policy.ended"

CRISIS, DANGER = "crisis", "danger"
"""The behaviours in which the agent stays in the call, as they are called in what comes with Plecs:
somebody is a danger to themselves, and any other danger to somebody's life."""

RECEIPT_KEPT = timedelta(days=730)
"""How long a receipt is there to point to: two years, within which complaints come."""

NAME_LIMIT = 28
"""Characters of a behaviour's name: it stands on a button."""

UNDO_FOR = timedelta(minutes=10)
"""For how long an ending can be taken back; and how old a card may be before it asks whether the
call that ended is the one that it was opened for."""

LINES_LIMIT = 10
EXAMPLES_LIMIT = 120
WARNINGS_LIMIT = 4
BEHAVIOURS_LIMIT = 15
NUMBERS_LIMIT = 6

DIGITS = re.compile(r"\+?[0-9][0-9 ]{1,14}")
"""A telephone number as it may be written."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that callers do, and what an agent may do about it.

    `warnings` are the sentences before an ending, in their order; none: the call may be ended at
    once. `emergency` are the steps for a threat to life, empty where there is none. `examples`
    are what colleagues say when they describe it, in a caller's language too where somebody wrote
    that down; the search reads them. `version` is that of
    the policies in which this boundary was changed last, `review` the last day on which it holds
    without asking its owner.
    """

    id: str
    names: Saying
    meaning: Saying
    allowed: Sayings
    warnings: tuple[Saying, ...]
    ending: Saying
    backing: Saying
    owner: Saying
    review: date
    examples: Sayings
    emergency: Sayings = field(default_factory=dict)
    version: int = 1

    @property
    def is_to_stay(self) -> bool:
        """Whether a life depends on the call: help comes before any word that would end it."""
        return bool(self.emergency) and self.id in (CRISIS, DANGER)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything a workspace decided about abusive calls, the mildest behaviour first."""

    behaviours: tuple[Behaviour, ...]
    crisis: CrisisNumbers

    def get(self, behaviour: str) -> Behaviour | None:
        return next((each for each in self.behaviours if each.id == behaviour), None)

    def emergency(self, kind: str) -> Behaviour | None:
        """The one for a danger to life of this kind; where there is none, the gravest that says
        what to do then."""
        own = self.get(kind)
        if own is not None and own.emergency:
            return own
        return next((each for each in reversed(self.behaviours) if each.emergency), None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A call was ended by a boundary. No customer data: what the caller did, not who called.

    `card` is the id of the card on which the ending was pressed: one card, one receipt.
    `boundary` is a copy, so that no later edit reaches it. `adopted`: somebody stood behind it.
    `void_at`: since when it counts for nothing, because the call was not ended after all.
    """

    id: str
    workspace: str
    agent: str
    card: str
    ended_at: datetime
    warned: int
    boundary: Behaviour
    adopted: bool
    void_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a file brings: some behaviours, and crisis numbers if it has any."""

    behaviours: tuple[Behaviour, ...]
    crisis: CrisisNumbers | None


# --- during a call ----------------------------------------------------------------------------


def may_end(boundary: Behaviour, warned: int) -> bool:
    """Whether the call may be ended after this many warnings; no life is left waiting for one."""
    return boundary.is_to_stay or warned >= len(boundary.warnings)


def can_be_taken_back(receipt: Receipt, now: datetime) -> bool:
    """Whether it still can be said that the call was not ended."""
    return receipt.void_at is None and now <= receipt.ended_at + UNDO_FOR


def is_of_an_earlier_call(shown: datetime | None, last: Receipt | None, now: datetime) -> bool:
    """Whether a card shown then (None: nobody knows when) may be of another call than the one that
    ends now: the agent has ended one since, or it is ten minutes old."""
    if shown is None or now > shown + UNDO_FOR:
        return True
    return last is not None and last.void_at is None and last.ended_at > shown


def still_to_say(boundary: Behaviour, warned: int) -> tuple[Saying, ...]:
    """The sentences left, the next one first; the last is always the ending."""
    return (*boundary.warnings[warned:], boundary.ending)


def notices_of(receipt: Receipt, supervisors: Iterable[str]) -> tuple[Notice, ...]:
    """Tells each supervisor but the agent that the ending was within policy."""
    return tuple(
        Notice(ENDED, receipt.id, (supervisor,), receipt.ended_at)
        for supervisor in supervisors
        if supervisor != receipt.agent
    )


# --- changing the policies --------------------------------------------------------------------


def amend(policies: PolicySet, file: PolicyFile, number: int) -> PolicySet:
    """The policies with the file's behaviours in place of those of the same id, and new ones at
    the end. What really differs is stamped with the version's `number`."""
    behaviours = library.amend(policies.behaviours, file.behaviours, number)
    return PolicySet(behaviours, file.crisis or policies.crisis)


def changes(old: PolicySet, new: PolicySet) -> tuple[Change, ...]:
    """What differs, behaviour by behaviour, then the crisis numbers."""
    found = library.changes(old.behaviours, new.behaviours)
    if old.crisis == new.crisis:
        return found
    return (*found, Change(None, library.parts_differing(old.crisis, new.crisis)))


class Policies(Kept[PolicySet], Protocol):
    """Boundaries in their versions, and the receipts that stand on them."""

    def void(self, receipt: str, at: datetime) -> None: ...

    def keep(self, receipt: Receipt) -> bool:
        """Keeps a new receipt; false when the agent has one of this card already."""
        ...

    def receipt(self, receipt: str) -> Receipt | None: ...

    def receipt_of(self, agent: str, card: str) -> Receipt | None: ...

    def receipts(self, agent: str, limit: int) -> tuple[Receipt, ...]:
        """The agent's own, newest first."""
        ...
