"""Finding the colleague whom somebody means, and saying kindly whom they can't mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from handlers.kit.cards import ToType
from handlers.kit.commands import MENTIONED, Command, RefusedError
from handlers.kit.people import Kind, Person
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, nobody_there
from handlers.kit.text import fold, normalized

if TYPE_CHECKING:
    from handlers.work import Context

_NAME_WORDS = 3
"""A typed name has so many words at most; what follows is the why."""

_LONGEST_NAME = 80
"""Characters of a name that is looked for."""

_WORDS = re.compile(r"[^\W_]+")

_MOST_MENTIONED = 3
"""Names behind an "@" that are looked for: each is asked of the database some six times."""

_MOST_NAMED = 20
"""Of many names with "and" between them, those that are looked for."""

_NAMESAKES = 10

_NEARLY_SO = 100
"""How many are looked at for whom a name in another case may mean."""

_WITH = ("ar", "with")
"""What may stand before a name."""

_BETWEEN_NAMES = re.compile(r"\b(?:and|un)\b|[&+,]|(?<=\s)(?=@)", re.IGNORECASE)

_CASES = {
    ending: forms.split(" ")
    for ending, forms in {
        "ais": "ais a ajam o aja",
        "is": "is a ja im i",
        "us": "us um u",
        "s": "s a am u i im ij ",
        "a": "a as ai am u ajai o ",
        "e": "e es ei em i ",
        "": "s a am u ",
    }.items()
}
"""Of Latvian names, folded: what may stand in place of each ending. Lielais, Lielajam; Jānis, Jāņa,
Jānim; Ingus, Ingum; Ēriks, Ērikam, Ērik; Zivs, Zivij; Anna, Annai (Jānis Liepa: Liepam); Zane,
Zanei; and a foreign name gets them: Bjørn, Bjørnam."""

_CHANGED = {"d": "z", "t": "s"}
"""What the genitive makes of a name's last letter: Briedis, Brieža; Latis, Laša."""

_ENDINGS = frozenset({*_CASES, *(one for forms in _CASES.values() for one in forms)}) - {""}

_SHORTEST = 2
"""Letters of a name that stay when its ending is taken off: Ieva, Ēvai."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a command says when the person meant can't be: whole sentences in its own words, as
    message ids. Those with a {name} are given the person's first name; `nobody` has the command
    itself as {typed}."""

    several: str
    nobody: str
    oneself: str
    bot: str = mark("{name} is a bot. This is for people.")
    outsider: str = mark("{name} is not of your organisation. I can only ask your own colleagues.")
    gone: str = mark("{name} no longer works here. Nothing was sent.")


def named(command: Command, ctx: "Context", words: Asking) -> tuple[tuple[Person, ...], str]:
    """The colleagues that the text may mean, one if it is clear, and what stands behind the name.

    Raises RefusedError when it means nobody, or several at once.
    """
    mentioned = command.many(MENTIONED)
    if len(set(mentioned)) > 1:
        raise RefusedError(ctx.t(words.several))
    if mentioned:
        before, _, after = command.text.partition(f"@{mentioned[0]}")
        rest = f"{before} {after.lstrip(',:;.!')}"
        meant = ctx.find(command.by, mentioned[:1])
        if not meant:
            raise RefusedError(nobody_there(ctx.t))
        return tuple(meant.values()), rest
    pieces = command.text.split()
    if len(pieces) > 1 and fold(pieces[0]) in _WITH:
        pieces = pieces[1:]
    for length in range(min(_NAME_WORDS, len(pieces)), 0, -1):
        found = called(" ".join(pieces[:length]), ctx)
        if found:
            return found, " ".join(pieces[length:])
    raise RefusedError(ctx.t(words.nobody, typed=ToType(command.name)))


def all_named(
    text: str, mentioned: Sequence[str], command: Command, ctx: "Context"
) -> tuple[tuple[Person, ...], ...]:
    """Whom each of the names may mean that the text is made of, with "and" or a comma between them;
    nobody for what is no name. `mentioned` are the platform's ids of those who stand there so."""
    meant = ctx.find(command.by, mentioned)
    found: list[tuple[Person, ...]] = []
    for name in filter(None, map(str.strip, _BETWEEN_NAMES.split(text))):
        if (person := meant.get(name.removeprefix("@"))) is not None:
            found.append((person,))
        else:
            is_name = len(name.split()) <= _NAME_WORDS and len(found) < _MOST_NAMED
            found.append(called(name, ctx) if is_name else ())
    return tuple(found)


