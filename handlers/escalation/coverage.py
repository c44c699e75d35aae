"""For which topics, and when, nobody will be on duty in the coming week: told coordinators once a
week, while they can still do something about it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from handlers.availability.rest import IsFree, free_days, instant, midnight, stints
from handlers.availability.shifts import uses_shifts
from handlers.common.roles import check_leads
from handlers.common.topics import topics_of
from handlers.escalation import coverage_cards as cards
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, Route
from handlers.kit.feature import NoticeKind, Timer
from handlers.kit.hours import ALWAYS, Hours
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.settings import Section, switch
from handlers.kit.weeks import next_weekday, week_around
from handlers.work import Context, Occasion

WEEK = "hand.coverage"
"""The notice, about the Monday on which its week begins."""

TOLD_ON, TOLD_AT = 4, time(9)
"""The weekday (0 is Monday) and the wall time at which it comes, for the week that follows."""

_GAPS = Behind("hand", {"en": "gaps", "lv": "robi"})

_STEP = timedelta(minutes=30)
_STEPS = 7 * 48
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CoverageNews:
    """Whether coordinators are told every week."""

    on: bool = True


WEEKLY = Section("coverage", mark("Hours without anybody"), CoverageNews(), {"on": switch()})


@dataclass(frozen=True, slots=True)
class Pattern:
    """When some people work, and what they are asked for, if they help."""

    zone: str
    hours: Hours
    topics: tuple[str, ...]
    supervisor: bool
    helps: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when, as wall times."""

    start: datetime
    end: datetime


class Coverage(Protocol):
    """What is asked of the people list for it."""

    def patterns(self, workspace: str, by: datetime) -> tuple[Pattern, ...]:
        """Those of all active people who are back from an absence by then, each once."""
        ...

    def planned(self, workspace: str, by: datetime, until: datetime) -> tuple[Pattern, ...]:
        """The same with what is planned on dates from then on."""
        ...

    def coordinators(self) -> tuple[str, ...]:
        """Everybody who is told, in any workspace."""
        ...


class CoverageWeek:
    """One week of a workspace's, from the Monday, in a zone: in steps of half an hour."""

    def __init__(
        self, patterns: Sequence[Pattern], monday: date, zone: str, is_free: IsFree
    ) -> None:
        self._patterns = patterns
        self._first = datetime.combine(monday, time())
        self._instants = [instant(wall, zone) for wall in self._walls()]
        self._is_free = is_free
        self._steps: dict[tuple[str, Hours], int] = {}
        self.open = 0
        for one in patterns:
            self.open |= self._of(one)

    def without(self, *, topic: str | None = None, supervisor: bool = False) -> list[Stretch]:
        """When somebody works who may need help, and nobody who has the topic, or is a supervisor.
        Who has no hours is there when they are: nothing is known of them."""
        has = [
            one
            for one in self._patterns
            if one.helps and (one.supervisor if supervisor else topic in one.topics)
        ]
        if any(not one.hours.shifts and not one.hours.planned for one in has):
            return []
        covered = 0
        for one in has:
            covered |= self._of(one)
        return list(self._stretches(self.open & ~covered))

    def _walls(self) -> list[datetime]:
        return [self._first + _STEP * number for number in range(_STEPS)]

    def _of(self, pattern: Pattern) -> int:
        """The steps in which they work, a bit each."""
        key = pattern.zone, pattern.hours
        if pattern.hours == ALWAYS:
            return 0
        if key not in self._steps:
            self._steps[key] = self._of_stints(pattern)
        return self._steps[key]

    def _of_stints(self, pattern: Pattern) -> int:
        """Those of each shift: what began before a free day goes on into it, as in all else that is
        reckoned by shifts."""
        first, last = self._first.date() - timedelta(days=2), self._first.date() + _WEEK
        steps = 0
        for one in stints(pattern.hours, pattern.zone, first, last, self._is_free):
            begins = bisect_left(self._instants, one.begins)
            ends = bisect_left(self._instants, one.ends)
            steps |= (1 << ends) - (1 << begins)
        return steps

    def _stretches(self, steps: int) -> Iterator[Stretch]:
        start: datetime | None = None
        for number, wall in enumerate(self._walls()):
            is_in = bool(steps >> number & 1)
            if start is not None and (not is_in or wall.time() == time()):
                yield Stretch(start, wall)
                start = None
            if is_in and start is None:
                start = wall
        if start is not None:
            yield Stretch(start, self._first + timedelta(days=7))


def coming(command: Command, ctx: Context) -> Reply:
    """`/hand gaps`: the coming week as it stands, for supervisors and coordinators."""
    check_leads(ctx)
    return _card(ctx, week_around(ctx.now, ctx.me.zone, -1).monday, even_if_none=True)


def weekly(command: Command, ctx: Context) -> Reply:
    """*Tell me every week* and *No longer every week*."""
    on = command.one("on") == "yes"
    ctx.change(WEEKLY, CoverageNews(on))
    return cards.weekly(_GAPS.to_type(ctx.t.locale), ctx.t, on=on)


def week_card(notice: Notice, ctx: Context) -> Card | None:
    if notice.sent or not WEEKLY.of(ctx.work.settings, ctx.me.workspace).on:
        return None
    return _card(ctx, date.fromisoformat(notice.about), even_if_none=False)


def tell_coverage(on: Occasion, limit: int) -> int:
    """Each coordinator's next message is kept until its Friday, in any number of processes."""
    people = on.work.people.many(on.work.of(Coverage).coordinators()[:limit])
    planned = 0
    for person in people.values():
        due = next_weekday(on.now, person.zone, TOLD_ON, TOLD_AT)
        monday = week_around(due, person.zone, -1).monday
        notice = Notice(WEEK, monday.isoformat(), (person.id,), due)
        if on.work.outbox.kept(notice.key) is None:
            on.work.outbox.add(person.workspace, notice)
            planned += 1
    return planned


def _card(ctx: Context, monday: date, *, even_if_none: bool) -> Card | None:
    work, me = ctx.work, ctx.me
    begins = midnight(monday, me.zone)
    patterns = (
        work.of(Coverage).planned(me.workspace, begins, begins + _WEEK)
        if uses_shifts(work, me.workspace)
        else work.of(Coverage).patterns(me.workspace, begins)
    )
    is_free = free_days(work.settings, me.workspace, ctx.services.calendar)
    week = CoverageWeek(patterns, monday, me.zone, is_free)
    topics = topics_of(work.settings, me.workspace)
    missing = [(topic, week.without(topic=topic.id)) for topic in topics]
    found = [(topic, when) for topic, when in missing if when]
    supervisors = week.without(supervisor=True)
    if not even_if_none and not found and not supervisors:
        return None
    is_on = WEEKLY.of(work.settings, me.workspace).on
    return cards.coming(
        (_midnight(monday), bool(week.open), is_on),
        supervisors=[(one.start, one.end) for one in supervisors],
        topics=[(topic, [(one.start, one.end) for one in when]) for topic, when in found],
        t=ctx.t,
        may_change=me.is_a(Role.COORDINATOR),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


ROUTES: tuple[Route, ...] = (
    Route(
        "hand.coverage",
        coming,
        reads=True,
        behind=_GAPS,
    ),
    Route("hand.coverage.weekly", weekly, role=Role.COORDINATOR),
)
NOTICES: tuple[NoticeKind, ...] = (NoticeKind(WEEK, week_card),)
LOOKS: tuple[Timer, ...] = (tell_coverage,)
