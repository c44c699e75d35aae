"""What people ask of a raised hand, and what happens when time passes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from handlers.common.crisis import crisis
from handlers.common.topics import topic_in, topics_of
from handlers.escalation import cards, model, numbers
from handlers.escalation.finding import everybody_seated, free, rings_now, seated_now
from handlers.escalation.ladder import LADDER, out_of_order
from handlers.escalation.model import Answer, Case, Cases, Member, Mode, State
from handlers.kit.cards import Card, Line, Reply
from handlers.kit.commands import MENTIONED, Behind, Command, RefusedError, Route, Typed
from handlers.kit.danger import danger_in
from handlers.kit.deidentify import Identifying, readable, replaced
from handlers.kit.distress import is_distress
from handlers.kit.facts import BreakBegan, CallEnded, PersonLeft
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person, Role, Topic
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled, Pressed
from handlers.kit.text import plain, shortened
from handlers.work import Context, Occasion, Work

_HIDDEN = "•••"
"""Stands in a hand's line for what tells who the caller is."""

_WEEKS_BACK = 52
"""How far back the week's numbers go."""


def hand(command: Command, ctx: Context) -> Reply:
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
    return _mine(up, ctx) if up else cards.hand_form(_topics(ctx), ctx.t)


def hand_raise(command: Command, ctx: Context) -> Reply:
    """The form, filled in."""
    topic = _topic(ctx.work, ctx.me.workspace, command.one("topic") or None)
    return _raise(ctx, topic, command.one("line").strip(), _mode(command, Mode.JOIN))


def mode(command: Command, ctx: Context) -> Reply:
    """Another way of helping, while nobody has come."""
    case = _own_case(command, ctx)
    if case.state is not State.CALLING:
        return _mine(case, ctx)
    case = replace(case, mode=_mode(command, case.mode))
    ctx.work.of(Cases).save(case)
    _refresh_asked(ctx.work, case, ctx.now)
    return _mine(case, ctx)


def cancel(command: Command, ctx: Context) -> Reply:
    case = _own_case(command, ctx)
    if case.state is not State.CALLING:
        return _mine(case, ctx)
    case = model.cancel(case, ctx.now)
    _keep(ctx.work, case, (), ctx.now)
    return cards.closed(case, ctx.t)


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
        _keep(ctx.work, case, notices, ctx.now)
        # The ping itself changes for whoever was asked; others came by another message.
        was_asked = case.answer_of(ctx.me.id) is not None
        return None if was_asked else cards.ping_over(case, agent, ctx.me, ctx.me, ctx.t)
    latest = ctx.work.of(Cases).get(case.id) or case
    if latest.state is State.TAKEN and latest.taken_by is not None:
        return cards.too_late(_person(ctx, latest.taken_by), agent, ctx.t)
    return cards.ping_over(latest, agent, None, ctx.me, ctx.t)


def decline(command: Command, ctx: Context) -> Reply:
    """*Not now*: the card changes for this person alone; the agent never hears of it."""
    case = _case(command, ctx)
    _not_now(ctx.work, case, ctx.me.id, ctx.now)
    return None


def solved(command: Command, ctx: Context) -> Reply:
    """*Solved*, by either of the two."""
    case = _case_of_two(command, ctx)
    if case.state is State.TAKEN:
        _keep(ctx.work, model.solve(case, ctx.now), (), ctx.now)
        agent, call = _person(ctx, case.agent), f"hand-{case.id}"
        ctx.tell(CallEnded(agent, call, case.raised_at, hard=False))
    return None


def somebody_else(command: Command, ctx: Context) -> Reply:
    """*I need somebody else* and *Nobody came*: the case climbs on without the first helper."""
    case = _case_of_two(command, ctx)
    if case.state is not State.TAKEN or command.one("round") != str(case.round):
        return _mine(case, ctx) if case.agent == ctx.me.id else None
    before, agent = case, _person(ctx, case.agent)
    case = everybody_seated(case, agent, ctx)
    case, notices = model.somebody_else(case, free(_seated(case), ctx), ctx.now)
    _keep(ctx.work, case, notices, ctx.now)
    _refresh_asked(ctx.work, before, ctx.now)
    return _mine(case, ctx) if case.agent == ctx.me.id else None


