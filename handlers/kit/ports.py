"""What the core needs from the outside, as small protocols. The shell brings them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handlers.kit.cards import Line, Span
from handlers.kit.commands import AnswerPlace
from handlers.kit.delivery import Reader
from handlers.kit.notices import Notice, Past, Rejected, TryLater
from handlers.kit.people import Address, Person, Place, Profile, Role


class Texts(Protocol):
    """One language. The English text is the message's id."""

    @property
    def locale(self) -> str: ...

    def __call__(self, message: str, /, **values: Span | Line | int) -> Line:
        """The message in this language, each {name} replaced by the value of that name."""
        ...

    def many(self, one: str, more: str, n: int, /, **values: Span | Line | int) -> Line:
        """The form for `n` things; {n} in the message is the number."""
        ...


def mark(message: str) -> str:
    """Marks a message id that is translated elsewhere, so that the catalogue finds it."""
    return message


class Words(Protocol):
    """Knows which written forms are the same word."""

    def forms(self, word: str) -> frozenset[str]:
        """What the word is compared by: without diacritics and case, with endings taken off,
        and its dictionary forms in Latvian and English. Two words match when these meet."""
        ...


MOST_COUNTED = 200
"""How many more are counted of those who were found: nobody turns twenty pages."""


class People(Protocol):
    """Everybody known. Whatever takes a workspace never shows another's people."""

    def at(self, address: Address) -> Person | None: ...

    def get(self, person: str) -> Person | None: ...

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        """Those of the ids that exist, by id."""
        ...

    def add(self, workspace: str, profile: Profile, roles: frozenset[Role]) -> Person:
        """A new person with the profile's address, name, locale and zone."""
        ...

    def save(self, person: Person) -> None:
        """Replaces what is known of the person, topics and trusted colleagues included."""
        ...

    def unite(self, person: Person, other: Person) -> Person:
        """Makes the two, who are one, one: everything of `other`'s becomes the person's, who has
        what both had; of what there can be one of, the person's own. Neither may be in the middle
        of anything."""
        ...

    def unreachable(self, workspace: str, limit: int) -> tuple[tuple[Person, ...], int]:
        """Active people who have been refused at every address of theirs, by name; and how many
        they are in all."""
        ...

    def search(
        self, workspace: str, text: str, offset: int, limit: int
    ) -> tuple[tuple[Person, ...], int]:
        """Active people of whose names one begins with each word of the text (diacritics and case
        aside), those first who are called so, otherwise by name; and how many there are in all, of
        those behind these MOST_COUNTED at most."""
        ...

    def teams(self, workspace: str, most: int) -> tuple[tuple[str, int], ...] | None:
        """Whom the active people have as manager, by name, and how many people each has; nothing
        where more than `most` have people. First, with an empty name, those who have none:
        MOST_COUNTED of them are counted, and one more where there are more."""
        ...

    def of_team(self, workspace: str, manager: str) -> tuple[str, ...]:
        """The ids of the active people who have this manager."""
        ...

    def with_role(self, workspace: str, role: Role) -> tuple[Person, ...]:
        """Active people who have been given exactly this role."""
        ...


class KnownAddresses(Protocol):
    """Where people are heard from, what their platforms told last, and where nothing reaches."""

    def used(self, address: Address, now: datetime) -> None:
        """The address's owner uses it now: it becomes the first of theirs."""
        ...

    def is_news(self, address: Address, at: datetime, *, of_quiet: bool = False) -> bool:
        """Whether what the platform tells of the address's owner, as of `at`, is not older than
        what is known of them; then that is known from now on. `of_quiet`: what it tells is their
        do-not-disturb, and else who they are."""
        ...

    def is_vouched(self, address: Address) -> bool:
        """Whether the platform ever told who the address's owner is."""
        ...

    def reached(self, addresses: Sequence[Address]) -> None:
        """Their owners are heard from, or were sent something."""
        ...

    def refused(self, addresses: Sequence[Address], now: datetime) -> None:
        """The platform brings their owners nothing, until they are reached again."""
        ...

    def quiet_over(
        self, platform: str, now: datetime, limit: int, besides: Collection[str] = ()
    ) -> tuple[Address, ...]:
        """Addresses on the platform of active people whose do-not-disturb has ended, so that
        when it holds next is not known; without those in the workspaces `besides`."""
        ...


class Workspaces(Protocol):
    """The workspaces, each of one platform's or of several that were joined."""

    def of(self, address: Address) -> str:
        """The id of the workspace that the address belongs to. Platforms' workspaces that were
        joined are one workspace here."""
        ...

    def join(self, places: Sequence[Address]) -> tuple[Address, ...]:
        """Makes the platforms' workspaces one here, with one list of people. Answers those that
        can't be: somebody is known there already, and somebody else in the one they would join.
        """
        ...

    def joined(self, workspace: str) -> tuple[Address, ...]:
        """The platforms' workspaces that were joined into this one, as addresses without a
        user."""
        ...


class DutyRoster(Protocol):
    """Whose turn it is to be asked."""

    def mark_asked(self, people: Sequence[str], now: datetime) -> None:
        """Remembers when they were last asked, so that asking goes around."""
        ...


class WorkspaceSettings(Protocol):
    """What a workspace set for itself, by section, as plain JSON values."""

    def get(self, workspace: str, section: str) -> dict[str, object] | None: ...

    def put(self, workspace: str, section: str, value: dict[str, object]) -> None: ...


