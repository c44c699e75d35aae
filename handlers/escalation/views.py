"""What each message about a raised hand looks like at this moment."""

from collections.abc import Callable
from dataclasses import replace

from handlers.common.crisis import crisis
from handlers.common.danger import own_ways
from handlers.common.known_issues import standing
from handlers.common.reach import is_alone
from handlers.escalation import cards, mine, model, rules, steps
from handlers.escalation.finding import free, rings_now
from handlers.escalation.keeping import coordinators, topic_of
from handlers.escalation.mine import Hints, Unheard
from handlers.escalation.model import Answer, Case, Cases, State
from handlers.escalation.phrases import Together
from handlers.kit.cards import Card, Part
from handlers.kit.danger import danger_in
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Lane, Notice
from handlers.kit.people import Person, Role, Topic
from handlers.kit.ports import Texts
from handlers.work import Context

_PHONED = 5
"""People who are named to be phoned: the first will do."""


def mine_card(notice: Notice, ctx: Context) -> Card | None:
    case = ctx.work.of(Cases).get(notice.about)
    return None if case is None else mine_view(case, ctx)(Hints())


def mine_view(case: Case, ctx: Context) -> Callable[[Hints], Card]:
    """The agent's own view of the case, whatever state it is in, with what is said once."""
    t = ctx.t
    danger = _danger(case, ctx)
    if case.state is State.TAKEN:
        known = ctx.work.people.many([*filter(None, (case.taken_by,)), *case.joined()])
        helper = known.get(case.taken_by or "")
        if helper is not None:
            joined = [known[person] for person in case.joined() if person in known]
            together = _together(case, ctx.me, helper, ctx)
            two = ctx.me, helper
            coming = mine.on_the_way(case, two, joined, together, t, danger=danger)
            return lambda _hints: coming
    if not case.is_open:
        return lambda _hints: mine.closed(case, t)
    known = ctx.work.people.many(case.asked_as_told())
    asked = [known[person] for person in case.asked_as_told() if person in known]
    topic = topic_of(ctx.work, case.workspace, case.topic)
    why = _unheard(case, [known[one] for one in case.asked() if one in known], ctx)
    issues = standing(ctx, [case.topic] if case.topic else [])
    if why is not None:
        return _after(
            issues, lambda hints: mine.unheard(case, why, topic, t, hints=hints, danger=danger)
        )
    if case.is_alone:
        return _after(issues, _nobody(case, danger, ctx))
    return _after(
        issues, lambda hints: mine.raised(case, asked, topic, t, hints=hints, danger=danger)
    )


def _after(issues: tuple[Part, ...], view: Callable[[Hints], Card]) -> Callable[[Hints], Card]:
    """The card, after what everybody says about a known issue."""
    if not issues:
        return view

    def shown(hints: Hints) -> Card:
        card = view(hints)
        return replace(card, parts=(*issues, *card.parts))

    return shown


def over_view(case: Case, agent: Person, ctx: Context) -> Card:
    """What the reader sees of a case that asks them no more: where to go, if they come."""
    helper = ctx.work.people.get(case.taken_by) if case.taken_by else None
    is_coming = case.state is State.TAKEN and ctx.me.id in (case.taken_by, *case.joined())
    together = _together(case, agent, ctx.me, ctx) if is_coming else Together.NOWHERE
    return cards.ping_over(case, (agent, helper), ctx.me, together, ctx.t)


def ping_card(notice: Notice, ctx: Context) -> Card | None:
    return _asking(notice, ctx, cards.ping)


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    if not notice.sent and ctx.me.id not in free((ctx.me.id,), ctx):
        return None  # with somebody else by now, or gone home
    return _asking(notice, ctx, cards.reminder)


def more_card(notice: Notice, ctx: Context) -> Card | None:
    """Whether somebody comes besides the helper, as it stands now."""
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    agent = ctx.work.people.get(case.agent) if case is not None else None
    if case is None or agent is None or case.round != round_number:
        return cards.ping_of_earlier_round(ctx.t) if notice.sent else None
    helper = ctx.work.people.get(case.taken_by) if case.taken_by else None
    is_there = ctx.me.id in (case.taken_by, *case.joined())
    has_room = len(case.joined()) < rules.MOST_JOINED
    if case.state is State.TAKEN and helper is not None and has_room and not is_there:
        topic = topic_of(ctx.work, case.workspace, case.topic)
        return cards.more(case, (agent, helper), topic, ctx.t)
    return over_view(case, agent, ctx) if notice.sent else None


def coming_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or notice.sent or case.state is not State.TAKEN:
        return None
    return mine_view(case, ctx)(Hints())


def room_card(notice: Notice, ctx: Context) -> Card | None:
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    if case is None:
        return None
    alone = notice.kind == model.ROOM_ALONE
    others = [person for person in notice.to if person != case.agent]
    is_theirs = alone or case.taken_by in others
    helper = case.taken_by if is_theirs else others[0]
    if helper is None or (alone and case.round != round_number):
        return cards.ping_of_earlier_round(ctx.t) if notice.sent else None
    two = ctx.work.people.many((case.agent, helper, *case.joined()))
    if case.agent not in two or helper not in two:
        return None
    if case.round != round_number or case.taken_by != helper:
        return cards.room_moved_on(two[case.agent], two[helper], ctx.t) if notice.sent else None
    topic = topic_of(ctx.work, case.workspace, case.topic)
    both = two[case.agent], two[helper]
    joined = [two[person] for person in case.joined() if person in two]
    return cards.room(case, both, topic, ctx.now, ctx.t, joined=joined, alone=alone)


