"""Which written forms are the same word: in Latvian, English and Russian, with and without
diacritics. Russian has no dictionary: its endings are taken off."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.kit.text import fold

if TYPE_CHECKING:
    import simplemma

_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_APOSTROPHES = str.maketrans("", "", "'’")
_SHORTEST_STEM = 4

_LATVIAN_ENDINGS = """
a ai ais aja ajai ajam ajas ajo ajos am as e ei em es i iem im is o os s u um us
at et it ot aties eties ities jas jies ja ji ju jat jam jusi jis oja usi uses usas
ams ama amas ami ots ota otas oti sana sanas sanu osa osas oss osi
"""
_ENGLISH_ENDINGS = " ed er ers ing ings ly s es ness"
_RUSSIAN_ENDINGS = """
а я о е у ю ы и ь ов ев еи ом ем ам ям ах ях ами ями ои ая ое ые ыи ого ему ому ую ых ых ими ыми
ть ти л ла ло ли ет ит ут ют ат ят ешь ишь ете ите ал ала али ил ила или ает яет ует аю яю ают яют
ся сь ется ится ются атся ался алась ались ился илась ились
"""
# The longest that fits is taken off a folded word: so "ā" and "a" are one.
_ENDINGS = sorted(
    (_LATVIAN_ENDINGS + _ENGLISH_ENDINGS + _RUSSIAN_ENDINGS).split(), key=len, reverse=True
)


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """The text without case, diacritics and apostrophes."""
    return fold(text).translate(_APOSTROPHES)


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, as they are written."""
    return tuple(_TOKEN.findall(text))


def stem(word: str) -> str:
    """The folded word without its ending; at least four letters stay."""
    folded = plain(word)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded


@lru_cache(maxsize=1)
def _dictionaries() -> "simplemma.Lemmatizer":
    """They stay packed: they would fill 40 MB. What was looked up is kept here, not there too."""
    import simplemma  # noqa: PLC0415 - who starts does not wait for it
    from simplemma.strategies import DefaultStrategy  # noqa: PLC0415 - the same

    return simplemma.Lemmatizer(
        cache_max_size=0, lemmatization_strategy=DefaultStrategy(low_memory=True)
    )


def lemmas(word: str) -> tuple[str, ...]:
    """The folded dictionary forms in Latvian and in English; the word itself where unknown."""
    lower = word.lower()
    if _CYRILLIC.fullmatch(lower):  # it is in neither: looking for it takes the longest of all
        return (plain(lower),)
    return tuple(
        plain(_dictionaries().lemmatize(lower, lang=language)) for language in ("lv", "en")
    )


class WordForms:
    """`handlers.kit.ports.Words`. The first word takes a quarter of a second: it has the
    dictionaries read."""

    def forms(self, word: str) -> frozenset[str]:
        return _forms(word)


# Whatever people type comes here: the limit keeps it from growing for ever.
@lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    if not plain(word):  # nothing but marks: no word, and simplemma raises
        return frozenset()
    return frozenset((plain(word), stem(word), *lemmas(word)))
