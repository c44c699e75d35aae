"""How a workspace tells of a danger to life besides what Plecs knows, and its numbers as lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.boundaries.model import (
    DIGITS,
    NUMBERS_LIMIT,
    READ_IN,
    TEXT_LIMIT,
)
from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.kit.settings import Plain, Section, listed

WAYS_LIMIT = 60
WAY_LIMIT = 80
"""Characters of one way of saying it: a few words."""


@dataclass(frozen=True, slots=True)
class OwnWays:
    """What may be said of a danger to life, a line each: all its words, or how they begin."""

    ways: tuple[str, ...] = ()


def _way(kept: object) -> str:
    if not isinstance(kept, str) or not 0 < len(kept) <= WAY_LIMIT:
        raise ValueError(kept)
    return kept


OWN_WAYS = Section("danger", OwnWays(), {"ways": listed(Plain(_way, str), 0, WAYS_LIMIT)})


def as_lines(crisis: CrisisNumbers) -> str:
    """The numbers as a coordinator writes them: the number and what it is for, in each language,
    with bars between."""
    return "\n".join(
        " | ".join((number.digits, *(number.what[locale] for locale in READ_IN)))
        for number in crisis.numbers
    )


def from_lines(lines: Sequence[str]) -> tuple[CrisisNumber, ...]:
    """The numbers that the lines say. Raises ValueError with the line that can't be read; with
    nothing where there are none, or too many."""
    if not 1 <= len(lines) <= NUMBERS_LIMIT:
        raise ValueError
    return tuple(_number(line) for line in lines)


def _number(line: str) -> CrisisNumber:
    digits, *what = (part.strip() for part in line.split("|"))
    words = dict(zip(READ_IN, what, strict=False))
    is_said = len(what) == len(READ_IN) and all(0 < len(each) <= TEXT_LIMIT for each in what)
    if not is_said or not DIGITS.fullmatch(digits):
        raise ValueError(line)
    return CrisisNumber(digits, words)
