"""Small things about written text that more than one feature needs."""

import unicodedata

from handlers.kit.cards import Line

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("'’‘ʼʻ′´`΄‛＇\u1fef\u1ffd", ""),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)
"""Signs that keyboards and programs put in each other's place."""

_LETTERS = str.maketrans(
    {
        **dict(zip("łøđðħŧıŋƶɨ", "loddhtinzi", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
"""Letters with a stroke, and pairs written as one: Unicode takes neither apart."""

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Mn", "Me"})
"""Categories of what is not a sign of its own: marks on letters, and what nobody sees."""


def fold(text: str) -> str:
    """How names and words are compared: without case, diacritics, strokes and apostrophes, with
    one kind of quotes, dashes and spaces, and nothing that nobody sees."""
    plain = text
    for _ in range(2):  # what comes apart may be a capital, or a sign, again
        plain = unicodedata.normalize("NFKD", plain.translate(_SIGNS).casefold())
    plain = plain.translate(_SIGNS).translate(_LETTERS)
    seen = (one for one in plain if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return " ".join("".join(seen).split())


_LAST = "\U0010ffff"
"""Behind every letter: Unicode keeps it free for uses like this one."""

_OF_THEIR_OWN = str.maketrans(
    {after: after_what + _LAST for after, after_what in zip("čģķļņŗšž", "cgklnrsz", strict=True)}
)
"""Letters of their own in Latvian: each stands between its plain one and the next."""


def sort_key(text: str) -> str:
    """By which lists that people read are ordered, as a Latvian dictionary has it: c before č, and
    ģ, ķ, ļ, ņ, ŗ, š and ž each behind its plain letter; y with i; long vowels, other marks and
    signs count only between those that are otherwise the same. Compare keys by their code points,
    or UTF-8 bytes, which is the same."""
    written = unicodedata.normalize("NFC", text.replace(_LAST, "")).casefold()
    folded = fold(written.translate(_OF_THEIR_OWN)).replace("y", "i")
    words = "".join(one if one.isalnum() or one == _LAST else " " for one in folded).split()
    return f"{' '.join(words)}\x01{' '.join(written.split())}"


def bare(word: str) -> str:
    """The word as it is written, without quotes, bullets and other signs around it, and nothing
    that nobody sees; empty when it was nothing else."""
    whole = unicodedata.normalize("NFC", word)
    seen = "".join(one for one in whole if unicodedata.category(one) not in _UNSEEN)
    inside = [number for number, one in enumerate(seen) if one.isalnum()]
    return seen[inside[0] : inside[-1] + 1] if inside else ""


def lines_of(text: str) -> list[str]:
    """The lines of what somebody typed that hold anything, with single blanks between words."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def shortened(text: str, limit: int) -> str:
    """The text, cut at `limit` characters with an ellipsis where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(line: Line) -> str:
    """The words of a line that has nothing else, for places that know only text."""
    return "".join(span for span in line if isinstance(span, str))
