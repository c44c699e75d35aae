"""Plain words by which somebody in a hard call asks for a human, and words that are only polite."""

import re
from collections.abc import Sequence
from functools import cache

from handlers.kit.likeness import Likeness
from handlers.kit.once import once
from handlers.kit.spelling import words_of
from handlers.kit.text import fold
from handlers.kit.ways import shipped, words_shipped
from handlers.kit.weighing import Scales


def is_distress(text: str) -> bool:
    """Whether somebody types as they would call to a colleague: "help, he threatens me"; or calls
    for anybody at all, in no more than a few words. Who asks Plecs itself, and tells nothing
    besides, does neither: "hello, can you help me?". Nor does who tells of a call that is over."""
    words = words_of(text)
    told = ungreeted(words)
    return not (_asks_plecs(told) or _ways("over").said(words)) and (
        is_known_cry(words)
        or (len(told) <= _A_CALL and bool(_ways("calling").said(words)))
        or _scales().weigh(words).points + _likeness(told) >= _ENOUGH
    )


def is_known_cry(words: Sequence[str]) -> bool:
    """Whether a text's words (`words_of`) are a cry for a human in a way that is known."""
    return bool(_ways("distress").said(words))


def _likeness(words: Sequence[str]) -> int:
    """Points of likeness to cries; a few words are too little to be like anything: "I don't know"
    begins many of them."""
    return _alike().points(words) if len(words) > _A_CALL else 0


def is_courtesy(text: str) -> bool:
    """Whether it is thanks in no more than a few words, or a greeting and nothing besides."""
    words = words_of(text)
    thanks = len(text.split()) <= _FEW_WORDS and _ways("thanks").said(words)
    return bool(thanks) or (_greets(words) and not _told(ungreeted(words)))


def asks_plecs(text: str) -> bool:
    """Whether Plecs is asked whether it can help, and nothing is told besides."""
    return _asks_plecs(ungreeted(words_of(text)))


def greets(text: str) -> bool:
    """Whether there is a greeting in it, whatever else is said."""
    return _greets(words_of(text))


def _greets(words: Sequence[str]) -> bool:
    return bool(_ways("courtesy").said(words))


def _asks_plecs(without_greeting: Sequence[str]) -> bool:
    told = _told(without_greeting)
    return bool(told & _YOU) and told <= _list("asking_plecs") and any(map(_HELP.match, told))


def _told(without_greeting: Sequence[str]) -> frozenset[str]:
    """What is said without what belongs to a greeting."""
    return frozenset(without_greeting) - _list("beside_greeting")


def ungreeted(words: Sequence[str]) -> Sequence[str]:
    """A text's words (`words_of`) without greetings: who calls begins with one, or does not."""
    return [one for one in words if not _greets((one,))]


_ENOUGH = 6
"""Points, weighed and for likeness, from which somebody calls who says it in no known way."""

_FEW_WORDS = 5
_A_CALL = 3

_YOU = frozenset(("you", "u", "tu", "jus", "ты", "вы"))
_HELP = re.compile("help|assist|palidz|помо")


_ways = cache(shipped)


@once
def _scales() -> Scales:
    return Scales("distress")


@once
def _alike() -> Likeness:
    return Likeness("distress", _scales())


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(fold(words_shipped(name)).split())
