"""What is asked of a raised hand: by the agent, and by whoever comes."""

import re
from dataclasses import replace
from itertools import dropwhile

from handlers.common.colleagues import mentioned_by_name
from handlers.common.current_call import CurrentCalls
from handlers.common.topics import topic_in, topics_of
from handlers.escalation import cards, model, rules
from handlers.escalation.begin import LATELY, new_case
from handlers.escalation.finding import (
    everybody_seated,
    free,
    rings_now,
    seated_now,
    who_know,
)
from handlers.escalation.keeping import (
    keep,
    mine,
    no_longer_asked,
    not_now,
    refresh_asked,
    seated,
    to_send,
    topic_of,
)
from handlers.escalation.mine import Hints
from handlers.escalation.model import Case, Cases, Mode, State
from handlers.escalation.views import mine_view, over_view
from handlers.kit.asking import asks, without
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import MENTIONED, Behind, Command, Living, RefusedError, Route, Typed
from handlers.kit.deidentify import hidden
from handlers.kit.distress import is_distress
from handlers.kit.facts import CallEnded, TopicCame
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Topic
from handlers.kit.ports import mark
from handlers.kit.text import fold, shortened
from handlers.work import Context


def hand(command: Command, ctx: Context) -> Living:
    """`/hand`, `/hand contracts he threatens me`, `/hand @colleague ...`: acts at once, no form.
    "Take my hand down" does."""
    if _asks_for_none(command.text):
        return cancel(command, ctx)
    if command.one("person") or command.one("topic"):
        return _raise(ctx, _topic(command, ctx), "", Mode.JOIN, _wanted(command, ctx))
    mentioned = command.many(MENTIONED)
    wanted, text = None, command.one("line") or command.text
    if mentioned:
        wanted = next(iter(ctx.find(command.by, mentioned[:1]).values()), None)
        text = " ".join(text.replace(f"@{mentioned[0]}", " ").split())
    elif not command.one("line"):
        wanted, text = mentioned_by_name(text, ctx)
    topic, line = topic_in(text, _topics(ctx), ctx.words)
    return _raise(ctx, topic, line, Mode.JOIN, wanted)


def hand_form(command: Command, ctx: Context) -> Reply:
    """The shortcut: the same with a question or two, unless a hand is up already. Beside a message
    it has that one's words."""
    up = ctx.work.of(Cases).open_of(ctx.me.id)
    line = shortened(command.one("line"), model.LINE_LIMIT)
    return _mine(up, ctx).card if up else cards.hand_form(_topics(ctx), ctx.t, line)


def hand_raise(command: Command, ctx: Context) -> Living:
    """The form, filled in."""
    return _raise(ctx, _topic(command, ctx), command.one("line").strip(), _mode(command, Mode.JOIN))


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
    case = rules.cancel(case, ctx.now)
    keep(ctx.work, case, (), ctx.now)
    return _mine(case, ctx)


def take(command: Command, ctx: Context) -> Reply:
    """*I'm coming*: one winner, however many press in the same instant."""
    case, others = _case_and_others(command, ctx)
    agent = _person(ctx, case.agent)
    if case.taken_by == ctx.me.id and case.is_open:
        return over_view(case, agent, ctx)
    if agent.id == ctx.me.id:
        raise RefusedError(ctx.t("This is your own hand; a colleague will come."))
    busy_with = next((one for one in others if one.taken_by == ctx.me.id), None)
    if busy_with is not None:
        raise RefusedError(
            ctx.t(
                "You are with {agent} now. Press Solved there first, then come here.",
                agent=_person(ctx, busy_with.agent).first_name,
            )
        )
    if case.state is State.CALLING and ctx.work.of(Cases).win(case.id, ctx.me.id):
        case, notices = rules.take(case, ctx.me.id, ctx.now)
        keep(ctx.work, case, notices, ctx.now)
        no_longer_asked(ctx.work, ctx.me.id, ctx.now, among=others)
        # The ping itself changes for whoever was asked; others came by another message.
        was_asked = case.answer_of(ctx.me.id) is not None
        return None if was_asked else over_view(case, agent, ctx)
    latest = ctx.work.of(Cases).get(case.id) or case
    if latest.state is State.TAKEN and latest.taken_by is not None:
        return cards.too_late(_person(ctx, latest.taken_by), agent, ctx.t)
    return over_view(latest, agent, ctx)


