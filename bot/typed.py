"""What people type to Plecs: read where there are no commands of the platform's own, and written
for them to type."""

from bot.command_names import installed_as
from bot.texts import texts
from handlers import routes
from handlers.kit.cards import ToType
from handlers.kit.text import fold

PLECS = "plecs"
"""The command that knows all the others by their words."""

_ADDRESSED = (PLECS, "plec")
"""Plecs, as it is called in Latvian too: "Plec, vai ..."."""

MOST_TYPED = 40_000
"""Characters of what somebody typed: no platform takes longer messages. (Slack 40,000, Teams some
28 KB.)"""

_TYPED = {route.name: route.typed for route in routes.ROUTES if route.typed is not None}

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


def as_command(one: ToType, locale: str, prefix: str = "") -> str:
    """As it is typed where commands are the platform's own: `/break 10`, `/plecs prom 2 h`; with
    the `prefix` that they were installed with, `/acme-break 10`."""
    typed = _TYPED.get(one.command)
    if typed is not None and typed.own_command:
        return f"/{installed_as(typed.words['en'], prefix)} {one.rest}".rstrip()
    word, plecs = _word(one, locale), f"/{installed_as(PLECS, prefix)}"
    return plecs if word == PLECS else f"{plecs} {word} {one.rest}".rstrip()


def as_words(one: ToType, locale: str) -> str:
    """As it is typed in a chat with Plecs: `pauze 10`."""
    return f"{_word(one, locale)} {one.rest}".rstrip()


def _word(one: ToType, locale: str) -> str:
    typed = _TYPED.get(one.command)
    return one.command if typed is None else typed.words[texts(locale).locale]


def after_plecs(text: str) -> str:
    """What was typed, as the text of `/plecs`: the slash and the word itself may be there, and the
    first word may be emphasised, quoted or end like a sentence. What follows it stays as it is."""
    first, rest = _first(text)
    if fold(first) in _ADDRESSED:
        first, rest = _first(rest)
    return f"{first} {rest}".strip()


def _first(text: str) -> tuple[str, str]:
    """The first word without what stands around it, and the rest."""
    words = text.split(maxsplit=1)
    if len(words) > 1 and routes.LIST_NUMBER.fullmatch(words[0]):
        words = words[1].split(maxsplit=1)
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
