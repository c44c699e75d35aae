"""A case kept: saved, with what it causes sent, and what shows it made again."""

from collections.abc import Sequence
from datetime import datetime

from handlers.common.topics import topics_of
from handlers.escalation import model
from handlers.escalation.model import Answer, Case, Cases, State
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person, Role, Topic
from handlers.work import Work


def keep(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> None:
    """Saves the case, sends what it causes, and has the messages that show it made again."""
    work.of(Cases).save(case)
    send(work, case, notices, now)
    work.outbox.refresh(case.workspace, model.MINE, case.id, now)
    if case.state is not State.CALLING:
        refresh_asked(work, case, now)
    if not case.is_open:
        for about in (case.id, *case.abouts):
            work.outbox.let_go(case.workspace, about, now)


def send(work: Work, case: Case, notices: Sequence[Notice], now: datetime) -> None:
    """Sends what the case causes. What the card that the agent keeps says anyway is a message of
    its own only where there is no such card any more."""
    if work.outbox.is_alive(mine(case, now).key):
        notices = [one for one in notices if one.kind not in (model.COMING, model.NOBODY)]
    told: tuple[Notice, ...] = ()
    if case.unanswered_at == now:
        told = tuple(
            Notice(model.UNANSWERED, case.about, (person.id,), now, Priority.NORMAL)
            for person in coordinators(work, case)
        )
    work.outbox.add(case.workspace, *notices, *told)
    work.duty.mark_asked([n.to[0] for n in notices if n.kind == model.PING], now)


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
        work.of(Cases).save(model.cannot(case, person, Answer.DECLINED, now))
        for kind in (model.PING, model.REMINDER):
            work.outbox.refresh(case.workspace, kind, case.about, now)


def refresh_asked(work: Work, case: Case, now: datetime) -> None:
    for kind in (model.PING, model.REMINDER, model.UNANSWERED, model.ROOM, model.ROOM_ALONE):
        work.outbox.refresh(case.workspace, kind, case.about, now)


def seated(case: Case) -> tuple[str, ...]:
    return tuple(seat.person for seat in case.seats)


def topic_of(work: Work, workspace: str, topic: str | None) -> Topic | None:
    return next((known for known in topics_of(work.settings, workspace) if known.id == topic), None)
