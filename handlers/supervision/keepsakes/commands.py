"""Keeping a thought from a session, and deleting it."""

from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route
from handlers.kit.reading import Filled, Pressed
from handlers.supervision.keepsakes import cards
from handlers.supervision.keepsakes.model import Keepsake, Keepsakes
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared.lookups import in_plain_letters, session_of_mine
from handlers.work import Context


def keepsake_form(command: Command, ctx: Context) -> Reply:
    session = Pressed(command, ctx.t).id("session")
    words = next(
        (one.words for one in ctx.work.of(Keepsakes).of(ctx.me.id) if one.session == session),
        "",
    )
    return cards.keepsake_form(session, words, ctx.t)


def keepsake_keep(command: Command, ctx: Context) -> Reply:
    session = session_of_mine(command, ctx)
    form = cards.keepsake_form(session.id, "", ctx.t)
    asked = Filled(form, in_plain_letters(command, shared.WORDS), ctx)
    words = asked.text(shared.WORDS)
    if asked.errors:
        return asked.again()
    ctx.work.of(Keepsakes).put(Keepsake(ctx.me.id, session.id, words, ctx.now))
    return cards.keepsake_kept(ctx.t)


def keepsakes(command: Command, ctx: Context) -> Reply:
    return cards.keepsakes(ctx.work.of(Keepsakes).of(ctx.me.id), ctx.t)


def keepsake_delete(command: Command, ctx: Context) -> Reply:
    for session in command.many("session"):
        ctx.work.of(Keepsakes).remove(ctx.me.id, session)
    return None


ROUTES: tuple[Route, ...] = (
    Route("session.keepsake", keepsake_form, reads=True, private=True),
    Route("session.keepsake.keep", keepsake_keep, private=True),
    Route("session.keepsakes", keepsakes, reads=True, private=True),
    Route("session.keepsake.delete", keepsake_delete, private=True),
)
