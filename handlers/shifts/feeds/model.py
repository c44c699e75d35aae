"""Where shifts are fetched from, and what becomes of what was fetched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

FEED = "shift.feed"
"""The notice, about a feed and a day: it could not be fetched, or can be again."""

LONGEST_ADDRESS = 500
"""Characters of an address."""

EVERY = timedelta(minutes=30)
"""How often each is fetched, and a little more: they are spread."""

_SPREAD = 300
"""Seconds."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
_TOLD_AFTER = 3
"""Failures in a row after which the one who set it is told, of what may pass by itself."""


class FeedKind(StrEnum):
    """CALENDAR: an address of a calendar (RFC 5545). TEAMS: a team's schedule in Microsoft Teams,
    whose group's id stands in place of the address."""

    CALENDAR = "calendar"
    TEAMS = "teams"


class FeedTrouble(StrEnum):
    """Why nothing came. The first six don't pass by themselves."""

    REFUSED = "refused"
    GONE = "gone"
    PLACE = "place"
    """It leads into a network of one's own, or is not sealed on its way."""
    GARBLED = "garbled"
    BIG = "big"
    NOT_PERMITTED = "not_permitted"
    """Of Teams: an administrator has not granted it, or Plecs does not serve Teams."""
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BUSY = "busy"


_PASSES = frozenset({FeedTrouble.UNREACHABLE, FeedTrouble.SLOW, FeedTrouble.BUSY})


@dataclass(frozen=True, slots=True)
class Feed:
    """`address` is a secret: whoever has it reads the calendar. `owner`: whose shifts they are;
    None: each names whose it is. `setter` set it. `etag` and `modified` are what its server said of
    what came last, at `fetched_at`; `skipped` of its events could not be taken. `fails` times in a
    row nothing came, for which `trouble` stands."""

    id: str
    workspace: str
    setter: str
    owner: str | None
    kind: FeedKind
    address: str
    due_at: datetime
    etag: str = ""
    modified: str = ""
    fetched_at: datetime | None = None
    skipped: int = 0
    fails: int = 0
    trouble: FeedTrouble | None = None

    @property
    def is_told(self) -> bool:
        """Whether its trouble is for somebody to see to."""
        return self.trouble is not None and (
            self.trouble not in _PASSES or self.fails >= _TOLD_AFTER
        )

    def came(self, now: datetime, *, etag: str, modified: str, skipped: int) -> "Feed":
        return replace(
            self,
            etag=etag,
            modified=modified,
            skipped=skipped,
            fetched_at=now,
            fails=0,
            trouble=None,
            due_at=now + EVERY + self._own_seconds(),
        )

    def failed(self, now: datetime, trouble: FeedTrouble, after: timedelta | None) -> "Feed":
        """Twice as long a pause each time, and no shorter than its server asks for."""
        doubled: int = 2 ** min(self.fails, 10)
        pause = max(min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE), after or timedelta(0))
        return replace(
            self,
            trouble=trouble,
            fails=self.fails + 1,
            due_at=now + min(pause, 2 * _LONGEST_PAUSE) + self._own_seconds(),
        )

    def _own_seconds(self) -> timedelta:
        number = int.from_bytes(sha256(self.id.encode()).digest()[:4])
        return timedelta(seconds=number % _SPREAD)


class ShiftFeeds(Protocol):
    """Feeds, kept with their addresses sealed."""

    def get(self, feed: str) -> Feed | None:
        """The feed, held against other writers until the transaction ends."""
        ...

    def put(self, feed: Feed) -> None: ...

    def remove(self, feed: str) -> None: ...

    def of(self, workspace: str, limit: int) -> Sequence[Feed]:
        """The workspace's, those without an owner first."""
        ...

    def owned_by(self, person: str) -> Feed | None: ...

    def owners(self, workspace: str) -> frozenset[str]:
        """Who has a feed of their own."""
        ...

    def next_due(self) -> datetime | None:
        """When the next one is due; None: there is none."""
        ...

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Feed]:
        """Those that are due, which are due again `until`: whoever fetches them may die."""
        ...

    def planned(self, feed: str) -> Mapping[str, date]:
        """For whom it planned shifts, and to which day."""
        ...

    def plans(self, feed: str, until: Mapping[str, date]) -> None:
        """It plans for these people now, and for nobody else."""
        ...


def address_in(text: str) -> tuple[FeedKind, str]:
    """What was typed as an address: of a calendar, or a link to a team in Microsoft Teams. Raises
    ValueError for anything else."""
    told = text.strip()
    if told.lower().startswith("webcal://"):
        told = "https://" + told[len("webcal://") :]
    try:
        parts = urlsplit(told)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(text) from None
    if parts.scheme not in ("https", "http") or not host or port == 0 or "@" in parts.netloc:
        raise ValueError(text)
    if re.search(r"[\s\\<>\"\x00-\x1f]", told) or parts.fragment:
        raise ValueError(text)
    if host in _TEAMS:
        [group] = parse_qs(parts.query).get("groupId", [""])[:1]
        if not _GUID.fullmatch(group):
            raise ValueError(text)
        return FeedKind.TEAMS, group.lower()
    return FeedKind.CALENDAR, told


_TEAMS = frozenset({"teams.microsoft.com", "teams.cloud.microsoft", "teams.live.com"})
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
