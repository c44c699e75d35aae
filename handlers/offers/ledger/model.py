"""Entries of the ledger, how each hangs on the one before, and what does not hold in a chain.

An entry has two legs whose sum is zero, in whole cents. What was wrong is put right by a contra
entry. Each entry carries the hash of the one before and its own over all that it says: whoever
changes one has to change all that follow, and the newest hash that somebody wrote down elsewhere
tells.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

BUDGET, HELD = "budget", "held"
"""Where money to give comes from, and where it is while a customer has not answered."""

BEGINNING = "0" * 64
"""Stands in place of a hash before the first entry."""


class What(StrEnum):
    """What an entry does. HELD: an amount is set aside for a customer's answer. POSTED: the
    customer accepts. EXPIRED: no answer came in time. VOIDED: the customer declines, or the agent
    takes it back. REVERSED: what was posted is taken back by a contra entry."""

    HELD = "held"
    POSTED = "posted"
    EXPIRED = "expired"
    VOIDED = "voided"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Leg:
    """What comes to an account (cents above zero), or leaves it."""

    account: str
    cents: int


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked. `offer` is its own id; `by` who caused it, `agent` who offers and
    `signer` who signed besides, as the ledger calls people; `by` is empty for what time did. `kind`
    is what is given, `code` the gift code's own number. `version` is the occasion's
    rule's, `limits_version` that of the limits, `choice` "usual"
    or the reason for another one, `customer` how the customer is told from others: not who it is.
    """

    what: What
    offer: str
    occasion: str
    kind: str
    cents: int
    currency: str
    by: str
    agent: str
    signer: str
    version: int
    limits_version: int
    choice: str
    customer: str
    code: str = ""
    reason: str = ""

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """What leaves one account comes to another."""
        given = f"given:{self.occasion}"
        source, target = {
            What.HELD: (BUDGET, HELD),
            What.POSTED: (HELD, given),
            What.EXPIRED: (HELD, BUDGET),
            What.VOIDED: (HELD, BUDGET),
            What.REVERSED: (given, BUDGET),
        }[self.what]
        return Leg(source, -self.cents), Leg(target, self.cents)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A booking in its place: the `number`th of its workspace, at that instant (aware UTC), after
    the entry whose hash is `before`."""

    workspace: str
    number: int
    at: datetime
    booking: Booking
    legs: tuple[Leg, ...]
    before: str
    hash: str = ""

    def sealed(self) -> "LedgerEntry":
        """The entry with its hash."""
        return replace(self, hash=self.hash_of_all())

    def hash_of_all(self) -> str:
        """SHA-256 over all that the entry says, the hash of the one before among it."""
        said = [
            self.workspace,
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            [getattr(self.booking, one.name) for one in fields(self.booking)],
            [[leg.account, leg.cents] for leg in self.legs],
            self.before,
        ]
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash; 0 and BEGINNING where there is none."""

    number: int = 0
    hash: str = BEGINNING


class ChainFault(StrEnum):
    """What does not hold in a chain."""

    GAP = "an entry before this one is missing"
    CHANGED = "this entry is not what was written"
    UNCHAINED = "this entry does not hang on the one before"
    UNBALANCED = "this entry's legs are not zero together"
    LEGS = "this entry's legs are not those of what it does"
    CUT = "the newest entries are missing"
    OTHER_HASH = "this entry's hash is not the one that was written down"


def faults(
    entries: Iterable[LedgerEntry], head: Head, held: Mapping[int, str] | None = None
) -> Iterator[tuple[int, ChainFault]]:
    """Every entry's number at which something does not hold, and what; the entries in order. `head`
    is the newest as it is known elsewhere, `held` are hashes that somebody wrote down, by number.
    """
    last = Head()
    for entry in entries:
        if entry.number != last.number + 1:
            yield entry.number, ChainFault.GAP
        elif entry.before != last.hash:
            yield entry.number, ChainFault.UNCHAINED
        if entry.hash != entry.hash_of_all():
            yield entry.number, ChainFault.CHANGED
        if sum(leg.cents for leg in entry.legs):
            yield entry.number, ChainFault.UNBALANCED
        elif entry.legs != entry.booking.legs:
            yield entry.number, ChainFault.LEGS
        if held and held.get(entry.number, entry.hash) != entry.hash:
            yield entry.number, ChainFault.OTHER_HASH
        last = Head(entry.number, entry.hash)
    if last != head or (held and max(held) > last.number):
        yield last.number, ChainFault.CUT


class Ledger(Protocol):
    """The entries of workspaces. There is no way to change one, or to take one out."""

    def book(self, workspace: str, booking: Booking, at: datetime) -> LedgerEntry:
        """Writes the booking down as the workspace's next entry. Others wait until the transaction
        ends."""
        ...

    def entries(self, workspace: str) -> Iterator[LedgerEntry]:
        """All of them, in order."""
        ...

    def head(self, workspace: str) -> Head: ...

    def party(self, workspace: str, person: str, at: datetime) -> str:
        """What the ledger calls the person in that year: it says who that is to nobody who has the
        ledger alone."""
        ...

    def known_party(self, workspace: str, person: str, at: datetime) -> str:
        """The same, and empty for whom the ledger does not know in that year."""
        ...

    def persons(self, workspace: str) -> Mapping[str, str]:
        """The ids of those whom the ledger's names mean, as far as that is still kept."""
        ...