def everybody(command: Command, ctx: Context) -> Reply:
    """*Ask everybody now*: no ring waits for another."""
    case = _own_case(command, ctx)
    if case.state is State.CALLING:
        case = seated_now(case, ctx.me, ctx)
        case, notices = model.ask_everybody(case, free(_seated(case), ctx), ctx.now)
        _keep(ctx.work, case, notices, ctx.now)
    return _mine(case, ctx)


def who(command: Command, ctx: Context) -> Reply:
    """`/hand who`: whom a hand would ask at this moment, ring by ring."""
    topic, _ = topic_in(command.text, _topics(ctx), ctx.words)
    case = _new(ctx, topic, "", Mode.JOIN, None)
    rings = rings_now(case, ctx.me, ctx, 0)
    people = ctx.work.people.many([person for ring in rings for person in ring])
    told = tuple(tuple(people[person] for person in ring) for ring in rings)
    return cards.who(case, told, topic, ctx.t)


def log(command: Command, ctx: Context) -> Reply:
    """One's own last ten hands; supervisors find the week's numbers behind a button."""
    topics = {topic.id: topic for topic in _topics(ctx)}
    own = ctx.work.of(Cases).own(ctx.me.id, 10)
    return cards.log(own, topics, ctx.t, is_supervisor=ctx.me.is_a(Role.SUPERVISOR))


def week(command: Command, ctx: Context) -> Reply:
    back = Pressed(command, ctx.t).number("back", _WEEKS_BACK)
    start, end = numbers.week_around(ctx.now, ctx.me.zone, back)
    hands = ctx.work.of(Cases).raised_between(ctx.me.workspace, start, end)
    t = ctx.t
    days = (t("Mo"), t("Tu"), t("We"), t("Th"), t("Fr"), t("Sa"), t("Su"))
    names = tuple(map(plain, days))
    return cards.week(numbers.count(hands, start, end, ctx.me.zone), names, back, t)


