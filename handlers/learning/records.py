"""What an e-learning system tells of people."""

from enum import StrEnum

from handlers.learning.alone.commands import finished
from handlers.learning.model import CourseKind, Courses, Learners
from handlers.library.entries import entry_of
from handlers.work import Occasion


class CompletionResult(StrEnum):
    """What became of what an e-learning system told."""

    KEPT = "kept"
    KNOWN = "known"
    NOBODY = "nobody"
    NO_COURSE = "no_course"


def completed(who: str, course: str, on: Occasion) -> CompletionResult:
    """Somebody finished a course at its address, as the system there tells. Told again, it is known
    already."""
    person = on.work.of(Learners).known_as(who)
    if person is None or not person.belongs:
        return CompletionResult.NOBODY
    one = entry_of(on.work.of(Courses).current(person.workspace, on.now).content, course)
    if one is None or one.kind != CourseKind.LINK:
        return CompletionResult.NO_COURSE
    is_news = finished(on, person, one.id, confirmed=True)
    return CompletionResult.KEPT if is_news else CompletionResult.KNOWN
