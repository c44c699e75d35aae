"""Whether words tell of a danger to somebody's life: it goes before every other reading of them.

A miss here is the worst that Plecs could do, and a card too many is a tap: so it hears too much
rather than too little, in three languages at once. Ways of saying it that are known tell it surely
or perhaps; single words are weighed besides, and what is ordinary weighs against both. How alike
it is to what turned out to be one, or not, counts as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.kit.likeness import Likeness
from handlers.kit.once import once
from handlers.kit.spelling import words_of
from handlers.kit.ways import Said, Ways, as_ways, shipped
from handlers.kit.weighing import Scales, Weight

SURE, ENOUGH = 12, 5
"""Points from which a danger is surely told, and from which it may be."""

_BY_WAYS = (0, ENOUGH, SURE)
_SAYS = tuple(Said)
_CALM = 10
"""Points of a known way of saying it, and those that an ordinary one takes away."""

_IN_SPITE_OF_CALM = 13
"""Points from which an ordinary way of saying it does not silence them."""

_HEAVIEST = 20
"""Points of weighed words that count: a long story is not the surer for being long."""

_WEIGHED_TWICE = 2
"""Words are weighed by themselves and by what sentences have in common: each counts half."""

_DOUBTED = 2
"""Points of likeness to what is ordinary that take nothing away from a surely known way."""

_KNOWN = "danger_lists", "danger_own", "danger_body", "danger_around"
_BY_OWN_HAND = _KNOWN.index("danger_own")
"""The texts of known ways, and the number of those of a danger that somebody is to themselves."""

_EVERY_DAY, _BEHAVIOUR = frozenset({"business", "outage"}), frozenset({"abuse"})
"""Things told, as the lists of weighed words call them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What words tell of a danger to life. `points`: how much, from 0 on; `known`: whether in a way
    that is known; `weight`: what their words weigh one by one."""

    points: int
    known: Said
    weight: Weight

    @property
    def said(self) -> Said:
        return said_by(self.points)

    @property
    def is_ordinary(self) -> bool:
        """Whether they tell of a bill or an outage, and of nobody's behaviour."""
        against = self.weight.against
        return bool(_EVERY_DAY & against) and not _BEHAVIOUR & against


def told(words: Sequence[str], more: Sequence[str] = ()) -> Told:
    """What a text's words (`words_of`) tell of a danger to life. `more` are a workspace's own ways
    of saying it: what the words of one begin with must all be said, near each other."""
    weight = _scales().weigh(words)
    if more and _own(tuple(more)).said(words):
        return Told(2 * SURE, Said.SURELY, weight)
    known = known_ways().said(words)
    return Told(_points(words, known, weight), known, weight)


def danger_in(text: str, more: Sequence[str] = ()) -> Said:
    """Whether the text tells of a danger to life."""
    return told(words_of(text), more).said


def is_sure_in(text: str, more: Sequence[str] = ()) -> bool:
    """Whether the text surely tells of one: for whatever is typed, and so at little cost."""
    words = words_of(text)
    if more and _own(tuple(more)).said(words):
        return True
    known = known_ways().said(words)
    return known is Said.SURELY and _points(words, known, _scales().weigh(words)) >= SURE


def _points(words: Sequence[str], known: Said, weight: Weight) -> int:
    """How much they tell of one, if they tell it so surely in a way that is known. What is weighed,
    or alike, is never sure by itself."""
    alike = _alike().points(words)
    if known is Said.SURELY:
        # Likeness to everything ordinary may make a known way unsure; it can't make it surer.
        alike = min(alike + _DOUBTED, 0)
    points = _BY_WAYS[known] + min(weight.points, _HEAVIEST) // _WEIGHED_TWICE + alike
    calm = points > 0 and is_calm(words)
    if calm:
        # Said every day, and much else besides speaks for a danger: it may be one.
        points = min(points - _CALM, SURE - 1) if points < _IN_SPITE_OF_CALM else ENOUGH
    if known is not Said.SURELY:
        return min(points, SURE - 1)
    # Bills and shouting may make a known way unsure; unheard it is only when it is said every day.
    return points if calm else max(points, ENOUGH)


def said_by(points: int) -> Said:
    """What so many points say."""
    return _SAYS[(points >= ENOUGH) + (points >= SURE)]


def is_calm(words: Sequence[str]) -> bool:
    """Whether they are known to be said every day, however they sound."""
    return bool(_calm().said(words))


def danger_because(words: Sequence[str], more: Sequence[str] = ()) -> tuple[str, ...]:
    """The words that tell of it; none where none does."""
    known = known_ways().because(words) or (_own(tuple(more)).because(words) if more else ())
    if known:
        return known
    found = told(words)
    return (found.weight.words or _alike().because(words)) if found.said else ()


def is_by_ones_own_hand(words: Sequence[str]) -> bool:
    """Whether the danger that the words tell of is one that somebody is to themselves, and no other
    besides: whoever took pills and doesn't breathe needs breath first."""
    known = known_ways().surely_in(words)
    if known:
        return known == {_BY_OWN_HAND}
    weight = _scales().weigh(words)
    return 0 < weight.own > weight.points - weight.own


@once
def known_ways() -> Ways:
    """The ways of telling of one that come with Plecs."""
    return shipped(*_KNOWN)


@once
def _scales() -> Scales:
    return Scales("danger")


@once
def _alike() -> Likeness:
    return Likeness("danger", _scales())


@once
def _calm() -> Ways:
    return shipped("danger_lists", "calm")


@lru_cache(maxsize=200)
def _own(lines: tuple[str, ...]) -> Ways:
    return Ways(as_ways(lines))
