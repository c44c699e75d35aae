"""Small things about written text that more than one feature needs."""

import unicodedata

from handlers.kit.cards import Line


def fold(text: str) -> str:
    """The text without case, diacritics and outer spaces: how names and words are compared."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def shortened(text: str, limit: int) -> str:
    """The text, cut at `limit` characters with an ellipsis where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(line: Line) -> str:
    """The words of a line that has nothing else, for places that know only text."""
    return "".join(span for span in line if isinstance(span, str))
