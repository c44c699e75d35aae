"""Something for somebody, now or later; and what became of sending it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from handlers.kit.people import Address


class Priority(IntEnum):
    """What goes first when the platform's pace is short. Urgent never waits behind bulk."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Notice:
    """A card for people, made when it is due from the state of that moment.

    It carries ids, not text: `kind` names the function that makes the card, `about` what it is
    about (a feature's own id, opaque elsewhere), `to` the ids of the people: one for a private
    message, several for a conversation of their own. The same kind, about and to is one message:
    it is sent once, and changed in place afterwards. `sent` tells whether it is there already: a
    card that is no longer true is not sent, but one that was sent is changed to say so. `gone`:
    it could not be sent, and never will be; or it was taken away.
    """

    kind: str
    about: str
    to: tuple[str, ...]
    due: datetime
    priority: Priority = Priority.NORMAL
    sent: bool = False
    gone: bool = False

    @property
    def key(self) -> str:
        """What makes it this message and no other."""
        return f"{self.kind}:{self.about}:{'+'.join(sorted(self.to))}"


@dataclass(frozen=True, slots=True)
class Past:
    """For these people what they were sent is past: nothing is left to be done with it. It is
    changed after what others still act on, with this priority, and where the pace of changes is
    short it may be taken away instead."""

    people: tuple[str, ...]
    priority: Priority


DIGEST = "digest"
"""The kind of the one message in which everything comes that waited for somebody."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The notice's reader `person` can't be reached before `until`, which may be a guess: it is
    decided anew then."""

    person: str
    until: datetime


HOME = "home"
"""The kind of a start page that is shown somewhere and goes on changing."""


def home_today(now: datetime) -> str:
    """What today's start pages are about: those of earlier days change no more."""
    return now.date().isoformat()


LEASE = timedelta(seconds=5)
"""How long a claim lasts. A process that lives renews those of sends that take longer: what a dead
or a stopped one had begun is sent again after so long."""


class Lane(StrEnum):
    """A way of sending. A platform limits and refuses each by itself, in each of its workspaces:
    what one of them has met holds up no other."""

    NEW = "new"
    """A message that is not there yet."""
    OPENING = "opening"
    """The conversation of several people that it goes into."""
    CHANGE = "change"
    """A message that is there."""
    REMOVAL = "removal"
    """A message that is taken away."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there. `ref` is the platform's own name for the message, to change it later."""

    ref: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now. `after` is what the platform asked for; None leaves it to the back-off.

    `held`: the platform takes nothing by this lane meanwhile, in this workspace of its. With
    `refused`, the platform's word, waiting alone mends nothing: somebody has to (a permission is
    missing, a token was revoked). None: only this message has to wait.
    """

    after: timedelta | None = None
    held: Lane | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never: the person is gone or the message is wrong. `reason` is the platform's word.

    `unreachable`: to these the platform brings nothing at all, whatever the message, until they
    add the app or come back. `refused`: the lane that is closed to every message, until somebody
    mends it.
    """

    reason: str
    unreachable: tuple[Address, ...] = ()
    refused: Lane | None = None


SendResult = Sent | TryLater | Rejected


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that this process may send until the lease ends.

    `to` is where it goes, in the order of the notice's: everybody's address at one place, the one
    used last; for a message that is there already, the place where it is. Empty where they share
    none, or somebody has none. `first_due` is when it was to be sent before anything put it off.
    `ref` and `fingerprint` are of the message that is there already, if any; `version` tells
    whether the notice was asked to be made again while it was being sent. `forgets`: nothing of it
    is kept once it is settled. `tries`: the lanes that are refused, and that it finds out about.
    `answers_left`: what is there is an answer, which may be changed so often yet. `claimed_by`: the
    process whose lease on it ran out. `removes`: the message is taken away, because it can't be
    changed as soon.
    """

    id: int
    workspace: str
    notice: Notice
    to: tuple[Address, ...]
    version: int
    attempts: int
    first_due: datetime
    ref: str | None
    fingerprint: str | None
    forgets: bool = False
    tries: tuple[Lane, ...] = ()
    answers_left: int | None = None
    claimed_by: str | None = None
    removes: bool = False

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """What sending it takes. An answer is changed by the address that came with the question,
        which is no part of the workspace's ways."""
        if self.answers_left is not None:
            return ()
        if self.removes:
            return (Lane.REMOVAL,)
        if self.ref is not None:
            return (Lane.CHANGE,)
        return (Lane.NEW,) if len(self.notice.to) == 1 else (Lane.NEW, Lane.OPENING)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claim. `due`: try again then; None: done, `ref` and `fingerprint` as sent.

    `gone`: it can never be sent, however often it is made again; or it was there, and was taken
    away. `anywhere`: the next try may go to any place of its readers again, also where it was tried
    before.
    """

    claim: Claim
    ref: str | None = None
    fingerprint: str | None = None
    due: datetime | None = None
    gone: bool = False
    anywhere: bool = False
