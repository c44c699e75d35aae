"""Ways of saying something, in any of our languages: found inflected, without diacritics, misspelt.

They are written as lines of a text. A line's terms must all be said, near each other, in any
order. A term is the beginning of a word, `=word` the whole word, `a|b` either; `!a` must not be
said at all. A line that begins with `?` may mean it; `@name: a b` is a list, `@name` one of its
words; and `#` begins a remark.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from itertools import product

from handlers.kit.once import once
from handlers.kit.spelling import Beginning, as_written, folded_words
from handlers.kit.text import fold
from handlers.kit.transliterated import in_cyrillic

_NEAR = 4
"""Words that may stand between what belongs together, for each of its terms."""

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
class _Way:
    """How many terms it has, what it says, and the number of the text that it stands in: its words
    are kept by their beginnings alone."""

    many: int
    says: Said
    text: int


class Ways:
    """Ways of saying one thing."""

    def __init__(self, *texts: str) -> None:
        """The lists of a text are all texts'."""
        lines = [
            (line, number)
            for number, text in enumerate(texts)
            for line in text.split("\n")
            if line and line[0] != "#"
        ]
        named = (line.split(": ") for line, _ in lines if ": " in line)
        lists = {name: tuple(map(_beginning, words.split())) for name, words in named}
        by_beginning: dict[Beginning, list[_Term]] = defaultdict(list)
        ways: list[_Way] = []
        for line, text in lines:
            if ": " not in line:
                many = _add_terms(line, len(ways), lists, by_beginning)
                says = Said.MAYBE if line.startswith("?") else Said.SURELY
                ways.append(_Way(many, says, text))
        self._ways = tuple(ways)
        by_first: dict[str, list[tuple[Beginning, tuple[_Term, ...]]]] = defaultdict(list)
        for beginning, found in by_beginning.items():
            by_first[beginning.letters[0]].append((beginning, tuple(found)))
        self._by_first = {first: tuple(found) for first, found in by_first.items()}
        self._terms = lru_cache(maxsize=20_000)(self._terms_of)

    def said(self, words: Sequence[str]) -> Said:
        """Whether the words say it, as `words_of` takes them from a text."""
        said = Said.NO
        for way, _ in self._found(words):
            if way.says is Said.SURELY:
                return way.says
            said = way.says
        return said

    def surely_in(self, words: Sequence[str]) -> frozenset[int]:
        """The numbers of the texts in which a way stands by which the words say it surely."""
        return frozenset(way.text for way, _ in self._found(words) if way.says is Said.SURELY)

    def because(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words by which it is said: those of the surest and longest way. None where it isn't
        said."""
        found = max(self._found(words), key=lambda one: (one[0].says, one[0].many), default=None)
        return () if found is None else tuple(words[at] for at in sorted(found[1]))

    def _found(self, words: Sequence[str]) -> Iterator[tuple[_Way, tuple[int, ...]]]:
        """The ways in which the words say it, and the numbers of those that do."""
        told: dict[int, dict[int, tuple[int, ...]]] = {}
        for at, word in enumerate(words):
            for number, term in self._terms(word):
                if number not in told:
                    told[number] = {}
                places = told[number]
                places[term] = (*places[term], at) if term in places else (at,)
        for number, places in told.items():
            way = self._ways[number]
            # Most words are in ways whose last term isn't said: that is asked before anything else.
            missing = way.many - 1
            while missing in places and missing >= 0:
                missing -= 1
            if missing < 0 and _WITHOUT not in places and (where := _said_at(way, places)):
                yield way, where

    def _terms_of(self, word: str) -> frozenset[_Term]:
        """Which terms of which ways the word is. A first letter is seldom wrong; and a word of
        another alphabet that is misspelt besides would be too many words at once."""
        well_spelt, cyrillic = is_well_spelt(word), in_cyrillic(word)
        return frozenset(
            term
            for written in as_written(word)
            for beginning, found in self._by_first.get(written[0], ())
            if beginning.begins(written, well_spelt=well_spelt or word != written == cyrillic)
            for term in found
        )


def shipped(*names: str) -> Ways:
    """The ways that come with Plecs under these names, the lists that they name first."""
    return Ways(*map(words_shipped, names))


def words_shipped(name: str) -> str:
    """The text of a list of words that comes with Plecs."""
    return files("handlers.kit.words").joinpath(f"{name}.txt").read_text("utf-8")


def is_well_spelt(word: str) -> bool:
    """Whether the word, folded, is one of every day that is a letter away from something grave:
    no misspelling."""
    letters, whole = _well_spelt()
    return word in whole or any(word[:length] in letters for length in range(4, len(word) + 1))


@once
def _well_spelt() -> tuple[frozenset[str], frozenset[str]]:
    """What such words begin with, and those that are meant as a whole."""
    lines = (line for line in words_shipped("well_spelt").splitlines() if line[:1] != "#")
    words = [_beginning(word) for line in lines for word in line.split()]
    begin = frozenset(word.letters for word in words if not word.whole)
    return begin, frozenset(word.letters for word in words if word.whole)


def as_ways(lines: Sequence[str]) -> str:
    """What people wrote, a way of saying it each, as ways: all words of a line, or what they begin
    with."""
    return "\n".join(" ".join(folded_words(line)) for line in lines)


def _beginning(part: str) -> Beginning:
    return Beginning(fold(part.removeprefix("=")), whole=part.startswith("="))


def _add_terms(
    line: str,
    number: int,
    lists: Mapping[str, Sequence[Beginning]],
    by_beginning: Mapping[Beginning, list[_Term]],
) -> int:
    """Adds to `by_beginning` how the terms of the line, a way of this number, begin: one value a
    term, however many words it may be. Answers how many must be said."""
    many = 0
    for word in line.removeprefix("?").split():
        beginnings = tuple(_term(word.removeprefix("!"), lists))
        if word.startswith("!"):
            term = (number, _WITHOUT)
            # What would take a meaning away has to be there as it is.
            beginnings = tuple(replace(one, strict=True) for one in beginnings)
        else:
            term = (number, many)
            many += 1
        for beginning in beginnings:
            by_beginning[beginning].append(term)
    return many


def _term(word: str, lists: Mapping[str, Sequence[Beginning]]) -> Iterator[Beginning]:
    for part in word.split("|"):
        if part.startswith("@"):
            yield from lists[part]
        else:
            yield _beginning(part)


def _said_at(way: _Way, places: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """Where the words stand that say it, all of which are there; nowhere if they don't."""
    if way.many == 1:
        return places[0][:1]
    near = _NEAR * way.many
    each_term = [places[term][:_NEAR] for term in range(way.many)]
    for at in product(*each_term):
        if max(at) - min(at) <= near and len(set(at)) == len(at):
            return at
    return ()
