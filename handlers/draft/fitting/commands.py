"""What is asked of a draft that is fitted to a case: to see what would leave, and to send it."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.common.current_call import CurrentCalls
from handlers.draft.fitting import cards
from handlers.draft.fitting.model import (
    FIT,
    FITTED,
    HOLDS,
    SENT_LIMIT,
    FitState,
    Fitting,
    Fittings,
    SourceAnswer,
)
from handlers.draft.fitting.standing import is_standing
from handlers.draft.model import NEAREST, Answers, ApprovedAnswer
from handlers.kit.cards import Button, Card, Reply
from handlers.kit.commands import Command, Living, RefusedError, Route
from handlers.kit.deidentify import hidden
from handlers.kit.language_models import ModelQuestions, Question
from handlers.kit.notices import Notice, Priority
from handlers.kit.reading import Filled, seen
from handlers.library.entries import entry_of
from handlers.work import Context

_SENDABLE = (FitState.SHOWN, FitState.FAILED)


def button(answers: Sequence[ApprovedAnswer], asked: str, language: str, ctx: Context) -> Button:
    """Leads to the draft of these answers."""
    values = {
        "answers": " ".join(one.id for one in answers),
        "asked": asked,
        "language": language,
    }
    return Button(ctx.t("Fit to this case"), "draft.fit", values)


def fit(command: Command, ctx: Context) -> Reply:
    """What would leave; nothing does."""
    if ctx.services.model is None:
        return cards.off(ctx.t)
    language = command.one("language")
    sources = _sources(command.one("answers").split()[:NEAREST], language, ctx)
    words, _ = hidden(seen(command.one("asked"))[:SENT_LIMIT])
    if not sources or not words.strip():
        raise RefusedError(ctx.t("That answer is no longer there. Please ask anew."))
    fittings = ctx.work.of(Fittings)
    for before in fittings.shown_to(ctx.me.id):
        fittings.remove(before.id)
    call = ctx.work.of(CurrentCalls).of(ctx.me.id, ctx.now)
    one = Fitting(
        ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        call.id if call is not None else None,
        language,
        FitState.SHOWN,
        ctx.now,
        ctx.now + HOLDS,
        words,
        sources,
    )
    fittings.put(one)
    return cards.leaves(one, ctx.services.model, ctx.t)


def words(command: Command, ctx: Context) -> Reply:
    """The words that would leave, to change them."""
    one = _own(command, ctx)
    return cards.gone(ctx.t) if one is None else cards.words_form(one, ctx.t)


def changed(command: Command, ctx: Context) -> Reply:
    """Other words would leave; they are looked at again."""
    one = _own(command, ctx)
    if one is None:
        return cards.gone(ctx.t)
    asked = Filled(cards.words_form(one, ctx.t), command, ctx)
    said, _ = hidden(asked.text("words"))
    if asked.errors:
        return asked.again()
    if one.state in _SENDABLE:
        one = replace(one, words=said[:SENT_LIMIT], state=FitState.SHOWN)
        ctx.work.of(Fittings).put(one)
    return _look(one, ctx)


def send(command: Command, ctx: Context) -> Reply | Living:
    """It leaves as soon as this is kept: exactly what was shown, and once however often it is
    pressed."""
    one = _own(command, ctx)
    if one is None:
        return cards.gone(ctx.t)
    if one.state not in _SENDABLE:
        return _living(one, ctx)
    if command.one("shown") != one.fingerprint:
        return _look(one, ctx)
    if ctx.services.model is None:
        return cards.off(ctx.t)
    one = replace(one, state=FitState.ASKED, trouble=None)
    ctx.work.of(Fittings).put(one)
    ctx.work.of(ModelQuestions).ask(Question(FIT, one.id, ctx.now))
    ctx.work.outbox.refresh(one.workspace, FITTED, one.id, ctx.now)
    return _living(one, ctx)


def _look(one: Fitting, ctx: Context) -> Reply:
    if one.state not in _SENDABLE:
        return cards.fitted(one, ctx.t)
    if ctx.services.model is None:
        return cards.off(ctx.t)
    return cards.leaves(one, ctx.services.model, ctx.t)


def _living(one: Fitting, ctx: Context) -> Living:
    card: Card = cards.fitted(one, ctx.t)
    notice = Notice(FITTED, one.id, (one.person,), ctx.now, Priority.URGENT)
    return Living(card, notice, card)


def _own(command: Command, ctx: Context) -> Fitting | None:
    """The caller's own, while it stands."""
    one = ctx.work.of(Fittings).get(command.one("fitting"))
    is_mine = one is not None and one.person == ctx.me.id
    return one if one is not None and is_mine and is_standing(one, ctx) else None


def _sources(chosen: Sequence[str], language: str, ctx: Context) -> tuple[SourceAnswer, ...]:
    """The answers that somebody approved and that are there in this language."""
    version = ctx.work.of(Answers).current(ctx.me.workspace, ctx.now)
    found = (entry_of(version.content, one) for one in chosen)
    return tuple(
        SourceAnswer(one.id, one.version, one.names[ctx.t.locale], one.text[language])
        for one in found
        if one is not None and language in one.text and version.adopted(one) is not None
    )


ROUTES: tuple[Route, ...] = (
    Route("draft.fit", fit, private=True),
    Route("draft.fit.words", words, reads=True, private=True),
    Route("draft.fit.changed", changed, private=True),
    Route("draft.fit.send", send, private=True),
)
