"""Changing a library in chat: an entry's form, new ones, what is put away, and the versions."""

from functools import partial
from typing import TYPE_CHECKING, Generic

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Reply,
    Strong,
    Style,
    Tone,
    in_rows,
    on_day,
)
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled, Pressed, seen
from handlers.kit.text import plain, shortened
from handlers.library.adopting import Adopting
from handlers.library.entries import Entries, entry_of, id_from
from handlers.library.history import history_of
from handlers.library.model import (
    MOST_VERSIONS,
    UNFOUND_LIMIT,
    Author,
    Change,
    E,
    Kept,
    Version,
    amend,
)
from handlers.library.saving import keep_version

if TYPE_CHECKING:
    from handlers.work import Context

_SHOWN = 40
"""Entries on one card."""


class Editing(Generic[E]):
    """The room in which coordinators change a library of entries, which is kept as `kind`.
    `refusal` is what others read, and `help` its line in the help: message ids."""

    def __init__(
        self,
        library: Entries[E],
        kind: type[Kept[tuple[E, ...]]],
        adopting: Adopting[tuple[E, ...]],
        refusal: str,
        help: str,  # noqa: A002 - as a route calls it
    ) -> None:
        self._library = library
        self._kind = kind
        self._adopting = adopting
        self._refusal = refusal
        self._help = help
        self._new_in_chat = library.in_form == library.attributes

    @property
    def routes(self) -> tuple[Route, ...]:
        name, command = self._library.name, self._library.command
        route = partial(Route, role=Role.COORDINATOR, refusal=self._refusal)
        new = (route(f"{name}.new", self.new, reads=True),) if self._new_in_chat else ()
        return (
            route(
                f"{name}.edit",
                self.edit,
                reads=True,
                behind=Behind(command, {"en": "edit", "lv": "labot"}, help=self._help),
            ),
            route(f"{name}.entry", self.entry, reads=True),
            route(f"{name}.form", self.form, reads=True),
            *new,
            route(f"{name}.save", self.save),
            route(f"{name}.away", self.away),
            Route(
                f"{name}.history",
                self.history,
                reads=True,
                behind=Behind(command, {"en": "history", "lv": "vēsture"}),
            ),
        )

    def edit(self, command: Command, ctx: "Context") -> Reply:
        """Which entry to change."""
        skip = Pressed(command, ctx.t).number("skip", MOST_VERSIONS)
        return self._to_edit(self._current(ctx), ctx.t, skip)

    def entry(self, command: Command, ctx: "Context") -> Reply:
        """One entry, and what a coordinator can do with it."""
        version = self._current(ctx)
        entry = entry_of(version.content, command.one("entry"))
        return self._one(entry, version, ctx.t) if entry else self._to_edit(version, ctx.t)

    def form(self, command: Command, ctx: "Context") -> Reply:
        """The form of the entry that was picked."""
        version = self._current(ctx)
        entry = entry_of(version.content, command.one("entry"))
        if entry is None:
            return self._to_edit(version, ctx.t)
        return self._form(entry, version.number, ctx.t)

    def new(self, command: Command, ctx: "Context") -> Reply:
        """The form of an entry that is not there yet; `examples` are how it was asked for."""
        asked = seen(command.one("asked"))[:UNFOUND_LIMIT]
        return self._new_form(self._current(ctx).number, ctx.t, asked)

    def save(self, command: Command, ctx: "Context") -> Reply:
        """Keeps what a coordinator wrote as a new version, or says at each field what is wrong."""
        kept = ctx.work.of(self._kind)
        kept.settle(ctx.me.workspace, ctx.now)
        version = self._current(ctx)
        named = command.one("entry")
        before = entry_of(version.content, named)
        if before is None and (named or not self._new_in_chat):
            raise RefusedError(ctx.t("That is no longer there. Nothing was saved."))
        base = Pressed(command, ctx.t).number("base", MOST_VERSIONS)
        asked = seen(command.one("asked"))[:UNFOUND_LIMIT]
        form = self._form(before, base, ctx.t) if before else self._new_form(base, ctx.t, asked)
        filled = Filled(form, command, ctx)
        parts = {one.name: one.filled(filled) for one in self._library.in_form}
        if before is None and len(version.content) >= self._library.most:
            filled.errors["names_en"] = ctx.t(
                "There are {n} already, and that is as many as there may be.",
                n=self._library.most,
            )
        if filled.errors:
            return filled.again()
        if before is not None and before.version > base:
            return self._form(before, version.number, ctx.t, intro=_somebody_was_faster(ctx.t))
        if before is not None:
            of_file = [one.name for one in self._library.attributes if one.name not in parts]
            parts |= {name: getattr(before, name) for name in of_file}
        taken = {one.id for one in version.content}
        entry = self._library.made(
            before.id if before else id_from(parts["names"]["en"], taken), parts
        )
        if asked:
            kept.found_now(ctx.me.workspace, asked)
        content = amend(version.content, (entry,), version.number + 1)
        return self._saved(version, content, entry, ctx)

    def away(self, command: Command, ctx: "Context") -> Reply:
        """Puts an entry away: it is found no more, and stands in the versions before."""
        kept = ctx.work.of(self._kind)
        kept.settle(ctx.me.workspace, ctx.now)
        version = self._current(ctx)
        entry = entry_of(version.content, command.one("entry"))
        if entry is None:
            raise RefusedError(ctx.t("That is no longer there. Nothing was saved."))
        if len(version.content) == 1:
            raise RefusedError(ctx.t("This is the only one. Change its words instead."))
        content = tuple(one for one in version.content if one.id != entry.id)
        return self._saved(version, content, entry, ctx)

    def history(self, _command: Command, ctx: "Context") -> Reply:
        """The newest versions and what each changed. Open to everybody: they work by it."""
        everything = self._everything(ctx.t)
        return history_of(self._library, self._kind, self._change, everything, ctx)

    def _new_form(self, base: int, t: Texts, asked: str) -> Form:
        """The form of a new entry, with how it was asked for where that is known: that is its
        first example."""
        given = {"examples": {t.locale: (asked,)}} if asked else {}
        fields = tuple(
            field for one in self._library.in_form for field in one.fields(given.get(one.name), t)
        )
        return Form(
            t("Something new"),
            f"{self._library.name}.save",
            t("Save"),
            fields,
            values={"entry": "", "base": str(base), "asked": asked},
            intro=(Paragraph(t("This was asked: {words}", words=asked)),) if asked else (),
        )

    def _form(self, entry: E, base: int, t: Texts, *, intro: tuple[Part, ...] = ()) -> Form:
        fields = tuple(
            field
            for one in self._library.in_form
            for field in one.fields(getattr(entry, one.name), t)
        )
        return Form(
            t("Change the words"),
            f"{self._library.name}.save",
            t("Save"),
            fields,
            values={"entry": entry.id, "base": str(base)},
            intro=(Paragraph((Strong(entry.names[t.locale]),)), *intro),
        )

    def _saved(
        self, version: Version[tuple[E, ...]], content: tuple[E, ...], entry: E, ctx: "Context"
    ) -> Card:
        t, library, number = ctx.t, self._library, version.number + 1
        history = Button(t("What changed, and when"), f"{library.name}.history")
        is_away = entry_of(content, entry.id) is None
        found = library.changes(version.content, content)
        if not found and not is_away:
            return Card(t("Nothing was changed"), (Buttons((history,)),))
        kept, by = ctx.work.of(self._kind), Author(ctx.me.id)
        if not keep_version(library, kept, version, content, by=by, on=ctx):
            raise RefusedError(t("Somebody else saved something just now. Please try again."))
        if is_away:
            gone = t("{entry} is put away: nobody finds it any more.", entry=entry.names[t.locale])
            return Card(
                t("Saved as version {version}", version=number),
                (Paragraph(gone), Buttons((self._everything(t), history))),
                Tone.GOOD,
            )
        show = Button(t("See it"), f"{library.name}.show", {"entry": entry.id})
        adopt = self._adopting.button(entry, number, t, Look.PRIMARY)
        return Card(
            t("Saved as version {version}", version=number),
            (
                Bullets(tuple(self._change(one, t) for one in found)),
                Paragraph(
                    t(
                        "It is a draft, and agents see that nobody stands behind it until it is "
                        "adopted."
                    )
                ),
                Buttons((adopt, show, history)),
            ),
            Tone.GOOD,
        )

    def _to_edit(self, version: Version[tuple[E, ...]], t: Texts, skip: int = 0) -> Card:
        name, content = self._library.name, version.content
        skip = skip if skip < len(content) else 0
        shown = [
            Button((shortened(one.names[t.locale], 30),), f"{name}.entry", {"entry": one.id})
            for one in content[skip : skip + _SHOWN]
        ]
        parts: list[Part] = list(in_rows(shown))
        if skip + _SHOWN < len(content):
            more = {"skip": str(skip + _SHOWN)}
            parts.append(Buttons((Button(t("More"), f"{name}.edit", more),)))
        new = (Button(t("Add something new"), f"{name}.new", look=Look.PRIMARY),)
        parts += [
            Buttons(
                (
                    *(new if self._new_in_chat else ()),
                    Button(t("Adopt"), f"{name}.adopt"),
                    Button(t("Try words"), "policy.try"),
                    Button(t("What changed, and when"), f"{name}.history"),
                )
            ),
        ]
        if not self._new_in_chat:
            file = f"plecs {self._library.word} import FILE.yaml"
            parts.append(Note(t("New ones come from a file: {command}", command=file)))
        parts.append(Note(t("Version {version}", version=version.number)))
        return Card(t("Which one do you want to change?"), tuple(parts))

    def _one(self, entry: E, version: Version[tuple[E, ...]], t: Texts) -> Card:
        name, values, adopted = self._library.name, {"entry": entry.id}, version.adopted(entry)
        if adopted is None:
            stands: Line = t("nobody yet: this is a draft")
        else:
            by = (adopted.by.name,) if adopted.by.name else t("somebody no longer here")
            stands = t("{name}, {when}", name=by, when=Moment(adopted.at, Style.DATE))
        away = Button(
            t("Put away"),
            f"{name}.away",
            values,
            Look.DANGER,
            confirm=t("Nobody finds it any more. The versions before keep it."),
        )
        # The last one stays: a library with nothing in it would answer nobody.
        put_away = (away,) if len(version.content) > 1 else ()
        adopt = () if adopted else (self._adopting.button(entry, version.number, t),)
        change = Button(t("Change"), f"{name}.form", values, Look.PRIMARY)
        return Card(
            (entry.names[t.locale],),
            (
                Facts(
                    (
                        (t("Adopted by"), stands),
                        (t("Owner"), (entry.owner[t.locale],)),
                        (t("Review date"), (on_day(entry.review),)),
                        (t("Version"), (str(entry.version),)),
                    )
                ),
                Buttons((change, *adopt, Button(t("See it"), f"{name}.show", values), *put_away)),
                Buttons((Button(t("All of them"), f"{name}.edit"),)),
            ),
        )

    def _change(self, change: Change, t: Texts) -> Line:
        assert change.entry is not None, "a library of entries has nothing else"
        name = change.entry.names[t.locale]
        if change.parts is None:
            return t("{entry}: new", entry=name)
        labels = {one.name: plain(t(one.label)) for one in self._library.attributes}
        parts = ", ".join(labels[part] for part in change.parts)
        return t("{entry}: {parts}", entry=name, parts=parts)

    def _everything(self, t: Texts) -> Button:
        return Button(t("See all"), self._library.command)

    def _current(self, ctx: "Context") -> Version[tuple[E, ...]]:
        return ctx.work.of(self._kind).current(ctx.me.workspace, ctx.now)


def _somebody_was_faster(t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(
            t(
                "Somebody saved a newer version of this while you were writing. Your words are "
                "still here; saving again puts them in place of theirs."
            )
        ),
    )
