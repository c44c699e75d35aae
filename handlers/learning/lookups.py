"""What the commands are about: a course, one of its dates, the person's seat."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.kit.commands import Command, RefusedError
from handlers.kit.people import Person
from handlers.kit.reading import Pressed
from handlers.learning import rules, seats
from handlers.learning.model import (
    Course,
    CourseDate,
    CourseDates,
    Courses,
    CourseSeat,
    CourseSeats,
)
from handlers.library.entries import entry_of
from handlers.library.model import Version
from handlers.work import Context, Occasion

FILE = "class.ics"
"""The file with one date, for those who take it once instead of subscribing."""


@dataclass(frozen=True, slots=True)
class DateView:
    """A date as one reader sees it. `course` None: nothing is kept of it. `file`: where who has a
    seat fetches it for their calendar. `leads`: the reader is its trainer.
    `certificate`: where who was there shows that."""

    date: CourseDate
    course: Course | None
    free: int
    waiting: int
    mine: CourseSeat | None
    trainer: Person | None
    is_free: bool
    may_wait: bool
    has_begun: bool
    file: str | None = None
    leads: bool = False
    certificate: str | None = None

    def name(self, locale: str) -> str:
        """What the course is called; its id where nothing else is kept of it."""
        return self.course.names[locale] if self.course else self.date.course


def courses(ctx: Context) -> Version[tuple[Course, ...]]:
    return ctx.work.of(Courses).current(ctx.me.workspace, ctx.now)


def named(on: Occasion, workspace: str, course: str) -> Course | None:
    """The course, as it was last where it is put away by now."""
    kept = on.work.of(Courses)
    found = entry_of(kept.current(workspace, on.now).content, course)
    if found is None:
        older = (entry_of(one.content, course) for one in kept.history(workspace, _LOOKED_BACK))
        found = next((one for one in older if one is not None), None)
    return found


def name_of(on: Occasion, workspace: str, course: str, locale: str) -> str:
    """What the course is called; its id where nothing else is kept of it."""
    found = named(on, workspace, course)
    return found.names[locale] if found is not None else course


_LOOKED_BACK = 20
"""Versions in which a course is looked for that was put away."""


def date_in(command: Command, ctx: Context, *, hold: bool = False) -> CourseDate:
    """The date that the command is about. Raises RefusedError."""
    return open_date(Pressed(command, ctx.t).id("date"), ctx, hold=hold)


def open_date(date: str, ctx: Context, *, hold: bool = False) -> CourseDate:
    """The caller's workspace's date of that id, where they may know of it. Raises RefusedError."""
    dates = ctx.work.of(CourseDates)
    found = (dates.hold if hold else dates.get)(date)
    if found is None or found.workspace != ctx.me.workspace or not _is_known(found, ctx):
        raise RefusedError(ctx.t("I can't find this date any more."))
    return found


def refuse_begun(date: CourseDate, ctx: Context) -> None:
    if date.is_cancelled:
        raise RefusedError(ctx.t("This date does not take place."))
    if date.starts_at <= ctx.now:
        raise RefusedError(ctx.t("This has begun already."))


def view_of(date: CourseDate, ctx: Context) -> DateView:
    return views_of((date,), ctx)[0]


def views_of(dates: Sequence[CourseDate], ctx: Context) -> tuple[DateView, ...]:
    """The dates as the caller sees them."""
    there: dict[str, list[CourseSeat]] = {one.id: [] for one in dates}
    for seat in ctx.work.of(CourseSeats).of(list(there)):
        there[seat.date].append(seat)
    trainers = ctx.work.people.many(sorted({one.trainer for one in dates if one.trainer}))
    known: dict[str, Course | None] = {}
    for one in dates:
        if one.course not in known:
            known[one.course] = named(ctx, one.workspace, one.course)
    return tuple(
        DateView(
            one,
            known[one.course],
            max(0, one.seats - rules.held(there[one.id])),
            len(rules.waiting(there[one.id])),
            next((seat for seat in there[one.id] if seat.person == ctx.me.id), None),
            trainers.get(one.trainer or ""),
            rules.is_free(one, there[one.id], ctx.now),
            rules.may_wait(one, there[one.id], ctx.now),
            one.starts_at <= ctx.now,
            ctx.services.links.file(FILE, one.id, ctx.me.id, one.ends_at),
            one.trainer == ctx.me.id,
            ctx.services.links.certificate(one.id, ctx.me.id),
        )
        for one in dates
    )


def _is_known(date: CourseDate, ctx: Context) -> bool:
    """What two agreed on is theirs."""
    me = ctx.me.id
    return not date.is_private or date.trainer == me or seats.seat_of(ctx, date, me) is not None
