"""The rules of offers in their versions, and which of them hold."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from handlers.library.model import Found, LibraryEntry, Version
from handlers.offers.model import Bounds, KeptRules, OccasionRule, OfferRules
from handlers.offers.plain import RULES
from storage.library import Shelved, SqlLibrary
from storage.words import WordForms
from storage.work import SqlWork, repository

_IN_A_NAME, _IN_A_LINE = 3, 1
"""How much a word counts that stands in an occasion's name, and in what it is for."""


class OccasionIndex:
    """`storage.library.Index` over a few occasions: counts the words that they share."""

    def __init__(self, rules: OfferRules, words: WordForms) -> None:
        self._words = words
        self._forms: list[tuple[str, frozenset[str], int]] = []
        for occasion in rules.occasions:
            for texts, weight in ((occasion.names, _IN_A_NAME), (occasion.when, _IN_A_LINE)):
                for text in texts.values():
                    forms = (words.forms(word) for word in text.split() if len(word) > 2)
                    self._forms += [(occasion.id, one, weight) for one in forms]

    def find(self, text: str) -> Found:
        scores = Counter[str]()
        for word in text.split():
            for occasion, weight in self._with(word):
                scores[occasion] += weight
        found = scores.most_common()
        sure = (
            bool(found)
            and found[0][1] >= _IN_A_NAME
            and found[0][1] > sum(score for _, score in found[1:2])
        )
        return Found(tuple(occasion for occasion, _ in found), sure)

    def because(self, text: str) -> Mapping[str, tuple[str, ...]]:
        return {word: tuple(one for one, _ in self._with(word)) for word in text.split()}

    def _with(self, word: str) -> Iterator[tuple[str, int]]:
        """The occasions that have the word, each once, by where it counts most."""
        meant, found = self._words.forms(word), Counter[str]()
        for occasion, forms, weight in self._forms:
            if not forms.isdisjoint(meant):
                found[occasion] = max(found[occasion], weight)
        yield from found.most_common()


_SHELF = Shelved(RULES, lambda rules: OccasionIndex(rules, WordForms()))


class SqlOfferRules(SqlLibrary[OfferRules]):
    """`handlers.offers.model.KeptRules` over a connection."""

    def in_force(self, workspace: str, now: datetime) -> OfferRules | None:
        version = self.current(workspace, now)
        bounds, *occasions = (self._held(version, one) for one in RULES.entries(version.content))
        if not isinstance(bounds, Bounds):
            return None
        return OfferRules(
            bounds, tuple(one for one in occasions if isinstance(one, OccasionRule) and one.most)
        )

    def _held(self, version: Version[OfferRules], entry: LibraryEntry) -> LibraryEntry | None:
        """The entry as somebody adopted it last; None where nobody ever did."""
        if version.adopted(entry) is not None:
            return entry
        adopted = [number for known, number in version.adoptions if known == entry.id]
        before = self.version(version.workspace, max(adopted)) if adopted else None
        if before is None:
            return None
        return next((one for one in RULES.entries(before.content) if one.id == entry.id), None)


@repository(KeptRules)
def offer_rules_of(work: SqlWork) -> SqlOfferRules:
    return SqlOfferRules(work.connection, _SHELF)
