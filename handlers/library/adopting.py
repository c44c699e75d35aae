"""Adopting: a named person says that an entry holds, and it is a draft no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Reply,
    Row,
    Style,
    Tone,
)
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Pressed
from handlers.library.model import (
    MOST_VERSIONS,
    Author,
    Kept,
    Library,
    LibraryEntry,
    Version,
)
from handlers.library.saving import adopt_drafts

if TYPE_CHECKING:
    from handlers.work import Context

S = TypeVar("S")

_ROWS = 20
"""Entries on one card; with more than that the drafts come first."""


def _drafts(n: int, t: Texts) -> Line:
    return t.many("{n} draft nobody stands behind yet", "{n} drafts nobody stands behind yet", n)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a library where its entries are adopted: message ids. `drafts` says how many
    there are, `everything` is the button that `leads` to all entries, if not by the library's own
    command."""

    refusal: str
    everything: str
    leads: str = ""
    drafts: Callable[[int, Texts], Line] = _drafts
    all_adopted: str = mark("All of it is adopted")
    meaning: str = mark(
        "What comes with Plecs is a draft, and agents see that nobody stands behind it. Read it "
        "with whoever answers for the company, change what does not fit, and adopt it."
    )
    again: str = mark("Whatever is changed is a draft again, until somebody adopts it.")
    in_your_name: str = mark(
        "You say, with your name and today’s date on every card, that the company stands behind "
        "these words."
    )
    changed_meanwhile: str = mark("This was changed meanwhile. Read it again before you adopt it.")
    adopt: str = mark("Say that it holds for everybody")


class Adopting(Generic[S]):
    """The room in which coordinators adopt a library's entries, which are kept as `kind`. `read`:
    what the button that shows one carries; its route is the command's with `.show`."""

    def __init__(
        self,
        library: Library[S],
        kind: type[Kept[S]],
        wording: Wording,
        read: Callable[[str], Mapping[str, str]],
    ) -> None:
        self._library = library
        self._kind = kind
        self._wording = wording
        self._read = read

    @property
    def routes(self) -> tuple[Route, ...]:
        name = self._library.name
        return (
            Route(
                f"{name}.adopt",
                self.adopt,
                reads=True,
                role=Role.COORDINATOR,
                refusal=self._wording.refusal,
                behind=Behind(
                    self._library.command,
                    {"en": "adopt", "lv": "apstiprināt"},
                    help=self._wording.adopt,
                ),
            ),
            Route(
                f"{name}.adopted",
                self.adopted,
                role=Role.COORDINATOR,
                refusal=self._wording.refusal,
            ),
        )

    def adopt(self, command: Command, ctx: "Context") -> Reply:
        """Which are drafts, and who adopted the others."""
        version = ctx.work.of(self._kind).current(ctx.me.workspace, ctx.now)
        skip = Pressed(command, ctx.t).number("skip", MOST_VERSIONS)
        return self.to_adopt(version, ctx.t, skip=skip)

    def adopted(self, command: Command, ctx: "Context") -> Reply:
        """One entry, or all that are drafts, holds from now on, in the caller's name."""
        changed_meanwhile = ctx.t(self._wording.changed_meanwhile)
        version = adopt_meant(self._library, self._kind, command, ctx, changed_meanwhile)
        return self.to_adopt(version, ctx.t, just=True)

    def button(
        self, entry: LibraryEntry, version: int, t: Texts, look: Look = Look.PLAIN
    ) -> Button:
        """Adopts the entry as it is in the version, which is the number of the whole library's."""
        values = {"version": str(version), "entry": entry.id}
        does = f"{self._library.name}.adopted"
        return Button(t("Adopt"), does, values, look, confirm=t(self._wording.in_your_name))

    def to_adopt(self, version: Version[S], t: Texts, *, skip: int = 0, just: bool = False) -> Card:
        """Which entries are drafts, and who adopted the others, from after so many on; `just`: some
        were a moment ago."""
        entries, wording = self._entries(version), self._wording
        drafts = [each for each in entries if version.adopted(each) is None]
        parts: list[Part] = [Paragraph(t(wording.meaning))] if drafts else []
        skip = skip if skip < len(entries) else 0
        shown = sorted(entries, key=lambda one: version.adopted(one) is not None)
        if len(entries) <= _ROWS:
            shown = list(entries)
        parts += [self._row(each, version, t) for each in shown[skip : skip + _ROWS]]
        if skip + _ROWS < len(entries):
            more = {"skip": str(skip + _ROWS)}
            parts.append(Buttons((Button(t("More"), f"{self._library.name}.adopt", more),)))
        everything = Button(t(wording.everything), wording.leads or self._library.command)
        if len(drafts) > 1:
            all_drafts = Button(
                t("Adopt all drafts"),
                f"{self._library.name}.adopted",
                {"version": str(version.number)},
                Look.PRIMARY,
                confirm=t(wording.in_your_name),
            )
            parts.append(Buttons((all_drafts, everything)))
        else:
            parts.append(Buttons((everything,)))
        parts.append(Note(t(wording.again)))
        if not drafts:
            return Card(t(wording.all_adopted), tuple(parts), Tone.GOOD)
        title = wording.drafts(len(drafts), t)
        return Card(title, tuple(parts), Tone.GOOD if just else Tone.CALM)

    def _entries(self, version: Version[S]) -> tuple[LibraryEntry, ...]:
        return tuple(self._library.entries(version.content))

    def _row(self, one: LibraryEntry, version: Version[S], t: Texts) -> Row:
        adopted, name = version.adopted(one), one.names[t.locale]
        if adopted is None:
            return Row(t("{entry}: draft", entry=name), self.button(one, version.number, t))
        read = Button(t("Read"), f"{self._library.name}.show", self._read(one.id))
        when = Moment(adopted.at, Style.DATE)
        if adopted.by.name:
            by = adopted.by.name
            return Row(t("{entry}: adopted by {by}, {when}", entry=name, by=by, when=when), read)
        return Row(t("{entry}: adopted, {when}", entry=name, when=when), read)


def adopt_meant(
    library: Library[S],
    kind: type[Kept[S]],
    command: Command,
    ctx: "Context",
    changed_meanwhile: Line,
) -> Version[S]:
    """Adopts the `entry` that a press means, or all that are drafts where it means none, in the
    caller's name. Answers what is in force now. Raises RefusedError with `changed_meanwhile` where
    the `version` of the press is not the newest."""
    kept, workspace = ctx.work.of(kind), ctx.me.workspace
    kept.settle(workspace, ctx.now)
    version = kept.current(workspace, ctx.now)
    chosen = command.one("entry")
    meant = [one for one in library.entries(version.content) if chosen in ("", one.id)]
    if Pressed(command, ctx.t).number("version", MOST_VERSIONS) != version.number or not meant:
        raise RefusedError(changed_meanwhile)
    adopt_drafts(library, kept, version, meant, by=Author(ctx.me.id, ctx.me.name), on=ctx)
    return kept.current(workspace, ctx.now)
