"""Finds the behaviour that a few hurried words describe.

One document a behaviour, three fields: the words as written (folded), their dictionary forms, and
their beginnings. Latvian dictionary forms alone miss many written forms, and endings taken off
alone confuse many words: so each word of the question counts by the best of the three.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

import tantivy

from handlers.boundaries.model import BEHAVIOURS_LIMIT, Behaviour, PolicySet
from handlers.kit.transliterated import in_cyrillic
from handlers.library.model import READ_IN, SPOKEN, Found, Saying
from storage.spare_memory import give_back
from storage.words import WordForms, plain, words_in

_MOST_WORDS = 24
_LIKELIEST = 3

_NAME_WEIGHT = 3
"""How often a name counts against one example: it is what colleagues learn to say."""

_KEYWORD_WEIGHT = 2
"""How often an example of one word counts: a word inside a phrase may be there by chance."""

_BESIDE = 0.6
"""How much a word inside a phrase counts against one that is an example of its own: it may be there
by chance, and two of them make a phrase."""

_EXACT, _SAME_WORD, _BEGINNING = 1.2, 1.0, 0.5
_TYPO = 0.9
"""A typo's match has no rarity, so this is its whole score, where a rare word's is about 2."""

_BEGINNING_LETTERS = 5
_TYPO_FROM, _TWO_TYPOS_FROM = 5, 9

_ENOUGH = 2.3
"""The least score of a sure answer: one rare word of the set."""

_AHEAD = 1.25
"""How many times the next one's score a sure answer has."""

_SHARE = 0.26
"""The part of the words that a sure answer rests on: one of many may be there by chance."""

_GRAVER_FROM = 0.6
"""The part of the best score with which an emergency is put before it."""

_EMPTY_WORDS = """
a about again all also am an and any are as at be been but by can caller callers client customer
did do does doing for from get gets getting go goes going got had has have he her him his how i if
in is it its just keeps kept like me my myself not now of on or our out over really said say saying
says she so some than that the their them then there they thing things this time times to too up
us use used uses very want wants was way we well were what when where which while who whole why
will with would you your itself off one two three four five

abonents ar ari bet bija bus but caur cik dara es esam esmu grib gribu ir ja jau jo jums jus ka
kad kada kads kam kas kaut klienta kliente klientam klients klientu ko kopa kur kura kurs lai lidz
loti man mana mani manu mums mus musu nav ne negrib no nu pa par pat pec pie pret saka sakot savu
seit si sis so ta tad tagad tas te tie to tur un uz vai vairs vel vina vinai vinam vini vins visi
viss visu visus laiks laiku zvanitaja zvanitajs stabs staba stabu stabi stabam stabiem

а без более больше будет бы был была были быть в вам вас весь во вот все всего всем всех всю вся
вы где да для до его ее еи если есть еще же за звонит и из или им их к как какои какая когда
клиент клиентка кто куда ли меня мне мнои много можно мои моя мы на над нам нас наш не него нее ни
них но ну о об он она они оно от очень по под после потом при про раз с сам сама свои свою себя
сеичас со так там тебя то тогда тоже только тут ты у уже хочет что чтоб чтобы эта эти это этот я
говорит сказал сказала
"""
# Who speaks and to whom is the same in every question, and says nothing of what is done.
_SAYS_NOTHING = frozenset(_EMPTY_WORDS.split())


