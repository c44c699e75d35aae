"""What a learning record store is told, where one is set."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from handlers.learning.model import (
    CourseDate,
    CourseSeat,
    LearningEvent,
    SeatState,
    Statements,
    Verb,
)
from handlers.work import Occasion

_CORRECTED_WITHIN = timedelta(hours=1)
"""So long a trainer may correct who came before anybody else is told."""

_UNDER_WAY = timedelta(minutes=5)
"""What is on its way to the store gets there before it is voided."""


def seated(on: Occasion, date: CourseDate, person: str) -> None:
    """They have a seat."""
    _tell(on, person, LearningEvent(Verb.REGISTERED, date.workspace, date.course, date.id, on.now))


def came(on: Occasion, date: CourseDate, seat: CourseSeat) -> CourseSeat:
    """Whether they were there is known: the seat with what is told of it. What was told before and
    does not hold any more is voided."""
    if not on.services.tells_learning:
        return seat
    statements, workspace, course = on.work.of(Statements), date.workspace, date.course
    if seat.state is SeatState.ATTENDED:
        told, at = str(UUID(on.new_id())), min(date.ends_at, on.now)
        attended = LearningEvent(Verb.ATTENDED, workspace, course, date.id, at)
        statements.add(seat.person, attended, on.now + _CORRECTED_WITHIN, told)
        return replace(seat, told=told)
    if seat.told and statements.take_back(seat.told):
        voided = LearningEvent(Verb.VOIDED, workspace, course, seat.told, on.now)
        statements.add(seat.person, voided, on.now + _UNDER_WAY)
    return replace(seat, told="")


def begun(on: Occasion, workspace: str, course: str, person: str) -> None:
    """They begin by themselves."""
    _tell(on, person, LearningEvent(Verb.REGISTERED, workspace, course, course, on.now))


def finished(on: Occasion, workspace: str, course: str, person: str) -> None:
    """They finished by themselves."""
    _tell(on, person, LearningEvent(Verb.COMPLETED, workspace, course, course, on.now))


def _tell(on: Occasion, person: str, told: LearningEvent) -> None:
    if on.services.tells_learning:
        on.work.of(Statements).add(person, told, on.now)
