"""What people ask around their own shifts: to see a week of them, and to correct a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.planning import (
    KINDS,
    SpanError,
    absent_day,
    entries,
    every_day,
    free_day,
)
from handlers.availability.rest import free_days, instant, midnight
from handlers.availability.shifts import DayPlan, ShiftSource, replan, with_shift
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Line, Reply
from handlers.kit.commands import MENTIONED, Command, Instead, RefusedError, Route, Typed
from handlers.kit.feature import NoticeKind
from handlers.kit.moments import MOST_WORDS, clocks_in, moment_in
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed, said
from handlers.kit.rota import Planned, ShiftKind
from handlers.kit.text import fold
from handlers.shifts import cards
from handlers.shifts.model import CORRECTED, FURTHEST, WorkDay, work_day
from handlers.shifts.resting import look_at
from handlers.shifts.telling import tell_coordinators
from handlers.work import Context, Occasion

_DAYS = 7

_NEXT_WEEK = timedelta(days=7)


def shift(command: Command, ctx: Context) -> Reply | Instead:
    """`/plecs shift`: the coming seven days; `shift Monday`: from there; `shift 4.3. 12:00-20:00`,
    `shift Friday off`: the form of that day, with what was typed; `shift @Ilze`: a swap."""
    asked = command.one("from") or command.text.strip()
    if command.many(MENTIONED):
        return Instead("shift.swap")
    if (corrected := _day_as_typed(asked, ctx)) is not None:
        day, typed = corrected
        if (wrong := checked_day(day, ctx)) is not None:
            raise RefusedError(wrong)
        return cards.day_form(day_of(ctx.me, day, ctx), ctx.t, typed)
    first = ctx.today if not asked else _day_in(asked, ctx)
    if first is None:
        return Instead("shift.swap")
    return cards.week(ctx.me, week_from(first, ctx.me, ctx), ctx.today, ctx.t)


def day_form(command: Command, ctx: Context) -> Reply:
    return cards.day_form(_asked_day(command, ctx), ctx.t)


def day_save(command: Command, ctx: Context) -> Reply:
    """The day is as its owner says, whatever a planner's file says later."""
    before, t = _asked_day(command, ctx), ctx.t
    asked = Filled(cards.day_form(before, t), command, ctx)
    kind = ShiftKind(asked.chosen("kind"))
    start, end = (asked.clock(one) if command.one(one) else "" for one in ("start", "end"))
    planned = _as_said(kind, before, start, end, asked)
    if asked.errors:
        return asked.again()
    kept = [one for one in before.beside if one.kind is ShiftKind.OUT]
    one = DayPlan(ctx.me.id, before.day, tuple(sorted((*planned, *kept))), ShiftSource.SAID)
    change(ctx, [one])
    after = day_of(ctx.me, before.day, ctx)
    about = pack(ctx.me.id, before.day.isoformat())
    tell_coordinators(ctx, ctx.me.workspace, CORRECTED, about, besides=(ctx.me.id,))
    return cards.corrected(after, t)


def corrected_card(notice: Notice, ctx: Context) -> Card | None:
    person, day = unpack(notice.about, 2)
    known = ctx.work.people.get(person)
    if known is None:
        return None
    return cards.told_correction(day_of(known, date.fromisoformat(day), ctx), ctx.t)


def change(on: Occasion, days: Sequence[DayPlan]) -> None:
    """Has the days planned anew, and whatever waits for their owners looked at again."""
    people = on.work.people.many([one.person for one in days])
    for one in people.values():
        theirs = [day for day in days if day.person == one.id]
        replan(on, one.workspace, theirs)
        look_at(on, [one], min(day.day for day in theirs), max(day.day for day in theirs))


def week_from(first: date, person: Person, ctx: Context) -> list[WorkDay]:
    """The seven days."""
    return days_of(person, list(every_day(first, first + timedelta(days=_DAYS - 1))), ctx)