class PolicyIndex:
    """One policy set, ready to be searched. Making it takes some hundredths of a second; it never
    changes afterwards, so any thread may ask."""

    def __init__(self, policies: PolicySet, words: WordForms, *, apart: bool = False) -> None:
        """`apart`: a danger to life of either kind is looked for by itself. Else both are one, so
        that neither is less likely for being told from the other, which is done afterwards."""
        dangers = [] if apart else [each for each in policies.behaviours if each.is_to_stay]
        self._kinds = frozenset(each.id for each in dangers)
        self._by_kind: PolicyIndex | None = None
        if len(dangers) > 1:
            both = replace(policies, behaviours=tuple(dangers))
            self._by_kind = PolicyIndex(both, words, apart=True)
            policies = _as_one(policies, dangers)
        self._words = words
        self._schema = _schema()
        # What a word says is asked once: the same few words are typed again and again.
        self._scores_of = lru_cache(maxsize=2_000)(self._scores)
        self._leads_surely_to = lru_cache(maxsize=2_000)(self._surely)
        self._is_example_of = lru_cache(maxsize=2_000)(self._as_example)
        # The mildest comes first in a set, and of equals the graver is meant.
        self._gravest_first = tuple(each.id for each in reversed(policies.behaviours))
        self._emergencies = frozenset(each.id for each in policies.behaviours if each.emergency)
        self._threats = self._emergencies - {
            one.id for one in policies.behaviours if one.is_to_stay
        }
        threats = (one for one in policies.behaviours if one.id in self._threats)
        phrases = (piece for one in threats for piece in _pieces(one) if " " in piece)
        self._threatening: dict[str, set[tuple[int, int]]] = {}
        for number, phrase in enumerate(phrases):
            for place, word in enumerate(filter(_says_something, words_in(phrase))):
                for form in words.forms(word) | {plain(word)}:
                    self._threatening.setdefault(form, set()).add((number, place))
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=15_000_000, num_threads=1)
        for behaviour in reversed(policies.behaviours):
            writer.add_document(self._document(behaviour))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        del writer
        give_back()

    def find(self, text: str) -> Found:
        """The behaviours that the text describes; nothing when no word of it is known."""
        said = list(filter(_says_something, words_in(text)))[:_MOST_WORDS]
        if not said:
            return Found()
        every: dict[str, float] = {}
        for word in dict.fromkeys(said):
            for behaviour, score in self._scores_of(word).items():
                every[behaviour] = every.get(behaviour, 0.0) + score
        if not every:
            return Found()
        order = [each for each in self._gravest_first if each in every]
        order.sort(key=every.__getitem__, reverse=True)
        scores = {each: every[each] for each in order[: _LIKELIEST + 2]}
        ranked = sorted(scores, key=lambda behaviour: self._rank(scores, behaviour), reverse=True)
        first, *others = ranked
        next_best = max((scores[each] for each in others), default=0.0)
        # Better an emergency's card too soon than a list to choose from.
        ahead = first in self._emergencies or scores[first] >= next_best * _AHEAD
        likeliest = tuple(self._of_its_kind(each, text) for each in ranked[:_LIKELIEST])
        sure = scores[first] >= _ENOUGH and ahead and self._rests_on_enough(said, first)
        return Found(likeliest, sure=sure)

    def _rests_on_enough(self, said: Sequence[str], behaviour: str) -> bool:
        """Whether enough of the words lead to the behaviour. To a threat a word leads surely only
        as it is written or in another form, what begins like "stab" may be a pole; and only where
        one of them is an example of its own or two make a phrase: children stand in one threat, a
        home in another."""
        leads_to: Callable[[str], Container[str]] = self._scores_of
        if behaviour in self._threats:
            leads_to = self._leads_surely_to
            by_itself = any(behaviour in self._is_example_of(word) for word in said)
            if not (by_itself or self._says_a_threat(said)):
                return False
        leading = 0
        for word in said:
            leading += behaviour in leads_to(word)
            if leading > _SHARE * len(said):
                return True
        return False

    def _says_a_threat(self, said: Sequence[str]) -> bool:
        """Whether two words of one phrase are said."""
        told: dict[int, set[int]] = {}
        for word in said:
            for form in self._known_forms(word):
                for phrase, place in self._threatening.get(form, ()):
                    told.setdefault(phrase, set()).add(place)
        return any(len(places) > 1 for places in told.values())

    def because(self, text: str) -> dict[str, tuple[str, ...]]:
        """The behaviours that each of the words leads to by itself, the likeliest first."""
        return {word: self.find(word).likeliest for word in words_in(text) if _says_something(word)}

    def _of_its_kind(self, behaviour: str, text: str) -> str:
        """The behaviour; of the dangers to life, which are one here, the one that is described."""
        if self._by_kind is None or behaviour not in self._kinds:
            return behaviour
        return next(iter(self._by_kind.find(text).likeliest), behaviour)

    def _rank(self, scores: Mapping[str, float], behaviour: str) -> tuple[bool, float]:
        """Somebody who shouts and threatens, threatens: an emergency comes first when it is
        enough for itself and not far behind."""
        score = scores[behaviour]
        near = score >= max(scores.values()) * _GRAVER_FROM
        return behaviour in self._emergencies and score >= _ENOUGH and near, score

    def _document(self, behaviour: Behaviour) -> tantivy.Document:
        pieces = _pieces(behaviour)
        alone = [piece for piece in pieces if " " not in piece for _ in range(_KEYWORD_WEIGHT)]
        names = [name for name in behaviour.names.values() for _ in range(_NAME_WEIGHT)]
        phrases = [*behaviour.meaning.values(), *(piece for piece in pieces if " " in piece)]
        document = tantivy.Document()
        for lines, beside in (((*names, *alone), ""), (phrases, "_beside")):
            said = [word for line in lines for word in words_in(line) if _says_something(word)]
            same = (form for word in said for form in self._words.forms(word) - {plain(word)})
            document.add_text(f"exact{beside}", " ".join(map(plain, said)))
            document.add_text(f"same{beside}", " ".join(same))
            document.add_text(f"beginning{beside}", " ".join(filter(None, map(_beginning, said))))
        return document

    def _scores(self, word: str) -> Mapping[str, float]:
        """How much the word counts for each behaviour: as it is written, in another form, cut
        short, or misspelt, by the best of these."""
        folded = plain(word)
        ways = self._as_known(word)
        for one in filter(None, (_beginning(word), _beginning(in_cyrillic(folded)))):
            ways.append(("beginning", one, _BEGINNING))
        queries = self._each(ways)
        if len(folded) >= _TYPO_FROM:
            typos = 2 if len(folded) >= _TWO_TYPOS_FROM else 1
            near = tantivy.Query.fuzzy_term_query(self._schema, "exact", folded, typos)
            queries.append(tantivy.Query.boost_query(near, _TYPO))
        return self._searched(queries)

    def _surely(self, word: str) -> Container[str]:
        """The behaviours to which the word leads as it is written, or in another form."""
        return self._searched(self._each(self._as_known(word)))

    def _as_example(self, word: str) -> Container[str]:
        """The same, where it is an example of its own: not a word inside a phrase."""
        return self._searched([self._term(*way) for way in self._as_known(word)])

    def _searched(self, queries: list[tantivy.Query]) -> Mapping[str, float]:
        query = tantivy.Query.disjunction_max_query(queries)
        hits = self._searcher.search(query, limit=BEHAVIOURS_LIMIT, count=False).hits
        # tantivy numbers the documents of one commit in the order they were added.
        return {self._gravest_first[address.doc]: score for score, address in hits}

    def _as_known(self, word: str) -> list[tuple[str, str, float]]:
        """In which fields the word's forms are looked for, and how much each counts."""
        folded = plain(word)
        same = [("same", form, _SAME_WORD) for form in self._known_forms(word) - {folded}]
        return [("exact", folded, _EXACT), *same]

    def _known_forms(self, word: str) -> frozenset[str]:
        folded = plain(word)
        return self._words.forms(word) | self._words.forms(in_cyrillic(folded)) | {folded}

    def _each(self, ways: Sequence[tuple[str, str, float]]) -> list[tantivy.Query]:
        return [
            self._term(field + beside, value, weight * part)
            for field, value, weight in ways
            for beside, part in (("", 1.0), ("_beside", _BESIDE))
        ]

    def _term(self, field: str, value: str, weight: float) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, field, value, "freq")
        return tantivy.Query.boost_query(term, weight)


