"""What members ask of their group, and what Plecs sends them around its sessions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.kit.about import unpack
from handlers.kit.cards import Card, Line, Part, Reply
from handlers.kit.commands import Command, Handler, RefusedError, Route
from handlers.kit.deidentify import Kind, readable, replaced, spots
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.reading import Reading
from handlers.plans.commands import free_days
from handlers.plans.rest import wall_time
from handlers.supervision.agreement.model import AGREEMENT, Agreements
from handlers.supervision.cases.model import LONGEST_CASE, MOST_CASES, Case, SessionCases
from handlers.supervision.dates.model import DATES
from handlers.supervision.dates.rules import Rhythm, best_slots, minutes_of, span
from handlers.supervision.groups.model import Group, Groups, Members, Standing
from handlers.supervision.keepsakes.model import LONGEST_KEEPSAKE, Keepsake, Keepsakes
from handlers.supervision.requests.model import LONGEST_WHY, REQUEST, Request, Requests
from handlers.supervision.sessions import cards
from handlers.supervision.sessions.cards import Meeting
from handlers.supervision.sessions.model import (
    ENOUGH,
    MOST_DATES,
    REMINDER_DAY,
    REMINDER_SOON,
    REMINDER_WEEK,
    ROOM,
    VOTE,
    VOTED,
    WORTH,
    Attendance,
    Choices,
    Ratings,
    Reminders,
    Seats,
    Session,
    Sessions,
    SessionState,
    SessionSteps,
    Turn,
    Votes,
    about_start,
    stamp,
)
from handlers.supervision.shared import lifecycle as life
from handlers.supervision.turns.model import SWAP, TURN, Swap, Swaps
from handlers.vents.finding import crisis
from handlers.work import Context, NoticeCard, Work

_LATE_TO_MOVE = timedelta(hours=2)
"""So shortly before a session nobody is asked whether to move it."""

_SOON = timedelta(days=60)
"""How far ahead `/supervision` looks for a group's next date."""

_STAY = "stay"

_ANSWERS = {how.value: how for how in (Attendance.COMING, Attendance.LATE, Attendance.ABSENT)}
"""What somebody may say of a session to come."""


# --- coming, or not -----------------------------------------------------------------------------


def show(command: Command, ctx: Context) -> Reply:
    """One's next session: when, where, whose turn it is."""
    return cards.shown(_meeting(ctx, _mine(command, ctx)), ctx.t)


def attend(command: Command, ctx: Context) -> Reply:
    """*I'll be there*, *late*, *I can't*: turns of those who can't go to others, and where too
    few can come the group is asked whether to move."""
    session = _mine(command, ctx, hold=True)
    _refuse_begun(session, ctx)
    how = _ANSWERS.get(command.one("how"))
    if how is None:
        raise RefusedError(ctx.t("This question is answered. Nothing was changed."))
    _say(ctx, session, how)
    life.arrange(ctx.work, session.group, ctx.now)
    _ask_to_move(ctx, session)
    life.refresh(ctx.work, session, ctx.now)
    return cards.shown(_meeting(ctx, session), ctx.t)


def here(command: Command, ctx: Context) -> Reply:
    """*I'm here*, while it is on."""
    session = _mine(command, ctx)
    if session.starts_at <= ctx.now < session.ends_at:
        _say(ctx, session, Attendance.ATTENDED)
        ctx.work.outbox.refresh(session.workspace, ROOM, session.id, ctx.now)
    return None


def step(command: Command, ctx: Context) -> Reply:
    """The facilitator goes on to another point of the agenda; everybody's card follows."""
    session = _mine(command, ctx, hold=True)
    meeting = _meeting(ctx, session)
    if not cards.steps(meeting):
        raise RefusedError(ctx.t("The facilitator leads through the agenda."))
    point = min(command.number("point"), len(meeting.points) - 1)
    if meeting.life is not None and meeting.has_begun and not meeting.is_over:
        ctx.work.of(SessionSteps).put(replace(meeting.life, point=point))
        ctx.work.outbox.refresh(session.workspace, ROOM, session.id, ctx.now)
    return None


