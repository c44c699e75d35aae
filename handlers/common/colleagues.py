"""Finding the colleague whom somebody means, and saying kindly whom they can't mean."""

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

_NAMESAKES = 10


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
    words = [fold(word) for word in text.removeprefix("@").replace(".", " ").split()]
    if not words:
        return ()
    found, _ = ctx.work.people.search(ctx.me.workspace, " ".join(words), 0, _NAMESAKES)
    for fits in (str.__eq__, str.startswith):
        called = tuple(
            person
            for person in found
            if all(any(fits(part, word) for part in fold(person.name).split()) for word in words)
        )
        if called:
            return called
    return ()