def ladder_form(command: Command, ctx: Context) -> Reply:
    return cards.ladder_form(LADDER.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def ladder_save(command: Command, ctx: Context) -> Reply:
    now = LADDER.of(ctx.work.settings, ctx.me.workspace)
    form = cards.ladder_form(now, ctx.t)
    typed = Filled(form, command, ctx)
    asked = model.Ladder(
        tuple(
            model.Ring(
                typed.number(f"after{number}"),
                tuple(map(Member, typed.several(f"members{number}"))),
                typed.number(f"size{number}"),
            )
            for number in range(len(now.rings))
        ),
        typed.number("nobody"),
    )
    if typed.errors:
        return typed.again()
    wrong = out_of_order(asked)
    if wrong is not None:
        name = "nobody" if wrong == len(asked.rings) else f"after{wrong}"
        late = ctx.t("This must be later than the one before.")
        return cards.ladder_form(asked, ctx.t, {name: late})
    LADDER.put(ctx.work.settings, ctx.me.workspace, asked)
    return cards.ladder_saved(ctx.t)


def advance_hands(on: Occasion, limit: int) -> int:
    """Does what is due in raised hands: the next ring, the honest card, the quiet end; and two
    minutes after a take the conversation is made again, to gain its third button. A case that
    fails holds up no other."""

    work, now = on.work, on.now

    def step(case: Case) -> None:
        agent = work.people.get(case.agent)
        if agent is None:  # erased with the hand up
            _keep(work, model.without_agent(case, now), (), now)
            return
        if case.state is State.CALLING:
            case = seated_now(case, agent, on)
        after, notices = model.step(case, free(_seated(case), on), now)
        _keep(work, after, notices, now)

    return sum(work.savepoint(partial(step, case)) for case in work.of(Cases).due(now, limit))


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """No ring waits for them, and whom they helped is not left alone."""
    work, person, now = on.work, fact.person, on.now
    own = work.of(Cases).open_of(person.id)
    if own is not None:
        _keep(work, model.without_agent(own, now), (), now)
    for case in work.of(Cases).waiting_for(person.id):
        agent = work.people.get(case.agent)
        if case.taken_by == person.id and agent is not None:
            case = everybody_seated(case, agent, on)  # noqa: PLW2901 - the same case, looked at now
        after, notices = model.gone(case, person.id, free(_seated(case), on), now)
        _keep(work, after, notices, now)


def break_began(fact: BreakBegan, on: Occasion) -> None:
    """Whoever was asked to come somewhere and goes on a break counts as having said not now."""
    for case in on.work.of(Cases).waiting_for(fact.person):
        _not_now(on.work, case, fact.person, on.now)


def heard(notice: Notice, on: Occasion) -> None:
    """A ping has arrived: the time to answer it counts from now."""
    case_id, round_number = model.case_and_round(notice.about)
    case = on.work.of(Cases).get(case_id)
    if case is not None and case.round == round_number:
        after, notices = model.heard(case, notice.to[0], on.now)
        if after != case:
            on.work.of(Cases).save(after)
        on.work.outbox.add(case.workspace, *notices)


def unreachable(notice: Notice, on: Occasion) -> None:
    """A ping can never be delivered: the ring goes on without them."""
    work, now = on.work, on.now
    case_id, round_number = model.case_and_round(notice.about)
    case = work.of(Cases).get(case_id)
    if case is not None and case.round == round_number and case.state is State.CALLING:
        work.of(Cases).save(model.cannot(case, notice.to[0], Answer.UNREACHABLE, now))


def room_unreachable(notice: Notice, on: Occasion) -> None:
    """The platform gives the two no conversation: each has its card to themselves."""
    work, now = on.work, on.now
    case = work.of(Cases).get(model.case_and_round(notice.about)[0])
    if case is not None:
        alone = (
            Notice(model.ROOM_ALONE, notice.about, (p,), now, notice.priority) for p in notice.to
        )
        work.outbox.add(case.workspace, *alone)


def ping_card(notice: Notice, ctx: Context) -> Card | None:
    return _asking(notice, ctx, cards.ping)


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    if not notice.sent and ctx.me.id not in free((ctx.me.id,), ctx):
        return None  # with somebody else by now, or gone home
    return _asking(notice, ctx, cards.reminder)


def coming_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or notice.sent or case.state is not State.TAKEN or case.taken_by is None:
        return None
    return cards.on_the_way(case, ctx.me, _person(ctx, case.taken_by), ctx.t)


def room_card(notice: Notice, ctx: Context) -> Card | None:
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    if case is None:
        return None
    alone = notice.kind == model.ROOM_ALONE
    helper = case.taken_by if alone else next(p for p in notice.to if p != case.agent)
    if helper is None or (alone and case.round != round_number):
        return cards.ping_of_earlier_round(ctx.t) if notice.sent else None
    two = ctx.work.people.many((case.agent, helper))
    if len(two) < 2:
        return None
    if case.round != round_number or case.taken_by != helper:
        return cards.room_moved_on(two[case.agent], two[helper], ctx.t) if notice.sent else None
    topic = _topic(ctx.work, case.workspace, case.topic)
    both = two[case.agent], two[helper]
    return cards.room(case, both, topic, ctx.now, ctx.t, alone=alone)


def nobody_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or notice.sent or case.state is not State.CALLING:
        return None
    return cards.nobody(case, ctx.t, seen_by_coordinators=_coordinators(ctx.work, case) != ())


def over_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or case.taken_by is None or notice.sent:
        return None
    other = case.taken_by if ctx.me.id == case.agent else case.agent
    return cards.over(_person(ctx, other), ctx.t, is_agent=ctx.me.id == case.agent)


def unanswered_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or (case.state is not State.CALLING and not notice.sent):
        return None
    agent = ctx.work.people.get(case.agent)
    if agent is None:
        return None
    return cards.unanswered(case, agent, _topic(ctx.work, case.workspace, case.topic), ctx.t)


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
    Route(
        "hand.who",
        who,
        reads=True,
        role=Role.SUPERVISOR,
        behind=Behind("hand", {"en": "who", "lv": "kurš"}),
    ),
    Route("hand.take", take),
    Route("hand.decline", decline),
    Route("hand.solved", solved),
    Route("hand.else", somebody_else),
    Route(
        "hand.log",
        log,
        reads=True,
        behind=Behind("hand", {"en": "log", "lv": "žurnāls"}, also=("mine", "manas")),
    ),
    Route(
        "hand.week",
        week,
        reads=True,
        role=Role.SUPERVISOR,
        behind=Behind("hand", {"en": "week", "lv": "nedēļa"}),
    ),
    Route("settings.ladder", ladder_form, reads=True, role=Role.ADMIN),
    Route("settings.ladder.save", ladder_save, role=Role.ADMIN),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.PING, ping_card, rejected=unreachable, delivered=heard),
    NoticeKind(model.REMINDER, reminder_card),
    NoticeKind(model.COMING, coming_card),
    NoticeKind(model.ROOM, room_card, rejected=room_unreachable),
    NoticeKind(model.ROOM_ALONE, room_card),
    NoticeKind(model.NOBODY, nobody_card),
    NoticeKind(model.UNANSWERED, unanswered_card),
    NoticeKind(model.OVER, over_card),
)

