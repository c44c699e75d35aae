"""Who is meant by what another system calls people: an e-mail address, an extension, or a name."""

from collections.abc import Sequence

from handlers.kit.people import Person
from storage.people.emails import email_mark
from storage.people.people import SqlPeople
from storage.sealed import Seal


def known_as(people: SqlPeople, seal: Seal, told: str, workspace: str) -> Person | None:
    """The one active person who is meant; None for nobody, or several. In a `workspace` by the name
    as well, in whatever order; empty: in any."""
    if not told:
        return None
    found = people.at_extension(told, email_mark(seal, told), workspace)
    if not found and workspace:
        found = people.named(told, workspace)
    if not found and workspace:
        turned = [one for way in _other_ways(told) for one in people.named(way, workspace)]
        found = tuple({one.id: one for one in turned}.values())
    return found[0] if len(found) == 1 else None


def _other_ways(name: str) -> Sequence[str]:
    """The name with its last part first or its first part last, with or without a comma: lists of
    offices have "Bērziņa, Ilze" or "Bērziņa Ilze"."""
    first, comma, rest = name.partition(",")
    words = first.split()
    if comma:
        return (f"{rest} {first}",)
    if len(words) < 2:
        return ()
    (begins, *after), (*before, ends) = words, words
    return (
        *(" ".join((ends, *before)), " ".join((*after, begins))),
        *(f"{ends}, {' '.join(before)}", f"{begins}, {' '.join(after)}"),
    )