def join(command: Command, ctx: Context) -> Reply:
    """*Join them*: somebody comes besides the helper, who stays."""
    case, others = _case_and_others(command, ctx)
    agent = _person(ctx, case.agent)
    helper = _person(ctx, case.taken_by) if case.taken_by is not None else None
    is_over = case.state is not State.TAKEN or command.one("round") != str(case.round)
    if is_over or helper is None or ctx.me.id in (agent.id, helper.id, *case.joined()):
        return over_view(case, agent, ctx)
    if len(case.joined()) >= rules.MOST_JOINED:
        raise RefusedError(ctx.t("{agent} has enough people there now.", agent=agent.first_name))
    was_asked = case.answer_of(ctx.me.id) is not None
    case, notices = rules.join(case, ctx.me.id, ctx.now)
    keep(ctx.work, case, notices, ctx.now)
    no_longer_asked(ctx.work, ctx.me.id, ctx.now, among=others)
    return None if was_asked else over_view(case, agent, ctx)


def more(command: Command, ctx: Context) -> Reply:
    """*One more colleague*: some who are free are asked to come as well; pressed again, others."""
    case = _case_of_two(command, ctx)
    if case.state is not State.TAKEN or command.one("round") != str(case.round):
        return None
    agent = _person(ctx, case.agent)
    free_now = free(case.asked(), ctx)
    before = [person for person in case.asked() if person in free_now]
    found = [*before, *(one for ring in rings_now(case, agent, ctx, 0) for one in ring)]
    keys = {one: Notice(model.MORE, case.about, (one,), ctx.now).key for one in found}
    new = [one for one in found if ctx.work.outbox.kept(keys[one]) is None][: rules.MORE_ASKED]
    case, notices = rules.ask_more(case, new, ctx.now)
    ctx.work.of(Cases).save(case)
    ctx.work.outbox.add(case.workspace, *notices)
    ctx.work.duty.mark_asked(new, ctx.now)
    known = ctx.work.people.many(new)
    return cards.more_asked([known[one] for one in new if one in known], ctx.t)


def decline(command: Command, ctx: Context) -> Reply:
    """*Not now*: the card changes for this person alone; the agent never hears of it."""
    case = _case(command, ctx)
    not_now(ctx.work, case, ctx.me.id, ctx.now)
    return None


def solved(command: Command, ctx: Context) -> Reply:
    """*Solved*, by either of the two."""
    case = _case_of_two(command, ctx)
    if case.state is State.TAKEN:
        keep(ctx.work, rules.solve(case, ctx.now), (), ctx.now)
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
    case, notices = rules.somebody_else(case, free(seated(case), ctx), ctx.now)
    keep(ctx.work, case, notices, ctx.now)
    refresh_asked(ctx.work, before, ctx.now)
    return _mine(case, ctx).card if case.agent == ctx.me.id else None


def everybody(command: Command, ctx: Context) -> Living:
    """*Ask everybody now*: no ring waits for another."""
    case = _own_case(command, ctx)
    if case.state is State.CALLING:
        case = seated_now(case, ctx.me, ctx)
        case, notices = rules.ask_everybody(case, free(seated(case), ctx), ctx.now)
        keep(ctx.work, case, notices, ctx.now)
    return _mine(case, ctx)


def again(command: Command, ctx: Context) -> Living | Reply:
    """*Yes, ask again*, after the call ended: the same hand goes up anew."""
    case = _own_case(command, ctx)
    if case.state is not State.HUNG_UP:  # pressed twice: their hand is up again
        return _mine(ctx.work.of(Cases).open_of(ctx.me.id) or case, ctx)
    _asked_no_more(case, ctx)
    return _raise(ctx, topic_of(ctx.work, case.workspace, case.topic), case.line, case.mode)


def enough(command: Command, ctx: Context) -> Reply:
    """*No, thank you*: the card goes quiet."""
    case = _own_case(command, ctx)
    if case.state is State.HUNG_UP:
        _asked_no_more(case, ctx)
    return None


def _asked_no_more(case: Case, ctx: Context) -> None:
    """The agent said whether anybody is still needed."""
    keep(ctx.work, rules.cancel(case, ctx.now), (), ctx.now)
    ctx.work.outbox.refresh(case.workspace, model.CALL_OVER, case.id, ctx.now)


