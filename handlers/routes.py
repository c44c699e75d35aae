"""What there is to answer, and which of it is meant by what somebody typed."""

import difflib
import re
from dataclasses import replace

from handlers import features, home
from handlers.kit.commands import Command, Route
from handlers.kit.reading import keepable
from handlers.kit.text import bare, fold

ROUTES: tuple[Route, ...] = home.ROUTES

_NEAR = 0.7
"""How like a word of ours a word has to be to be meant (difflib's ratio): "hnad" is."""

_SURELY_NEAR, _WORDS_LOOKED_AT = 0.85, 20
"""The same of a word somewhere in a sentence, and how many of its words are looked at."""

_MARKED = re.compile(r"([^\W\d_]{1,40})[,;:!?.…—–]{1,9}(\S.*)", re.DOTALL)
"""A word of ours, a mark, and what follows without a blank."""

LIST_NUMBER = re.compile(r"\(?[0-9]{1,2}[.)]")
"""What stands before the words of a list's first line."""

_ADDRESSED = ("plecs", "plec")
"""Plecs, as it is called in Latvian too: "Plec, vai ..."."""

_DASH = re.compile(r"[-–—:,;.]{1,9}\s{1,9}")
"""What may stand between a word of ours and what is said with it."""

_MARKS = ".,;:!?…"
_BEHIND_AT_MOST = 6
"""Words after which what is said is more than a word behind another."""

_POLITE = frozenset(
    map(fold, ("please", "pls", "lūdzu", "now", "tagad", "thanks", "thank", "you", "paldies"))
)
"""What may follow a word behind another: "hand down, thank you"."""

BY_NAME = {route.name: route for route in ROUTES}
BY_WORD = {
    fold(word): route
    for route in ROUTES
    if route.typed
    for word in (*route.typed.words.values(), *route.typed.also)
}
OF_DANGER = next(route for route in ROUTES if route.typed and route.typed.answers_danger)
"""Says what to do where somebody's life is in danger."""

_AS_WRITTEN = {
    fold(word): word
    for route in ROUTES
    if route.typed
    for word in (*route.typed.also, *route.typed.words.values())
}
_BEHIND = {
    (route.behind.command, fold(word)): route
    for route in ROUTES
    if route.behind
    for word in (*route.behind.words.values(), *route.behind.also)
}
_BEHIND_FIRST = frozenset(word.partition(" ")[0] for _, word in _BEHIND)
"""With what a word behind another begins: most of what people write begins otherwise."""


def find(command: Command) -> tuple[Command, Route | None]:
    """Who answers. `/plecs WORD text` becomes the word's own command, `/plecs` alone is help, and
    `/hand log` the route that the word behind stands for."""
    if command.name == "plecs":
        word, text = _first_word(command.text)
        route = BY_WORD.get(word) if word else BY_NAME["help"]
        takes_nothing = route is not None and route.typed is not None and not route.typed.usage
        is_cry = "!!" in command.text
        if route is None or (takes_nothing and (text or is_cry)) or _is_no_number(route, text):
            meant = _meant(command.text)
            if meant is not None and meant.typed is not None:
                said = meant.typed.said(command.text)
                return replace(command, name=meant.name, text=said), meant
        if route is None:
            return command, None
        command = replace(command, name=route.name, text=text)
    behind = _behind(command)
    if behind is not None:
        return replace(command, name=behind.name, text=""), behind
    return command, BY_NAME.get(command.name)


def _is_no_number(route: Route, text: str) -> bool:
    """Whether what stands behind its word is not the number that the route takes."""
    return bool(text and route.typed and route.typed.of_number) and not any(
        one.isdigit() for one in text
    )


def heeds_danger(route: Route | None) -> bool:
    """Whether the route's own answer says whom to call where words tell of a danger to life."""
    return route is not None and route.typed is not None and route.typed.heeds


def leaves_no_trace(command: Command) -> bool:
    """Whether nothing may be kept of who asked it, nor that anybody did."""
    _, route = find(keepable(command))
    return route is not None and route.unlinked


def label_of(command: Command) -> str:
    """Under which name the command is counted: its route's, unless that is private."""
    _, route = find(keepable(command))
    return "other" if route is None else features.PRIVATE if route.private else route.name


def nearest(text: str) -> tuple[str, str]:
    """The word of ours that is meant, as it is written, and what stands behind it: the first one
    misspelt, or one somewhere in a sentence. Empty where there is none."""
    word, rest = _first_word(text)
    if near := difflib.get_close_matches(word, BY_WORD, n=1, cutoff=_NEAR):
        return _AS_WRITTEN[near[0]], rest
    for word in text.split()[:_WORDS_LOOKED_AT]:
        if near := difflib.get_close_matches(fold(bare(word)), BY_WORD, n=1, cutoff=_SURELY_NEAR):
            return _AS_WRITTEN[near[0]], ""
    return "", ""


def _behind(command: Command) -> Route | None:
    """The route that the word behind stands for; a mark or a "please" after it changes nothing."""
    if not command.text:
        return None
    text = fold(command.text)
    exactly = _BEHIND.get((command.name, text))
    if exactly is not None or text.partition(" ")[0].strip(_MARKS) not in _BEHIND_FIRST:
        return exactly
    words = [bare(word) for word in text.split(maxsplit=_BEHIND_AT_MOST)]
    while words and (not words[-1] or words[-1] in _POLITE):
        words.pop()
    return _BEHIND.get((command.name, " ".join(words)))


def _meant(text: str) -> Route | None:
    """The route that a whole sentence without any word of ours means."""
    heard = [
        (route.typed.hears(text), route)
        for route in ROUTES
        if route.typed is not None and route.typed.hears is not None
    ]
    surely, surest = max(heard, key=lambda one: one[0])
    return surest if surely else None


def _first_word(text: str) -> tuple[str, str]:
    """The first word, folded, and what stands behind it, if only after a mark ("hand:he shouts");
    what is no word is passed over, and so is what it is told to ("1. hand", "Plecs, hand")."""
    place, word = 0, ""
    for at, piece in enumerate(text.split(maxsplit=_WORDS_LOOKED_AT)[:_WORDS_LOOKED_AT]):
        if one := "" if LIST_NUMBER.fullmatch(piece) else bare(piece):
            place, word = at, one
            if word.casefold() not in _ADDRESSED:
                break
    if not word:
        return "", ""
    rest = "".join(text.split(maxsplit=place + 1)[place + 1 :]).strip()
    marked = _MARKED.fullmatch(word)
    if marked is not None and fold(marked[1]) in BY_WORD:
        word, rest = marked[1], f"{marked[2]} {rest}".strip()
    return fold(word), rest[end.end() :].lstrip() if (end := _DASH.match(rest)) else rest