def vote(command: Command, ctx: Context) -> Reply:
    """A choice among the dates. What more than half of the group chose is done at once."""
    session = _mine(command, ctx, hold=True)
    meeting, choice = _meeting(ctx, session), command.one("choice")
    state = meeting.life
    dates = {stamp(at): at for at in state.dates} if state is not None else {}
    if meeting.has_begun or state is None or choice not in {*dates, _STAY}:
        raise RefusedError(ctx.t("This question is answered. Nothing was changed."))
    ctx.work.of(Votes).put(session.id, ctx.me.id, choice)
    votes = ctx.work.of(Votes).of(session.id)
    members = [seat.person for seat in meeting.inside]
    for_it = sum(votes.get(person) == choice for person in members)
    if 2 * for_it > len(members):
        if choice == _STAY:
            ctx.work.of(SessionSteps).put(replace(state, dates=()))
        else:
            _move(ctx, meeting, dates[choice])
    ctx.work.outbox.refresh(session.workspace, VOTE, about_start(session), ctx.now)
    return None


# --- swapping ------------------------------------------------------------------------------------


def swap_form(command: Command, ctx: Context) -> Reply:
    meeting = _meeting(ctx, _mine(command, ctx))
    _refuse_begun(meeting.session, ctx)
    if meeting.mine is None or meeting.mine.part is Turn.NONE:
        raise RefusedError(ctx.t("You have no turn in this session that could be swapped."))
    others = _to_swap_with(meeting)
    if not others:
        raise RefusedError(ctx.t("Nobody else can come: there is nobody to swap with."))
    return cards.swap_form(meeting, others, ctx.t)


def swap_send(command: Command, ctx: Context) -> Reply:
    """Asks the other; nothing changes until they agree."""
    session = _mine(command, ctx, hold=True)
    _refuse_begun(session, ctx)
    meeting = _meeting(ctx, session)
    other = meeting.people.get(command.one("other"))
    if meeting.mine is None or meeting.mine.part is Turn.NONE:
        raise RefusedError(ctx.t("You have no turn in this session that could be swapped."))
    if other is None or other not in _to_swap_with(meeting):
        raise RefusedError(ctx.t("They can't come to this session. Ask somebody else."))
    theirs = next(seat.part for seat in meeting.seats if seat.person == other.id)
    for before in ctx.work.of(Swaps).of([session.id]):
        if before.asker == ctx.me.id and not before.agreed:
            _drop_swap(ctx, session, before)
    one = Swap(ctx.new_id(), session.id, ctx.me.id, other.id, meeting.mine.part, theirs)
    ctx.work.of(Swaps).put(one)
    ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (other.id,), ctx.now))
    return cards.swap_asked(other, ctx.t)


def swap_yes(command: Command, ctx: Context) -> Reply:
    """The other agrees: it holds if both still have what they had when it was asked."""
    one, session = _swap_of_mine(command, ctx)
    if one.agreed:
        return None
    seats = {seat.person: seat for seat in ctx.work.of(Seats).of([session.id])}
    asker, mine = seats.get(one.asker), seats.get(one.other)
    if asker is None or mine is None or (asker.part, mine.part) != (one.gives, one.gets):
        raise RefusedError(ctx.t("The turns have changed since. Nothing was swapped."))
    for before in ctx.work.of(Swaps).of([session.id]):
        # An earlier swap of either is replaced by this one.
        if before.id != one.id and {before.asker, before.other} & {one.asker, one.other}:
            _drop_swap(ctx, session, before)
    ctx.work.of(Swaps).put(replace(one, agreed=True))
    swapped = (replace(asker, part=one.gets), replace(mine, part=one.gives))
    ctx.work.of(Seats).put(swapped)
    life.arrange(ctx.work, session.group, ctx.now)
    life.refresh(ctx.work, session, ctx.now)
    ctx.work.outbox.refresh(session.workspace, SWAP, one.id, ctx.now)
    ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (one.asker,), ctx.now))
    return None


def swap_no(command: Command, ctx: Context) -> Reply:
    """*Not this time*. The asker's turn stays theirs; why is not asked."""
    one, session = _swap_of_mine(command, ctx)
    if not one.agreed:
        _drop_swap(ctx, session, one)
        ctx.work.outbox.add(session.workspace, Notice(SWAP, one.id, (one.asker,), ctx.now))
    return None


# --- cases ---------------------------------------------------------------------------------------


