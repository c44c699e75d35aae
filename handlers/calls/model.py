"""Calls as the telephone system tells of them: what is kept, and what follows from each event.

Events come late, twice and out of order. What is known of a call, and of who is on the telephone,
depends on which events came, and not on the order in which they did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.common.current_call import Contact
from handlers.kit.callers import Caller, Purpose
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.settings import Section, number

QUIET_FOR = timedelta(minutes=10)
"""A telephone system that told nothing for so long while people work is taken for silent."""

HEARD_EVERY = timedelta(seconds=15)
"""How exactly is kept when a telephone system told something last."""

DETAILS_LAST = timedelta(hours=1)
"""How long what a system pushed with a call is kept after it."""

SAME_MOMENT = timedelta(seconds=15)
"""Two systems that tell of one call tell that it was answered within so long."""

BY_HAND_LASTS = timedelta(hours=1)
"""A call that somebody told of by hand is taken for over then."""

LONGEST_CALL = 12
"""Hours that a workspace may let a call last at most."""

MOST_HISTORY = 10
"""Contacts before this one that a system may push with a call."""


class Happened(StrEnum):
    """What happened to a call. In the order in which they are taken to have happened where they
    come with the same instant."""

    STARTED = "started"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    ENDED = "ended"

    @property
    def rank(self) -> int:
        return tuple(Happened).index(self)

    @property
    def talks(self) -> bool:
        """Whether its agent is on the telephone from then on."""
        return self in (Happened.ANSWERED, Happened.TRANSFERRED)


@dataclass(frozen=True, slots=True)
class CallEvent:
    """Something that happened to a call, at `at` by the telephone system's clock.

    `call` is what that system calls it, the same in all events of one call; `source` tells systems
    apart. `agents` are what it calls whoever has it, the surest first: an e-mail address, an
    extension, a name; none where nobody has it. `caller` is None where the number is withheld, or
    none. `case`: what other systems call the matter. `delivery`: the same one twice has one effect;
    None where the system gives its deliveries no names (`is_news`).
    """

    delivery: str | None
    source: str
    kind: Happened
    call: str
    at: datetime
    agents: tuple[str, ...] = ()
    caller: Caller | None = None
    queue: str = ""
    case: str = ""
    history: tuple[Contact, ...] = ()
    history_url: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of one call. `mark` stands for what the telephone system calls it.

    `talked_at` is when somebody last came to be on it, by `talked` (answered or transferred), and
    `agent` who that is, empty where it is nobody known. `began_at` is the first instant that is
    known of it. `caller` is the pseudonym under which it is remembered. `workspace` is empty while
    nobody of ours has had it. `objects`: its caller wants nothing kept.
    """

    id: str
    workspace: str
    mark: str
    began_at: datetime
    talked_at: datetime | None = None
    talked: Happened | None = None
    agent: str | None = None
    ended_at: datetime | None = None
    transferred: bool = False
    caller: str | None = None
    topic: str | None = None
    by_hand: bool = False
    objects: bool = False

    @property
    def talks(self) -> bool:
        """Whether somebody is on it."""
        return self.talked_at is not None and (
            self.ended_at is None or self.talked_at > self.ended_at
        )


@dataclass(frozen=True, slots=True)
class Telephone:
    """The call that somebody came to have last, as far as is known: they answered it or took it
    over (`kind`) at `at`. `until`: on the telephone since then, and no longer than that; None:
    free. `source`: which telephone system told of it."""

    person: str
    workspace: str
    call: str
    kind: Happened
    at: datetime
    until: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What came with a call and goes an hour after it."""

    caller: Caller | None = None
    case: str = ""
    history: tuple[Contact, ...] = ()
    history_url: str = ""

    def with_(self, event: CallEvent) -> "Details":
        """With what the event tells; what it leaves out stays."""
        return replace(
            self,
            caller=event.caller or self.caller,
            case=event.case or self.case,
            history=event.history or self.history,
            history_url=event.history_url or self.history_url,
        )


def told(call: Call, event: CallEvent, agent: Person | None, topic: str | None) -> Call:
    """The call with what the event tells of it, whenever it comes. `agent`: whoever it names."""
    if agent is not None and not call.workspace:
        call = replace(call, workspace=agent.workspace)
    if event.caller is not None and call.caller is None:
        call = replace(call, caller=event.caller.of(Purpose.REMEMBERING)[0])
    call = replace(
        call,
        began_at=min(call.began_at, event.at),
        topic=call.topic or topic,
        transferred=call.transferred or event.kind is Happened.TRANSFERRED,
    )
    if event.kind is Happened.ENDED:
        ended_at = event.at if call.ended_at is None else max(call.ended_at, event.at)
        return replace(call, ended_at=ended_at)
    who = agent.id if agent is not None else None
    if event.kind.talks and _is_later(call, event, who):
        return replace(call, talked_at=event.at, talked=event.kind, agent=who)
    return call


def rung(
    before: Telephone | None, call: Call, event: CallEvent, person: Person, longest: timedelta
) -> Telephone:
    """The person's telephone with an answer or a transfer that the event tells of. On the telephone
    they are if that is the last one known of them, and the last thing known of the call, and
    `longest` at most."""
    here = (event.at, event.kind.rank, call.mark)
    if before is not None and here <= (before.at, before.kind.rank, before.call):
        return still(before, call)
    has_it = call.talks and (call.talked_at, call.agent) == (event.at, person.id)
    until = event.at + longest if has_it else None
    return Telephone(
        person.id, person.workspace, call.mark, event.kind, event.at, until, event.source
    )


def still(telephone: Telephone, call: Call) -> Telephone:
    """The telephone, as the call is now: free where that was its call, and it is over or somebody
    else's."""
    is_its = telephone.call == call.mark and telephone.until is not None
    if is_its and not (call.talks and call.agent == telephone.person):
        return replace(telephone, until=None)
    return telephone


