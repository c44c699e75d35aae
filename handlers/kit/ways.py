"""Ways of saying something, in any of our languages: found inflected, without diacritics, misspelt.

They are written as lines of a text. A line's terms must all be said, near each other, in any
order. A term is the beginning of a word, `=word` the whole word, `a|b` either; `!a` must not be
said at all. A line that begins with `?` may mean it; `@name: a b` is a list, `@name` one of its
words; and `#` begins a remark.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from itertools import product

from handlers.kit.text import fold

READ = 600
"""Characters that are looked at: what matters is said at once."""

_MOST_WORDS = 60

_NEAR = 4
"""Words that may stand between what belongs together, for each of its terms."""

_LONG, _VERY_LONG = 6, 10
"""Letters from which one, or two, may be wrong."""

_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([aeiu])\1")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
_Term = tuple[int, int]
"""The number of a way, and that of the term in it."""

_WITHOUT = -1
"""Stands for the number of a term, where the word is one that must not be said."""


class Said(IntEnum):
    """Whether something is said."""

    NO = 0
    MAYBE = 1
    SURELY = 2


@dataclass(frozen=True, slots=True)
class _Beginning:
    """How a word begins, or with `whole` the word."""

    letters: str
    whole: bool

    def begins(self, word: str) -> bool:
        if self.whole or word.startswith(self.letters):
            return word.startswith(self.letters) and (not self.whole or word == self.letters)
        wrong = (len(self.letters) >= _LONG) + (len(self.letters) >= _VERY_LONG)
        return bool(wrong) and _is_misspelt(self.letters, word, wrong)


@dataclass(frozen=True, slots=True)
class _Way:
    terms: tuple[tuple[_Beginning, ...], ...]
    without: tuple[_Beginning, ...]
    says: Said


class Ways:
    """Ways of saying one thing."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line and line[0] != "#"]
        lists = (line.split(": ") for line in lines if ": " in line)
        self._lists = {name: tuple(map(_beginning, words.split())) for name, words in lists}
        self._ways = tuple(self._way(line) for line in lines if ": " not in line)
        by_beginning: dict[_Beginning, list[_Term]] = defaultdict(list)
        for number, way in enumerate(self._ways):
            for beginning in way.without:
                by_beginning[beginning].append((number, _WITHOUT))
            for place, term in enumerate(way.terms):
                for beginning in term:
                    by_beginning[beginning].append((number, place))
        self._by_first: dict[str, list[tuple[_Beginning, list[tuple[int, int]]]]] = defaultdict(
            list
        )
        for beginning, found in by_beginning.items():
            self._by_first[beginning.letters[0]].append((beginning, found))
        self._terms = lru_cache(maxsize=20_000)(self._terms_of)

    def said(self, text: str) -> Said:
        """Whether the text says it."""
        told: dict[int, dict[int, list[int]]] = {}
        for at, word in enumerate(_words(text[:READ])):
            for number, term in self._terms(word):
                told.setdefault(number, {}).setdefault(term, []).append(at)
        most = Said.NO
        for number, places in told.items():
            way = self._ways[number]
            if way.says > most and _WITHOUT not in places and _is_said(way, places):
                most = way.says
        return most

    def _terms_of(self, word: str) -> frozenset[_Term]:
        """Which terms of which ways the word is. A first letter is seldom wrong."""
        return frozenset(
            term
            for written in _as_written(word)
            for beginning, found in self._by_first.get(written[0], ())
            if beginning.begins(written)
            for term in found
        )

    def _way(self, line: str) -> _Way:
        terms: list[tuple[_Beginning, ...]] = []
        without: list[_Beginning] = []
        for word in line.removeprefix("?").split():
            beginnings = tuple(self._term(word.removeprefix("!")))
            if word.startswith("!"):
                without += beginnings
            else:
                terms.append(beginnings)
        return _Way(
            tuple(terms), tuple(without), Said.MAYBE if line.startswith("?") else Said.SURELY
        )

    def _term(self, word: str) -> Iterator[_Beginning]:
        for part in word.split("|"):
            if part.startswith("@"):
                yield from self._lists[part]
            else:
                yield _beginning(part)


def shipped(name: str) -> Ways:
    """The ways that come with Plecs under this name."""
    return Ways(files("handlers.kit.words").joinpath(f"{name}.txt").read_text("utf-8"))


def as_ways(lines: Sequence[str]) -> str:
    """What people wrote, a way of saying it each, as ways: all words of a line, or what they begin
    with."""
    return "\n".join(" ".join(_words(line)) for line in lines)


def _beginning(part: str) -> _Beginning:
    return _Beginning(fold(part.removeprefix("=")), whole=part.startswith("="))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).translate(_APOSTROPHES))[:_MOST_WORDS]


def _as_written(word: str) -> set[str]:
    """The word, and as it is if it was written without Latvian's letters, as on old telephones:
    "pashnaaviiba"."""
    plain = _DOUBLED.sub(r"\1", word)
    return {word, plain.replace("sh", "s").replace("zh", "z").replace("ch", "c")}


def _is_said(way: _Way, places: dict[int, list[int]]) -> bool:
    if len(way.terms) == 1:
        return True
    if len(places) < len(way.terms):
        return False
    near = _NEAR * len(way.terms)
    return any(
        len(set(at)) == len(at) and max(at) - min(at) <= near
        for at in product(*(places[term][:_NEAR] for term in range(len(way.terms))))
    )


def _is_misspelt(letters: str, word: str, wrong: int) -> bool:
    """Whether the word begins with the letters but for so many that are missing, too many or other
    ones; two that changed places count as one."""
    length = len(letters)
    if len(word) < length - wrong or len(set(letters).difference(word)) > wrong:
        return False
    before: list[int] = []
    row = list(range(length + 1))
    best = row[-1]
    for at, letter in enumerate(word[: length + wrong], 1):
        earlier, before, row = before, row, [at]
        for to, ours in enumerate(letters, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != ours))
            if at > 1 and to > 1 and letter == letters[to - 2] and word[at - 2] == ours:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
        best = min(best, row[-1])
    return best <= wrong