def case_form(command: Command, ctx: Context) -> Reply:
    session = _mine(command, ctx)
    _refuse_over(session, ctx)
    return cards.case_form(session, ctx.t)


def case_keep(command: Command, ctx: Context) -> Reply:
    """Keeps a few lines, when nothing in them tells who they are about. What does is replaced in
    the form, and nothing is kept until it is sent again."""
    session = _mine(command, ctx)
    _refuse_over(session, ctx)
    name = cards.AGAIN if command.one(cards.AGAIN) else cards.WORDS
    # What stands in place of a number may be longer than the number.
    limit = 2 * LONGEST_CASE if name == cards.AGAIN else LONGEST_CASE
    text, errors = _read(command, ctx, name, limit)
    if errors:
        return cards.case_form(session, ctx.t, text, again=name == cards.AGAIN, errors=errors)
    found = spots(text)
    if found:
        words = {kind: cards.placeholder(kind, ctx.t) for kind in Kind}
        seen = [(text[spot.start : spot.end], spot.kind) for spot in found]
        return cards.case_form(session, ctx.t, replaced(text, words), seen, again=True)
    mine = [c for c in ctx.work.of(SessionCases).of(session.id) if c.person == ctx.me.id]
    if len(mine) >= MOST_CASES:
        raise RefusedError(
            ctx.t("You bring {n} things already. Take one back first.", n=MOST_CASES)
        )
    one = Case(ctx.new_id(), session.id, ctx.me.id, text, ctx.now)
    ctx.work.of(SessionCases).put(one)
    return cards.case_kept(one, ctx.t)


def case_mine(command: Command, ctx: Context) -> Reply:
    session = _mine(command, ctx)
    mine = [c for c in ctx.work.of(SessionCases).of(session.id) if c.person == ctx.me.id]
    if not mine:
        raise RefusedError(ctx.t("You have nothing here, or it is deleted already."))
    return cards.my_cases(session, mine, ctx.t)


def case_take(command: Command, ctx: Context) -> Reply:
    """Takes back what one wrote, at any time; nothing of it stays."""
    one = ctx.work.of(SessionCases).get(command.one("case"))
    if one is not None and one.person == ctx.me.id:
        ctx.work.of(SessionCases).remove(one.id)
    return cards.case_taken_back(ctx.t)


def cases(command: Command, ctx: Context) -> Reply:
    """What people bring, from the start on, to those of the group who have agreed."""
    meeting = _meeting(ctx, _mine(command, ctx))
    if not meeting.has_begun:
        raise RefusedError(ctx.t("The group sees it when the session begins, and not before."))
    if not meeting.agreed:
        raise RefusedError(ctx.t("The agreement first: it takes a minute, and all rely on it."))
    return cards.cases(meeting, ctx.work.of(SessionCases).of(meeting.session.id), ctx.t)


def read(command: Command, ctx: Context) -> Reply:
    """A window with something to read is closed."""
    return None


# --- the agreement -------------------------------------------------------------------------------


def agreement(command: Command, ctx: Context) -> Reply:
    return _agreement(ctx, _group_of_mine(command, ctx))


def agree(command: Command, ctx: Context) -> Reply:
    """Agrees to the version that was shown. An older one is shown anew in its present words."""
    group = _group_of_mine(command, ctx)
    cycle = life.running(ctx.work, group.id)
    if cycle is None:
        raise RefusedError(ctx.t("It is asked when the next cycle begins."))
    if command.number("version") != group.agreement_version or command.one("cycle") != cycle.id:
        return _agreement(ctx, group)
    ctx.work.of(Agreements).agree(group.id, cycle.id, group.agreement_version, ctx.me.id, ctx.now)
    about = life.agreement_about(group, cycle.id)
    ctx.work.outbox.refresh(group.workspace, AGREEMENT, about, ctx.now)
    return _agreement(ctx, group)


def disagree(command: Command, ctx: Context) -> Reply:
    """Nothing is written down; what follows is said."""
    return cards.disagreed(_group_of_mine(command, ctx), ctx.t)


def agreement_form(command: Command, ctx: Context) -> Reply:
    return cards.agreement_form(_group_kept(command, ctx), ctx.t)


