"""Coordinators plan dates of classes, change them, and cancel them."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers.availability.diaries import Diaries
from handlers.availability.walls import NoSuchTimeError, skipped_by_the_clock, span, too_early
from handlers.kit.cards import Card, Form, Line, Moment, Paragraph, Part, Reply, Style
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled, Pressed
from handlers.learning import rules, seats
from handlers.learning.lookups import courses, date_in, open_date, refuse_begun, view_of, views_of
from handlers.learning.model import (
    SAT,
    Course,
    CourseDate,
    CourseDates,
    CourseKind,
    SeatState,
)
from handlers.learning.planning import cards
from handlers.learning.planning.cards import Attending, Draft
from handlers.library.entries import entry_of
from handlers.work import Context

_LEAD = timedelta(days=14)
"""How far ahead a date is proposed: time enough to plan with it."""

_USUAL_SEATS = 8
_SATURDAY = 5


def dates(_command: Command, ctx: Context) -> Reply:
    """All dates to come."""
    found = ctx.work.of(CourseDates).coming(ctx.me.workspace, ctx.now, cards.PAGE)
    return cards.dates(views_of(found, ctx), courses(ctx).content, ctx.t)


def planned(command: Command, ctx: Context) -> Reply:
    """One of them, with who comes."""
    return _planned(date_in(command, ctx), ctx)


def plan(command: Command, ctx: Context) -> Reply:
    """The form of a new date, of the course whose button was pressed."""
    return _plan_form(command, ctx, ctx.new_id())


def plan_save(command: Command, ctx: Context) -> Reply:
    """Keeps a new date, once, however often it is sent."""
    asked_id = Pressed(command, ctx.t).id("id") or ctx.new_id()
    if ctx.work.of(CourseDates).get(asked_id) is not None:
        return _planned(open_date(asked_id, ctx), ctx)
    form = _plan_form(command, ctx, asked_id)
    asked = Filled(form, command, ctx)
    blank = CourseDate(
        id=asked_id,
        workspace=ctx.me.workspace,
        course=asked.chosen("course"),
        wall=datetime.combine(ctx.today, time()),
        zone=ctx.me.zone,
        starts_at=ctx.now,
        ends_at=ctx.now,
        seats=_USUAL_SEATS,
        changed_at=ctx.now,
    )
    one = _read(asked, blank, ctx)
    if isinstance(one, Form):
        return one
    ctx.work.of(CourseDates).put(one)
    return cards.done(_planned(seats.go_on(ctx, one), ctx))


def change(command: Command, ctx: Context) -> Reply:
    one = date_in(command, ctx)
    refuse_begun(one, ctx)
    return _change_form(one, ctx)


def change_save(command: Command, ctx: Context) -> Reply:
    """The date as it is from now on; who is concerned is told."""
    t = ctx.t
    one = date_in(command, ctx, hold=True)
    refuse_begun(one, ctx)
    if command.one("as_of") != _as_of(one):
        return _change_form(one, ctx, cards.somebody_was_faster(t))
    asked = Filled(_change_form(one, ctx), command, ctx)
    number, there = asked.number("seats"), seats.seats_of(ctx, one)
    held = rules.held(there)
    if "seats" not in asked.errors and number < held:
        asked.errors["seats"] = t.many(
            "{n} seat is somebody's already, or kept for who was asked.",
            "{n} seats are somebody's already, or kept for who was asked.",
            held,
        )
    after = _read(asked, one, ctx)
    if isinstance(after, Form):
        return after
    lines, told = _difference(one, after, ctx.t), 0
    if (after.starts_at, after.ends_at, after.place) != (one.starts_at, one.ends_at, one.place):
        after = replace(after, sequence=one.sequence + 1, changed_at=ctx.now)
        ctx.work.of(CourseDates).put(after)
        seats.moved(ctx, one, after)
        told = len(there)
    if number > one.seats:
        waiting = [seat.person for seat in rules.waiting(there)]
        told = max(told, min(len(waiting), number - held))
        seats.promote(ctx, after, ctx.work.people.many(waiting))
    after = seats.go_on(ctx, after)
    return cards.done(_planned(after, ctx, cards.changed(lines, told, t)))


def cancel(command: Command, ctx: Context) -> Reply:
    one = date_in(command, ctx)
    refuse_begun(one, ctx)
    return cards.cancel_form(view_of(one, ctx), {"date": one.id}, ctx.t)


def cancel_save(command: Command, ctx: Context) -> Reply:
    """It does not take place, and everybody whom it concerns is told why."""
    one = date_in(command, ctx, hold=True)
    if one.is_cancelled:
        return _planned(one, ctx)
    refuse_begun(one, ctx)
    form = cards.cancel_form(view_of(one, ctx), {"date": one.id}, ctx.t)
    asked = Filled(form, command, ctx)
    reason = asked.text("reason")
    if asked.errors:
        return asked.again()
    return _planned(seats.call_off(ctx, one, reason, but=ctx.me.id), ctx)


def cancel_undo(command: Command, ctx: Context) -> Reply:
    """It takes place after all, while nobody can have planned with its being off."""
    one = date_in(command, ctx, hold=True)
    if not one.is_cancelled:
        return _on_again(one, ctx)
    until = rules.undo_until(one)
    if until is None or until <= ctx.now:
        raise RefusedError(
            ctx.t("Ten minutes are over; people may have planned with it. Plan a new date.")
        )
    trainer = ctx.work.people.get(one.trainer) if one.trainer else None
    if trainer is not None and (fault := _cannot_lead(trainer, one, ctx)):
        raise RefusedError(fault)
    return _on_again(seats.restore(ctx, one, but=ctx.me.id), ctx)


def _on_again(one: CourseDate, ctx: Context) -> Card:
    """The same for a second press."""
    return cards.done(_planned(one, ctx, (Paragraph(ctx.t("It takes place after all.")),)))


def _planned(one: CourseDate, ctx: Context, said: tuple[Part, ...] = ()) -> Card:
    there = seats.seats_of(ctx, one)
    known = ctx.work.people.many([seat.person for seat in there])

    def who(*states: SeatState) -> list[Person]:
        return [known[seat.person] for seat in there if seat.state in states]

    people = Attending(who(*SAT), who(SeatState.OFFERED), who(SeatState.WAITING))
    undo = rules.undo_until(one)
    if undo is not None and undo <= ctx.now:
        undo = None
    return cards.planned(view_of(one, ctx), people, ctx.t, said=said, undo_until=undo)


def _plan_form(command: Command, ctx: Context, asked_id: str) -> Form:
    classes = [one for one in courses(ctx).content if one.kind == CourseKind.CLASS]
    if not classes:
        raise RefusedError(ctx.t("There is no course yet that is learned in a class: add one."))
    chosen: Course = entry_of(classes, command.one("entry")) or classes[0]
    day = ctx.today + _LEAD
    if day.weekday() >= _SATURDAY:
        day += timedelta(days=7 - day.weekday())
    draft = Draft(day.isoformat(), "14:00", ctx.me.zone, chosen.minutes, _USUAL_SEATS)
    values = {"id": asked_id, "entry": chosen.id}
    return cards.plan_form(classes, chosen.id, draft, values, ctx.t)


def _change_form(one: CourseDate, ctx: Context, intro: tuple[Part, ...] = ()) -> Form:
    view = view_of(one, ctx)
    trainer = view.trainer.addresses if view.trainer else ()
    draft = Draft(
        one.wall.date().isoformat(),
        f"{one.wall:%H:%M}",
        one.zone,
        one.minutes,
        one.seats,
        one.place,
        trainer,
    )
    values = {"date": one.id, "as_of": _as_of(one)}
    return cards.change_form(view, draft, values, ctx.t, intro=intro)


def _as_of(one: CourseDate) -> str:
    """How the date stood when its form was opened: another word as soon as anything is changed."""
    return f"{one.sequence}-{one.seats}-{one.trainer or ''}"


def _read(asked: Filled, one: CourseDate, ctx: Context) -> CourseDate | Form:
    """The date as the form has it, or the form again with what is wrong."""
    day, start, minutes = asked.day("day"), asked.clock("start"), asked.number("minutes")
    number, place = asked.number("seats"), asked.text("place")
    trainer = next(iter(asked.people("trainer")), None)
    if asked.errors:
        return asked.again()
    wall = datetime.combine(day, time.fromisoformat(start))
    early = too_early(day, one.zone, ctx, start) if wall != one.wall else None
    if early is not None:
        return asked.again(day=early)
    try:
        starts_at, ends_at = span(wall, one.zone, minutes)
    except NoSuchTimeError as error:
        return asked.again(start=skipped_by_the_clock(error, one.zone, ctx))
    after = replace(
        one,
        wall=wall,
        starts_at=starts_at,
        ends_at=ends_at,
        seats=number,
        place=place,
        trainer=trainer.id if trainer else None,
    )
    if trainer is not None and (fault := _cannot_lead(trainer, after, ctx)):
        return asked.again(trainer=fault)
    return after


def _cannot_lead(trainer: Person, one: CourseDate, ctx: Context) -> Line | None:
    if not trainer.belongs:
        return ctx.t("I can't find that person. Please choose a colleague from the list.")
    ctx.work.of(Diaries).hold([trainer.id])
    busy = seats.clash(ctx, one, trainer.id)
    if busy is None:
        return None
    at = Moment(busy.starts_at, Style.DATETIME)
    return ctx.t("{person} has something else then: {when}.", person=trainer.first_name, when=at)


def _difference(before: CourseDate, after: CourseDate, t: Texts) -> list[Line]:
    lines: list[Line] = []
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        lines.append(
            t(
                "{before} moves to {after}",
                before=Moment(before.starts_at, Style.DATETIME),
                after=Moment(after.starts_at, Style.DATETIME),
            )
        )
    if before.place != after.place:
        lines.append(t("Where: {place}", place=after.place or "–"))
    if before.trainer != after.trainer:
        lines.append(t("Somebody else leads it."))
    if before.seats != after.seats:
        lines.append(t("Seats: {before}, now {after}", before=before.seats, after=after.seats))
    return lines


ROUTES: tuple[Route, ...] = (
    Route(
        "learn.dates",
        dates,
        reads=True,
        role=Role.COORDINATOR,
        behind=Behind(
            "learn", {"en": "dates", "lv": "datumi"}, help=mark("Dates of classes: plan and change")
        ),
    ),
    Route("learn.planned", planned, reads=True, role=Role.COORDINATOR),
    Route("learn.plan", plan, reads=True, role=Role.COORDINATOR),
    Route("learn.plan.save", plan_save, role=Role.COORDINATOR),
    Route("learn.change", change, reads=True, role=Role.COORDINATOR),
    Route("learn.change.save", change_save, role=Role.COORDINATOR),
    Route("learn.cancel", cancel, reads=True, role=Role.COORDINATOR),
    Route("learn.cancel.save", cancel_save, role=Role.COORDINATOR),
    Route("learn.cancel.undo", cancel_undo, role=Role.COORDINATOR),
)