def day_of(person: Person, day: date, ctx: Context) -> WorkDay:
    return days_of(person, [day], ctx)[0]


def days_of(person: Person, days: Sequence[date], ctx: Context) -> list[WorkDay]:
    """What the person does on those days."""
    start, end = (midnight(day, person.zone) for day in (min(days), max(days)))
    planned = with_shift(person, ctx.work, start, end)
    is_free = free_days(ctx.work.settings, person.workspace, ctx.services.calendar)
    return [work_day(planned, day, is_free) for day in days]


def checked_day(day: date, ctx: Context) -> Line | None:
    """What is wrong with a day that somebody wants to change."""
    if day < ctx.today:
        return ctx.t("That day is over.")
    if day > ctx.today + FURTHEST:
        return ctx.t("That is more than a year ahead.")
    return None


def _as_said(
    kind: ShiftKind, before: WorkDay, start: str, end: str, asked: Filled
) -> Sequence[Planned]:
    day, zone = before.day, before.person.zone
    if kind is ShiftKind.FREE:
        return (free_day(day, zone),)
    if kind is ShiftKind.ABSENCE:
        return (absent_day(day, zone),)
    for name, clock in (("start", start), ("end", end)):
        if not clock:
            asked.errors.setdefault(name, asked.t("Please fill this in."))
    if asked.errors:
        return ()
    begins, ends = (datetime.combine(day, time.fromisoformat(clock)) for clock in (start, end))
    if ends <= begins:
        ends += timedelta(days=1)
    try:
        return tuple(entries(kind, instant(begins, zone), instant(ends, zone), zone))
    except SpanError as error:
        asked.errors["end"] = cards.wrong_span(error, asked.t)
        return ()


def _asked_day(command: Command, ctx: Context) -> WorkDay:
    """The day that a button or a form is about. Raises RefusedError."""
    day = Pressed(command, ctx.t).day("day")
    wrong = checked_day(day, ctx)
    if wrong is not None:
        raise RefusedError(wrong)
    return day_of(ctx.me, day, ctx)


def _day_as_typed(text: str, ctx: Context) -> tuple[date, cards.DayTyped] | None:
    """The day whose hours, or what it is, were typed, before or behind it; today, where none was.
    None: neither hours nor such a word."""
    clocks = clocks_in(text)
    besides, start, end = (fold(text), "", "") if clocks is None else clocks
    words = besides.split()
    if len(words) > MOST_WORDS:
        return None
    for place in range(len(words) + 1):
        for day, what in ((words[:place], words[place:]), (words[place:], words[:place])):
            kind = KINDS.get(" ".join(what))
            if kind not in cards.CHOICES or not (start or what):
                continue
            if start and kind in (ShiftKind.FREE, ShiftKind.ABSENCE):
                continue  # of a whole day alone
            on = _day_in(" ".join(day), ctx) if day else ctx.today
            if on is not None:
                return on, cards.DayTyped(kind, start, end)
    return None


def _day_in(text: str, ctx: Context) -> date | None:
    """The day that is meant, within a year; None: it is none, or a name."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        at = moment_in(text, ctx.now.astimezone(ZoneInfo(ctx.me.zone)))
        if at is None:
            return None
        day = at.date()
    if not ctx.today - _NEXT_WEEK <= day <= ctx.today + FURTHEST:
        raise RefusedError(ctx.t("I can't tell which day “{part}” is.", part=said(text)))
    return day


ROUTES = (
    Route(
        "shift",
        shift,
        reads=True,
        typed=Typed(
            {"en": "shift", "lv": "maiņa"},
            help=mark("Your shifts of the coming days; correct one, or swap it with a colleague"),
            usage=mark("[Monday, or @colleague]"),
            own_command=False,
            to_people=True,
            also=("shifts", "maiņas"),
        ),
    ),
    Route("shift.day", day_form, reads=True),
    Route("shift.day.save", day_save),
)
NOTICES = (NoticeKind(CORRECTED, corrected_card),)