TIMERS: tuple[Timer, ...] = (advance_hands,)


def _raise(
    ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None = None
) -> Reply:
    up = ctx.work.of(Cases).open_of(ctx.me.id)
    if up is not None and not _is_of_an_earlier_call(up, ctx.now):
        return _again(up, line, ctx)
    if up is not None:
        _keep(ctx.work, model.solve(up, ctx.now), (), ctx.now)
    line, is_hidden = _without_callers(line)
    case = model.begin(_new(ctx, topic, line, mode, wanted))
    case = seated_now(case, ctx.me, ctx, first=True)
    case, notices = model.step(case, {seat.person for seat in case.seats}, ctx.now)
    ctx.work.of(Cases).add(case)
    _send(
        ctx.work,
        case,
        [notice for notice in notices if notice.kind != model.NOBODY],  # the answer says so itself
        ctx.now,
    )
    people = ctx.work.people.many(case.asked())
    asked = [people[person] for person in case.asked()]
    return cards.raised(
        case,
        asked,
        topic,
        ctx.t,
        cut=len(line) > model.LINE_LIMIT,
        hidden=is_hidden,
        danger=crisis(ctx) if danger_in(case.line) else (),
    )


def _new(ctx: Context, topic: Topic | None, line: str, mode: Mode, wanted: Person | None) -> Case:
    ladder = LADDER.of(ctx.work.settings, ctx.me.workspace)
    rings, nobody_after = ladder.rings, ladder.nobody_after
    if wanted is not None:
        alone = model.WANTED_ALONE
        rings = (
            model.Ring(0, (), 1),
            *(replace(ring, after=ring.after + alone) for ring in rings),
        )
        nobody_after += alone
    return Case(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        agent=ctx.me.id,
        topic=topic.id if topic else None,
        line=shortened(line, model.LINE_LIMIT),
        mode=mode,
        raised_at=ctx.now,
        delays=(*(ring.after for ring in rings), nobody_after),
        seats=(),
        rings=rings,
        wanted=wanted.id if wanted is not None else None,
    )


def _without_callers(line: str) -> tuple[str, bool]:
    """The line as colleagues read it, and whether anything that tells who the caller is was hidden:
    numbers, e-mail addresses, names with a title."""
    hidden = replaced(readable(line), dict.fromkeys(Identifying, _HIDDEN))
    return hidden, hidden != readable(line)


def _is_of_an_earlier_call(case: Case, now: datetime) -> bool:
    return case.taken_at is not None and now - case.taken_at > model.NEW_CALL_AFTER


def _again(case: Case, line: str, ctx: Context) -> Reply:
    """The hand is up already: what was written with it is added, and who is free now is asked."""
    before = case
    line, _ = _without_callers(line)
    if line and line not in case.line:
        told = f"{case.line}\n{line}" if case.line else line
        case = replace(case, line=shortened(told, model.LINE_LIMIT))
    notices: tuple[Notice, ...] = ()
    if model.look_now(case, ctx.now) != case:
        case = seated_now(model.look_now(case, ctx.now), ctx.me, ctx)
        case, notices = model.step(case, free(_seated(case), ctx), ctx.now)
    if case != before:
        _keep(ctx.work, case, notices, ctx.now)
        _refresh_asked(ctx.work, case, ctx.now)
    return _mine(case, ctx, again=True)


