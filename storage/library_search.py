"""Finds the entries of a library that somebody's words describe.

Each phrase by which an entry is asked for is looked at by itself, in two ways: by its words in any
form, and by runs of four letters, which hold where an ending or a letter is another one.
The nearest phrase counts, and a little what all of the entry's words together say.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.kit.transliterated import in_cyrillic
from handlers.library.model import Found, LibraryEntry, Sayings
from storage.semantic import Meanings, is_there
from storage.words import WordForms, plain, words_in

_MOST_WORDS = 40
_LIKELIEST = 5

_RUN = 4
"""Letters of a run."""

_PHRASE, _TOGETHER = 1.0, 0.45
"""How much the nearest phrase counts, and how much all words of an entry together."""

_BY_RUNS = 0.6
"""The part of a likeness that runs of letters make; words in their forms make the rest."""

_FLOOR = 0.08
"""The least likeness of what is found at all."""

_RANKS = 10
"""By how much the first ranks of an order count more than the next: the less, the more."""

_AHEAD = 1.3
"""How many times the next one's likeness a sure answer has."""

_EMPTY = """
a about am an and any are as at be been but by can caller client customer did do does for from get
had has have he her him his how i if in is it its me my not of on or our please she so that the
their them then they this to up us was we what when where which who why will with would you your
asks wants says

ar ari bet bija bus but cik es esmu gribu ir ja jau jo jums jus ka kad kada kads kam kas kur kura
kurs kapec lai ludzu man mana mani manu mums mus nav ne no nu pa par pec pie savu so ta tad tas te
tie to un uz vai vel vina vins zvanitajs klients klientam klienta kliente klientei jauta prasa grib
saka
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())
"""Folded words that say nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Description:
    """How an entry is described: what it is called, how it is asked for, and what it says."""

    names: Sequence[str]
    phrases: Sequence[str]
    text: Sequence[str] = ()


class _Asked(LibraryEntry, Protocol):
    """An entry with how it is asked for."""

    @property
    def examples(self) -> Sayings: ...


def described(entry: _Asked, text: Iterable[str] = ()) -> Description:
    """How the entry is called and asked for, and what it says."""
    phrases = [line for lines in entry.examples.values() for line in lines]
    return Description(tuple(entry.names.values()), phrases, tuple(text))


class EntryIndex:
    """A library's entries, ready to be searched; it never changes, so any thread may ask. What
    shares no word with the question in any form is found from `least` on: "barking" ends as
    "drinking" does."""

    def __init__(
        self, entries: Iterable[tuple[LibraryEntry, Description]], *, least: float = _FLOOR
    ) -> None:
        self._words, self._least = WordForms(), least
        phrases: list[tuple[str, Sequence[str]]] = []
        wholes: list[tuple[str, Sequence[str]]] = []
        for entry, described in entries:
            apart = [piece for line in described.phrases for piece in line.split(",")]
            lines = [line for line in (*described.names, *apart) if line.strip()]
            phrases += [(entry.id, (line,)) for line in lines]
            wholes.append((entry.id, (*lines, *described.text)))
        self._meanings = (
            Meanings([(entry, line) for entry, (line,) in phrases]) if is_there() else None
        )
        self._by_phrase = _Likeness(phrases, self._said)
        self._by_whole = _Likeness(wholes, self._said)

    def because(self, text: str) -> dict[str, tuple[str, ...]]:
        """The entries that each of the words leads to by itself, the likeliest first."""
        said = [word for word in words_in(text) if plain(word) not in _EMPTY_WORDS]
        return {word: self.find(word).likeliest[:3] for word in said[:_MOST_WORDS]}

    def find(self, text: str) -> Found:
        said = self._said(text)
        phrase, whole = self._by_phrase.of(said), self._by_whole.of(said)
        scores = {
            entry: _PHRASE * phrase.get(entry, 0.0) + _TOGETHER * whole.get(entry, 0.0)
            for entry in {*phrase, *whole}
        }
        known = self._by_whole.sharing(said)
        ranked = sorted(
            (one for one in scores if scores[one] >= (_FLOOR if one in known else self._least)),
            key=lambda entry: (-scores[entry], entry),
        )
        if not ranked:
            return Found()
        first, *others = (scores[entry] for entry in ranked)
        sure = not others or first >= _AHEAD * others[0]
        meant = self._meanings.ranked(text) if self._meanings is not None else []
        return Found(tuple(_fused(ranked, meant)[:_LIKELIEST]), sure=sure)

    def _said(self, text: str) -> "_Said":
        words = [word for word in words_in(text)[:_MOST_WORDS] if plain(word) not in _EMPTY_WORDS]
        forms: Counter[str] = Counter()
        runs: Counter[str] = Counter()
        for word in words:
            folded = plain(word)
            for written in {folded, in_cyrillic(folded)}:
                forms.update(self._words.forms(written))
            runs.update(_runs(folded))
        return _Said(forms, runs)


