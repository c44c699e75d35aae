"""Whole sentences that ask for something of ours: "please raise a hand", "may I have a break?"."""

import re
from collections.abc import Callable
from functools import cache
from itertools import dropwhile

from handlers.kit.spelling import words_of
from handlers.kit.text import bare, fold
from handlers.kit.ways import Ways, shipped, words_shipped

ASKED, DANGER = 2, 3
"""How surely a sentence means what it asks for by its name, and one that tells of a danger to life:
before a cry that is no question."""


def asks(name: str) -> Callable[[str], int]:
    """Whether a sentence asks for it: `ASKED`, or 0. The ways are `words/asks_NAME.txt`."""
    return lambda text: ASKED if _ways(name).said(words_of(text)) else 0


def without(text: str, name: str) -> str:
    """The sentence without the words that stand before what it tells: `words/before_NAME.txt`,
    folded."""
    before = _before(name)
    words = dropwhile(lambda word: not bare(word) or fold(bare(word)) in before, text.split())
    return " ".join(words)


def nothing(_text: str) -> str:
    """For what needs nothing told."""
    return ""


def while_asked(text: str) -> str:
    """The while that a sentence names, "10 minutes"; empty where it names none."""
    found = _WHILE.search(text)
    return found.group() if found else ""


_WHILE = re.compile(r"\d+(?:[.,]\d+)?(?:\s*(?:m|h|st|ч|м)\w*)?", re.IGNORECASE)


@cache
def _before(name: str) -> frozenset[str]:
    return frozenset(words_shipped(f"before_{name}").split())


@cache
def _ways(name: str) -> Ways:
    return shipped(f"asks_{name}")
