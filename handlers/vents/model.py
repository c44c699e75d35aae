"""The rules of a vent: what follows from each answer and from time, and who may be asked.

What the two say to each other never reaches Plecs. What the asker sees when it doesn't work out
is decided in one place, by time alone, so that a no can't be told from silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.notices import Notice, Priority

ASKED, REQUEST, ANSWER, ROOM = "vent.asked", "vent.request", "vent.answer", "vent.room"
ROOM_APART = "vent.room_apart"
TALKED, LISTENED = "vent.talked", "vent.listened"

ANSWER_WITHIN = timedelta(minutes=5)
"""The asker hears of a no, a silence and an absence alike when this is over, never before."""

LATER = timedelta(minutes=15)
"""What a listener may put it off by."""

QUIET_AFTER = timedelta(minutes=45)
"""Without a tap for so long a vent ends by itself."""

WAITS_FOR_BREAK = timedelta(hours=12)
"""How long a vent that was agreed waits for the asker's next break: a shift, at the longest."""

BREATHS = 6
BREATH = timedelta(seconds=10)
"""In for four seconds, out for six: six of them make the minute."""

WORDS = 5
WORDS_LIMIT = 80
"""At most so many words of why, and characters of them: enough to know what is coming."""

MOST_A_DAY, LONGEST_GAP = 10, 600
"""The most vents a day that a workspace may allow its listeners, and minutes between two."""

ASKED_A_DAY = 2
"""How often one person may ask another in a day."""

FROM = 5
"""People who vented in a week before its count is shown."""


class Wish(StrEnum):
    LISTEN = "listen"
    ADVICE = "advice"
    DISTRACT = "distract"


class When(StrEnum):
    NOW = "now"
    BREAK = "break"
    SHIFT = "shift"


class VentState(StrEnum):
    """ASKING: the five minutes run. AGREED: a yes for later. TALKING: the conversation is open.
    UNANSWERED: it did not work out; kept a while for the next colleague to be one tap away."""

    ASKING = "asking"
    AGREED = "agreed"
    TALKING = "talking"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Vent:
    """One vent, from the question to the end. It is deleted when it ends.

    `awaits`: the listener has been asked and has not answered. It is false alike when they said
    no and when they were never asked, so that not even the row tells who declined. `ends_at` is
    when the present state ends by itself. `breath` is the breath the two are at, 0 for none, and
    `breath_at` when the next one begins. `tried` are those asked before in the same search.
    """

    id: str
    workspace: str
    asker: str
    listener: str
    wish: Wish
    when: When
    words: str
    ends_at: datetime
    state: VentState = VentState.ASKING
    awaits: bool = True
    breath: int = 0
    breath_at: datetime | None = None
    frame: bool = False
    tried: tuple[str, ...] = ()

    @property
    def step_at(self) -> datetime:
        """When the next thing happens on its own."""
        return min(self.ends_at, self.breath_at or self.ends_at)

    @property
    def two(self) -> tuple[str, str]:
        return self.asker, self.listener


def ask(vent: Vent, now: datetime) -> tuple[Notice, ...]:
    """What is sent when somebody asks. Whoever can't be asked is sent nothing."""
    told = (Notice(ASKED, vent.id, (vent.asker,), now, Priority.URGENT),)
    return (*told, Notice(REQUEST, vent.id, (vent.listener,), now)) if vent.awaits else told


def yes(vent: Vent, now: datetime) -> tuple[Vent, tuple[Notice, ...]]:
    """The listener has time now: the conversation opens."""
    talking = replace(vent, state=VentState.TALKING, awaits=False, ends_at=now + QUIET_AFTER)
    return talking, (Notice(ROOM, vent.id, vent.two, now, Priority.URGENT),)


def agree(vent: Vent, opens_at: datetime, now: datetime) -> tuple[Vent, tuple[Notice, ...]]:
    """The listener will have time then: the asker hears it at once."""
    agreed = replace(vent, state=VentState.AGREED, awaits=False, ends_at=opens_at)
    return agreed, (Notice(ANSWER, vent.id, (vent.asker,), now, Priority.URGENT),)


def not_today(vent: Vent) -> Vent:
    """The listener can't, or can't be reached. For the asker nothing changes yet."""
    return replace(vent, awaits=False)


def tap(vent: Vent, now: datetime) -> Vent:
    """Somebody pressed something in the conversation: it stays open longer."""
    return replace(vent, ends_at=now + QUIET_AFTER)


def breathe(vent: Vent, now: datetime) -> Vent:
    """The minute of breathing begins."""
    return replace(tap(vent, now), breath=1, breath_at=now + BREATH)


def stop_breathing(vent: Vent) -> Vent:
    return replace(vent, breath=0, breath_at=None)


def step(vent: Vent, now: datetime) -> tuple[Vent | None, tuple[Notice, ...]]:
    """What is due at `now`: the next breath, or what follows on the present state. None: the
    vent is over."""
    if vent.ends_at > now:
        if vent.breath >= BREATHS:
            return stop_breathing(vent), ()
        return replace(vent, breath=vent.breath + 1, breath_at=now + BREATH), ()
    match vent.state:
        case VentState.ASKING:
            return failed(vent, now)
        case VentState.AGREED if vent.when is not When.BREAK:
            return yes(vent, now)
        case _:
            return None, ()


