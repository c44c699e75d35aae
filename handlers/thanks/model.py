"""What a thank-you is, and what is kept of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from handlers.kit.spelling import folded_words

WORDS_LIMIT = 300
"""Characters of what is thanked for: one deed."""

MOST_A_DAY = 20
"""Thank-yous of one person in a day: more are not read as such."""

LATEST = 5
"""How many one sees of what one was thanked for, the newest first."""

SHOWN_TO = 3
"""To so many one shows a thank-you at once, at most."""

NUDGED_AT = time(8, 0)
"""On Mondays leaders are reminded of what they were shown."""

GIVEN, SHOWN, NUDGE = "thanks.given", "thanks.shown", "thanks.nudge"
"""Kinds of notice."""

_TO_PLECS = frozenset(
    (
        *("a", "again", "all", "bunch", "dear", "everybody", "everyone", "guys", "heaps", "it"),
        *("loads", "lots", "much", "plec", "plecs", "so", "that", "team", "this", "very", "you"),
        *("jums", "jus", "ka", "loti", "ta", "tas", "tev", "tik", "to", "tu", "visiem", "viss"),
    )
)
"""How what is said to nobody by name begins, folded."""

AT_ONCE = 3
"""Colleagues who are thanked for the same at once, at most: more is an announcement."""

_FOR = re.compile(r"\b(?:for|par)\b[\s:,]*", re.IGNORECASE)


_AND = re.compile(r"(?:and|un)\b|[&+]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ThankYou:
    """`giver` thanks `receiver`, in their `words`. `indicator`: what it was an example of, maybe.
    `delivered_at`: from then on it is the receiver's, and can't be taken back."""

    id: str
    workspace: str
    giver: str
    receiver: str
    words: str
    indicator: str | None
    given_at: datetime
    delivered_at: datetime | None = None


class Thanks(Protocol):
    """Thank-yous, kept."""

    def add(self, one: ThankYou) -> None: ...

    def get(self, thanks: str) -> ThankYou | None: ...

    def given_since(self, person: str, at: datetime) -> int:
        """How many the person gave from then on."""
        ...

    def received(self, person: str, limit: int) -> Sequence[ThankYou]:
        """What the person was thanked for, the newest first; what is on its way is not there."""
        ...

    def delivered(self, thanks: str, at: datetime) -> None: ...

    def show(self, thanks: str, reader: str, at: datetime) -> None:
        """Keeps that its receiver shows it to this reader."""
        ...

    def shown(self, thanks: str, reader: str) -> ThankYou | None:
        """The thank-you, if it is shown to this reader."""
        ...

    def shown_to(self, reader: str, since: datetime) -> Sequence[ThankYou]:
        """What was shown to the reader from then on, in that order."""
        ...

    def delete(self, thanks: str) -> None:
        """Nothing is kept of it, nor of whom it was shown to."""
        ...


def deed(typed: str) -> str:
    """What was typed behind a name, without the "for" before it."""
    words = " ".join(typed.split())
    found = _FOR.match(words)
    return words[found.end() :] if found else words


def to_whom(typed: str) -> str:
    """What stands before the "for": names, where it was written so; all of it, where there is no
    "for"."""
    found = _FOR.search(typed)
    return typed[: found.start()] if found else typed


def goes_on(words: str) -> bool:
    """Whether what was typed behind a name goes on with an "and": with somebody else, maybe."""
    return _AND.match(words) is not None


def is_for_plecs(typed: str) -> bool:
    """Whether what was typed behind the thanks names nobody, but goes on as one thanks whoever one
    speaks to: for something, or "a lot", "tev, tas palīdzēja"."""
    first = folded_words(typed)[:1]
    return deed(typed) != typed or _TO_PLECS.issuperset(first)
