"""Callers, as far as Plecs knows them: by pseudonyms of their number, which itself is kept nowhere.

A pseudonym is a keyed hash of the number in E.164. Each purpose has a key of its own, so that what
is kept for one can't be laid beside what is kept for another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a caller is known again for."""

    REMEMBERING = "callers"
    """What was said and promised: a new key each quarter of a year."""
    OFFERS = "offers"
    """What was given to them: one key."""
    OBJECTIONS = "objections"
    """That nothing may be kept of them: one key."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever has a number, under the pseudonyms of each purpose. What is kept now is kept under
    the first of them; it is found again under any: the last quarter's, a former secret's."""

    remembering: tuple[str, ...]
    offers: tuple[str, ...]
    objections: tuple[str, ...]

    def of(self, purpose: Purpose) -> tuple[str, ...]:
        """The pseudonyms of this purpose."""
        match purpose:
            case Purpose.REMEMBERING:
                return self.remembering
            case Purpose.OFFERS:
                return self.offers
            case Purpose.OBJECTIONS:
                return self.objections


Pseudonyms = Callable[[str, datetime], Caller | None]
"""Who has the number, as somebody wrote it; None for what is no valid number, and for a number that
was withheld."""


def nobody(_number: str, _now: datetime) -> Caller | None:
    """Where there is no secret to make pseudonyms with."""
    return None
