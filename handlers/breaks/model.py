"""The rules of a break: what it can become, and what people write when they ask for one."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.availability.coverage import Absence
from handlers.kit.moments import moment_in, while_in, without_please
from handlers.kit.people import Duty, Person
from handlers.kit.text import fold

OFFER, BEGUN, OVER = "break.offer", "break.begun", "break.over"
HELD, COVER, UNCOVERED = "break.held", "break.cover", "break.uncovered"
ASKED = "break.asked"
"""The card of who asked for cover, from the asking on."""

CHOICES = (5, 10, 15)
"""Minutes one tap away."""

LONGEST = 60
"""Minutes: a lunch. What is longer is an absence."""

OPEN_ENDS_AFTER = timedelta(hours=4)
"""A break until one is back ends by itself: somebody who forgot it would stay unreachable."""

OFFER_COMES_AFTER = timedelta(seconds=10)
"""After a call comes first what is said about it: well done, thank you. Then the offer."""

OFFER_LASTS = timedelta(minutes=5)
WISH_LASTS = timedelta(hours=2)
"""How long "after this call" waits for a call's end that Plecs hears of."""

HELD_LASTS = timedelta(minutes=30)
ASKING_LASTS = timedelta(minutes=5)
"""How long colleagues are asked for cover before the asker is told that nobody could."""

DESK_LASTS = timedelta(hours=1)

JUST_HAD = timedelta(minutes=15)
"""So long after a break none is offered, unless a call was hard."""

CHOOSE_WITHIN = timedelta(minutes=30)
"""How long after a break's end one can still say how one comes back."""

HARD_LASTS = timedelta(minutes=30)
"""For so long after an ended call a break waits for nobody."""


class BreakState(StrEnum):
    """WISHED waits for the call's end; HELD would have left too few, and an offer stands; ASKING
    is the same with colleagues asked for cover; OVER waits for how they come back."""

    WISHED = "wished"
    HELD = "held"
    ASKING = "asking"
    BOOKED = "booked"
    RUNNING = "running"
    OVER = "over"
    DESK = "desk"
    CLOSED = "closed"


LIVE = (
    BreakState.WISHED,
    BreakState.HELD,
    BreakState.ASKING,
    BreakState.BOOKED,
    BreakState.RUNNING,
    BreakState.DESK,
)
"""Of these a person has one at a time."""

AWAITED = (BreakState.HELD, BreakState.ASKING)


class Return(StrEnum):
    """How somebody comes back. A vent is asked for by itself."""

    AVAILABLE = "available"
    DESK = "desk"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Break:
    """One break of one person, from asking for it to being back.

    `minutes` is None for "until I'm back". `starts_at` is the start that was offered or booked.
    `step_at` is when the next thing happens on its own; None once nothing will. `hard`: it waits
    for nobody. `tip` is the suggestion's number, None for somebody who wants none.
    """

    id: str
    workspace: str
    person: str
    minutes: int | None
    state: BreakState
    asked_at: datetime
    hard: bool = False
    tip: int | None = None
    starts_at: datetime | None = None
    started_at: datetime | None = None
    ends_at: datetime | None = None
    step_at: datetime | None = None
    back_as: Return | None = None
    closed_at: datetime | None = None

    @property
    def length(self) -> timedelta:
        return OPEN_ENDS_AFTER if self.minutes is None else timedelta(minutes=self.minutes)

    @property
    def until(self) -> datetime | None:
        """When they are expected; None for a break without an end."""
        return None if self.minutes is None else self.ends_at

    def is_on(self, now: datetime) -> bool:
        """Whether they are on this break at `now`, however late the timer is."""
        return (
            self.state is BreakState.RUNNING
            and self.ends_at is not None
            and self.started_at is not None
            and self.started_at <= now < self.ends_at
        )

    def lasted(self, now: datetime) -> timedelta:
        """How long it was, or has been by `now`, however late its end is noticed."""
        if self.started_at is None or self.ends_at is None:
            return timedelta(0)
        return max(min(now, self.ends_at) - self.started_at, timedelta(0))


def wished(one: Break, now: datetime) -> Break:
    return replace(one, state=BreakState.WISHED, step_at=now + WISH_LASTS)