def agreement_save(command: Command, ctx: Context) -> Reply:
    """The group's own text: a new version, for which everybody is asked anew."""
    group = _group_kept(command, ctx)
    text, errors = _read(command, ctx, "text", cards.LONGEST_AGREEMENT, required=False)
    if errors:
        return cards.agreement_form(replace(group, agreement=text), ctx.t, errors)
    if text != group.agreement:
        group = replace(group, agreement=text, agreement_version=group.agreement_version + 1)
        ctx.work.of(Groups).put(group)
        life.agreement_changed(ctx.work, group, ctx.now)
    return cards.agreement_saved(group, ctx.t)


# --- afterwards ----------------------------------------------------------------------------------


def rate(command: Command, ctx: Context) -> Reply:
    """*Was it worth the time*, one to five, until the answers are made into one number."""
    session, points = _mine(command, ctx), command.number("points")
    mine = _meeting(ctx, session).mine
    was_there = mine is not None and mine.attendance is Attendance.ATTENDED
    is_open = session.ends_at <= ctx.now and not _is_closed(ctx, session)
    if not was_there or not is_open or not 1 <= points <= 5:
        raise RefusedError(ctx.t("The answers are closed. Thank you all the same."))
    ctx.work.of(Ratings).put(session.id, ctx.me.id, points)
    ctx.work.outbox.refresh(session.workspace, WORTH, session.id, ctx.now)
    return None


def keepsake_form(command: Command, ctx: Context) -> Reply:
    session = command.one("session")
    words = next(
        (one.words for one in ctx.work.of(Keepsakes).of(ctx.me.id) if one.session == session),
        "",
    )
    return cards.keepsake_form(session, words, ctx.t)


def keepsake_keep(command: Command, ctx: Context) -> Reply:
    session = _mine(command, ctx)
    words, errors = _read(command, ctx, cards.WORDS, LONGEST_KEEPSAKE)
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


# --- asking --------------------------------------------------------------------------------------


def ask_form(command: Command, ctx: Context) -> Reply:
    """`/supervision ask`: it was really too much."""
    return cards.ask_form(ctx.work.of(Groups).joined_by(ctx.me.id)[:20], crisis(ctx), ctx.t)


def ask(command: Command, ctx: Context) -> Reply:
    """The coordinator gets it: of one's group, or all of them where it is for a new one."""
    wanted = command.one("group")
    mine = {group.id: group for group in ctx.work.of(Groups).joined_by(ctx.me.id)}
    group = mine.get(wanted)
    words, errors = _read(command, ctx, cards.WORDS, LONGEST_WHY, required=False)
    if errors:
        return cards.ask_form(tuple(mine.values())[:20], crisis(ctx), ctx.t, words, errors)
    one = Request(
        ctx.new_id(), ctx.me.workspace, ctx.me.id, group.id if group else "", words, ctx.now
    )
    to = _coordinators(ctx, group)
    if not to:
        raise RefusedError(
            ctx.t("There is no coordinator yet whom I could ask. Please tell an admin.")
        )
    ctx.work.of(Requests).put(one)
    ctx.work.outbox.add(
        one.workspace, *(Notice(REQUEST, one.id, (person.id,), ctx.now) for person in to)
    )
    return cards.ask_sent(crisis(ctx), ctx.t)


def request_done(command: Command, ctx: Context) -> Reply:
    """A coordinator has answered somebody: what they wrote is deleted."""
    one = ctx.work.of(Requests).get(command.one("request"))
    if one is not None and one.workspace == ctx.me.workspace:
        ctx.work.of(Requests).remove(one.id)
        ctx.work.outbox.refresh(one.workspace, REQUEST, one.id, ctx.now)
    return cards.request_done(ctx.t)


def reminders_form(command: Command, ctx: Context) -> Reply:
    return cards.reminders_form(ctx.work.of(Reminders).choices([ctx.me.id])[ctx.me.id], ctx.t)


def reminders_save(command: Command, ctx: Context) -> Reply:
    chosen = command.many("when")
    ctx.work.of(Reminders).put(
        Choices(ctx.me.id, week="week" in chosen, day="day" in chosen, soon="soon" in chosen)
    )
    return cards.reminders_saved(ctx.t)


