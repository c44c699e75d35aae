"""Russian that was typed with Latin letters, as people do who have no other keyboard at hand."""

import re

_PAIRS = {
    "tsja": "тся", "tsya": "тся", "shch": "щ", "sch": "щ",
    "zh": "ж", "kh": "х", "ch": "ч", "sh": "ш", "ts": "ц", "tz": "ц",
    "yu": "ю", "ju": "ю", "iu": "ю", "ya": "я", "ja": "я", "ia": "я", "yo": "е", "jo": "е",
    "ye": "е", "je": "е",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "и", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "х", "y": "ы", "z": "з",
}  # fmt: skip
"""Latin letters and the Russian ones that they stand for, folded as `handlers.kit.text.fold` does:
"й" is "и", and "ё" is "е"."""

_LATIN = re.compile("|".join(sorted(_PAIRS, key=len, reverse=True)))
_AFTER_A_VOWEL = re.compile("(?<=[аеиоуыэюя])ы")


def in_cyrillic(word: str) -> str:
    """The folded word in Russian letters, if its Latin ones stood for them: "ne dyshit", word by
    word, is "не дышит". A soft sign, which few people type, is not put in."""
    return _AFTER_A_VOWEL.sub("и", _LATIN.sub(lambda found: _PAIRS[found[0]], word))
