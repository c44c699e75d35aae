"""Words as people type them: inflected, without diacritics, misspelt, with another keyboard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.kit.text import fold
from handlers.kit.transliterated import in_cyrillic

READ = 600
"""Characters that are looked at: what matters is said at once."""

_MOST_WORDS = 60

_LONG, _VERY_LONG = 6, 10
"""Letters from which one, or two, may be wrong."""

_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([aeiu])\1")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a word begins, or with `whole` the word. `strict`: no letter may be wrong."""

    letters: str
    whole: bool = False
    strict: bool = False

    def begins(self, word: str, *, well_spelt: bool = False) -> bool:
        """Whether the word does. `well_spelt`: it is known to be written as it is meant."""
        if self.whole or self.strict or well_spelt or word.startswith(self.letters):
            return word.startswith(self.letters) and (not self.whole or word == self.letters)
        wrong = (len(self.letters) >= _LONG) + (len(self.letters) >= _VERY_LONG)
        return bool(wrong) and _is_misspelt(self.letters, word, wrong)


def words_of(text: str) -> Sequence[str]:
    """The words of a text as they are looked for: those of its beginning, folded."""
    return folded_words(text[:READ])


@lru_cache(maxsize=8)
def folded_words(text: str) -> Sequence[str]:
    """The first words of a text, however long each of them is. Several look at the same text one
    after the other: it is taken apart once."""
    return tuple(_WORD.findall(fold(text).translate(_APOSTROPHES))[:_MOST_WORDS])


def as_written(word: str) -> set[str]:
    """The word, and as it is if it was written without Latvian's letters, as on old telephones
    ("pashnaaviiba"), or in Russian with Latin ones ("samoubijstvo")."""
    plain = _DOUBLED.sub(r"\1", word)
    latvian = plain.replace("sh", "s").replace("zh", "z").replace("ch", "c")
    return {word, latvian, in_cyrillic(word)}


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
