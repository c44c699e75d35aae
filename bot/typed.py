"""What people type to Plecs, where there are no commands of the platform's own."""

from handlers.kit.text import fold

PLECS = "plecs"
"""The command that knows all the others by their words."""

MOST_TYPED = 40_000
"""Characters of what somebody typed: no platform takes longer messages. (Slack 40,000, Teams some
28 KB.)"""

_CLOSING = {
    **{mark: (mark,) for mark in ("*", "**", "***", "_", "__", "~~", "`", '"', "'")},
    "“": ("”",),
    "„": ("”", "“"),
    "«": ("»",),
    "‘": ("’",),
    "‚": ("’", "‘"),
}
"""What ends an emphasis or a quotation, by what begins it."""

_AROUND = "*_~`\"'“”„«»‘’‚.,:;!?…"


def after_plecs(text: str) -> str:
    """What was typed, as the text of `/plecs`: the slash and the word itself may be there, and the
    first word may be emphasised, quoted or end like a sentence. What follows it stays as it is."""
    first, rest = _first(text)
    if fold(first) == PLECS:
        first, rest = _first(rest)
    return f"{first} {rest}".strip()


def _first(text: str) -> tuple[str, str]:
    """The first word without what stands around it, and the rest."""
    words = text.split(maxsplit=1)
    if not words:
        return "", ""
    word, rest = words[0], words[1] if len(words) > 1 else ""
    bare = word.strip(_AROUND).removeprefix("/")
    if not bare:
        return word.removeprefix("/"), rest
    opened = word[: len(word) - len(word.lstrip(_AROUND))]
    if word.endswith(bare):  # an emphasis or a quotation that began may go on to the end
        for closing in _CLOSING.get(opened, ()):
            if rest.endswith(closing):
                return bare, rest.removesuffix(closing)
    return bare, rest