def held(one: Break, start: datetime | None, now: datetime) -> Break:
    """It would leave too few; `start` is the next one that fits, if any does."""
    return replace(one, state=BreakState.HELD, starts_at=start, step_at=now + HELD_LASTS)


def asking(one: Break, now: datetime) -> Break:
    return replace(one, state=BreakState.ASKING, step_at=now + ASKING_LASTS)


def booked(one: Break, start: datetime) -> Break:
    return replace(
        one, state=BreakState.BOOKED, starts_at=start, ends_at=start + one.length, step_at=start
    )


def begun(one: Break, tip: int | None, now: datetime) -> Break:
    ends_at = now + one.length
    return replace(
        one, state=BreakState.RUNNING, tip=tip, started_at=now, ends_at=ends_at, step_at=ends_at
    )


def over(one: Break, now: datetime) -> Break:
    """Its time is up. They count as available from now on, whatever they will say."""
    return replace(one, state=BreakState.OVER, step_at=None, closed_at=now)


def back(one: Break, how: Return, now: datetime) -> Break:
    """They are back, and said how."""
    if how is Return.DESK:
        return replace(
            one,
            state=BreakState.DESK,
            back_as=how,
            started_at=now,
            ends_at=now + DESK_LASTS,
            step_at=now + DESK_LASTS,
            closed_at=None,
        )
    return replace(closed(one, now), back_as=how)


def closed(one: Break, now: datetime) -> Break:
    return replace(one, state=BreakState.CLOSED, step_at=None, closed_at=now)


def has_waited(last: Break | None, now: datetime) -> bool:
    """Whether their last break, which never began, was asked for just before: who asks again is
    still waiting for the same one."""
    return last is not None and last.started_at is None and now - last.asked_at < HELD_LASTS


def had_one(last: Break | None, began: datetime, now: datetime, *, hard: bool) -> bool:
    """Whether somebody whose call `began` then had a break of theirs since, or just before its end:
    they are offered none. After a `hard` call only a break since counts."""
    if last is None or last.started_at is None or last.closed_at is None:
        return False
    ended = min(last.closed_at, last.ends_at or last.closed_at)  # however late it was noticed
    return last.started_at >= began or (not hard and now < ended + JUST_HAD)


