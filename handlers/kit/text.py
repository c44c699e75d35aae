"""Small things about written text that more than one feature needs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

_PRINTED = 400
"""Characters of what is said of a file's words."""

_LETTERS_KNOWN = 10_000
"""Letters of which a table remembers what they are: more than all who write here use."""


BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing."""


class Without(dict[int, int | None]):
    """A table for `str.translate` that takes out `letters`, and those of some of Unicode's
    categories. Each letter's is looked up once, as long as there are not too many: whole texts pass
    at the cost of a few calls, and nobody fills the memory with letters."""

    def __init__(self, categories: Iterable[str], letters: str = "") -> None:
        super().__init__(dict.fromkeys(map(ord, letters)))
        self._categories = frozenset(categories)

    def __missing__(self, letter: int) -> int | None:
        is_out = unicodedata.category(chr(letter)) in self._categories
        kept = None if is_out else letter
        if len(self) < _LETTERS_KNOWN:
            self[letter] = kept
        return kept


_SIGNS = str.maketrans(
    {
        **dict.fromkeys("'’‘‚ʼʻʹ′´`΄‛＇\u1fef\u1ffd", ""),
        **dict.fromkeys("“”„‟«»‹›❝❞〝〞〟″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−⸺⸻﹘﹣－", "-"),
    }
)
"""Signs that keyboards and programs put in each other's place."""

_LETTERS = str.maketrans(
    {
        **dict(zip("łƚøđðħŧıɨŋƶƀǥȷɉɏ", "lloddhtiinzbgjjy", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
"""Letters with a stroke, and pairs written as one: Unicode takes neither apart."""

_SEEN = Without(("Cc", "Cf", "Co", "Cs", "Mn", "Me"), BLANK)
"""Takes out what is not a sign of its own: marks on letters, and what nobody sees."""

_INSIDE = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
"""From the first letter or digit to the last."""


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """`unicodedata.normalize`, for text of any length. It puts marks behind one another in order
    one by one, in a time that grows with the square of their number: of more than Unicode's own
    limit for a stream (UAX #15, D4) the rest is left out, and of much text
    what comes apart into a whole sentence."""
    if len(text) > _SOON_DONE and not text.isascii():
        text = "".join(_with_few_marks(text))
    return unicodedata.normalize(form, text)


_MARKS_AT_MOST = 30
_SENTENCES = "\ufdfa\ufdfb"
"""Letters that come apart into 18 and 8: a screen of them would be many."""
_SOON_DONE = 256
"""Characters that are put in order at once, whatever they are: most of what is compared is less."""


def _with_few_marks(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS_AT_MOST and letter not in _SENTENCES:
            yield letter


def fold(text: str) -> str:
    """How names and words are compared: without case, diacritics, strokes and apostrophes, with
    one kind of quotes, dashes and spaces, and nothing that nobody sees."""
    if text.isascii() and text.isalnum():  # most words, at a twentieth of the cost
        return text.lower()
    plain = text
    for _ in range(2):  # what comes apart may be a capital, or a sign, again
        plain = normalized("NFKD", plain.translate(_SIGNS).casefold())
    plain = plain.translate(_SIGNS).translate(_LETTERS)
    words = " ".join(plain.split())  # a tab is nothing that is seen, and parts words
    return " ".join(words.translate(_SEEN).split())


LAST_LETTER = "\U0010ffff"
"""Behind every letter: Unicode keeps it free for uses like this one."""

_OF_THEIR_OWN = str.maketrans(
    {
        after: after_what + LAST_LETTER
        for after, after_what in zip("čģķļņŗšž", "cgklnrsz", strict=True)
    }
)
"""Letters of their own in Latvian: each stands between its plain one and the next."""


def sort_key(text: str) -> str:
    """By which lists that people read are ordered, as a Latvian dictionary has it: c before č, and
    ģ, ķ, ļ, ņ, ŗ, š and ž each behind its plain letter; y with i; long vowels, other marks and
    signs count only between those that are otherwise the same. Compare keys by their code points,
    or UTF-8 bytes, which is the same."""
    written = normalized("NFC", text.replace(LAST_LETTER, "")).casefold()
    folded = fold(written.translate(_OF_THEIR_OWN)).replace("y", "i")
    words = "".join(one if one.isalnum() or one == LAST_LETTER else " " for one in folded).split()
    return f"{' '.join(words)}\x01{' '.join(written.split())}"


def bare(word: str) -> str:
    """The word as it is written, without quotes, bullets and other signs around it, and nothing
    that nobody sees; empty when it was nothing else."""
    inside = _INSIDE.search(normalized("NFC", word).translate(_SEEN))
    return inside[0] if inside else ""


def lines_of(text: str) -> list[str]:
    """The lines of what somebody typed that hold anything, with single blanks between words."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def shortened(text: str, limit: int) -> str:
    """The text, cut at `limit` characters with an ellipsis where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def on_one_line(text: str) -> str:
    """The text for a terminal or a log: nothing of it begins a line, or tells a terminal to do
    something."""
    printed = (one if one.isprintable() else " " for one in text[:_PRINTED])
    return shortened(" ".join("".join(printed).split()), _PRINTED - 1)


def plain(line: tuple[object, ...]) -> str:
    """The words of a card's line that has nothing else, for places that know only text."""
    return "".join(span for span in line if isinstance(span, str))
