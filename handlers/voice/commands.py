"""`/voice`: three doors on one screen, and what admins set."""

from handlers.kit.cards import Card, Line, Note, Reply, Tone
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled
from handlers.voice import cards
from handlers.voice.model import CARRIED, VOICE, VoiceSettings
from handlers.voice.named import cards as named
from handlers.voice.named.model import LATEST, Letters
from handlers.voice.pulse.commands import switch
from handlers.work import Context


def voice(command: Command, ctx: Context) -> Reply:
    """The doors; each carries on what was typed."""
    letters, words = ctx.work.of(Letters), command.text.strip()
    shown = named.rows(
        letters.written_by(ctx.me.id, LATEST), letters.owed_by(ctx.me.id, LATEST), ctx.t
    )
    if len(words) > CARRIED:
        too_long = ctx.t("That is too long to take along: please paste it behind the door.")
        shown = (Note(too_long), *shown)
        words = ""
    settings = VOICE.of(ctx.work.settings, ctx.me.workspace)
    return cards.doors(words, shown, settings, ctx.me, ctx.t)


def official(_command: Command, ctx: Context) -> Reply:
    """Where it is; Plecs collects nothing."""
    return cards.official(VOICE.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    return cards.rows(VOICE.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def settings_form(_command: Command, ctx: Context) -> Reply:
    return cards.settings_form(VOICE.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def save(command: Command, ctx: Context) -> Reply:
    before = VOICE.of(ctx.work.settings, ctx.me.workspace)
    filled = Filled(cards.settings_form(before, ctx.t), command, ctx)
    unlinked, where = filled.switch("unlinked"), filled.text("official")
    pulse = filled.switch("pulse")
    if filled.errors:
        return filled.again()
    ctx.change(VOICE, VoiceSettings(unlinked, where, pulse))
    switch(ctx.me.workspace, ctx, is_on=pulse)
    return Card(ctx.t("Saved"), (), Tone.GOOD)


ROUTES = (
    Route(
        "voice",
        voice,
        reads=True,
        private=True,
        unlinked=True,
        typed=Typed(
            {"en": "voice", "lv": "balss"},
            help=mark("Say something, ask, admit: with your name or without"),
            usage=mark("[what it is about]"),
        ),
    ),
    Route("voice.official", official, reads=True, private=True, unlinked=True),
    Route("settings.voice", settings_form, reads=True, role=Role.ADMIN),
    Route("settings.voice.save", save, role=Role.ADMIN),
)
