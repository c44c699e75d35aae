"""What is asked of a raised hand: by the agent, and by whoever comes."""

from dataclasses import replace
from datetime import datetime

from handlers.common.topics import topic_in, topics_of
from handlers.escalation import cards, model
from handlers.escalation.begin import new_case, without_callers
from handlers.escalation.finding import everybody_seated, free, seated_now
from handlers.escalation.keeping import keep, mine, not_now, refresh_asked, seated, send, topic_of
from handlers.escalation.mine import Hints
from handlers.escalation.model import Case, Cases, Mode, State
from handlers.escalation.views import mine_view
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import MENTIONED, Behind, Command, Living, RefusedError, Route, Typed
from handlers.kit.distress import is_distress
from handlers.kit.facts import CallEnded
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Topic
from handlers.kit.ports import mark
from handlers.kit.text import shortened
from handlers.work import Context


def hand(command: Command, ctx: Context) -> Living:
    """`/hand`, `/hand contracts he threatens me`, `/hand @colleague ...`: acts at once, no form."""
    mentioned = command.many(MENTIONED)
    wanted, text = None, command.one("line") or command.text
    if mentioned:
        wanted = next(iter(ctx.find(command.by, mentioned[:1]).values()), None)
        text = " ".join(text.replace(f"@{mentioned[0]}", " ").split())
    topic, line = topic_in(text, _topics(ctx), ctx.words)
    return _raise(ctx, topic, line, Mode.JOIN, wanted)


def hand_form(command: Command, ctx: Context) -> Reply:
    """The shortcut: the same with a question or two, unless a hand is up already."""
    up = ctx.work.of(Cases).open_of(ctx.me.id)
    return _mine(up, ctx).card if up else cards.hand_form(_topics(ctx), ctx.t)


def hand_raise(command: Command, ctx: Context) -> Living:
    """The form, filled in."""
    topic = topic_of(ctx.work, ctx.me.workspace, command.one("topic") or None)
    return _raise(ctx, topic, command.one("line").strip(), _mode(command, Mode.JOIN))


def mode(command: Command, ctx: Context) -> Living:
    """Another way of helping, while nobody has come."""
    case = _own_case(command, ctx)
    if case.state is not State.CALLING:
        return _mine(case, ctx)
    case = replace(case, mode=_mode(command, case.mode))
    ctx.work.of(Cases).save(case)
    refresh_asked(ctx.work, case, ctx.now)
    return _mine(case, ctx)


def cancel(command: Command, ctx: Context) -> Living:
    case = _own_case(command, ctx)
    if case.state is not State.CALLING:
        return _mine(case, ctx)
    case = model.cancel(case, ctx.now)
    keep(ctx.work, case, (), ctx.now)
    return _mine(case, ctx)


def take(command: Command, ctx: Context) -> Reply:
    """*I'm coming*: one winner, however many press in the same instant."""
    case = _case(command, ctx)
    agent = _person(ctx, case.agent)
    if case.taken_by == ctx.me.id and case.is_open:
        return cards.ping_over(case, agent, ctx.me, ctx.me, ctx.t)
    if agent.id == ctx.me.id:
        raise RefusedError(ctx.t("This is your own hand; a colleague will come."))
    busy_with = ctx.work.of(Cases).taken_by(ctx.me.id)
    if busy_with is not None:
        raise RefusedError(
            ctx.t(
                "You are with {agent} now. Press Solved there first, then come here.",
                agent=_person(ctx, busy_with.agent).first_name,
            )
        )
    if case.state is State.CALLING and ctx.work.of(Cases).win(case.id, ctx.me.id):
        case, notices = model.take(case, ctx.me.id, ctx.now)
        keep(ctx.work, case, notices, ctx.now)
        # The ping itself changes for whoever was asked; others came by another message.
        was_asked = case.answer_of(ctx.me.id) is not None
        return None if was_asked else cards.ping_over(case, agent, ctx.me, ctx.me, ctx.t)
    latest = ctx.work.of(Cases).get(case.id) or case
    if latest.state is State.TAKEN and latest.taken_by is not None:
        return cards.too_late(_person(ctx, latest.taken_by), agent, ctx.t)
    return cards.ping_over(latest, agent, None, ctx.me, ctx.t)