def mentioned_by_name(text: str, ctx: "Context") -> tuple[Person | None, str]:
    """The one colleague whom "@" and a name in the text mean, and the text without the two. Where
    that is nobody, or not clear, the text is left as it is: nothing of it may be lost."""
    pieces = text.split()
    places = (place for place, piece in enumerate(pieces) if piece.startswith("@"))
    for place in islice(places, _MOST_MENTIONED):
        piece = pieces[place]
        for length in range(_NAME_WORDS, 0, -1):
            name = " ".join(pieces[place : place + length])
            surname = _parts(name.removeprefix(piece))
            found = [
                one
                for one in called(name, ctx)
                if one.belongs and one.id != ctx.me.id and _fit(one, surname, str.__eq__)
            ]
            if len(found) == 1:
                return found[0], " ".join((*pieces[:place], *pieces[place + length :]))
    return None, text


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


def chosen(name: str, filled: Filled, ctx: "Context", words: Asking) -> tuple[Person, ...]:
    """Those that were chosen in a form's field, in that order. Who is no colleague of the caller's
    is said at the field, as `check` says it."""
    people = filled.people(name)
    for person in people:
        try:
            check(person, ctx, words)
        except RefusedError as refused:
            filled.errors[name] = refused.line
    return people


def called(text: str, ctx: "Context") -> tuple[Person, ...]:
    """Those in the workspace called so: by whole words of the name, else by how they begin, or in
    another case."""
    words = _parts(text)
    if not words or len(text) > _LONGEST_NAME:
        return ()
    found, _ = ctx.work.people.search(ctx.me.workspace, " ".join(words), 0, _NAMESAKES)
    if so := tuple(one for one in found if _fit(one, words, str.__eq__)):
        return _as_written(so, text)
    stems = " ".join(_in_all_cases(word) for word in words)
    near, _ = ctx.work.people.search(ctx.me.workspace, stems, 0, _NEARLY_SO)
    by_name = {one.id: one for one in (*found, *near) if _fit(one, words, _is_meant)}
    return _as_written(tuple(by_name.values()), text)[:_NAMESAKES]


def _as_written(people: tuple[Person, ...], text: str) -> tuple[Person, ...]:
    """Of several, those whose names have the marks that were typed: "Žani" is Žanis, not Zane.
    Without any marks all of them may be meant."""
    typed = _WORDS.findall(normalized("NFC", text).casefold())
    if len(people) < 2 or "".join(typed).isascii():
        return people
    unlike = {one.id: _unlike(one.name, typed) for one in people}
    fewest = min(unlike.values())
    return tuple(one for one in people if unlike[one.id] == fewest)


def _unlike(name: str, typed: Sequence[str]) -> int:
    """How many letters of what was typed have other marks in the name."""
    parts = _WORDS.findall(normalized("NFC", name).casefold())
    return sum(
        min(
            (
                sum(
                    one != other and fold(one) == fold(other)
                    for one, other in zip(part, word, strict=False)
                )
                for part in parts
                if _is_meant(fold(part), fold(word))
            ),
            default=0,
        )
        for word in typed
    )


def _fit(person: Person, words: Sequence[str], fits: Callable[[str, str], bool]) -> bool:
    """Whether each of the words is one of the person's names, or half of a double one."""
    return all(any(fits(part, word) for part in _parts(person.name)) for word in words)


def _is_meant(name: str, word: str) -> bool:
    """Whether the word begins the name, or is it in another case."""
    return name.startswith(word) or word in _forms(name)


def _forms(name: str) -> set[str]:
    """The name in all cases, as far as its ending tells them."""
    ending = next(one for one in _CASES if name.endswith(one))
    stem = name.removesuffix(ending)
    if len(stem) < _SHORTEST:
        return {name}
    forms = {stem + one for one in _CASES[ending]}
    if ending == "is" and stem[-1] in _CHANGED:
        forms.add(f"{stem[:-1]}{_CHANGED[stem[-1]]}a")
    return forms


def _stems(name: str) -> frozenset[str]:
    """What a name may be without its ending; the name itself where it has none."""
    ends = [end for end in _ENDINGS if name.endswith(end) and len(name) - len(end) >= _SHORTEST]
    stems = {name[: -len(end)] for end in ends} or {name}
    if "a" in ends and name[-2] in _CHANGED.values():
        stems.add(name[:-2])  # and what stood there before
    return frozenset(stems)


def _in_all_cases(word: str) -> str:
    """The beginning that all names have that it may be a case of."""
    return min(_stems(word), key=len)


def _parts(name: str) -> list[str]:
    return _WORDS.findall(fold(name))