def on_the_front(ctx: Context) -> tuple[Part, ...]:
    """What a member sees on `/supervision`."""
    groups = ctx.work.of(Groups).joined_by(ctx.me.id)
    ids = [group.id for group in groups]
    ahead = ctx.work.of(Sessions).coming(ids, ctx.now, ctx.now + _SOON) if ids else ()
    following: dict[str, Session] = {}
    for session in ahead:
        if session.state is SessionState.PLANNED:
            following.setdefault(session.group, session)
    outcomes = {}
    for group in groups:
        cycle = life.running(ctx.work, group.id)
        if cycle is not None:
            sessions = [one.id for one in ctx.work.of(Sessions).of_cycle(cycle.id)]
            outcomes[group.id] = ctx.work.of(Ratings).outcomes(sessions)
    meetings = [_meeting(ctx, session) for session in following.values()]
    return (*cards.front(meetings, groups, outcomes, ctx.t), *asked_for(ctx))


def asked_for(ctx: Context) -> tuple[Part, ...]:
    """For coordinators: who asked and has no answer yet."""
    if not ctx.me.is_a(Role.COORDINATOR):
        return ()
    found = ctx.work.of(Requests).waiting(ctx.me.workspace)[: cards.MOST_REQUESTS]
    people = ctx.work.people.many([one.person for one in found])
    return cards.requests([one for one in found if one.person in people], people, ctx.t)


def next_session(ctx: Context) -> tuple[Part, ...]:
    """What the start page shows of it: the caller's next session within a week, if there is one."""
    until = ctx.now + timedelta(days=7)
    for session in ctx.work.of(Sessions).of_person(ctx.me.id, ctx.now, until):
        if session.state is SessionState.PLANNED:
            return (cards.session_row(_meeting(ctx, session), ctx.t),)
    return ()


# --- what is sent --------------------------------------------------------------------------------


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    """A reminder. One that is too late, or whose reader can't come, is not sent."""
    meeting = _of_notice(notice, ctx)
    if meeting is None:
        return cards.over(ctx.t) if notice.sent else None
    absent = meeting.mine is None or meeting.mine.attendance is Attendance.ABSENT
    past = notice.about != about_start(meeting.session)
    if not notice.sent and (absent or past or meeting.has_begun or meeting.is_cancelled):
        return None
    if not notice.sent and notice.kind == REMINDER_WEEK and _is_near(meeting):
        return None  # it waited so long that tomorrow's says the same
    if meeting.mine is None:
        return cards.over(ctx.t)
    return cards.reminder(meeting, ctx.t, soon=notice.kind == REMINDER_SOON)


def voted_card(notice: Notice, ctx: Context) -> Card | None:
    """The new time that the group chose."""
    meeting = _of_notice(notice, ctx)
    if meeting is None or meeting.mine is None or meeting.is_over:
        return cards.over(ctx.t) if notice.sent else None
    return cards.voted(meeting, ctx.t)


def turn_card(notice: Notice, ctx: Context) -> Card | None:
    meeting, part = _of_notice(notice, ctx), Turn(unpack(notice.about, 2)[1])
    if meeting is None:
        return cards.over(ctx.t) if notice.sent else None
    gone = meeting.mine is None or meeting.mine.part is not part or meeting.has_begun
    return None if gone and not notice.sent else cards.turn(meeting, part, ctx.t)


def swap_card(notice: Notice, ctx: Context) -> Card | None:
    """For who is asked the question; for who asked, what became of it."""
    one = ctx.work.of(Swaps).get(notice.about)
    session = ctx.work.of(Sessions).get(one.session) if one is not None else None
    if one is None or session is None:
        return cards.swap_over(ctx.t)
    meeting = _meeting(ctx, session)
    if one.asker == ctx.me.id:
        return cards.swap_done(meeting, ctx.t)
    return cards.swap(meeting, one, ctx.t)


def vote_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = _of_notice(notice, ctx)
    if meeting is None or meeting.mine is None:
        return cards.over(ctx.t) if notice.sent else None
    is_this = notice.about == about_start(meeting.session)
    asked = is_this and meeting.life is not None and bool(meeting.life.dates)
    if not is_this:
        return cards.vote_over(meeting, ctx.t) if notice.sent else None
    return cards.vote(meeting, ctx.t) if asked or notice.sent else None


