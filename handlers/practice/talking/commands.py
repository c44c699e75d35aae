"""What one asks of a call with a language model, and what follows when that answers."""

from functools import partial

from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Living, Route
from handlers.kit.deidentify import hidden
from handlers.kit.feature import AsksModel, NoticeKind, Rest
from handlers.kit.language_models import (
    ModelAnswer,
    ModelQuestions,
    Prompt,
    Question,
    Unanswered,
)
from handlers.kit.notices import Notice, Priority
from handlers.kit.reading import Filled, Pressed
from handlers.library.entries import entry_of
from handlers.library.uses import Uses
from handlers.practice.cards import gone
from handlers.practice.lookups import scenario_of
from handlers.practice.model import PRACTISED, Scenario, Scenarios
from handlers.practice.plain import SCENARIOS
from handlers.practice.talking import cards, model
from handlers.practice.talking.model import SpokenLine, Talk, Talks
from handlers.work import Context, Occasion

_MOST = 1000
"""Of anything that a form counts."""


def choose(command: Command, ctx: Context) -> Reply:
    """Which call."""
    if ctx.services.model is None:
        return cards.off(ctx.t)
    scenarios = ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content
    skip = Pressed(command, ctx.t).number("skip", _MOST)
    return cards.choose(scenarios, ctx.services.model, ctx.t, skip=skip)


def begin(command: Command, ctx: Context) -> Reply | Living:
    """The caller begins, in the scenario's words: nothing leaves yet."""
    if ctx.services.model is None:
        return cards.off(ctx.t)
    kept = ctx.work.of(Scenarios)
    kept.settle(ctx.me.workspace, ctx.now)
    version = kept.current(ctx.me.workspace, ctx.now)
    scenario = entry_of(version.content, command.one("entry"))
    if scenario is None:
        return cards.choose(version.content, ctx.services.model, ctx.t)
    ctx.work.of(Talks).delete_of(ctx.me.id)
    opening = scenario.script.turns[0]
    talk = Talk(
        ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        scenario.id,
        version.number,
        ctx.t.locale,
        ctx.now,
        (SpokenLine(opening.says[ctx.t.locale], opening.heat),),
    )
    ctx.work.of(Talks).put(talk)
    return _living(talk, scenario, ctx)


def form(command: Command, ctx: Context) -> Reply:
    """What one says."""
    talk = _mine(command, ctx)
    if talk is None:
        return gone(ctx.t)
    if talk.waits or talk.is_over or talk.trouble is not None:
        return _shown(talk, ctx)
    return cards.form(talk, ctx.t)


def say(command: Command, ctx: Context) -> Reply | Living:
    """It is said, and leaves as soon as this is kept; from an earlier form nothing does."""
    talk = _mine(command, ctx)
    if talk is None:
        return gone(ctx.t)
    filled = Filled(cards.form(talk, ctx.t), command, ctx)
    words, _ = hidden(filled.text("words"))
    if filled.errors:
        return filled.again()
    stands = Pressed(command, ctx.t).number("at", _MOST) == len(talk.said)
    if ctx.services.model is None:
        return cards.off(ctx.t)
    if not stands or talk.waits or talk.is_over:
        return _shown(talk, ctx)
    return _ask(model.say(talk, words[: model.SAID_LIMIT], ctx.now), ctx)


def again(command: Command, ctx: Context) -> Reply | Living:
    """No answer came: the same is asked once more."""
    talk = _mine(command, ctx)
    if talk is None:
        return gone(ctx.t)
    if ctx.services.model is None:
        return cards.off(ctx.t)
    if talk.trouble is None:
        return _shown(talk, ctx)
    return _ask(model.asked_again(talk, ctx.now), ctx)


def end(command: Command, ctx: Context) -> Reply:
    """Nothing is kept of it."""
    talk = _mine(command, ctx)
    if talk is not None:
        ctx.work.of(Talks).delete_of(ctx.me.id)
        ctx.work.of(ModelQuestions).withdraw(model.CALLER, talk.id)
        ctx.work.outbox.refresh(talk.workspace, model.TALK, talk.id, ctx.now)
    return gone(ctx.t)


def prompt_of(question: Question, on: Occasion) -> Prompt | None:
    """What leaves: the scenario, and what was said."""
    talk = on.work.of(Talks).get(question.about)
    scenario = None if talk is None else scenario_of(talk, on)
    if talk is None or scenario is None or not talk.waits:
        return None
    return model.prompt_of(talk, scenario)


def answered(question: Question, answer: ModelAnswer, on: Occasion) -> None:
    """The caller answered, or did not: the card says so."""
    talk = on.work.of(Talks).get(question.about)
    if talk is None or not talk.waits:
        return
    if isinstance(answer, Unanswered):
        talk = model.unanswered(talk, answer.trouble, on.now)
    else:
        talk = model.answered(talk, answer, on.now)
    on.work.of(Talks).put(talk)
    if talk.is_over:
        used = on.work.of(Uses).used
        used(talk.workspace, SCENARIOS.name, PRACTISED, talk.person, on.now)
    on.work.outbox.refresh(talk.workspace, model.TALK, talk.id, on.now)


def talk_card(notice: Notice, ctx: Context) -> Card | None:
    talk = ctx.work.of(Talks).get(notice.about)
    scenario = None if talk is None else scenario_of(talk, ctx)
    if talk is None or scenario is None or talk.person != ctx.me.id:
        return gone(ctx.t) if notice.sent else None
    return cards.talk(talk, scenario, ctx.t)


def _ask(talk: Talk, ctx: Context) -> Reply | Living:
    ctx.work.of(Talks).put(talk)
    ctx.work.of(ModelQuestions).ask(Question(model.CALLER, talk.id, ctx.now))
    ctx.work.outbox.refresh(talk.workspace, model.TALK, talk.id, ctx.now)
    scenario = scenario_of(talk, ctx)
    return gone(ctx.t) if scenario is None else _living(talk, scenario, ctx)


def _living(talk: Talk, scenario: Scenario, ctx: Context) -> Living:
    card = cards.talk(talk, scenario, ctx.t)
    notice = Notice(model.TALK, talk.id, (talk.person,), ctx.now, Priority.URGENT)
    return Living(card, notice, card)


def _shown(talk: Talk, ctx: Context) -> Reply:
    scenario = scenario_of(talk, ctx)
    return gone(ctx.t) if scenario is None else cards.talk(talk, scenario, ctx.t)


def _mine(command: Command, ctx: Context) -> Talk | None:
    talk = ctx.work.of(Talks).get(Pressed(command, ctx.t).id("talk"))
    if talk is None or talk.person != ctx.me.id or talk.changed_at <= ctx.now - model.KEPT:
        return None
    return talk


_private = partial(Route, private=True)  # when somebody practises, and what, is theirs

ROUTES: tuple[Route, ...] = (
    _private("practice.model", choose, reads=True),
    _private("practice.talk", begin),
    _private("practice.talk.form", form, reads=True),
    _private("practice.talk.say", say),
    _private("practice.talk.again", again),
    _private("practice.talk.end", end),
)
NOTICES = (NoticeKind(model.TALK, talk_card, Rest.AT_ONCE, private=True),)
ASKS = (AsksModel(model.CALLER, prompt_of, answered),)
