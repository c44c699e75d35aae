"""What a learning record store is told, where one is set."""

from datetime import timedelta

from handlers.learning.model import CourseDate, LearningEvent, Statements, Verb
from handlers.work import Occasion

_CORRECTED_WITHIN = timedelta(hours=1)
"""So long a trainer may correct who came before anybody else is told."""


def seated(on: Occasion, date: CourseDate, person: str) -> None:
    """They have a seat."""
    _tell(on, person, LearningEvent(Verb.REGISTERED, date.workspace, date.course, date.id, on.now))


def came(on: Occasion, date: CourseDate, person: str, *, there: bool) -> None:
    """They were there, or were not."""
    if not there:
        on.work.of(Statements).take_back(person, Verb.ATTENDED, date.id)
        return
    at = min(date.ends_at, on.now)
    told = LearningEvent(Verb.ATTENDED, date.workspace, date.course, date.id, at)
    _tell(on, person, told, _CORRECTED_WITHIN)


def begun(on: Occasion, workspace: str, course: str, person: str) -> None:
    """They begin by themselves."""
    _tell(on, person, LearningEvent(Verb.REGISTERED, workspace, course, course, on.now))


def finished(on: Occasion, workspace: str, course: str, person: str) -> None:
    """They finished by themselves."""
    _tell(on, person, LearningEvent(Verb.COMPLETED, workspace, course, course, on.now))


def _tell(on: Occasion, person: str, told: LearningEvent, after: timedelta = timedelta()) -> None:
    if on.services.tells_learning:
        on.work.of(Statements).add(person, told, on.now + after)