class Recurrence(Protocol):
    """Expands what recurs, in wall times without a zone."""

    def walls(
        self, rule: str, first: datetime, start: datetime, end: datetime
    ) -> tuple[datetime, ...]:
        """The times of an RFC 5545 rule from `start` until before `end`, in order, counted from
        `first`. Raises ValueError for what is not a rule."""
        ...


class Calendar(Protocol):
    """Knows the days on which a country rests."""

    def is_holiday(self, country: str, day: date) -> bool:
        """Whether the day is a public holiday there; for an empty country none is."""
        ...


class Links(Protocol):
    """Addresses of what people fetch from Plecs with something else: a calendar, a spreadsheet.
    None where nobody could: Plecs has no public address."""

    def calendar(self, secret: str) -> str | None:
        """Of the calendar that the secret opens, to subscribe to."""
        ...

    def telephone(self, secret: str) -> str | None:
        """Where a workspace's telephone system posts what happens to calls."""
        ...

    def certificate(self, about: str, person: str) -> str | None:
        """Of the page that says whether the person was there, for whomever they show it to; it says
        so as things stand when it is opened."""
        ...

    def file(self, name: str, about: str, reader: str, until: datetime) -> str | None:
        """Of a file made for that person, with its state when it is fetched; whoever has the
        address may fetch it until then. `name` says which and what kind: "sessions.csv"."""
        ...


class Outbox(Protocol):
    """Notices on their way, written in the transaction that caused them."""

    def add(self, workspace: str, *notices: Notice, forget: bool = False) -> None:
        """Keeps each until it is sent or no longer true. One that is kept already stays as it
        is: the same message is never sent twice on purpose. With `forget` nothing is kept of
        them once they are sent, so that they can't be changed either."""
        ...

    def refresh(self, workspace: str, kind: str, about: str, now: datetime) -> bool:
        """Has the sent messages of this kind and subject made again and changed in place.
        Those not sent yet need nothing: their card is made when they are sent. Whether there are
        any, sent or on their way."""
        ...

    def refresh_all(
        self,
        workspace: str,
        kinds: Sequence[str],
        about: str,
        now: datetime,
        *,
        past: Past | None = None,
    ) -> None:
        """The same for several kinds. `past`: for whom they are past, and may be taken away."""
        ...

    def forget(self, workspace: str, about: str, now: datetime) -> None:
        """Has every message about it made for the last time, and keeps nothing of them, not
        whom they were for. Those not sent yet never are."""
        ...

    def forget_one(self, key: str, now: datetime) -> None:
        """The same for the message under this key alone."""
        ...

    def let_go(self, workspace: str, about: str, now: datetime) -> None:
        """What it is about is over: an hour on, nothing is kept of the messages about it, unless
        they are made again meanwhile. Those not sent yet are sent when they are due."""
        ...

    def kept(self, key: str) -> Notice | None:
        """The notice under this key, if anything is kept of it."""
        ...

    def seen(self, key: str, ref: str, place: Place, now: datetime) -> tuple[Notice, bool] | None:
        """The notice under this key, which somebody has before them: the platform's message `ref`;
        and whether that is the one that is kept, not one that came besides. One that was accepted
        while its sender died is known to be there from now on, and not sent again. None where
        nothing is kept of it."""
        ...

    def stands(
        self, key: str, at: AnswerPlace, place: Place, fingerprint: str, now: datetime
    ) -> None:
        """The message under this key is the answer to a command, at a place of its reader's, and
        looks like this: it need not be sent. Where that is known only once it is there, it is sent
        unless it is told (`stood`) within a few seconds. One that may be changed for ever stays
        what it is where the answer may not."""
        ...

    def stood(self, key: str, ref: str, place: Place, now: datetime) -> None:
        """The answer is there, and this is the platform's name for it."""
        ...

    def looks(self, key: str, fingerprint: str, now: datetime) -> bool:
        """What somebody has before them is changed with the answer that they get, to a card of
        this fingerprint: whether it looked otherwise. The sender need not change it again."""
        ...

    def look_at(self, key: str, now: datetime) -> None:
        """Has the message under this key made again, whatever it is thought to look like."""
        ...

    def look_again(self, person: str, now: datetime) -> None:
        """Something about the person's rest has changed: has what waits for them decided anew."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """What a platform shows beside somebody's name: a text, an emoji by the platform's own name,
    and when (aware UTC) the platform clears it, None for never. Both empty: nothing is shown."""

    text: str = ""
    emoji: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PermissionGone:
    """The platform no longer lets Plecs do what somebody permitted. `reason` is its word."""

    reason: str


StatusTrouble = TryLater | Rejected | PermissionGone
"""Why a status could not be read or set. Rejected: not this one, whenever it is tried."""


class Statuses(Protocol):
    """What a platform may be able to do besides: read and set somebody's status with a token that
    they gave. Network errors come back as values, never raised."""

    def link(self, who: Address, locale: str, now: datetime) -> str:
        """Where the person, and nobody else, gives the permission; good for a while."""
        ...

    def written(self, line: Line, until: datetime, reader: Reader) -> Status:
        """The line as a status that is cleared at `until`."""
        ...

    async def read(self, token: str) -> Status | StatusTrouble: ...

    async def write(self, token: str, status: Status) -> StatusTrouble | None: ...

    async def give_back(self, token: str) -> StatusTrouble | None:
        """Ends the permission."""
        ...


NewId = Callable[[], str]
"""Makes an id nobody has yet."""
