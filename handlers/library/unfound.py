"""What is kept of words that led nowhere: without numbers, addresses and names beside a title."""

from handlers.kit.deidentify import Identifying, readable, replaced
from handlers.kit.text import fold
from handlers.library.model import UNFOUND_LIMIT

_STANDS_FOR = dict.fromkeys(Identifying, "…")


def deidentified(text: str) -> str:
    """The words as they are kept and compared: folded, cut, without any digit and without what
    tells of somebody; empty when nothing is left."""
    kept = "".join("…" if letter.isdigit() else letter for letter in fold(without_anybody(text)))
    words = [word for word in kept.split() if any(letter.isalpha() for letter in word)]
    return " ".join(words)[:UNFOUND_LIMIT].rstrip()


def without_anybody(text: str) -> str:
    """The text as it is written, without what tells of somebody."""
    return replaced(readable(text), _STANDS_FOR)