def _hears(text: str) -> int:
    return _asks_for_none(text) or _asks_for_hand(text) or int(is_distress(_besides_asking(text)))


_asks_for_none = asks("no_hand")
"""Whether it asks to take a hand down."""


def _asks_for_hand(text: str) -> int:
    """Whether it is asked for, whatever is asked after it: "raise my hand, what happens next?".
    A question about a hand asks for none."""
    told = _parted(text)[1]
    return asks("hand")(told) or asks("hand")(_END_OF_CLAUSE.split(told, maxsplit=1)[0])


def _besides_asking(text: str) -> str:
    """The text without what it asks about a hand: whoever is shouted at meanwhile calls."""
    asking, rest = _parted(text)
    if not asks("hand")(asking):
        return text
    return " ".join([*(word for word in asking.split() if not _OF_HAND.match(fold(word))), rest])


def _parted(text: str) -> tuple[str, str]:
    """The clauses by which a text begins and that ask about something, and what comes after them:
    "if I raise my hand, who comes?" does nothing else."""
    clauses = _END_OF_CLAUSE.split(text)
    rest = list(dropwhile(lambda clause: _ASKING.match(fold(clause)), clauses))
    return " ".join(clauses[: len(clauses) - len(rest)]), ", ".join(rest)


def _told(text: str) -> str:
    """What somebody told besides asking for a hand; a cry stays as it is."""
    return without(text, "hand") if _asks_for_hand(text) else text


_END_OF_CLAUSE = re.compile(r"[.,;:!?]\s")
_ASKING = re.compile(
    r"(what|if|when|once|do|does|did|who|whom|how|why|which|should|shall|must|is|are"
    r"|ja|kad|kas|ko|kurs|kura|kam|ka|kapec|cik|vai (?:man|drikst|es|ir)"
    r"|если|когда|что|кто|кого|как|зачем|почему|надо ли|нужно ли|можно ли|стоит ли)\b"
)
"""With what a clause begins, folded, that asks about a hand: "if I raise my hand, who comes?"."""

_OF_HAND = re.compile("hand|rais|lift|com|rok|pacel|celt|nak|atnak|рук|подн|прид")
"""How the words begin, folded, that name a hand, and what is done with it and for it."""


ROUTES: tuple[Route, ...] = (
    Route(
        "hand",
        hand,
        typed=Typed(
            {"en": "hand", "lv": "roka"},
            mark("Raise a hand: a colleague comes into your call"),
            mark("[topic and a few words] or log"),
            also=("рука",),
            hears=_hears,
            said=_told,
            heeds=True,
        ),
        calls_somebody=True,
    ),
    Route("hand.form", hand_form, reads=True),
    Route("hand.raise", hand_raise, calls_somebody=True),
    Route("hand.mode", mode),
    Route(
        "hand.cancel",
        cancel,
        behind=Behind(
            "hand",
            {"en": "down", "lv": "nost"},
            also=(
                *("cancel", "cancel it", "off", "stop", "take down", "take it down", "lower"),
                *("lower it", "put it down", "never mind", "nevermind", "false alarm"),
                *("atcelt", "lejā", "nolaist", "nolaid", "noliec", "noņem", "nevajag"),
                *("vairs nevajag", "viltus trauksme", "опусти", "опустить", "вниз", "отмена"),
                *("отмени", "стоп", "не надо", "уже не надо", "ложная тревога"),
            ),
            help=mark("Take your hand down"),
        ),
    ),
    Route("hand.everybody", everybody),
    Route("hand.again", again),
    Route("hand.enough", enough),
    Route("hand.take", take),
    Route("hand.join", join),
    Route("hand.more", more),
    Route("hand.decline", decline, private=True),
    Route("hand.solved", solved),
    Route("hand.else", somebody_else),
)


