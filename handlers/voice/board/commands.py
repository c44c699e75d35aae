"""What people ask around the board."""

from dataclasses import replace
from functools import partial

from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.deidentify import hidden
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.unread import see_read
from handlers.voice.board import cards, model
from handlers.voice.board.model import Board, Post, PostOutcome
from handlers.voice.model import VoiceKind, day_of, kind_called
from handlers.work import Context

_REFUSAL = mark("Coordinators say on the board what came of it.")
_MOST_PAGES = 20


def board(command: Command, ctx: Context) -> Reply:
    """What was said, asked and learned, and what came of it."""
    page = Pressed(command, ctx.t).number("page", _MOST_PAGES)
    found = ctx.work.of(Board).latest(ctx.me.workspace, page * model.LATEST, model.LATEST + 1)
    shown = found[: model.LATEST]
    authors = ctx.work.people.many(sorted({one.author for one in shown if one.author}))
    more = page + 1 if len(found) > len(shown) else None
    return cards.board(shown, authors, ctx.me, more, ctx.t)


def form(command: Command, ctx: Context) -> Reply:
    """A question, or a mistake and what was learned, with one's name."""
    kind = kind_called(command.one("kind"), VoiceKind.QUESTION)
    return cards.form(kind, ctx.t)


def send(command: Command, ctx: Context) -> Reply:
    """It stands on the board at once."""
    filled = Filled(cards.form(VoiceKind.QUESTION, ctx.t), command, ctx)
    kind, words = filled.chosen("kind"), filled.text("words")
    if filled.errors:
        return filled.again()
    kept, today = ctx.work.of(Board), day_of(ctx.now, ctx.me.zone)
    if kept.of_day(ctx.me.id, today) >= model.MOST_A_DAY:
        raise RefusedError(ctx.t("That is a lot for one day. Tomorrow is another one."))
    kept.put(
        Post(
            *(ctx.new_id(), ctx.me.workspace, VoiceKind(kind), ctx.me.id, hidden(words)[0]),
            *(PostOutcome.NONE, "", today),
        )
    )
    return board(replace(command, values={}), ctx)


def said_form(command: Command, ctx: Context) -> Reply:
    """What was said, in a coordinator's words, and what came of it; or that of a post."""
    kind = kind_called(command.one("kind"), VoiceKind.CHANGE)
    post = _own(command, ctx) if command.one("post") else None
    return cards.said_form(post, kind if post is None else post.kind, ctx.t)


def said(command: Command, ctx: Context) -> Reply:
    """It stands on the board, or is said anew."""
    post = _own(command, ctx) if command.one("post") else None
    if post is not None:
        see_read(post.words, post.because)
    kind = kind_called(command.one("kind"), VoiceKind.CHANGE)
    filled = Filled(cards.said_form(post, kind, ctx.t), command, ctx)
    words = filled.text("words") if post is None else post.words
    outcome, because = PostOutcome(filled.chosen("outcome")), filled.text("because")
    if filled.errors:
        return filled.again()
    if outcome is not PostOutcome.LOOKING and not because:
        return filled.again(because=ctx.t("Please say what was done, or why not."))
    if post is None:
        day = day_of(ctx.now, ctx.me.zone)
        post = Post(ctx.new_id(), ctx.me.workspace, kind, None, words, outcome, because, day)
    ctx.work.of(Board).put(replace(post, outcome=outcome, because=because))
    return board(replace(command, values={}), ctx)


def delete(command: Command, ctx: Context) -> Reply:
    """Its author takes it down, or a coordinator."""
    post = _own(command, ctx)
    if post.author != ctx.me.id and not ctx.me.is_a(Role.COORDINATOR):
        raise _none(ctx)
    ctx.work.of(Board).delete(post.id)
    return board(replace(command, values={}), ctx)


def _own(command: Command, ctx: Context) -> Post:
    """One of the workspace's. Raises RefusedError."""
    post = ctx.work.of(Board).get(Pressed(command, ctx.t).id("post"))
    if post is None or post.workspace != ctx.me.workspace:
        raise _none(ctx)
    return post


def _none(ctx: Context) -> RefusedError:
    return RefusedError(ctx.t("This no longer stands on the board."))


_private = partial(Route, private=True)
_for_coordinators = partial(_private, role=Role.COORDINATOR, refusal=_REFUSAL)

ROUTES = (
    _private(
        "voice.board", board, reads=True, behind=Behind("voice", {"en": "board", "lv": "dēlis"})
    ),
    _private("voice.post.form", form, reads=True),
    _private("voice.post", send),
    _private("voice.post.delete", delete),
    _for_coordinators("voice.board.form", said_form, reads=True),
    _for_coordinators("voice.board.put", said),
)