def nobody_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or notice.sent or case.state is not State.CALLING:
        return None
    return _nobody(case, _danger(case, ctx), ctx)(Hints())


def over_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or case.taken_by is None or notice.sent:
        return None
    other = case.taken_by if ctx.me.id == case.agent else case.agent
    known = ctx.work.people.get(other)
    if known is None:
        return None
    return cards.over(known, ctx.t, is_agent=ctx.me.id == case.agent)


def call_over_card(notice: Notice, ctx: Context) -> Card | None:
    case = ctx.work.of(Cases).get(notice.about)
    if case is not None and case.state is State.HUNG_UP:
        return mine.call_over(case, ctx.t)
    if case is None or not notice.sent:
        return None
    up = ctx.work.of(Cases).open_of(ctx.me.id)
    return mine.closed(case, ctx.t) if up is None else mine.up_again(ctx.t)


def unanswered_card(notice: Notice, ctx: Context) -> Card | None:
    case = _noticed(notice, ctx)
    if case is None or (case.state is not State.CALLING and not notice.sent):
        return None
    agent = ctx.work.people.get(case.agent)
    if agent is None:
        return None
    return cards.unanswered(case, agent, topic_of(ctx.work, case.workspace, case.topic), ctx.t)


NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.MINE, mine_card),
    NoticeKind(model.PING, ping_card, rejected=steps.unreachable, delivered=steps.heard),
    NoticeKind(model.REMINDER, reminder_card),
    NoticeKind(model.MORE, more_card),
    NoticeKind(model.COMING, coming_card),
    NoticeKind(model.ROOM, room_card, rejected=steps.room_unreachable),
    NoticeKind(model.ROOM_ALONE, room_card),
    NoticeKind(model.NOBODY, nobody_card),
    NoticeKind(model.UNANSWERED, unanswered_card, delivered=steps.coordinator_told),
    NoticeKind(model.OVER, over_card),
    NoticeKind(model.CALL_OVER, call_over_card, Rest.AT_ONCE),
)


def _danger(case: Case, ctx: Context) -> tuple[Part, ...]:
    """Whom to call where what was told may be a danger to life."""
    return crisis(ctx) if case.is_open and danger_in(case.line, own_ways(ctx)) else ()


def _nobody(case: Case, danger: tuple[Part, ...], ctx: Context) -> Callable[[Hints], Card]:
    t = ctx.t
    if is_alone(ctx, case.workspace):
        is_admin = ctx.me.is_a(Role.ADMIN)
        return lambda hints: mine.nobody_else(
            case, t, hints=hints, is_admin=is_admin, danger=danger
        )
    asked = coordinators(ctx.work, case)
    told = (Notice(model.UNANSWERED, case.about, (one.id,), ctx.now) for one in asked)
    kept = (ctx.work.outbox.kept(one.key) for one in told)
    seen = any(one is not None and one.sent for one in kept)
    return lambda hints: mine.nobody(case, t, hints=hints, seen_by_coordinators=seen, danger=danger)


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
        if notice.sent and _told_of_nobody(case, ctx):
            return cards.ping_told_again(agent, ctx.t)
        return card(case, agent, topic_of(ctx.work, case.workspace, case.topic), ctx.t)
    if not notice.sent:
        return None
    if case.state is State.CALLING and answer is Answer.DECLINED:
        return cards.ping_declined(case, agent, ctx.t)
    return over_view(case, agent, ctx)


def _told_of_nobody(case: Case, ctx: Context) -> bool:
    """Whether the reader, a coordinator, has a newer card of this hand: that nobody was free."""
    if case.unanswered_at is None or not ctx.me.is_a(Role.COORDINATOR):
        return False
    key = Notice(model.UNANSWERED, case.about, (ctx.me.id,), ctx.now).key
    kept = ctx.work.outbox.kept(key)
    return kept is not None and kept.sent


def _noticed(notice: Notice, ctx: Context) -> Case | None:
    """The notice's case, unless it went into another round since."""
    case_id, round_number = model.case_and_round(notice.about)
    case = ctx.work.of(Cases).get(case_id)
    return case if case is not None and case.round == round_number else None


def _together(case: Case, agent: Person, other: Person, ctx: Context) -> Together:
    """How the agent and somebody who comes write to each other."""
    if not agent.shares_a_place_with(other) or case.taken_by is None:
        return Together.NOWHERE
    room = Notice(model.ROOM, case.about, (agent.id, case.taken_by, *case.joined()), ctx.now)
    kept = ctx.work.outbox.kept(room.key)
    if kept is None or kept.gone:
        return Together.ALONE
    return Together.THERE if kept.sent else Together.ON_ITS_WAY


def _unheard(case: Case, asked: list[Person], ctx: Context) -> Unheard | None:
    """Why no ping gets through, when that is known or none has arrived in time."""
    if not asked or case.heard_at is not None:
        return None
    refused = {one.place for one in ctx.work.lanes.refused() if one.lane is Lane.NEW}
    none_can = all(there.place in refused for one in asked for there in one.addresses)
    if case.unheard_at is None and not none_can:
        return None
    places = (there.place for one in asked for there in one.addresses if there.place in refused)
    platform, _ = next(places, ("", ""))
    others = [person for ring in rings_now(case, ctx.me, ctx, 0) for person in ring]
    known = ctx.work.people.many(others)
    on_duty = [*asked, *(known[person] for person in others if person in known)]
    on_duty.sort(key=lambda person: not person.extension)
    return Unheard(platform.title(), tuple(on_duty[:_PHONED]))
