"""The versions of a library: when, who, and what each changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Line,
    Moment,
    Paragraph,
    Part,
    Strong,
    Style,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import Author, Change, Kept, Library, Version

if TYPE_CHECKING:
    from handlers.work import Context

_SHOWN = 8

ChangeLine = Callable[[Change, Texts], Line]
"""One change in words."""


def history_of(
    library: Library[Any],
    kind: type[Kept[Any]],
    change_line: ChangeLine,
    everything: Button,
    ctx: "Context",
) -> Card:
    """The newest versions of a library that is kept as `kind`. Open to everybody: they work by
    it."""
    t, kept, workspace = ctx.t, ctx.work.of(kind), ctx.me.workspace
    versions = kept.history(workspace, _SHOWN + 1) or (kept.current(workspace, ctx.now),)
    people = ctx.work.people.many([one.by.person for one in versions if one.by.person])
    told = [
        (one, library.changes(before.content, one.content) if before else ())
        for one, before in zip(versions, (*versions[1:], None), strict=True)
    ]
    rows = [
        part
        for version, found in told[:_SHOWN]
        for part in _version(version, [change_line(one, t) for one in found], people, t)
    ]
    return Card(t("What changed, and when"), (*rows, Divider(), Buttons((everything,))))


def _version(
    version: Version[Any], changes: Sequence[Line], people: Mapping[str, Person], t: Texts
) -> Iterator[Part]:
    number = t("Version {version}", version=version.number)
    yield Paragraph(
        t(
            "{version}, {when}, {who}",
            version=Strong(plain(number)),
            when=Moment(version.saved_at, Style.DATETIME),
            who=_who_saved(version.by, people, t),
        )
    )
    if changes:
        yield Bullets(tuple(changes))


def _who_saved(by: Author, people: Mapping[str, Person], t: Texts) -> Line:
    if by.person:
        person = people.get(by.person)
        return t("somebody no longer here") if person is None else (mention(person),)
    return (by.name,) if by.name else t("came with Plecs")