def failed(vent: Vent, now: datetime) -> tuple[Vent, tuple[Notice, ...]]:
    """It did not work out; the asker hears it, with the next colleague one tap away."""
    unanswered = replace(
        vent,
        state=VentState.UNANSWERED,
        awaits=False,
        ends_at=now + QUIET_AFTER,
        tried=(*vent.tried, vent.listener),
    )
    return unanswered, (Notice(ANSWER, vent.id, (vent.asker,), now, Priority.URGENT),)


def goodbyes(vent: Vent, now: datetime) -> tuple[Notice, ...]:
    """One line to each of the two."""
    return (
        Notice(TALKED, vent.id, (vent.asker,), now, Priority.URGENT),
        Notice(LISTENED, vent.id, (vent.listener,), now, Priority.URGENT),
    )


def few_words(text: str) -> tuple[str, bool]:
    """At most five words of why; and whether that left some out."""
    words = text.split()
    kept = " ".join(words[:WORDS])[:WORDS_LIMIT].rstrip()
    return kept, kept != " ".join(words)


# --- listeners --------------------------------------------------------------------------------


class Listens(StrEnum):
    """GLADLY: offered to everybody. ASKED: only who chooses them. NOT_NOW: not these days."""

    GLADLY = "gladly"
    ASKED = "asked"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Listener:
    """How somebody wants to be asked. `most`: vents a day, if fewer than the workspace's.
    `blocked`: those who never ask them; the blocked don't learn of it."""

    person: str
    workspace: str
    listens: Listens = Listens.ASKED
    most: int | None = None
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """The workspace's guard of its listeners: vents a day, and time between two."""

    most: int = 2
    gap: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened in a period, and when last."""

    count: int = 0
    at: datetime | None = None


def may_listen(
    listener: Listener, limits: Limits, today: Tally, yesterday: Tally, now: datetime
) -> bool:
    """Whether the listener may be asked, by what they listened to before. The gap counts from
    the end of the last vent, over midnight too."""
    if listener.listens is Listens.NOT_NOW:
        return False
    most = limits.most if listener.most is None else min(listener.most, limits.most)
    last = max((tally.at for tally in (today, yesterday) if tally.at), default=None)
    return today.count < most and (last is None or now >= last + limits.gap)


@dataclass(frozen=True, slots=True)
class Week:
    """A whole week's count, nobody named. `start` is its Monday."""

    start: datetime
    vents: int
    people: int

    @property
    def shown(self) -> int | None:
        """The count, if enough different people stand behind it. Only weeks that are over are
        ever asked for: of a count that still grows two readings could be subtracted."""
        return self.vents if self.people >= FROM else None


def week_of(now: datetime) -> datetime:
    """Monday's midnight in UTC. One week for all zones: where two overlapped, their counts could
    be subtracted."""
    monday = now - timedelta(days=now.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


class Vents(Protocol):
    """Vents and listeners, kept for as long as they are needed and not a moment longer."""

    def add(self, vent: Vent) -> None:
        """Keeps a new vent. Somebody asks for one at a time, and listens to one at a time."""
        ...

    def get(self, vent: str) -> Vent | None:
        """The vent, held against other writers until the transaction ends."""
        ...

    def save(self, vent: Vent) -> None: ...

    def remove(self, vent: str) -> None: ...

    def of_asker(self, person: str) -> Vent | None: ...

    def of_listener(self, person: str) -> tuple[Vent, ...]:
        """Those in which the person is asked, has agreed, or listens; the nearest to that
        first."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Vent, ...]: ...

    def talking(self, people: Sequence[str]) -> frozenset[str]:
        """Those of the people who are in a conversation."""
        ...

    def taken(self, people: Sequence[str]) -> frozenset[str]:
        """Those of the people whom nobody else may ask: asked already, promised, or talking."""
        ...

    def listeners(self, people: Sequence[str]) -> Mapping[str, Listener]:
        """How each of the people wants to be asked; those who never said are left out."""
        ...

    def who_listen(self, workspace: str, after: str, limit: int) -> tuple[str, ...]:
        """Active people who said that they like to listen: so many of those whose ids follow this
        one, then from the beginning. So each who asks meets others of a company's thousand."""
        ...

    def save_listener(self, listener: Listener) -> None: ...

    def tallies(self, workspace: str, period: str, what: Sequence[str]) -> Mapping[str, Tally]:
        """How often each happened in the period. Kept under a key that is sealed, and thrown away
        after it: no row says who did what with whom, or when."""
        ...

    def tally(
        self,
        workspace: str,
        period: str,
        what: str,
        *,
        until: datetime,
        more: int = 1,
        at: datetime | None = None,
    ) -> int:
        """Counts one more (or, with 0, only moves the time), and answers how many there are. The
        period's key lives until then. `at`: when it was, for what has to be known to the minute;
        it is kept sealed."""
        ...

    def count_week(self, workspace: str, start: datetime, *, new_person: bool) -> None: ...

    def weeks(self, workspace: str, before: datetime, limit: int) -> tuple[Week, ...]:
        """Weeks that began before then, newest first."""
        ...
