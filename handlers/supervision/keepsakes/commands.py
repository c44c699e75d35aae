"""Keeping a thought from a session, and deleting it."""

from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route
from handlers.kit.reading import Pressed
from handlers.supervision.keepsakes import cards
from handlers.supervision.keepsakes.model import LONGEST_KEEPSAKE, Keepsake, Keepsakes
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared.lookups import read_words, session_of_mine
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
    words, errors = read_words(command, ctx, shared.WORDS, LONGEST_KEEPSAKE)
    if errors:
        return cards.keepsake_form(session.id, words, ctx.t, errors)
    ctx.work.of(Keepsakes).put(Keepsake(ctx.me.id, session.id, words, ctx.now))
    return cards.keepsake_kept(ctx.t)


def keepsakes(command: Command, ctx: Context) -> Reply:
    return cards.keepsakes(ctx.work.of(Keepsakes).of(ctx.me.id), ctx.t)


def keepsake_delete(command: Command, ctx: Context) -> Reply:
    for session in command.many("session"):
        ctx.work.of(Keepsakes).remove(ctx.me.id, session)
    return None


ROUTES: tuple[Route, ...] = (
    Route("session.keepsake", keepsake_form, reads=True),
    Route("session.keepsake.keep", keepsake_keep),
    Route("session.keepsakes", keepsakes, reads=True),
    Route("session.keepsake.delete", keepsake_delete),
)