def _raise(
    ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None = None
) -> Living:
    workspace = ctx.me.workspace
    around, lately = ctx.work.of(Cases).raising(ctx.me.id, workspace, ctx.now - LATELY)
    up = next((case for case in around if case.agent == ctx.me.id), None)
    if up is not None and not _is_of_an_earlier_call(up, ctx):
        return _again(up, topic, line, ctx)
    if up is not None:
        close = rules.solve if up.state is State.TAKEN else rules.cancel
        keep(ctx.work, close(up, ctx.now), (), ctx.now)
    line, is_hidden = hidden(line)
    case = new_case(ctx, topic, line, mode, wanted, lately=lately)
    case = seated_now(case, ctx.me, ctx, first=True)
    case, notices = rules.step(case, {seat.person for seat in case.seats}, ctx.now)
    ctx.work.of(Cases).add(case)
    if topic is not None:
        ctx.tell(TopicCame(case.workspace, topic.id, case.id, case.agent))
    no_longer_asked(ctx.work, ctx.me.id, ctx.now, among=around)
    # That nobody is free the answer says itself.
    others = [one for one in notices if one.kind != model.NOBODY]
    hints = Hints(cut=len(line) > model.LINE_LIMIT, hidden=is_hidden)
    mine = _mine(case, ctx, hints if hints != Hints() else None)
    return replace(mine, besides=to_send(ctx.work, case, others, ctx.now))


def _is_of_an_earlier_call(case: Case, ctx: Context) -> bool:
    """Whether the hand is of a call that is over: by what the telephone system tells, else by how
    long ago somebody came."""
    now_in = ctx.work.of(CurrentCalls).of(ctx.me.id, ctx.now)
    if now_in is not None and not now_in.by_hand and case.raised_at < now_in.since:
        return not rules.is_of_call(case, now_in.since, ctx.now)
    return case.taken_at is not None and ctx.now - case.taken_at > rules.NEW_CALL_AFTER


def _again(case: Case, topic: Topic | None, line: str, ctx: Context) -> Living:
    """The hand is up already: what was written with it is added, those who know its topic are
    asked where it had none, and who is free now."""
    before = case
    case, notices = _about(case, topic, ctx)
    line, is_hidden = hidden(line)
    is_cut = False
    if line and line not in case.line:
        told = f"{case.line}\n{line}" if case.line else line
        is_cut = len(told) > model.LINE_LIMIT
        case = replace(case, line=shortened(told, model.LINE_LIMIT))
    if rules.look_now(case, ctx.now) != case:
        case = seated_now(rules.look_now(case, ctx.now), ctx.me, ctx)
        case, later = rules.step(case, free(seated(case), ctx), ctx.now)
        notices += later
    if case != before:
        keep(ctx.work, case, notices, ctx.now)
        refresh_asked(ctx.work, case, ctx.now)
    is_added = case.line != before.line or case.topic != before.topic
    hints = Hints(again=True, added=is_added, cut=is_cut, hidden=is_hidden)
    return _mine(case, ctx, hints)


def _about(case: Case, topic: Topic | None, ctx: Context) -> tuple[Case, tuple[Notice, ...]]:
    """The case with what it is about, said while it is up, and those asked who know it."""
    if topic is None or case.topic is not None:
        return case, ()
    case = replace(case, topic=topic.id)
    ctx.tell(TopicCame(case.workspace, topic.id, case.id, case.agent))
    return rules.ask_who_knows(case, who_know(case, ctx.me, ctx), ctx.now)


def _topic(command: Command, ctx: Context) -> Topic | None:
    return topic_of(ctx.work, ctx.me.workspace, command.one("topic") or None)


def _wanted(command: Command, ctx: Context) -> Person | None:
    """Whom a button names, if they are a colleague."""
    person = ctx.work.people.get(command.one("person"))
    if person is None or person.id == ctx.me.id or not person.belongs:
        return None
    return person if person.workspace == ctx.me.workspace else None


def _mine(case: Case, ctx: Context, hints: Hints | None = None) -> Living:
    """The agent's own card, which goes on changing; with `hints`, what it says at first."""
    view = mine_view(case, ctx)
    then = view(Hints())
    return Living(then if hints is None else view(hints), mine(case, ctx.now), then)


def _case(command: Command, ctx: Context) -> Case:
    case = ctx.work.of(Cases).get(command.one("case"))
    if case is None or case.workspace != ctx.me.workspace or not case.agent:
        raise RefusedError(_long_down(ctx))
    return case


def _case_and_others(command: Command, ctx: Context) -> tuple[Case, list[Case]]:
    """The case that is pressed on, and the caller's other open ones. All are held together, in one
    order: two who come to two cases don't wait for each other."""
    around = ctx.work.of(Cases).open_with(ctx.me.id, besides=command.one("case"))
    case = _case(command, ctx)
    return case, [one for one in around if one.id != case.id]


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
