"""What happens to raised hands by itself: when time passes, and when something is heard of."""

from functools import partial

from handlers.common.current_call import CurrentCalls
from handlers.common.known_issues import KNOWN_ISSUES
from handlers.escalation import model, rules
from handlers.escalation.finding import everybody_seated, free, seated_now
from handlers.escalation.keeping import keep, no_longer_asked, refresh_room, seated
from handlers.escalation.model import Answer, Case, Cases, State
from handlers.kit.facts import BreakBegan, Engaged, PersonLeft, SettingChanged, TelephoneEnded
from handlers.kit.feature import Timer
from handlers.kit.notices import Notice
from handlers.work import Occasion

_SEE_WHAT_IS_SAID = 200
"""Hands that are up whose agents see at once what everybody says from now on."""


def advance_hands(on: Occasion, limit: int) -> int:
    """Does what is due in raised hands: the next ring, the honest card, the quiet end; and two
    minutes after a take the conversation is made again, to gain its third button. A case that
    fails holds up no other."""

    work, now = on.work, on.now

    def step(case: Case) -> None:
        agent = work.people.get(case.agent)
        if agent is None:  # erased with the hand up
            keep(work, rules.without_agent(case, now), (), now)
            return
        if case.state is State.CALLING:
            case = seated_now(case, agent, on)
        after, notices = rules.step(case, free(seated(case), on), now)
        if case.state is State.TAKEN and after.state is State.TAKEN:
            work.of(Cases).save(after)
            refresh_room(work, after, now)
            return
        keep(work, after, notices, now)

    return sum(work.savepoint(partial(step, case)) for case in work.of(Cases).due(now, limit))


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """No ring waits for them, and whom they helped is not left alone."""
    work, person, now = on.work, fact.person, on.now
    for case in work.of(Cases).open_with(person.id):
        if case.agent == person.id:
            keep(work, rules.without_agent(case, now), (), now)
            continue
        agent = work.people.get(case.agent)
        if case.taken_by == person.id and agent is not None:
            case = everybody_seated(case, agent, on)  # noqa: PLW2901 - the same case, looked at now
        after, notices = rules.gone(case, person.id, free(seated(case), on), now)
        keep(work, after, notices, now)


def engaged(fact: Engaged, on: Occasion) -> None:
    """Whoever was asked to come somewhere and can't any more counts as having said not now."""
    for person in fact.people:
        no_longer_asked(on.work, person, on.now)


def break_began(fact: BreakBegan, on: Occasion) -> None:
    """The same for a break."""
    no_longer_asked(on.work, fact.person, on.now)


def telephone_ended(fact: TelephoneEnded, on: Occasion) -> None:
    """A hand belongs to its call: when that ends and nobody has come, it comes down. One that went
    up in the next call already stays."""
    case = on.work.of(Cases).open_of(fact.person.id)
    if case is None or case.state is not State.CALLING:
        return
    now_in = on.work.of(CurrentCalls).of(fact.person.id, on.now)
    if now_in is not None and now_in.since <= case.raised_at:
        return
    if rules.is_of_call(case, fact.since, fact.at):
        keep(on.work, *rules.hang_up(case, on.now), on.now)


def setting_changed(fact: SettingChanged, on: Occasion) -> None:
    """What everybody says about a topic stands on hands that are up, as long as it holds."""
    if fact.section == KNOWN_ISSUES.title:
        for case in on.work.of(Cases).open_in(fact.workspace, _SEE_WHAT_IS_SAID):
            on.work.outbox.refresh(case.workspace, model.MINE, case.id, on.now)


def heard(notice: Notice, on: Occasion) -> None:
    """A ping has arrived: the time to answer it counts from now."""
    case_id, round_number = model.case_and_round(notice.about)
    case = on.work.of(Cases).get(case_id)
    if case is not None and case.round == round_number:
        after, notices = rules.heard(case, notice.to[0], on.now)
        if after != case:
            keep(on.work, after, (), on.now)
        on.work.outbox.add(case.workspace, *notices)


def unreachable(notice: Notice, on: Occasion) -> None:
    """A ping can never be delivered: the ring goes on without them."""
    work, now = on.work, on.now
    case_id, round_number = model.case_and_round(notice.about)
    case = work.of(Cases).get(case_id)
    if case is not None and case.round == round_number and case.state is State.CALLING:
        work.of(Cases).save(rules.cannot(case, notice.to[0], Answer.UNREACHABLE, now))


def coordinator_told(notice: Notice, on: Occasion) -> None:
    """A coordinator has it that nobody was free: from now on the agent reads so."""
    case = on.work.of(Cases).get(model.case_and_round(notice.about)[0])
    if case is not None and case.is_alone:
        on.work.outbox.refresh(case.workspace, model.MINE, case.id, on.now)
        # What asked a coordinator themselves is the older card of the same hand.
        asked = (model.PING, model.REMINDER)
        on.work.outbox.refresh_all(case.workspace, asked, case.about, on.now)


def room_unreachable(notice: Notice, on: Occasion) -> None:
    """The platform gives the two no conversation: each has its card to themselves."""
    work, now = on.work, on.now
    case = work.of(Cases).get(model.case_and_round(notice.about)[0])
    if case is not None:
        alone = (
            Notice(model.ROOM_ALONE, notice.about, (p,), now, notice.priority) for p in notice.to
        )
        work.outbox.add(case.workspace, *alone)
        for kind, about in ((model.MINE, case.id), (model.PING, case.about)):
            work.outbox.refresh(case.workspace, kind, about, now)  # they say how the two write


TIMERS: tuple[Timer, ...] = (advance_hands,)