def room_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = _of_notice(notice, ctx)
    if meeting is None or meeting.mine is None:
        return cards.over(ctx.t) if notice.sent else None
    return None if meeting.is_over and not notice.sent else cards.room(meeting, ctx.t)


def worth_card(notice: Notice, ctx: Context) -> Card | None:
    meeting = _of_notice(notice, ctx)
    if meeting is None:
        return cards.over(ctx.t) if notice.sent else None
    closed = _is_closed(ctx, meeting.session)
    if closed and not notice.sent:
        return None
    points = ctx.work.of(Ratings).of(meeting.session.id, ctx.me.id)
    return cards.worth(meeting, points, ctx.t, closed=closed)


def agreement_card(notice: Notice, ctx: Context) -> Card | None:
    group_id, cycle, version = unpack(notice.about, 3)
    group = ctx.work.of(Groups).get(group_id)
    if group is None or group.closed_at is not None or not _has_joined(group, ctx):
        return cards.over(ctx.t) if notice.sent else None
    present = life.running(ctx.work, group.id)
    if present is None or present.id != cycle or int(version) != group.agreement_version:
        return cards.over(ctx.t) if notice.sent else None
    agreed = ctx.me.id in ctx.work.of(Agreements).agreed(group.id, cycle, int(version))
    if agreed and not notice.sent:
        return None
    return cards.agreement(group, ctx.t, cycle=cycle, has_agreed=agreed)


def request_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Requests).get(notice.about)
    if one is None and not notice.sent:
        return None
    person = ctx.work.people.get(one.person) if one is not None else None
    group = ctx.work.of(Groups).get(one.group) if one is not None and one.group else None
    return cards.request(one, person, group, ctx.t)


ROUTES: tuple[Route, ...] = (
    Route("session.show", show, reads=True),
    Route("session.attend", attend),
    Route("session.here", here),
    Route("session.step", step),
    Route("session.vote", vote),
    Route("session.swap", swap_form, reads=True),
    Route("session.swap.send", swap_send),
    Route("session.swap.yes", swap_yes),
    Route("session.swap.no", swap_no),
    Route("session.case", case_form, reads=True),
    Route("session.case.keep", case_keep),
    Route("session.case.mine", case_mine, reads=True),
    Route("session.case.take", case_take),
    Route("session.cases", cases, reads=True),
    Route("session.read", read, reads=True),
    Route("session.agreement", agreement, reads=True),
    Route("session.agree", agree),
    Route("session.disagree", disagree, reads=True),
    Route("session.agreement.form", agreement_form, reads=True, role=Role.COORDINATOR),
    Route("session.agreement.save", agreement_save, role=Role.COORDINATOR),
    Route("session.rate", rate),
    Route("session.keepsake", keepsake_form, reads=True),
    Route("session.keepsake.keep", keepsake_keep),
    Route("session.keepsakes", keepsakes, reads=True),
    Route("session.keepsake.delete", keepsake_delete),
    Route("session.ask", ask_form, reads=True),
    Route("session.ask.send", ask),
    Route("session.request.done", request_done, role=Role.COORDINATOR),
    Route("session.reminders", reminders_form, reads=True),
    Route("session.reminders.save", reminders_save),
)

NOTICES: Mapping[str, NoticeCard] = {
    REMINDER_WEEK: reminder_card,
    REMINDER_DAY: reminder_card,
    REMINDER_SOON: reminder_card,
    TURN: turn_card,
    SWAP: swap_card,
    VOTE: vote_card,
    VOTED: voted_card,
    ROOM: room_card,
    WORTH: worth_card,
    AGREEMENT: agreement_card,
    REQUEST: request_card,
}


TYPED: Mapping[str, Handler] = {"ask": ask_form, "lugt": ask_form}
"""What can be typed behind `/supervision`, folded, in either language."""

# --- small parts ---------------------------------------------------------------------------------


def _mine(command: Command, ctx: Context, *, hold: bool = False) -> Session:
    """The session of the command, in which the caller has a seat. Raises RefusedError."""
    session = ctx.work.of(Sessions).get(command.one("session"))
    if session is not None and hold:
        ctx.work.of(Groups).hold(session.group)
        session = ctx.work.of(Sessions).get(session.id)
    if session is None or not _has_seat(ctx.work, session, ctx.me):
        raise RefusedError(ctx.t("I can't find this session among yours any more."))
    return session


