"""How alike a text is to others that told of something, and to those that only sounded so.

Ways (`handlers/kit/ways.py`) are known and words are weighed (`weighing.py`) by people who thought
of them. Beside that stands what many sentences have in common that nobody would write down: the
beginnings of their words, and of two that follow each other; and the things that the weighed words
tell of, each and by twos, which are the same in all languages: what was learnt of a child and water
in one is known in the others. Each has its points, for or against; a text has those of all that are
in it.

They are lines of a text, "points: beginning beginning+beginning @thing @thing@thing", in tenths of
a point, made from sentences that are kept with the tests (`python -m tests.storage.likeness` makes
them anew).
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import combinations, pairwise, repeat

from handlers.kit.spelling import as_written
from handlers.kit.ways import words_shipped
from handlers.kit.weighing import Scales

BEGINS = 5
"""Letters of a word that are looked at."""

ALWAYS, MOST = "always", 10
"""How the points are named that every text has; and the most that a text gets, for or against."""


class Likeness:
    """What the texts of the list `alike_NAME` had in common. `scales`: what tells the things in a
    text."""

    def __init__(self, name: str, scales: Scales) -> None:
        self._scales = scales
        lines = [line for line in words_shipped(f"alike_{name}").splitlines() if line[0] != "#"]
        self._tenths = {
            one: int(tenths)
            for tenths, together in (line.split(": ") for line in lines)
            for one in together.split()
        }
        self._beginnings = lru_cache(maxsize=20_000)(self._beginning)

    def points(self, words: Sequence[str]) -> int:
        """How alike the words are, as `words_of` takes them from a text: from -MOST to MOST."""
        tenths = sum(map(self._tenths.get, {ALWAYS, *self._together(words)}, repeat(0)))
        return max(-MOST, min(MOST, round(tenths / 10)))

    def because(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that speak for it by themselves."""
        spoken = zip(words, map(self._beginnings, words), strict=True)
        return tuple(word for word, begins in spoken if self._tenths.get(begins, 0) > 0)

    def _together(self, words: Sequence[str]) -> list[str]:
        return together([self._beginnings(word) for word in words], self._scales.things(words))

    def _beginning(self, word: str) -> str:
        """As it is looked for: as it was written, if that is known, or as it may be meant."""
        if word[:BEGINS] in self._tenths:
            return word[:BEGINS]
        meant = (one[:BEGINS] for one in sorted(as_written(word)))
        return next((one for one in meant if one in self._tenths), word[:BEGINS])


def together(beginnings: Sequence[str], things: Iterable[Collection[str]]) -> list[str]:
    """What is looked at in a text whose words begin so, and tell of these things in each of the
    languages."""
    found = [*beginnings, *map("+".join, pairwise(beginnings))]
    for told in things:
        if told:
            named = sorted([f"@{thing.replace(' ', '-')}" for thing in told])
            found += [*named, *map("".join, combinations(named, 2))]
    return found
