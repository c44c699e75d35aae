"""Plain words by which somebody in a hard call asks for a human, and words that are only polite."""

from functools import lru_cache

from handlers.kit.spelling import words_of
from handlers.kit.ways import Ways, shipped
from handlers.kit.weighing import Scales


def is_distress(text: str) -> bool:
    """Whether somebody types as they would call to a colleague: "help, he threatens me"; or calls
    for anybody at all, in no more than a few words."""
    words = words_of(text)
    return bool(
        _distress().said(words)
        or (len(words) <= _A_CALL and _calling().said(words))
        or _scales().weigh(words).points >= _ENOUGH
    )


def is_courtesy(text: str) -> bool:
    """Whether it is a greeting or thanks, and no more than a few words."""
    return len(text.split()) <= _FEW_WORDS and bool(_courtesy().said(words_of(text)))


_ENOUGH = 6
"""Points from which somebody calls who says it in no way that is known."""

_FEW_WORDS = 5
_A_CALL = 3


@lru_cache(maxsize=1)
def _distress() -> Ways:
    return shipped("distress")


@lru_cache(maxsize=1)
def _scales() -> Scales:
    return Scales("distress")


@lru_cache(maxsize=1)
def _calling() -> Ways:
    return shipped("calling")


@lru_cache(maxsize=1)
def _courtesy() -> Ways:
    return shipped("courtesy")
