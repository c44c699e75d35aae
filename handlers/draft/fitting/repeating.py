"""Which sentences of a draft are sentences of an approved answer.

Lists of words can't tell whether a sentence says the same as another: "the fee is gone" has no word
of a promise, and a condition that was left out has no word at all. So nobody may copy but what an
approved answer says itself: whole sentences, word for word. A model chooses which of them a case
needs, and in which order; it may be polite, and put a condition last or first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.draft.fitting import words
from handlers.draft.fitting.model import OPENINGS
from handlers.kit.text import fold

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’»)]*+(?=\s|$)")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence. `repeats`: an answer says it, or it is no more than an opening before what one
    says."""

    text: str
    repeats: bool


def sentences(said: str, sources: Sequence[str]) -> tuple[DraftSentence, ...]:
    """What is said, sentence by sentence. A sentence of an answer that another one limits ("But",
    "If not") is repeated only together with it."""
    units = [unit for source in sources for unit in _units(source)]
    pieces = tuple(_pieces(said))
    repeated: set[int] = set()
    at = 0
    while at < len(pieces):
        length = next((len(unit) for unit in units if _begins_with(pieces[at:], unit)), 0)
        repeated |= set(range(at, at + length))
        at += length or 1
    if repeated:
        repeated |= {at for at, piece in enumerate(pieces) if _plain(piece) in _OPENINGS}
    return tuple(DraftSentence(piece, at in repeated) for at, piece in enumerate(pieces))


def _units(source: str) -> Iterator[tuple[str, ...]]:
    """Sentences that stand by themselves, each with those that limit it."""
    unit: list[str] = []
    for piece in _pieces(source):
        if unit and not _limits(piece):
            yield tuple(unit)
            unit = []
        unit.append(piece)
    if unit:
        yield tuple(unit)


def _pieces(text: str) -> Iterator[str]:
    """Its sentences. A full stop behind a digit, before one or before a small letter belongs to a
    date or to something cut short."""
    begin = 0
    for end in _END.finditer(text):
        following = _TOKEN.search(text, end.end())
        is_end = following is None or following[0][0].isupper()
        is_behind_digit = text[: end.start()][-1:].isdigit() and following is not None
        if is_end and not is_behind_digit and _TOKEN.search(text, begin, end.start()):
            yield text[begin : end.end()].strip()
            begin = end.end()
    if _TOKEN.search(text, begin):
        yield text[begin:].strip()


def _begins_with(pieces: Sequence[str], unit: Sequence[str]) -> bool:
    return len(unit) <= len(pieces) and all(
        _plain(piece) in _orders(one) for piece, one in zip(pieces, unit, strict=False)
    )


def _plain(piece: str) -> tuple[str, ...]:
    """Its words, but for those that may be added and left out."""
    found = []
    for at, token in enumerate(_TOKEN.findall(piece)):
        is_name = at > 0 and len(token) == 1 and token.isupper()
        folded = fold(token)
        if is_name or folded not in words.POLITE:
            found.append(folded)
    return tuple(found)


def _orders(piece: str) -> set[tuple[str, ...]]:
    """Its words as they stand; and with the condition before or behind what it is one of."""
    clauses = [_plain(clause) for clause in piece.split(",")]
    orders = {_plain(piece)}
    if len(clauses) == 2 and any(words.CONDITIONS.intersection(clause[:1]) for clause in clauses):
        orders.add(clauses[1] + clauses[0])
    return orders


def _limits(piece: str) -> bool:
    """Whether it takes something back of what was said before it."""
    tokens = _TOKEN.findall(fold(piece))
    if f" {' '.join(tokens)} ".startswith(words.LIMITING):
        return True
    denial = "ne" if tokens[0] in words.LATVIAN_POINTING else "не"
    return tokens[0] in words.POINTING and any(
        one in words.DENYING or one.startswith(denial) for one in tokens[1:5]
    )


_OPENINGS = {_plain(one) for these in OPENINGS.values() for one in these}
