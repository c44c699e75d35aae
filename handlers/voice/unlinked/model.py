"""What is said without a name, and how it stays so.

It waits, sealed and of one length with all others, until it goes out with at least two others or
the next morning. What waits and what is out have nothing in common that anybody could read: another
id, another order, another seal, and of all times the day alone. Whoever wrote it has a code, and of
that a hash is kept, sealed while it waits.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from handlers.voice.model import VoiceKind

LEAST_GROUP = 8
"""People who might have written it, those who read it left out: fewer, and it would be a guess."""

BATCH = 3
"""So many go out together at least, but in the morning."""

MOST_WAITING = 200
"""In a workspace at a time. Nobody can be told apart, so this is what a flood ends at."""

MORNING, LATER = time(8), (time(12), time(16))
"""When what waits may go out, by the clocks of those who read it. In the morning whatever is there
from the day before."""

KNOWN_FOR = timedelta(days=3)
"""How long a form that was sent is known, so that it has no effect when it comes again."""

CAME = "voice.came"
"""The kind of notice by which those who read hear of it."""

LATEST = 8
"""Notes, or lines of one, that a page shows: those that wait longest, and the newest lines."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter is like another, or like a digit."""

_READ_AS = str.maketrans("OILabcdefghijklmnopqrstuvwxyzU", "011ABCDEFGH1JK1MN0PQRSTVVWXYZV")

_CODE_LETTERS, _BESIDE = 16, 4
"""Eighty bits: nobody tries them all."""


@dataclass(frozen=True, slots=True)
class Written:
    """What waits: the hash of its author's code, what it is about, and the words. A further message
    of the same author has the same hash."""

    receipt: str
    kind: VoiceKind
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits, under an id that it loses when it goes out. `out_at`: when it may, which is
    the same for all who write between two such moments."""

    id: str
    workspace: str
    out_at: datetime
    written: Written


@dataclass(frozen=True, slots=True)
class UnlinkedNote:
    """One that is out. `day`: when it went out, a midnight in UTC. `waits`: it wants an answer."""

    id: str
    workspace: str
    kind: VoiceKind
    day: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A message in it: its author's, or the answer of somebody (`by`, a person's id; None once
    they are erased)."""

    words: str
    day: datetime
    is_answer: bool
    by: str | None = None


class Unlinked(Protocol):
    """What was said without a name, kept."""

    def could_be(self, workspace: str, most: int) -> int:
        """How many people might have written, those who read left out; so many are counted."""
        ...

    def wait(
        self, workspace: str, once: str, written: Written, out_at: datetime, until: datetime
    ) -> bool:
        """Keeps it to go out at `out_at` at the soonest. False where too many wait. A form that
        was sent before (`once`, known `until` then) is not kept again."""
        ...

    def waiting(self, workspace: str, receipt: str) -> Written | None:
        """What waits of the author who has this receipt."""
        ...

    def withdraw(self, workspace: str, receipt: str) -> None:
        """Deletes what waits of them, and what is out, with its answers. Raises UnreadError where
        there is nothing of them, and something waits that can't be read."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Waiting]:
        """What may go out."""
        ...

    def let_out(self, waiting: Sequence[Waiting], day: datetime) -> None:
        """Makes them readable, in an order of chance, under ids of chance. What was waiting is
        deleted."""
        ...

    def put_off(self, waiting: Sequence[Waiting], out_at: datetime) -> None:
        """They wait until then."""
        ...

    def of_receipt(self, workspace: str, receipt: str) -> UnlinkedNote | None: ...

    def get(self, note: str) -> UnlinkedNote | None: ...

    def lines(self, note: str, limit: int) -> Sequence[NoteLine]:
        """Its newest messages, in the order in which they were written."""
        ...

    def that_wait(self, workspace: str, limit: int) -> tuple[Sequence[UnlinkedNote], int]:
        """Those that want an answer, of earlier days first, so many; and how many there are."""
        ...

    def beginnings(self, notes: Sequence[str]) -> dict[str, str]:
        """The first message of each, by its id."""
        ...

    def answer(self, note: str, words: str, by: str, day: datetime) -> None:
        """Adds an answer: it waits no longer."""
        ...


def new_form() -> str:
    """What a form carries, so that it has one effect however often it is sent. Nothing of it is
    kept when the form is shown, and its author's code is made of it."""
    return secrets.token_hex(16)


def code_of(once: str) -> str:
    """The author's code, in groups as people write it down: the same for the same form."""
    number = int.from_bytes(sha256(f"code {once}".encode()).digest()[:10])
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_CODE_LETTERS))
    return "-".join(letters[start : start + _BESIDE] for start in range(0, _CODE_LETTERS, _BESIDE))


def read_code(typed: str) -> str | None:
    """The code as `code_of` writes it, however it was typed; None for what is none."""
    letters = "".join(one for one in typed.translate(_READ_AS) if one.isalnum())
    if len(letters) != _CODE_LETTERS or not set(letters) <= set(_ALPHABET):
        return None
    return "-".join(letters[start : start + _BESIDE] for start in range(0, _CODE_LETTERS, _BESIDE))


def receipt_of(code: str) -> str:
    """What is kept of a code."""
    return sha256(f"receipt {code}".encode()).hexdigest()


def may_go_out(now: datetime, zone: str) -> datetime:
    """When what is written now may: the same moment for all until then. In the morning goes out
    what is of the day before, so at night it is noon."""
    today = now.astimezone(ZoneInfo(zone)).date()
    moments = [_at(today, wall, zone) for wall in LATER]
    return next((at for at in moments if at > now), None) or next_morning(now, zone)


def next_morning(now: datetime, zone: str) -> datetime:
    """Tomorrow's."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return _at(today + timedelta(days=1), MORNING, zone)


def is_morning(at: datetime, zone: str) -> bool:
    """Whether what may go out then does so, however few there are."""
    return at.astimezone(ZoneInfo(zone)).time() == MORNING


def _at(day: date, wall: time, zone: str) -> datetime:
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