def _is_later(call: Call, event: CallEvent, agent: str | None) -> bool:
    if call.talked_at is None or call.talked is None:
        return True
    known = (call.talked_at, call.talked.rank, call.agent or "")
    return (event.at, event.kind.rank, agent or "") > known


def may_be_told_by_another(telephone: Telephone, event: CallEvent) -> bool:
    """Whether a call that somebody answers may be the one that they have on the telephone: another
    system told of one in the same moment."""
    if telephone.source in ("", event.source):
        return False
    return abs(telephone.at - event.at) <= SAME_MOMENT


def is_told_by_another(telephone: Telephone, caller: str | None, event: CallEvent) -> bool:
    """Whether it is, where it may be: the number of the pseudonym `caller` calls in it, too. Where
    one of the two systems knows no number, it is as long as they are on it."""
    if caller is None or event.caller is None:
        return telephone.until is not None
    return caller in event.caller.of(Purpose.REMEMBERING)


def is_news(call: Call | None, event: CallEvent, agent: Person | None) -> bool:
    """Whether an event of which the like came before tells something else of the call than is
    known: a call that went on to a colleague and came back was answered twice by the same agent.
    What comes once more and tells nothing else is the same delivery, repeated."""
    if call is None or not call.talks:
        return False
    has_it = agent is not None and call.agent == agent.id
    if event.kind is Happened.ENDED:
        return has_it or not event.agents
    return event.kind.talks and not has_it


class Taken(StrEnum):
    """What became of an event."""

    KEPT = "kept"
    NOBODYS = "nobodys"
    """Kept, and it names nobody who is known here."""
    REPEATED = "repeated"
    """The same was told before, by this system or another."""


@dataclass(frozen=True, slots=True)
class CallRules:
    """What a workspace decided: somebody whose call's end never came is free after so many
    `hours`."""

    hours: int = 2


CALL_RULES = Section("calls", mark("Calls"), CallRules(), {"hours": number(1, LONGEST_CALL)})


class Calls(Protocol):
    """Calls and telephones, kept. What stands for a call, or finds somebody by their e-mail
    address, is a keyed hash: what came in is kept nowhere."""

    def mark(self, source: str, call: str) -> str:
        """What stands for a telephone system's own name of a call, or of a delivery."""
        ...

    def known_as(self, agent: str, workspace: str) -> Person | None:
        """The one active person with this extension or e-mail address, or else of this name; None
        for nobody, and where it is not clear. An empty workspace means any, and no names."""
        ...

    def marked(self, mark: str) -> Call | None:
        """The call, held against other writers until the transaction ends."""
        ...

    def put(self, call: Call) -> None: ...

    def caller_in(self, mark: str) -> str | None:
        """The pseudonym under which the call's caller is remembered; None where it is not."""
        ...

    def keep_details(self, call: str, details: Details, until: datetime) -> None:
        """Keeps what came with the call until then, in place of what was kept of it."""
        ...

    def details_end(self, call: str, at: datetime) -> None:
        """What is kept of what came with it goes then."""
        ...

    def details(self, call: str) -> Details:
        """What came with it, as long as it is kept."""
        ...

    def telephone(self, person: str) -> Telephone | None:
        """The person's, held against other writers until the transaction ends."""
        ...

    def put_telephone(self, telephone: Telephone) -> None: ...

    def by_hand_over(self, person: str, at: datetime) -> None:
        """Calls that they told of by hand before then are over: the telephone system knows."""
        ...

    def freed(self, person: str, at: datetime) -> None:
        """A call of theirs ended then: who has been free the longest is asked first."""
        ...

    def overdue(self, now: datetime, limit: int) -> Sequence[Telephone]:
        """Telephones whose time on a call is up, the oldest first; held."""
        ...

    def heard(self, workspace: str, now: datetime) -> None:
        """The workspace's telephone system tells something; all that told anything before, where
        it is not known whose it is (an empty workspace)."""
        ...

    def with_telephones(self, workspace: str, limit: int) -> Sequence[Person]:
        """Some of the people of whose telephones anything is known."""
        ...

    def unheard(self, before: datetime) -> Sequence[str]:
        """The workspaces whose systems told nothing since then and are not known to be silent."""
        ...

    def fell_silent(self, workspace: str, now: datetime) -> None:
        """Its system is silent, and nobody counts as on the telephone any more."""
        ...

    def secret(self, workspace: str) -> str | None:
        """The secret of the workspace's own address, to which a telephone system posts."""
        ...

    def renew(self, workspace: str, now: datetime) -> str:
        """Makes a new one, and has the one before open nothing from then on."""
        ...

    def opened_by(self, secret: str) -> str | None:
        """Whose address it opens."""
        ...
