"""How much single words speak for something, one with the other: for a danger to a life, say.

Ways (`handlers/kit/ways.py`) are said or not, and nobody knows them all. So words are weighed
besides: a mother, a floor and not answering are nothing each, and enough together. Bills and
routers weigh against it.

The words of a language are lines of a text, "thing points: stem stem". Each thing counts once,
however often it is told, and each word for one thing alone, by the longest stem that it begins
with. `=word` is the whole word; `~stem` a verb's, with any prefix of the line `prefixes:`. Things
of no points are words that would be taken for others. What is near one's own hand is named "own".
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.kit.spelling import Beginning, as_written
from handlers.kit.text import fold
from handlers.kit.ways import is_well_spelt, words_shipped

_LANGUAGES = ("lv", "en", "ru")

_LONG = 7
"""Letters of a stem from which it may be misspelt."""

_ENDING = {2: 2, 3: 2, 4: 3}
_LONGEST_ENDING = 6
"""Letters that may follow a stem of so many letters; a long one's."""

_OWN = "own "
"""What the things near one's own hand begin with."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much words weigh. `own`: that part of it that is near one's own hand; `words`: those that
    speak for it; `against`: the things told that speak against it."""

    points: int = 0
    own: int = 0
    words: tuple[str, ...] = ()
    against: frozenset[str] = frozenset()


_NOTHING = Weight()
_NO_POINTS = dict.fromkeys(_LANGUAGES, 0)


class Scales:
    """On which words are weighed for what the lists `weighed_NAME_LANGUAGE` are about."""

    def __init__(self, name: str) -> None:
        texts = ((one, words_shipped(f"weighed_{name}_{one}")) for one in _LANGUAGES)
        self._words = {language: _WeighedWords(text) for language, text in texts}
        self._tells = lru_cache(maxsize=20_000)(self._tells_of)

    def weigh(self, words: Sequence[str]) -> Weight:
        """How much the words, as `words_of` takes them, speak for it: in the language in which they
        do most. Against it they speak in all of them."""
        # The heaviest come first: what is told twice, and a word that tells twice, counts once.
        told = sorted({(*tells, word) for word in words for tells in self._tells(word)})
        if not told:
            return _NOTHING
        speaking, near_own = dict(_NO_POINTS), dict(_NO_POINTS)
        against: dict[str, int] = {}
        things: dict[tuple[str, str], str] = {}
        by: dict[tuple[str, str], int] = {}
        for _, language, thing, points, own, word in told:
            if (language, thing) in things or (language, word) in by:
                continue
            things[language, thing] = word
            by[language, word] = points
            if points < 0:
                against[thing] = points
            else:
                speaking[language] += points
                near_own[language] += own
        most = max(speaking.values())
        spoken = [
            word for (language, word), some in by.items() if speaking[language] == most and some > 0
        ]
        own = max([near_own[language] for language in _LANGUAGES if speaking[language] == most])
        return Weight(most + sum(against.values()), own, tuple(spoken), frozenset(against))

    def things(self, words: Sequence[str]) -> tuple[frozenset[str], ...]:
        """The things that the words may tell of, in each language."""
        told: dict[str, set[str]] = {language: set() for language in _LANGUAGES}
        for word in words:
            for _, language, thing, _, _ in self._tells(word):
                told[language].add(thing)
        return tuple(map(frozenset, told.values()))

    def _tells_of(self, word: str) -> tuple[tuple[int, str, str, int, int], ...]:
        """What a word tells in each language: by what to order it, the language, the thing, its
        points and those near one's own hand."""
        return tuple(
            (-abs(points), language, thing, points, points if thing.startswith(_OWN) else 0)
            for language, of in self._words.items()
            for thing in of.things_of(word)
            if (points := of.points[thing])
        )


class _WeighedWords:
    """The words of one language, and what they speak for."""

    def __init__(self, text: str) -> None:
        lines = [line.split(": ") for line in text.splitlines() if line and line[0] != "#"]
        heads = (head.rpartition(" ") for head, _ in lines)
        self.points = {thing: int(points) for thing, _, points in heads if thing}
        prefixes = next((words.split() for head, words in lines if head == "prefixes"), [])
        stems: dict[str, list[str]] = defaultdict(list)
        whole: dict[str, list[str]] = defaultdict(list)
        for head, words in lines:
            if thing := head.rpartition(" ")[0]:
                for word in words.split():
                    for letters in _with_prefixes(word, prefixes):
                        (whole if word.startswith("=") else stems)[letters].append(thing)
        self._stems, self._whole = _kept(stems), _kept(whole)
        self._long: dict[str, list[Beginning]] = defaultdict(list)
        for letters in stems:
            if len(letters) >= _LONG:
                self._long[letters[0]].append(Beginning(letters))

    def things_of(self, word: str) -> frozenset[str]:
        """What the word, folded, may tell of."""
        return frozenset(thing for written in as_written(word) for thing in self._of(written))

    def _of(self, word: str) -> tuple[str, ...]:
        if word in self._whole:
            return self._whole[word]
        for length in range(len(word), 1, -1):
            if word[:length] in self._stems:
                is_ending = len(word) - length <= _ENDING.get(length, _LONGEST_ENDING)
                return self._stems[word[:length]] if is_ending else ()
        may_be_misspelt = len(word) >= _LONG - 1 and not is_well_spelt(word)
        for near in self._long[word[0]] if may_be_misspelt else ():
            if len(word) - len(near.letters) <= _LONGEST_ENDING and near.begins(word):
                return self._stems[near.letters]
        return ()


def _with_prefixes(word: str, prefixes: Sequence[str]) -> tuple[str, ...]:
    letters = fold(word.lstrip("=~"))
    return (letters, *(one + letters for one in prefixes)) if word.startswith("~") else (letters,)


def _kept(stems: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {letters: tuple(things) for letters, things in stems.items()}