def _read(
    command: Command, ctx: Context, name: str, limit: int, *, required: bool = True
) -> tuple[str, Mapping[str, Line]]:
    """What was typed into the field, as it is kept, and what is wrong with it."""
    values = {**command.values, name: readable(command.one(name))}
    reading = Reading(replace(command, values=values), ctx.t)
    return reading.words(name, limit, required=required), reading.errors


def _has_seat(work: Work, session: Session, person: Person) -> bool:
    return any(seat.person == person.id for seat in work.of(Seats).of([session.id]))


def _refuse_begun(session: Session, ctx: Context) -> None:
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session does not take place."))
    if session.starts_at <= ctx.now:
        raise RefusedError(ctx.t("This session has begun already."))


def _refuse_over(session: Session, ctx: Context) -> None:
    if session.state is SessionState.CANCELLED:
        raise RefusedError(ctx.t("This session does not take place."))
    if session.ends_at <= ctx.now:
        raise RefusedError(ctx.t("This session is over. Bring it to the next one."))


def _is_closed(ctx: Context, session: Session) -> bool:
    """Whether the day after it is over: its answers and cases are gone."""
    return ctx.work.of(SessionSteps).get(session.id) is None


def _is_near(meeting: Meeting) -> bool:
    return meeting.session.starts_at - meeting.now <= timedelta(days=1)


def _meeting(ctx: Context, session: Session) -> Meeting:
    group = ctx.work.of(Groups).get(session.group)
    assert group is not None, "a session goes with its group"
    seats = ctx.work.of(Seats).of([session.id])
    agreed = ctx.work.of(Agreements).agreed(group.id, session.cycle, group.agreement_version)
    return Meeting(
        group,
        session,
        seats,
        ctx.work.people.many([seat.person for seat in seats]),
        ctx.me,
        ctx.now,
        ctx.work.of(SessionSteps).get(session.id),
        agreed=ctx.me.id in agreed or ctx.me.id == group.facilitator,
        votes=ctx.work.of(Votes).of(session.id),
    )


def _of_notice(notice: Notice, ctx: Context) -> Meeting | None:
    session = ctx.work.of(Sessions).get(unpack(notice.about)[0])
    return _meeting(ctx, session) if session is not None else None


def _say(ctx: Context, session: Session, how: Attendance) -> None:
    mine = next(seat for seat in ctx.work.of(Seats).of([session.id]) if seat.person == ctx.me.id)
    ctx.work.of(Seats).put([replace(mine, attendance=how)])


def _to_swap_with(meeting: Meeting) -> list[Person]:
    return [
        meeting.people[seat.person]
        for seat in meeting.inside
        if seat.person != meeting.me.id
        and seat.person in meeting.people
        and seat.attendance is not Attendance.ABSENT
        and (meeting.mine is None or seat.part is not meeting.mine.part)
    ]


def _swap_of_mine(command: Command, ctx: Context) -> tuple[Swap, Session]:
    """The swap that the caller is asked for. Raises RefusedError when it is no longer asked."""
    one = ctx.work.of(Swaps).get(command.one("swap"))
    session = ctx.work.of(Sessions).get(one.session) if one is not None else None
    if one is None or session is None or one.other != ctx.me.id:
        raise RefusedError(ctx.t("This swap is no longer asked for"))
    ctx.work.of(Groups).hold(session.group)
    _refuse_begun(session, ctx)
    return one, session


def _drop_swap(ctx: Context, session: Session, one: Swap) -> None:
    ctx.work.of(Swaps).remove(one.id)
    ctx.work.outbox.refresh(session.workspace, SWAP, one.id, ctx.now)


def _ask_to_move(ctx: Context, session: Session) -> None:
    """Too few can come: asks the group once whether to move, with dates that fit most."""
    meeting = _meeting(ctx, session)
    members, state = meeting.inside, meeting.life
    can = [seat for seat in members if seat.attendance is not Attendance.ABSENT]
    near = session.starts_at - ctx.now < _LATE_TO_MOVE
    if len(can) >= ENOUGH or state is None or state.voted or near:
        return
    dates = _other_dates(ctx, meeting)
    if not dates:
        return
    asked = life.told(replace(state, dates=dates, voted=True), session)
    ctx.work.of(SessionSteps).put(asked)
    ctx.work.outbox.add(
        session.workspace,
        *(Notice(VOTE, about_start(session), (seat.person,), ctx.now) for seat in meeting.inside),
    )