def join(command: Command, ctx: Context) -> Reply:
    """*Join them*: somebody comes besides the helper, who stays."""
    case = _case(command, ctx)
    agent = _person(ctx, case.agent)
    helper = _person(ctx, case.taken_by) if case.taken_by is not None else None
    is_over = case.state is not State.TAKEN or command.one("round") != str(case.round)
    if is_over or helper is None or ctx.me.id in (agent.id, helper.id, *case.joined()):
        return cards.ping_over(case, agent, helper, ctx.me, ctx.t)
    if len(case.joined()) >= model.MOST_JOINED:
        raise RefusedError(ctx.t("{agent} has enough people there now.", agent=agent.first_name))
    was_asked = case.answer_of(ctx.me.id) is not None
    case, notices = model.join(case, ctx.me.id, ctx.now)
    keep(ctx.work, case, notices, ctx.now)
    return None if was_asked else cards.ping_over(case, agent, helper, ctx.me, ctx.t)


def decline(command: Command, ctx: Context) -> Reply:
    """*Not now*: the card changes for this person alone; the agent never hears of it."""
    case = _case(command, ctx)
    not_now(ctx.work, case, ctx.me.id, ctx.now)
    return None


def solved(command: Command, ctx: Context) -> Reply:
    """*Solved*, by either of the two."""
    case = _case_of_two(command, ctx)
    if case.state is State.TAKEN:
        keep(ctx.work, model.solve(case, ctx.now), (), ctx.now)
        agent, call = _person(ctx, case.agent), f"hand-{case.id}"
        ctx.tell(CallEnded(agent, call, case.raised_at, hard=False))
    return None


def somebody_else(command: Command, ctx: Context) -> Reply:
    """*I need somebody else* and *Nobody came*: the case climbs on without the first helper."""
    case = _case_of_two(command, ctx)
    if case.state is not State.TAKEN or command.one("round") != str(case.round):
        return _mine(case, ctx).card if case.agent == ctx.me.id else None
    before, agent = case, _person(ctx, case.agent)
    case = everybody_seated(case, agent, ctx)
    case, notices = model.somebody_else(case, free(seated(case), ctx), ctx.now)
    keep(ctx.work, case, notices, ctx.now)
    refresh_asked(ctx.work, before, ctx.now)
    return _mine(case, ctx).card if case.agent == ctx.me.id else None


def everybody(command: Command, ctx: Context) -> Living:
    """*Ask everybody now*: no ring waits for another."""
    case = _own_case(command, ctx)
    if case.state is State.CALLING:
        case = seated_now(case, ctx.me, ctx)
        case, notices = model.ask_everybody(case, free(seated(case), ctx), ctx.now)
        keep(ctx.work, case, notices, ctx.now)
    return _mine(case, ctx)


ROUTES: tuple[Route, ...] = (
    Route(
        "hand",
        hand,
        typed=Typed(
            {"en": "hand", "lv": "roka"},
            mark("Raise a hand: a colleague comes into your call"),
            mark("[topic and a few words] or log"),
            hears=is_distress,
        ),
    ),
    Route("hand.form", hand_form, reads=True),
    Route("hand.raise", hand_raise),
    Route("hand.mode", mode),
    Route(
        "hand.cancel",
        cancel,
        behind=Behind("hand", {"en": "down", "lv": "nost"}, also=("cancel", "atcelt")),
    ),
    Route("hand.everybody", everybody),
    Route("hand.take", take),
    Route("hand.join", join),
    Route("hand.decline", decline),
    Route("hand.solved", solved),
    Route("hand.else", somebody_else),
)