def _as_one(policies: PolicySet, dangers: Sequence[Behaviour]) -> PolicySet:
    """The set in which the gravest of these is described by all that describes any of them."""

    def said(one: Callable[[Behaviour], Saying]) -> Saying:
        return {locale: " ".join(one(each)[locale] for each in dangers) for locale in READ_IN}

    *others, gravest = dangers
    examples = {
        language: tuple(line for each in dangers for line in each.examples.get(language, ()))
        for language in SPOKEN
    }
    names, meaning = said(lambda one: one.names), said(lambda one: one.meaning)
    merged = replace(gravest, names=names, meaning=meaning, examples=examples)
    behaviours = (merged if one is gravest else one for one in policies.behaviours)
    return replace(policies, behaviours=tuple(one for one in behaviours if one not in others))


def _pieces(behaviour: Behaviour) -> list[str]:
    """The words and phrases that are examples of it, each by itself."""
    lines = (line for examples in behaviour.examples.values() for line in examples)
    return [piece.strip() for line in lines for piece in line.split(",")]


def _says_something(word: str) -> bool:
    return plain(word) not in _SAYS_NOTHING


def _beginning(word: str) -> str:
    folded = plain(word)
    return folded[:_BEGINNING_LETTERS] if len(folded) > _BEGINNING_LETTERS else ""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in product(("exact", "same", "beginning"), ("", "_beside")):
        # The words are folded already: the tokenizer only takes them apart.
        builder.add_text_field("".join(name), tokenizer_name="whitespace", index_option="freq")
    return builder.build()