def _keep(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> None:
    """Saves the case, sends what it causes, and has the messages that show it made again."""
    work.of(Cases).save(case)
    _send(work, case, notices, now)
    if case.state is not State.CALLING:
        _refresh_asked(work, case, now)
    if not case.is_open:
        for about in case.abouts:
            work.outbox.let_go(case.workspace, about, now)


def _send(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> None:
    told: tuple[Notice, ...] = ()
    if case.unanswered_at == now:
        told = tuple(
            Notice(model.UNANSWERED, case.about, (person.id,), now, Priority.NORMAL)
            for person in _coordinators(work, case)
        )
    work.outbox.add(case.workspace, *notices, *told)
    work.duty.mark_asked([n.to[0] for n in notices if n.kind == model.PING], now)


def _coordinators(work: Work, case: Case) -> tuple[Person, ...]:
    """Who is told that nobody was free."""
    found = work.people.with_role(case.workspace, Role.COORDINATOR)
    return tuple(person for person in found if person.id != case.agent)


def _not_now(work: Work, case: Case, person: str, now: datetime) -> None:
    """Whoever is asked can't come; the agent never hears of it."""
    if case.state is State.CALLING and case.answer_of(person) is Answer.ASKED:
        work.of(Cases).save(model.cannot(case, person, Answer.DECLINED, now))
        for kind in (model.PING, model.REMINDER):
            work.outbox.refresh(case.workspace, kind, case.about, now)


def _refresh_asked(work: Work, case: Case, now: datetime) -> None:
    for kind in (model.PING, model.REMINDER, model.UNANSWERED, model.ROOM, model.ROOM_ALONE):
        work.outbox.refresh(case.workspace, kind, case.about, now)


def _seated(case: Case) -> tuple[str, ...]:
    return tuple(seat.person for seat in case.seats)


def _asking(
    notice: Notice,
    ctx: Context,
    card: Callable[[Case, Person, Topic | None, Texts], Card],
) -> Card | None:
    """A ping or a reminder as it stands now; what was never sent is sent only while it is true."""
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    if case is None:
        return None
    agent = ctx.work.people.get(case.agent)
    answer = case.answer_of(ctx.me.id)
    if agent is None or case.round != round_number:
        return cards.ping_of_earlier_round(ctx.t) if notice.sent else None
    if case.state is State.CALLING and answer is Answer.ASKED:
        return card(case, agent, _topic(ctx.work, case.workspace, case.topic), ctx.t)
    if not notice.sent:
        return None
    if case.state is State.CALLING and answer is Answer.DECLINED:
        return cards.ping_declined(case, agent, ctx.t)
    helper = ctx.work.people.get(case.taken_by) if case.taken_by else None
    return cards.ping_over(case, agent, helper, ctx.me, ctx.t)


def _noticed(notice: Notice, ctx: Context) -> Case | None:
    """The notice's case, unless it went into another round since."""
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    return case if case is not None and case.round == round_number else None


def _mine(case: Case, ctx: Context, *, again: bool = False) -> Card:
    """The agent's own view of the case, whatever state it is in."""
    if case.state is State.TAKEN and case.taken_by is not None:
        return cards.on_the_way(case, ctx.me, _person(ctx, case.taken_by), ctx.t)
    if not case.is_open:
        return cards.closed(case, ctx.t)
    known = ctx.work.people.many(case.asked_as_told())
    asked = tuple(known[person] for person in case.asked_as_told() if person in known)
    topic = _topic(ctx.work, case.workspace, case.topic)
    seen = _coordinators(ctx.work, case) != ()
    return cards.raised(case, asked, topic, ctx.t, again=again, seen_by_coordinators=seen)


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


def _topic(work: Work, workspace: str, topic: str | None) -> Topic | None:
    return next((known for known in topics_of(work.settings, workspace) if known.id == topic), None)


def _long_down(ctx: Context) -> Line:
    return ctx.t("That hand is long down. Nothing needs doing.")
