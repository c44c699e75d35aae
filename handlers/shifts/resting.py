"""Rest that a plan leaves too short: told to coordinators before it comes to that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from handlers.availability.rest import (
    PAUSE,
    REST,
    IsFree,
    RestRules,
    free_days,
    midnight,
    stints,
    wall_time,
)
from handlers.availability.shifts import with_shifts
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import mark
from handlers.shifts import cards
from handlers.shifts.model import FURTHEST, SHORT_REST
from handlers.shifts.telling import tell_coordinators
from handlers.work import Context, Occasion

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class RestKind(StrEnum):
    """DAY: between two shifts. WEEK: the longest of a week, from Monday to Sunday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class ShortRest:
    """A rest that is shorter than it has to be: it ends at `until`, when the next shift begins,
    after `minutes`. Of a week it is the longest one, and `until` is when the week is over. `day` is
    that shift's, or the week's Sunday, where the person is."""

    person: str
    workspace: str
    kind: RestKind
    day: date
    until: datetime
    minutes: int


class ShortRests(Protocol):
    """What was found, kept."""

    def replace(
        self, people: Sequence[str], first: date, last: date, found: Sequence[ShortRest]
    ) -> None:
        """Has these in place of all that the people had on these days."""
        ...

    def coming(
        self, workspace: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[ShortRest]:
        """Those that end between the two, the first ones first, so many at most."""
        ...


def short_rests(
    person: Person, first: date, last: date, rules: RestRules, is_free: IsFree
) -> Iterator[ShortRest]:
    """Where somebody, who has their shifts with them, rests too little on those days: less than the
    hours between two shifts, or never so long in a week. A gap shorter than PAUSE is one in a
    working day, and no rest."""
    spans = _work(person, first - 8 * _DAY, last + 8 * _DAY, is_free)
    least = timedelta(hours=rules.hours)
    begins, ends = (midnight(day, person.zone) for day in (first, last + _DAY))
    for (_, ended), (begun, _) in pairwise(spans):
        if begins <= begun < ends and begun - ended < least:
            minutes = (begun - ended) // timedelta(minutes=1)
            day = wall_time(begun, person.zone).date()
            yield ShortRest(person.id, person.workspace, RestKind.DAY, day, begun, minutes)
    monday = first - first.weekday() * _DAY
    while monday <= last:
        starts, over = (midnight(day, person.zone) for day in (monday, monday + _WEEK))
        found = _longest(spans, starts, over)
        if found is not None and found < timedelta(hours=rules.week):
            sunday, minutes = monday + 6 * _DAY, found // timedelta(minutes=1)
            yield ShortRest(person.id, person.workspace, RestKind.WEEK, sunday, over, minutes)
        monday += _WEEK


def look_at(on: Occasion, people: Sequence[Person], first: date, last: date) -> Sequence[ShortRest]:
    """Finds the short rests of the people, who are of one workspace, anew on those days and around
    them; answers those that are to come, and has coordinators told of them."""
    if not people:
        return ()
    workspace = people[0].workspace
    rules = REST.of(on.work.settings, workspace)
    is_free = free_days(on.work.settings, workspace, on.services.calendar)
    first, last = max(first, on.now.date()), last + _WEEK
    first, last = first - first.weekday() * _DAY, last + (6 - last.weekday()) * _DAY
    start, end = (midnight(day, "UTC") for day in (first - 9 * _DAY, last + 9 * _DAY))
    found = [
        one
        for person in with_shifts(people, on.work, start, end)
        for one in short_rests(person, first, last, rules, is_free)
        if one.until > on.now
    ]
    on.work.of(ShortRests).replace([one.id for one in people], first, last, found)
    if found:
        tell_coordinators(on, workspace, SHORT_REST, on.now.date().isoformat())
    return found


def short_rest_card(notice: Notice, ctx: Context) -> Card | None:
    """One a day at most, as things stand when it is read."""
    found = _coming(ctx)
    return _card(found, ctx) if found or notice.sent else None


def coming(command: Command, ctx: Context) -> Reply:
    """`/plecs shift rest`, for coordinators."""
    return _card(_coming(ctx), ctx)


def _coming(ctx: Context) -> Sequence[ShortRest]:
    until = ctx.now + FURTHEST
    return ctx.work.of(ShortRests).coming(ctx.me.workspace, ctx.now, until, cards.MOST_RESTS + 1)


def _card(found: Sequence[ShortRest], ctx: Context) -> Card:
    people = ctx.work.people.many(sorted({one.person for one in found}))
    rules = REST.of(ctx.work.settings, ctx.me.workspace)
    told = [
        (people[one.person], one.day, one.minutes, one.kind is RestKind.WEEK)
        for one in found
        if one.person in people
    ]
    return cards.short_rests(told, rules, ctx.t)


def _work(
    person: Person, first: date, last: date, is_free: IsFree
) -> list[tuple[datetime, datetime]]:
    """When they work, what has only a pause between as one."""
    whole: list[tuple[datetime, datetime]] = []
    for one in stints(person.hours, person.zone, first, last, is_free):
        if whole and one.begins - whole[-1][1] < PAUSE:
            whole[-1] = whole[-1][0], max(whole[-1][1], one.ends)
        else:
            whole.append((one.begins, one.ends))
    return whole


def _longest(
    spans: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> timedelta | None:
    """The longest rest that begins in the week, or goes on in it from its beginning; None where
    nobody works in it."""
    if not any(start < ends and begins < end for start, end in spans):
        return None
    edges = [(begins, begins), *spans, (ends + _WEEK, ends + _WEEK)]
    return max(
        (
            begun - max(ended, begins)
            for (_, ended), (begun, _) in pairwise(edges)
            if ended < ends and begun > begins
        ),
        default=timedelta(0),
    )


ROUTES = (
    Route(
        "shift.rest",
        coming,
        reads=True,
        role=Role.COORDINATOR,
        behind=Behind(
            "shift",
            {"en": "rest", "lv": "atpūta"},
            help=mark("where shifts are planned with too little rest"),
        ),
    ),
)
NOTICES = (NoticeKind(SHORT_REST, short_rest_card),)