def _fused(by_words: Sequence[str], by_meaning: Sequence[str]) -> list[str]:
    """Both orders as one, by ranks: what is near the top of either is near the top."""
    if not by_meaning:
        return list(by_words)
    points: dict[str, float] = {}
    for order in (by_words, by_meaning):
        for rank, entry in enumerate(order):
            points[entry] = points.get(entry, 0.0) + 1 / (_RANKS + rank)
    return sorted(points, key=lambda entry: -points[entry])


@dataclass(frozen=True, slots=True)
class _Said:
    forms: Mapping[str, int]
    runs: Mapping[str, int]


class _Likeness:
    """How like texts are to a question: cosines of their forms and of their runs, in which what is
    rare counts more. Of several texts of an entry the likest counts."""

    def __init__(
        self, texts: Sequence[tuple[str, Sequence[str]]], said: Callable[[str], _Said]
    ) -> None:
        read = [(entry, said(" ".join(lines))) for entry, lines in texts]
        self._forms = _Weighed([(entry, one.forms) for entry, one in read])
        self._runs = _Weighed([(entry, one.runs) for entry, one in read])

    def of(self, asked: _Said) -> dict[str, float]:
        forms, runs = self._forms.of(asked.forms), self._runs.of(asked.runs)
        best: dict[str, float] = {}
        for place in {*forms, *runs}:
            like = (1 - _BY_RUNS) * forms.get(place, 0.0) + _BY_RUNS * runs.get(place, 0.0)
            entry = self._forms.entries[place]
            best[entry] = max(best.get(entry, 0.0), like)
        return best

    def sharing(self, asked: _Said) -> set[str]:
        """The entries that share a word with the question, in any form."""
        return {self._forms.entries[place] for place in self._forms.of(asked.forms)}


class _Weighed:
    """Texts as weighed terms, found by their terms. What few entries have counts more: that an
    entry has a term in many of its texts makes it no less the entry's own."""

    def __init__(self, texts: Sequence[tuple[str, Mapping[str, int]]]) -> None:
        self.entries = [entry for entry, _ in texts]
        seen = Counter(term for _, term in {(one, term) for one, terms in texts for term in terms})
        entries = len(set(self.entries))
        self._rare = {term: math.log(1 + entries / many) for term, many in seen.items()}
        self._unknown = math.log(1 + entries)
        self._places: dict[str, list[tuple[int, float]]] = {}
        for place, (_, terms) in enumerate(texts):
            weighed = self._weigh(terms)
            for term, weight in weighed.items():
                self._places.setdefault(term, []).append((place, weight))

    def of(self, terms: Mapping[str, int]) -> dict[int, float]:
        """The cosine with each text that shares a term, by its place."""
        found: dict[int, float] = {}
        for term, weight in self._weigh(terms).items():
            for place, other in self._places.get(term, ()):
                found[place] = found.get(place, 0.0) + weight * other
        return found

    def _weigh(self, terms: Mapping[str, int]) -> dict[str, float]:
        weights = {
            term: (1 + math.log(many)) * self._rare.get(term, self._unknown)
            for term, many in terms.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}


def _runs(word: str) -> Iterable[str]:
    padded = f"_{word}_"
    if len(padded) <= _RUN:
        return [padded]
    return [padded[at : at + _RUN] for at in range(len(padded) - _RUN + 1)]