def _raise(
    ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None = None
) -> Living:
    up = ctx.work.of(Cases).open_of(ctx.me.id)
    if up is not None and not _is_of_an_earlier_call(up, ctx.now):
        return _again(up, line, ctx)
    if up is not None:
        keep(ctx.work, model.solve(up, ctx.now), (), ctx.now)
    line, is_hidden = without_callers(line)
    case = model.begin(new_case(ctx, topic, line, mode, wanted))
    case = seated_now(case, ctx.me, ctx, first=True)
    case, notices = model.step(case, {seat.person for seat in case.seats}, ctx.now)
    ctx.work.of(Cases).add(case)
    # That nobody is free the answer says itself.
    send(ctx.work, case, [one for one in notices if one.kind != model.NOBODY], ctx.now)
    return _mine(case, ctx, Hints(cut=len(line) > model.LINE_LIMIT, hidden=is_hidden))


def _is_of_an_earlier_call(case: Case, now: datetime) -> bool:
    return case.taken_at is not None and now - case.taken_at > model.NEW_CALL_AFTER


def _again(case: Case, line: str, ctx: Context) -> Living:
    """The hand is up already: what was written with it is added, and who is free now is asked."""
    before = case
    line, _ = without_callers(line)
    if line and line not in case.line:
        told = f"{case.line}\n{line}" if case.line else line
        case = replace(case, line=shortened(told, model.LINE_LIMIT))
    notices: tuple[Notice, ...] = ()
    if model.look_now(case, ctx.now) != case:
        case = seated_now(model.look_now(case, ctx.now), ctx.me, ctx)
        case, notices = model.step(case, free(seated(case), ctx), ctx.now)
    if case != before:
        keep(ctx.work, case, notices, ctx.now)
        refresh_asked(ctx.work, case, ctx.now)
    return _mine(case, ctx, Hints(again=True))


def _mine(case: Case, ctx: Context, hints: Hints = Hints()) -> Living:  # noqa: B008 - frozen
    """The agent's own card, which goes on changing."""
    view = mine_view(case, ctx)
    return Living(view(hints), mine(case, ctx.now), view(Hints()))


def _case(command: Command, ctx: Context) -> Case:
    case = ctx.work.of(Cases).get(command.one("case"))
    if case is None or case.workspace != ctx.me.workspace or not case.agent:
        raise RefusedError(_long_down(ctx))
    return case


def _own_case(command: Command, ctx: Context) -> Case:
    """The caller's case: the one named, or the one that is up."""
    if not command.one("case"):
        up = ctx.work.of(Cases).open_of(ctx.me.id)
        if up is None:
            raise RefusedError(ctx.t("Your hand is not up."))
        return up
    case = _case(command, ctx)
    if case.agent != ctx.me.id:
        raise RefusedError(ctx.t("Only the one who raised the hand can do that."))
    return case


def _case_of_two(command: Command, ctx: Context) -> Case:
    case = _case(command, ctx)
    if not case.is_open and case.taken_by is None:
        raise RefusedError(_long_down(ctx))
    if ctx.me.id not in (case.agent, case.taken_by):
        raise RefusedError(ctx.t("Only the two in this conversation can do that."))
    return case


def _person(ctx: Context, person: str) -> Person:
    found = ctx.work.people.get(person)
    if found is None:
        raise RefusedError(ctx.t("That hand is long down. Nothing needs doing."))
    return found


def _mode(command: Command, otherwise: Mode) -> Mode:
    """The kind of help that was asked for. A hand must go up, whatever a form sends."""
    return next((each for each in Mode if each == command.one("mode")), otherwise)


def _topics(ctx: Context) -> tuple[Topic, ...]:
    return topics_of(ctx.work.settings, ctx.me.workspace)


def _long_down(ctx: Context) -> Line:
    return ctx.t("That hand is long down. Nothing needs doing.")
