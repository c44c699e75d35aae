"""Finding the colleague whom somebody means, and saying kindly whom they can't mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.kit.commands import MENTIONED, Command, RefusedError
from handlers.kit.people import Kind, Person
from handlers.kit.ports import mark
from handlers.kit.reading import nobody_there
from handlers.kit.text import fold

if TYPE_CHECKING:
    from handlers.work import Context

_NAME_WORDS = 3
"""A typed name has so many words at most; what follows is the why."""

_LONGEST_NAME = 80
"""Characters of a name that is looked for."""

_NAMESAKES = 10

_NEARLY_SO = 100
"""How many are looked at for whom a name in another case may mean."""

_WITH = ("ar", "with")
"""What may stand before a name."""

_ENDINGS = sorted(
    ("am", "im", "um", "as", "es", "ai", "ei", "is", "us", "os", *"saeiuo"), key=len, reverse=True
)
"""Of Latvian names in any case, folded: Anna, Annas, Annai, Annu; Jānis, Jāņa, Jānim, Jāni."""

_SHORTEST = 2
"""Letters of a name that stay when its ending is taken off: Ieva, Ēvai."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a command says when the person meant can't be: whole sentences in its own words, as
    message ids. Those with a {name} are given the person's first name."""

    several: str
    nobody: str
    oneself: str
    bot: str = mark("{name} is a bot. This is for people.")
    outsider: str = mark("{name} is in another workspace. I can only ask your own colleagues.")
    gone: str = mark("{name} no longer works here. Nothing was sent.")


def named(command: Command, ctx: "Context", words: Asking) -> tuple[tuple[Person, ...], str]:
    """The colleagues that the text may mean, one if it is clear, and what stands behind the name.

    Raises RefusedError when it means nobody, or several at once.
    """
    mentioned = command.many(MENTIONED)
    if len(set(mentioned)) > 1:
        raise RefusedError(ctx.t(words.several))
    if mentioned:
        rest = command.text.replace(f"@{mentioned[0]}", " ", 1)
        meant = ctx.find(command.by, mentioned[:1])
        if not meant:
            raise RefusedError(nobody_there(ctx.t))
        return tuple(meant.values()), rest
    pieces = command.text.split()
    if len(pieces) > 1 and fold(pieces[0]) in _WITH:
        pieces = pieces[1:]
    for length in range(min(_NAME_WORDS, len(pieces)), 0, -1):
        found = _called(" ".join(pieces[:length]), ctx)
        if found:
            return found, " ".join(pieces[length:])
    raise RefusedError(ctx.t(words.nobody))


def check(person: Person, ctx: "Context", words: Asking) -> None:
    """Raises RefusedError for somebody who is no colleague of the caller's, each with its own
    answer."""
    t, name = ctx.t, person.first_name
    if person.id == ctx.me.id:
        raise RefusedError(t(words.oneself))
    if person.kind is Kind.BOT:
        raise RefusedError(t(words.bot, name=name))
    if person.kind is Kind.OUTSIDER or person.workspace != ctx.me.workspace:
        raise RefusedError(t(words.outsider, name=name))
    if not person.active:
        raise RefusedError(t(words.gone, name=name))


def _called(text: str, ctx: "Context") -> tuple[Person, ...]:
    """Those in the workspace called so: by whole words of the name, else by how they begin."""
    words = _parts(text)
    if not words or len(text) > _LONGEST_NAME:
        return ()
    found, _ = ctx.work.people.search(ctx.me.workspace, " ".join(words), 0, _NAMESAKES)
    for fits in (str.__eq__, str.startswith):
        if called := tuple(one for one in found if _fit(one, words, fits)):
            return called
    stems = " ".join(map(_stem, words))
    found, _ = ctx.work.people.search(ctx.me.workspace, stems, 0, _NEARLY_SO)
    return tuple(one for one in found if _fit(one, words, _is_in_another_case))[:_NAMESAKES]


def _fit(person: Person, words: Sequence[str], fits: Callable[[str, str], bool]) -> bool:
    """Whether each of the words is one of the person's names, or half of a double one."""
    return all(any(fits(part, word) for part in _parts(person.name)) for word in words)


def _is_in_another_case(name: str, word: str) -> bool:
    return _stem(name) == _stem(word)


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= _SHORTEST:
            return name[: -len(ending)]
    return name


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(name))
