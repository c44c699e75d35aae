"""Finds the behaviour that a few hurried words describe.

One document a behaviour, three fields: the words as written (folded), their dictionary forms, and
their beginnings. Latvian dictionary forms alone miss many written forms, and endings taken off
alone confuse many words: so each word of the question counts by the best of the three.
"""

from collections.abc import Mapping
from functools import lru_cache

import tantivy

from handlers.boundaries.model import Behaviour, Found, PolicySet
from storage.words import WordForms, plain, words_in

_MOST_WORDS = 24
_LIKELIEST = 3

_NAME_WEIGHT = 3
"""How often a name counts against one example: it is what colleagues learn to say."""

_KEYWORD_WEIGHT = 2
"""How often an example of one word counts: a word inside a phrase may be there by chance."""

_EXACT, _SAME_WORD, _BEGINNING = 1.2, 1.0, 0.5
_TYPO = 0.9
"""A typo's match has no rarity, so this is its whole score, where a rare word's is about 2."""

_BEGINNING_LETTERS = 5
_TYPO_FROM, _TWO_TYPOS_FROM = 5, 9

_ENOUGH = 2.3
"""The least score of a sure answer: one rare word of the set."""

_AHEAD = 1.25
"""How many times the next one's score a sure answer has."""

_GRAVER_FROM = 0.6
"""The part of the best score with which an emergency is put before it."""

_EMPTY_WORDS = """
a about again all also am an and any are as at be been but by can caller callers client customer
did do does doing for from get gets getting go goes going got had has have he her him his how i if
in is it its just keeps kept like me my myself now of on or our out over really said say saying
says she so some than that the their them then there they thing things this time times to too up
us use used uses very want wants was way we well were what when where which while who whole why
will with would you your

abonents ar ari bet bija bus but caur cik dara es esam esmu grib gribu ir ja jau jo jums jus ka
kad kada kads kam kas kaut klienta kliente klientam klients klientu ko kopa kur kura kurs lai lidz
loti man mana mani manu mums mus musu nav ne negrib no nu pa par pat pec pie pret saka sakot savu
seit si sis so ta tad tagad tas te tie to tur un uz vai vairs vel vina vinai vinam vini vins visi
viss zvanitaja zvanitajs
"""
# Who speaks and to whom is the same in every question, and says nothing of what is done.
_SAYS_NOTHING = frozenset(_EMPTY_WORDS.split())


class PolicyIndex:
    """One policy set, ready to be searched. Making it takes some hundredths of a second; it never
    changes afterwards, so any thread may ask."""

    def __init__(self, policies: PolicySet, words: WordForms) -> None:
        self._words = words
        self._schema = _schema()
        self._query_for = lru_cache(maxsize=2_000)(self._word)
        # The mildest comes first in a set, and of equals the graver is meant.
        self._gravest_first = tuple(each.id for each in reversed(policies.behaviours))
        self._emergencies = frozenset(each.id for each in policies.behaviours if each.emergency)
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=15_000_000, num_threads=1)
        for behaviour in reversed(policies.behaviours):
            writer.add_document(self._document(behaviour))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def find(self, text: str) -> Found:
        """The behaviours that the text describes; nothing when no word of it is known."""
        said = [word for word in words_in(text) if plain(word) not in _SAYS_NOTHING][:_MOST_WORDS]
        if not said:
            return Found()
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._query_for(word)) for word in dict.fromkeys(said)]
        )
        hits = self._searcher.search(query, limit=_LIKELIEST + 2, count=False).hits
        if not hits:
            return Found()
        # tantivy numbers the documents of one commit in the order they were added.
        scores = {self._gravest_first[address.doc]: score for score, address in hits}
        ranked = sorted(scores, key=lambda behaviour: self._rank(scores, behaviour), reverse=True)
        first, *others = ranked
        next_best = max((scores[each] for each in others), default=0.0)
        # Better an emergency's card too soon than a list to choose from.
        ahead = first in self._emergencies or scores[first] >= next_best * _AHEAD
        return Found(tuple(ranked[:_LIKELIEST]), sure=scores[first] >= _ENOUGH and ahead)

    def _rank(self, scores: Mapping[str, float], behaviour: str) -> tuple[bool, float]:
        """Somebody who shouts and threatens, threatens: an emergency comes first when it is
        enough for itself and not far behind."""
        score = scores[behaviour]
        near = score >= max(scores.values()) * _GRAVER_FROM
        return behaviour in self._emergencies and score >= _ENOUGH and near, score

    def _document(self, behaviour: Behaviour) -> tantivy.Document:
        pieces = [
            piece.strip()
            for examples in behaviour.examples.values()
            for example in examples
            for piece in example.split(",")
        ]
        lines = [
            *(name for name in behaviour.names.values() for _ in range(_NAME_WEIGHT)),
            *behaviour.meaning.values(),
            *(piece for piece in pieces for _ in range(1 if " " in piece else _KEYWORD_WEIGHT)),
        ]
        said = [
            word for line in lines for word in words_in(line) if plain(word) not in _SAYS_NOTHING
        ]
        document = tantivy.Document()
        document.add_text("exact", " ".join(plain(word) for word in said))
        document.add_text("same", " ".join(form for word in said for form in self._same(word)))
        document.add_text("beginning", " ".join(filter(None, map(_beginning, said))))
        return document

    def _word(self, word: str) -> tantivy.Query:
        folded = plain(word)
        ways = [self._term("exact", folded, _EXACT)]
        ways += [self._term("same", form, _SAME_WORD) for form in self._same(word)]
        if beginning := _beginning(word):
            ways.append(self._term("beginning", beginning, _BEGINNING))
        if len(folded) >= _TYPO_FROM:
            typos = 2 if len(folded) >= _TWO_TYPOS_FROM else 1
            near = tantivy.Query.fuzzy_term_query(self._schema, "exact", folded, typos)
            ways.append(tantivy.Query.boost_query(near, _TYPO))
        return tantivy.Query.disjunction_max_query(ways)

    def _term(self, field: str, value: str, weight: float) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, field, value, "freq")
        return tantivy.Query.boost_query(term, weight)

    def _same(self, word: str) -> frozenset[str]:
        return self._words.forms(word) - {plain(word)}


def _beginning(word: str) -> str:
    folded = plain(word)
    return folded[:_BEGINNING_LETTERS] if len(folded) > _BEGINNING_LETTERS else ""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("exact", "same", "beginning"):
        # The words are folded already: the tokenizer only takes them apart.
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
