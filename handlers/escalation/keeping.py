"""A case kept: saved, with what it causes sent, and what shows it made again."""

from collections.abc import Sequence
from datetime import datetime

from handlers.common.topics import topics_of
from handlers.escalation import model, rules
from handlers.escalation.model import Answer, Case, Cases, State
from handlers.kit.notices import Notice, Past, Priority
from handlers.kit.people import Person, Role, Topic
from handlers.work import Work

_SAID_BY_MINE = (model.COMING, model.NOBODY)
"""What the card that the agent keeps says anyway: messages of their own only where there is no
such card any more."""

_ROOMS = (model.ROOM, model.ROOM_ALONE)
_SHOW_A_ROUND = (model.PING, model.REMINDER, model.MORE, model.UNANSWERED, *_ROOMS)
"""The messages that show others how a round of asking stands."""


def keep(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> None:
    """Saves the case, sends what it causes, and has the messages that show it made again."""
    work.of(Cases).save(case)
    if work.outbox.refresh(case.workspace, model.MINE, case.id, now):
        notices = [one for one in notices if one.kind not in _SAID_BY_MINE]
    work.outbox.add(case.workspace, *to_send(work, case, notices, now))
    if case.state is not State.CALLING:
        refresh_asked(work, case, now)
    if not case.is_open:
        for about in (case.id, *case.abouts):
            work.outbox.let_go(case.workspace, about, now)


def to_send(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> tuple[Notice, ...]:
    """What the case causes, and what the coordinators read if nobody was free. Whoever is pinged
    counts as asked from now on."""
    work.duty.mark_asked([n.to[0] for n in notices if n.kind == model.PING], now)
    if case.unanswered_at != now:
        return tuple(notices)
    told = (
        Notice(model.UNANSWERED, case.about, (person.id,), now, Priority.NORMAL)
        for person in coordinators(work, case)
    )
    return (*notices, *told)


def mine(case: Case, now: datetime) -> Notice:
    """The one card that the agent keeps."""
    return Notice(model.MINE, case.id, (case.agent,), now, Priority.URGENT)


def coordinators(work: Work, case: Case) -> tuple[Person, ...]:
    """Who is told that nobody was free."""
    found = work.people.with_role(case.workspace, Role.COORDINATOR)
    return tuple(person for person in found if person.id != case.agent)


def not_now(work: Work, case: Case, person: str, now: datetime) -> None:
    """Whoever is asked can't come; the agent never hears of it."""
    if case.state is State.CALLING and case.answer_of(person) is Answer.ASKED:
        work.of(Cases).save(rules.cannot(case, person, Answer.DECLINED, now))
        asked = (model.PING, model.REMINDER)
        work.outbox.refresh_all(case.workspace, asked, case.about, now)


def no_longer_asked(
    work: Work, person: str, now: datetime, *, among: Sequence[Case] | None = None
) -> None:
    """The person has become engaged: no ring waits for them. `among`: where they were asked, if
    that is known."""
    for case in work.of(Cases).open_with(person) if among is None else among:
        not_now(work, case, person, now)


def refresh_asked(work: Work, case: Case, now: datetime) -> None:
    """Has what those who were asked see made again. Once somebody has come it is past for whoever
    did not answer; and when the hand is down, last of all."""
    past = None
    if case.state is not State.CALLING:
        past = Past(case.asked(), Priority.NORMAL if case.is_open else Priority.BULK)
    work.outbox.refresh_all(case.workspace, _SHOW_A_ROUND, case.about, now, past=past)


def refresh_room(work: Work, case: Case, now: datetime) -> None:
    work.outbox.refresh_all(case.workspace, _ROOMS, case.about, now)


def seated(case: Case) -> tuple[str, ...]:
    return tuple(seat.person for seat in case.seats)


def topic_of(work: Work, workspace: str, topic: str | None) -> Topic | None:
    return next((known for known in topics_of(work.settings, workspace) if known.id == topic), None)
