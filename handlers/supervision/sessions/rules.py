"""What a session is made of, and when each part of it begins."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AgendaTopic(StrEnum):
    """One part of a session."""

    ARRIVE = "arrive"
    AGREEMENT = "agreement"
    CASE = "case"
    TAKE = "take"


@dataclass(frozen=True, slots=True)
class Point:
    """A part of the agenda: `after` the session's start, for `minutes`. Cases have a `number`."""

    topic: AgendaTopic
    after: timedelta
    minutes: int
    number: int = 0


ARRIVE, AGREEMENT, TAKE = 10, 5, 10
"""Minutes. Two cases share the rest: half an hour and more each in the shortest session but one
of an hour, which has seventeen minutes for each."""


def agenda(minutes: int, cases: int = 2) -> tuple[Point, ...]:
    """The parts of a session of so many minutes, at least an hour; together they fill it. What
    does not divide evenly goes to the last part."""
    each = (minutes - ARRIVE - AGREEMENT - TAKE) // cases
    parts = [(AgendaTopic.ARRIVE, ARRIVE), (AgendaTopic.AGREEMENT, AGREEMENT)]
    parts += [(AgendaTopic.CASE, each)] * cases
    parts.append((AgendaTopic.TAKE, minutes - ARRIVE - AGREEMENT - each * cases))
    points: list[Point] = []
    begins = case = 0
    for topic, lasts in parts:
        case += topic is AgendaTopic.CASE
        number = case if topic is AgendaTopic.CASE else 0
        points.append(Point(topic, timedelta(minutes=begins), lasts, number))
        begins += lasts
    return tuple(points)