def _other_dates(ctx: Context, meeting: Meeting) -> tuple[datetime, ...]:
    """Up to three times in the week after the session's day that fit most of the group."""
    session = meeting.session
    minutes = minutes_of(session)
    first = wall_time(session.starts_at, session.zone).date() + timedelta(days=1)
    rhythm = Rhythm(first, "12:00", session.zone, 1, minutes, 1)
    people = [one for one in meeting.people.values() if one.active]
    start, end = session.starts_at, session.starts_at + timedelta(days=10)
    booked: dict[str, list[tuple[datetime, datetime]]] = {}
    for person, one in ctx.work.of(Seats).booked([one.id for one in people], start, end):
        booked.setdefault(person, []).append((one.starts_at, one.ends_at))
    is_free = free_days(ctx.work, session.workspace, ctx.tools.calendar)
    slots = best_slots(people, booked, rhythm, is_free)
    found = [
        span(datetime.fromisoformat(f"{slot.first}T{slot.wall}"), session.zone, minutes)[0]
        for slot in slots
        if slot.missing < len(people) - ENOUGH + 1
    ]
    return tuple(sorted(found)[:MOST_DATES])


def _move(ctx: Context, meeting: Meeting, to: datetime) -> None:
    """Moves the session as more than half of the group chose. Raises RefusedError when one of
    them has another session then by now."""
    session = meeting.session
    ends = to + (session.ends_at - session.starts_at)
    people = [seat.person for seat in meeting.seats]
    ctx.work.of(Seats).hold_people(people)
    in_the_way = [
        one for _, one in ctx.work.of(Seats).booked(people, to, ends) if one.id != session.id
    ]
    if in_the_way:
        raise RefusedError(
            ctx.t("Somebody has another session then by now. Please choose another date.")
        )
    moved = replace(
        session,
        wall=wall_time(to, session.zone),
        starts_at=to,
        ends_at=ends,
        sequence=session.sequence + 1,
        changed_at=ctx.now,
    )
    ctx.work.of(Sessions).put([moved])
    life.sessions_moved(ctx.work, [moved], ctx.now)
    ctx.work.outbox.refresh(session.workspace, DATES, session.cycle, ctx.now)
    state = ctx.work.of(SessionSteps).get(session.id)
    if state is not None:
        ctx.work.of(SessionSteps).put(life.told(state, moved))
    ctx.work.outbox.add(
        session.workspace,
        *(Notice(VOTED, about_start(moved), (person,), ctx.now) for person in people),
    )


def _group_of_mine(command: Command, ctx: Context) -> Group:
    group = ctx.work.of(Groups).get(command.one("group"))
    if group is None or not _has_joined(group, ctx):
        raise RefusedError(ctx.t("I can't find this group among yours any more."))
    return group


def _has_joined(group: Group, ctx: Context) -> bool:
    mine = ctx.work.of(Members).get(group.id, ctx.me.id)
    return mine is not None and mine.state is Standing.JOINED


def _group_kept(command: Command, ctx: Context) -> Group:
    group = ctx.work.of(Groups).hold(command.one("group"))
    if group is None or group.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("I can't find this group any more."))
    return group


def _agreement(ctx: Context, group: Group) -> Card:
    cycle = life.running(ctx.work, group.id)
    if cycle is None:
        return cards.agreement_only(group, ctx.t)
    agreed = ctx.work.of(Agreements).agreed(group.id, cycle.id, group.agreement_version)
    return cards.agreement(group, ctx.t, cycle=cycle.id, has_agreed=ctx.me.id in agreed)


def _coordinators(ctx: Context, group: Group | None) -> tuple[Person, ...]:
    owner = ctx.work.people.get(group.owner) if group is not None and group.owner else None
    if owner is not None and owner.active:
        return (owner,)
    found = ctx.work.people.with_role(ctx.me.workspace, Role.COORDINATOR)
    return found or ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)
