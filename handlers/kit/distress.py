"""Plain words by which somebody in a hard call asks for a human, and words that are only polite."""

from functools import lru_cache

from handlers.kit.ways import Ways, shipped


def is_distress(text: str) -> bool:
    """Whether somebody types as they would call to a colleague: "help, he threatens me"."""
    return bool(_distress().said(text))


def is_courtesy(text: str) -> bool:
    """Whether it is a greeting or thanks, and no more than a few words."""
    return len(text.split()) <= _FEW_WORDS and bool(_courtesy().said(text))


_FEW_WORDS = 5


@lru_cache(maxsize=1)
def _distress() -> Ways:
    return shipped("distress")


@lru_cache(maxsize=1)
def _courtesy() -> Ways:
    return shipped("courtesy")
