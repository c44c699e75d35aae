"""What brings notices to people: the outbox as its senders see it, and the platforms."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol, runtime_checkable

from handlers.kit.cards import Card
from handlers.kit.notices import Claim, Lane, Notice, Priority, SendResult, Settled, Wait
from handlers.kit.people import Address, Place, Profile


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and `count` in each `per` in the long run: a window of any length `w` sees
    at most `burst + count * w / per`."""

    count: int
    per: timedelta
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform allows: messages in one conversation, and in a whole workspace new
    messages, changes to old ones, conversations of several opened, and removals (None: what is
    there is only changed). Of a workspace's burst a tenth is left to what is urgent. Bulk has none:
    it never sees more than `count` in any `per`."""

    conversation: Rate
    workspace_new: Rate
    workspace_change: Rate
    workspace_opening: Rate = Rate(50, timedelta(minutes=1), burst=50)
    workspace_removal: Rate | None = None

    def of(self, lane: Lane) -> Rate:
        """What a workspace takes by this lane."""
        match lane:
            case Lane.NEW:
                return self.workspace_new
            case Lane.CHANGE:
                return self.workspace_change
            case Lane.OPENING:
                return self.workspace_opening
            case Lane.REMOVAL:
                return self.workspace_removal or self.workspace_change


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The clock that all replicas share was set: when the time is `at` they go over to one so much
    later. Those `before` it, one less in `number`, made it so much later together. `moved`: what is
    kept has been moved with it, and whoever goes by the time before is late."""

    number: int
    at: datetime
    by: timedelta
    before: timedelta
    moved: bool = False

    @property
    def made(self) -> timedelta:
        """How much later all steps so far have made the time."""
        return self.before + self.by if self.moved else self.before


@dataclass(frozen=True, slots=True)
class Refusal:
    """A lane that a platform refuses in one of its workspaces, until somebody mends it: the
    platform's `word` for it, since when, and how often it was tried."""

    place: Place
    lane: Lane
    word: str
    since: datetime
    tries: int


class Claims(Protocol):
    """What is due of the outbox, taken by one sender at a time."""

    def claim(
        self,
        process: str,
        now: datetime,
        *,
        lease: timedelta,
        urgent: int,
        others: int,
        pace_of: Callable[[str], Pace],
        busy: Collection[str] = (),
    ) -> tuple[Claim, ...]:
        """Takes what is due and within the pace of the platform (by its name), at most so many
        urgent notices and so many others, for `lease`; what is not within the pace is put off
        until it is. An urgent one for several people whose conversation can't be opened within
        four seconds comes without an address, for each to have it alone. Of what is urgent, that of
        other workspaces comes before that of the `busy` ones."""
        ...

    def give_back(
        self, claims: Sequence[Claim], pace_of: Callable[[str], Pace], now: datetime
    ) -> None:
        """Nothing was sent of these: what they took of the pace is there for others."""
        ...

    def keep(self, process: str, claims: Sequence[int], until: datetime) -> None:
        """These are still being sent: they stay the process's until then. One that another took
        over is left alone."""
        ...

    def holds(self, process: str, claim: Claim) -> bool:
        """Whether it is the process's still, and nobody has asked to have it made again."""
        ...

    def elsewhere(self, process: str, claim: Claim, now: datetime) -> bool:
        """The claim did not arrive at the place that it went to: whether there is another one,
        which none of its readers is unknown at and where it was not tried yet. It is due there."""
        ...

    def moves_on(self, process: str, claim: Claim, now: datetime) -> None:
        """The answer that the claim was to change can't be changed any more: the message goes on
        as a new one, at once."""
        ...

    def settle(self, process: str, results: Sequence[Settled], now: datetime) -> None:
        """Writes what became of the process's claims. A notice that was asked to be made again
        meanwhile is due at once; a claim that another process took over is left alone."""
        ...

    def next_due(self, among: Sequence[Priority]) -> datetime | None:
        """When the next notice of these priorities that nobody holds is due."""
        ...


class Lanes(Protocol):
    """By which ways of sending the platforms take nothing for now."""

    def hold(self, place: Place, lane: Lane, until: datetime, pace: Pace, now: datetime) -> None:
        """Sends nothing by this lane of the platform's workspace until then, five minutes at most:
        the platform asked for it. What leaves by another is not held up."""
        ...

    def refuse(self, place: Place, lane: Lane, word: str, pace: Pace, now: datetime) -> None:
        """The platform refuses the lane until somebody mends it, and `word` is its word for why:
        it is tried now and then, until something arrives by it."""
        ...

    def opened(self, place: Place, lane: Lane, pace: Pace, now: datetime) -> None:
        """Something arrived by a lane that was refused: it is open for all again, and what is
        urgent and was put off leaves at once."""
        ...

    def untried(self, now: datetime) -> None:
        """What was to find out whether a lane is still refused was not sent after all: whoever
        waits for that tries at once."""
        ...

    def refused(self) -> tuple[Refusal, ...]:
        """The lanes that are refused, longest first."""
        ...


class Digests(Protocol):
    """What waits for people who can't be reached now, to come together."""

    def keep_waiting(
        self, process: str, waits: Sequence[tuple[Claim, Wait]], now: datetime
    ) -> None:
        """Gives the claims back to wait for their one reader, who can't be reached now. What
        waits for somebody comes together: a DIGEST is due when the wait is over."""
        ...

    def waiting(self, person: str, limit: int) -> tuple[tuple[int, Notice], ...]:
        """What waits for the person, longest first, by the outbox's own ids."""
        ...

    def gathered(self, person: str, ids: Sequence[int], now: datetime) -> None:
        """These have reached the person in a digest. If more wait, another digest follows."""
        ...

    def let_go(self, ids: Sequence[int], now: datetime) -> None:
        """These wait no longer and are sent each by itself."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a card is written: language and zone."""

    locale: str
    zone: str


def fingerprint_of(card: Card, reader: Reader) -> str:
    """The same for cards that look the same: what is there already needs no change."""
    return sha256(repr((card, reader)).encode()).hexdigest()


@runtime_checkable
class Removing(Protocol):
    """What a platform with a pace for removals can do besides."""

    async def remove(self, to: Sequence[Address], ref: str, key: str) -> SendResult:
        """Takes the message away; Sent once it is not there. What forbids it holds the lane."""
        ...


class Platform(Protocol):
    """One way to reach people. Its network errors come back as a SendResult, never raised."""

    @property
    def name(self) -> str: ...

    @property
    def pace(self) -> Pace: ...

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool,
    ) -> SendResult:
        """Sends the card to one person, or into the conversation of several and Plecs; with
        `ref` changes that message instead. `key` is the notice's, for platforms that can tell
        a repeated send by it. What is urgent waits for no connection that others use."""
        ...

    async def profile(self, address: Address) -> Profile | None:
        """What the platform tells of the user, inactive if there is none; None when it can't tell
        now."""
        ...

    async def by_email(self, email: str, workspace: str, /) -> Profile | None:
        """What the platform tells of the user with this address in one of its workspaces; None when
        it can't or there is none. An empty `workspace` is the one that it serves, where that is
        one."""
        ...
