"""What is remembered of a caller's number, for whoever answers it next, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from handlers.kit.callers import Caller
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.settings import Section, number

CALLER, DUE, HANDED, LEFT = "caller.card", "caller.due", "caller.handed", "caller.left"

CALLS_KEPT, PROMISE_KEPT, BOUNDARY_KEPT, PROMISE_LASTS = 30, 30, 14, 365
"""Days: that a number called; a promise after it was settled; at which step a call was ended; and
a promise that nobody ever settles, from its day on."""

CUT_OFF_WITHIN = timedelta(minutes=15)
"""Who calls again so soon after the end of a call that was not handed on was cut off."""

AGAIN_WITHIN = timedelta(days=7)

LONGEST_WORDS = 200
"""Characters of what was promised, or what helped: read at a glance in the next call."""

TOLD_AT = time(9)
"""When a promise's day is told of, where its promiser is."""

SHOWN_HISTORY, SHOWN_NOTES, SHOWN_PROMISES = 3, 2, 10

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MemoryRules:
    """For how many days a workspace remembers that a number called, and at which step a call was
    ended: as long as the tables keep it, or shorter."""

    calls: int = CALLS_KEPT
    boundary: int = BOUNDARY_KEPT


MEMORY = Section(
    "callers",
    mark("Callers"),
    MemoryRules(),
    {"calls": number(1, CALLS_KEPT), "boundary": number(1, BOUNDARY_KEPT)},
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A call of the same number before."""

    id: str
    began_at: datetime
    ended_at: datetime | None
    transferred: bool
    topic: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class CallNote:
    """The lines that an agent wrote after a call: what it was about, and what helped."""

    call: str
    workspace: str
    author: str
    caller: str
    at: datetime
    topic: str | None
    helped: str = ""


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    HANDED_OVER = "handed_over"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that was promised to a caller by a day, by `promiser`. `next_at`: when they are
    told of that day next; None: no more."""

    id: str
    workspace: str
    call: str
    promiser: str
    caller: str
    topic: str | None
    words: str
    due: date
    made_at: datetime
    state: PromiseState = PromiseState.OPEN
    settled_at: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A call with this number that was ended within policy: by which boundary, in its languages,
    and after how many warnings. `receipt` is the id under which others hear of it."""

    receipt: str
    workspace: str
    caller: str
    at: datetime
    boundary: Mapping[str, str]
    step: int


class Known(StrEnum):
    """What there is to say of a number, what matters most first."""

    CUT_OFF = "cut_off"
    AGAIN = "again"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is remembered of a number, newest first. `at` is when the call is that it is told
    for."""

    at: datetime
    earlier: tuple[Earlier, ...] = ()
    notes: tuple[CallNote, ...] = ()
    promises: tuple[Promise, ...] = ()
    endings: tuple[Ending, ...] = ()

    @property
    def known(self) -> Known | None:
        """How the number is known; None where there is nothing to say."""
        last = next(iter(self.earlier), None)
        ended_at = last.ended_at if last is not None and not last.transferred else None
        if ended_at is not None and timedelta() <= self.at - ended_at < CUT_OFF_WITHIN:
            return Known.CUT_OFF
        if last is not None and self.at - last.began_at < AGAIN_WITHIN:
            return Known.AGAIN
        if self.earlier or self.notes or self.promises or self.endings:
            return Known.KNOWN
        return None

    def times(self, zone: str) -> tuple[int, int]:
        """How often the number called lately, this time with it, and within how many days: of a
        week where it did, else of all that is remembered."""
        lately = [one for one in self.earlier if self.at - one.began_at < AGAIN_WITHIN]
        counted = lately or list(self.earlier)
        first = min((one.began_at for one in counted), default=self.at)
        days = _day(self.at, zone) - _day(first, zone)
        return len(counted) + 1, days // _DAY + 1

    @property
    def topic(self) -> str | None:
        """What it was about last, as far as anybody said."""
        told = [one.topic for one in self.notes] + [one.topic for one in self.earlier]
        return next(filter(None, told), None)


def awaited(one: Promise, zone: str, now: datetime) -> Promise:
    """The promise, which is its promiser's from now on, with when they are told of its day: in the
    morning of the day before, or of the day itself where that is over, or else of the day after."""
    mornings = (_morning(one.due + _DAY * days, zone) for days in (-1, 0, 1))
    return replace(one, next_at=next((at for at in mornings if now < at), None))


def told(one: Promise, zone: str, now: datetime) -> Promise:
    """The promise, of which its promiser was just told: they are told once more on the day after,
    if it is still open."""
    after = _morning(one.due + _DAY, zone)
    return replace(one, next_at=after if now < after else None)


def settled(one: Promise, state: PromiseState, now: datetime) -> Promise:
    return replace(one, state=state, settled_at=now, next_at=None)


def handed_to(one: Promise, colleague: Person, new_id: str, now: datetime) -> Promise:
    """The same promise as a colleague's. It was made when it was made."""
    theirs = replace(one, id=new_id, promiser=colleague.id, settled_at=None)
    return awaited(replace(theirs, state=PromiseState.OPEN), colleague.zone, now)


def is_due(one: Promise, today: date) -> bool:
    """Whether it is for tomorrow, or was for an earlier day."""
    return one.state is PromiseState.OPEN and one.due <= today + _DAY


def due_key(person: str, day: date) -> str:
    """What the message of a day is about."""
    return f"{person}.{day.isoformat()}"


def _morning(day: date, zone: str) -> datetime:
    return datetime.combine(day, TOLD_AT, ZoneInfo(zone)).astimezone(UTC)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


class Callers(Protocol):
    """What is remembered of callers, kept under their pseudonyms. Whatever takes a workspace never
    shows another's."""

    def memory(
        self, caller: Caller, workspace: str, call: str, at: datetime, rules: MemoryRules
    ) -> Memory:
        """What is known of the number, the call itself aside."""
        ...

    def note(self, call: str) -> CallNote | None: ...

    def put_note(self, note: CallNote) -> None: ...

    def hold(self, call: str) -> None:
        """Holds the call against other writers until the transaction ends."""
        ...

    def promised_in(self, call: str, person: str) -> Promise | None:
        """What the person promised in the call: what is open of it, or else the newest."""
        ...

    def promise(self, promise: str) -> Promise | None:
        """The promise, held against other writers until the transaction ends."""
        ...

    def put_promise(self, promise: Promise) -> None: ...

    def drop_promise(self, promise: str) -> None:
        """It was never made."""
        ...

    def open_of(self, person: str, limit: int) -> tuple[Promise, ...]:
        """Open promises of the person, the soonest first."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Those of which somebody is to be told, held."""
        ...

    def put_ending(self, ending: Ending) -> None: ...

    def drop_ending(self, receipt: str) -> None: ...

    def last_call(self, person: str, since: datetime) -> str | None:
        """The id of the call that the person had last, if they had it since then."""
        ...

    def last_with(self, person: str, caller: Caller, since: datetime) -> str | None:
        """The id of the last call that the person had with this caller, if it ended since then."""
        ...

    def told_by_hand(self, call: str, person: Person, caller: Caller, now: datetime) -> None:
        """Keeps a call that somebody tells of themselves, from now on; one they told of before is
        over."""
        ...

    def goes_on(self, call: str, person: Person, now: datetime) -> None:
        """A call told of by hand is not over after all; another one of theirs is."""
        ...

    def is_from(self, call: str, caller: Caller, until: datetime) -> None:
        """A call of whose number nothing was known is from this caller; what is kept of that goes
        then."""
        ...

    def over(self, call: str, now: datetime) -> None:
        """A call told of by hand is over."""
        ...

    def calls_of(self, caller: Caller) -> tuple[tuple[str, str], ...]:
        """The ids of all calls that are kept of them, each with its workspace."""
        ...

    def forget(self, caller: Caller) -> int:
        """Erases all that any table keeps of the caller, but that they objected. Answers how many
        rows that were."""
        ...

    def object(self, caller: Caller, calls: Sequence[str], now: datetime) -> None:
        """From now on nothing is kept of the caller, whose calls these were."""
        ...

    def shorten(self, now: datetime) -> int:
        """Deletes what workspaces keep shorter than the tables do; answers how many rows."""
        ...
