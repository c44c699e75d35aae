"""A workspace's numbers to call, as lines that its coordinators write."""

from collections.abc import Sequence

from handlers.boundaries.model import DIGITS, NUMBERS_LIMIT
from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.library.model import READ_IN, TEXT_LIMIT


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