@dataclass(frozen=True, slots=True)
class BreakOffer:
    """A break offered after a call. `call` names the call; `hard`: it was an ended one."""

    call: str
    workspace: str
    person: str
    hard: bool
    offered_at: datetime
    step_at: datetime | None
    taken: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether it still stands at `now`."""
        return self.step_at is not None and now < self.offered_at + OFFER_LASTS


@dataclass(frozen=True, slots=True)
class Habits:
    """Whether somebody wants a suggestion for their break, and which comes next."""

    suggests: bool = True
    next: int = 0


class Fault(StrEnum):
    """What is wrong with what was asked for."""

    LONG = "long"
    SHORT = "short"
    DAY = "day"
    UNREADABLE = "unreadable"


class MinutesError(ValueError):
    """These are no minutes for a break; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def minutes_in(text: str, local: datetime | None = None) -> int | None:
    """The minutes that "10", "10 min", "pusstunda", "1 h" or, for somebody whose clock shows
    `local`, "until 14:20" mean; None for "until I'm back". Raises MinutesError."""
    asked = without_please(fold(text).rstrip(".! "))
    if asked in _UNTIL_BACK:
        return None
    lasts = timedelta(minutes=int(asked)) if _NUMBER.fullmatch(asked) else while_in(text)
    is_moment = lasts is None and not _NOT_WHOLE.fullmatch(asked)
    moment = moment_in(text, local) if is_moment and local is not None else None
    day = any(word.startswith(_DAYS) for word in asked.split())
    if local is not None and moment is not None and not day:
        lasts = moment - local.astimezone(UTC)  # by the clock that no summer moves
    if lasts is None:
        raise MinutesError(Fault.DAY if day else Fault.UNREADABLE)
    number = -(-lasts // timedelta(minutes=1))  # until 14:20 is no minute less
    if number < 1:
        raise MinutesError(Fault.SHORT)
    if number > LONGEST:
        is_date = moment is not None and lasts > timedelta(days=1)
        raise MinutesError(Fault.DAY if is_date else Fault.LONG)
    return number


def after_the_call(text: str) -> str | None:
    """What else is said with "after this call": "10" of "10 after the call"; None where it is not
    meant."""
    rest, found = _AFTER_THE_CALL.subn(" ", fold(text).rstrip(".! "))
    return " ".join(rest.split()) if found else None


_AFTER_THE_CALL = re.compile(
    r"\b(?:after(?: (?:this|the|my))? call|after this|pec(?: si)? zvana|pec(?: sis)? sarunas|pec ta"
    r"|после(?: этого)? (?:звонка|разговора))\b|\b(?:after|pec|после)$"
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}")
_NOT_WHOLE = re.compile(r"[0-9]{1,2}[.,][0-9]", re.ASCII)
"""Half a minute more: no day of a month is meant."""
_UNTIL_BACK = {
    "until im back",
    "until i am back",
    "until back",
    "kamer atgriezisos",
    "lidz atgriezos",
    "lidz atgriezisos",
    "lidz atgriesanas bridim",
    "lidz busu atpakal",
    "lidz esmu atpakal",
}
_DAYS = (
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "rit",
    "parit",
    "pirmdien",
    "otrdien",
    "tresdien",
    "ceturtdien",
    "piektdien",
    "sestdien",
    "svetdien",
)


MOST_AWAY = 50
"""Of those who have no manager, as many are looked at who are away, and as many who are on a break:
more than one screen shows."""


class Breaks(Protocol):
    """Breaks, the offers of them and who covers, kept."""

    def add(self, one: Break) -> None:
        """Keeps a new break. The person has no other live one: the caller closed it."""
        ...

    def get(self, one: str) -> Break | None: ...

    def live_of(self, person: str) -> Break | None: ...

    def last_of(self, person: str) -> Break | None:
        """The one that was asked for last and is still kept."""
        ...

    def save(self, one: Break) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[Break, ...]:
        """Breaks whose next step is due, the oldest first. Not held: hold, then read again."""
        ...

    def moved(self, workspace: str, day: date) -> None:
        """Counts a break that had to wait for others, on that day: how many, and not whose."""
        ...

    def moves(self, workspace: str, first: date, last: date) -> int:
        """How many had to, from the first day to the last."""
        ...

    def away(self, leader: Person, now: datetime) -> tuple[tuple[Person, datetime | None], ...]:
        """Those on a break or away whose manager is called like the leader, or who have none, and
        until when, by name; the two look alike. MOST_AWAY of a kind at most."""
        ...

    def cover(self, one: Break, person: str) -> None:
        """Keeps who covers for the break, until it ends."""
        ...

    def coverer(self, one: str) -> str | None:
        """Who covers for the break."""
        ...

    def covered_by(self, person: str, now: datetime) -> Break | None:
        """The break that the person covers for at `now`."""
        ...

    def uncover(self, one: str) -> None: ...

    def offer(self, offer: BreakOffer) -> bool:
        """Keeps a new offer; false when there was one for this call already."""
        ...

    def offer_of(self, call: str) -> BreakOffer | None: ...

    def open_offers(self, person: str) -> tuple[BreakOffer, ...]:
        """The person's offers that have neither been answered nor lapsed."""
        ...

    def was_offered(self, person: str, since: datetime) -> bool:
        """Whether a break was offered to the person at `since` or later."""
        ...

    def save_offer(self, offer: BreakOffer) -> None: ...

    def drop_offer(self, call: str) -> None:
        """Forgets the offer, as if none had been made for this call."""
        ...

    def offers_due(self, now: datetime, limit: int) -> tuple[BreakOffer, ...]:
        """Offers that lapse by `now`, not held by another process."""
        ...

    def habits(self, person: str) -> Habits: ...

    def keep_habits(self, person: str, habits: Habits) -> None: ...


def absence_of(one: Break, duty: Duty) -> Absence | None:
    """The break as the team feels it; None for one that takes nobody off the line."""
    if one.ends_at is None:
        return None
    if one.state in (BreakState.RUNNING, BreakState.DESK) and one.started_at is not None:
        return Absence(duty, one.started_at, one.ends_at)
    if one.state is BreakState.BOOKED and one.starts_at is not None:
        return Absence(duty, one.starts_at, one.ends_at)
    return None
