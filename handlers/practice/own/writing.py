"""One part of a call is written: by its author, or in the other language by a coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.common.competences import positive
from handlers.kit.cards import Form, TextField
from handlers.kit.commands import Command
from handlers.kit.deidentify import hidden
from handlers.kit.reading import Filled, Pressed
from handlers.library.model import READ_IN
from handlers.practice.own import forms, model
from handlers.practice.own.model import Proposal
from handlers.practice.own.rules import CALL, PARTS, turn_of
from handlers.work import Context


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A part, as it is to be written in a language; `does` is what its form sends."""

    proposal: Proposal
    part: str
    locale: str
    does: str

    def form(self, ctx: Context) -> Form:
        speaks = ctx.services.speaking(self.locale)
        return forms.part_form(
            self.proposal,
            self.part,
            self.locale,
            positive(ctx),
            ctx.t,
            in_that=speaks,
            does=self.does,
        )


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """The call with what was written. `hid`: something that told who it was is no longer in it."""

    proposal: Proposal
    hid: bool


def part_meant(command: Command, ctx: Context) -> str:
    """The part that is meant. Raises RefusedError."""
    return Pressed(command, ctx.t).choice("part", PARTS)


def locale_meant(command: Command, one: Proposal) -> str:
    """The language that is meant; the author's own where none is."""
    meant = command.one("locale")
    return meant if meant in READ_IN else one.locale


def read_part(draft: PartDraft, command: Command, ctx: Context) -> WrittenPart | Form:
    """What was written, without what tells who it is about; or the form again, with what is
    wrong."""
    one, part, asked = draft.proposal, draft.part, draft.form(ctx)
    filled = Filled(asked, command, ctx)
    said = {name: hidden(filled.text(name)) for name in model.fields_of(part)}
    if draft.locale == one.locale and part == CALL:
        one = replace(one, indicators=filled.several(forms.INDICATORS))
    elif draft.locale == one.locale and turn_of(part) is not None:
        one = replace(one, shows={**(one.shows or {}), part: filled.chosen(forms.SHOWS)})
    if filled.errors:
        return filled.again()
    limits = {field.name: field.limit for field in asked.fields if isinstance(field, TextField)}
    texts: Mapping[str, str] = {name: text[: limits[name]] for name, (text, _) in said.items()}
    hid = any(was_hidden for _, was_hidden in said.values())
    return WrittenPart(model.written(one, part, draft.locale, texts), hid)
