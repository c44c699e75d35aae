"""Who came is ticked by who led it; two weeks later each is asked what they tried, once."""

from dataclasses import replace

from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.reading import Filled, Pressed
from handlers.kit.text import sort_key
from handlers.learning import model, seats, telling
from handlers.learning.attendance import cards
from handlers.learning.lookups import date_in, name_of, view_of
from handlers.learning.model import (
    SAT,
    CourseDate,
    CourseDates,
    CourseSeats,
    Enrolments,
    Notes,
    SeatState,
)
from handlers.work import Context


def attending(command: Command, ctx: Context) -> Reply:
    """Who has a seat in a class that the caller leads."""
    one = date_in(command, ctx)
    _refuse_others(one, ctx)
    return cards.attending(view_of(one, ctx), _people(one, ctx), ctx.t)


def came(command: Command, ctx: Context) -> Reply:
    one = date_in(command, ctx)
    _refuse_others(one, ctx)
    return _form(one, ctx)


def came_save(command: Command, ctx: Context) -> Reply:
    """Who was there, and so who was not. It can be changed afterwards."""
    one = date_in(command, ctx, hold=True)
    _refuse_others(one, ctx)
    asked = Filled(_form(one, ctx), command, ctx)
    there = frozenset(asked.several("came"))
    if asked.errors:
        return asked.again()
    changed = [
        telling.came(ctx, one, replace(seat, state=state))
        for seat in seats.seats_of(ctx, one)
        if seat.state in SAT
        and seat.state
        is not (state := SeatState.ATTENDED if seat.person in there else SeatState.MISSED)
    ]
    ctx.work.of(CourseSeats).put(changed)
    ctx.work.outbox.refresh(one.workspace, model.WHO_CAME, one.id, ctx.now)
    return cards.saved(view_of(one, ctx), len(there), ctx.t)


def tried(command: Command, ctx: Context) -> Reply:
    """A window: what somebody writes for themselves stands on no card."""
    about = Pressed(command, ctx.t).id("about")
    name = _learned(about, ctx)
    if name is None:
        raise RefusedError(ctx.t("I can't find this among what you learned."))
    return cards.tried_form(name, about, ctx.work.of(Notes).of(ctx.me.id, about), ctx.t)


def tried_save(command: Command, ctx: Context) -> Reply:
    about = Pressed(command, ctx.t).id("about")
    name = _learned(about, ctx)
    if name is None:
        raise RefusedError(ctx.t("I can't find this among what you learned."))
    asked = Filled(cards.tried_form(name, about, "", ctx.t), command, ctx)
    words = asked.text("words")
    if asked.errors:
        return asked.again()
    ctx.work.of(Notes).put(ctx.me.id, about, words, ctx.now)
    ctx.work.outbox.refresh(ctx.me.workspace, model.TRIED, about, ctx.now)
    return cards.kept(ctx.t, anything=bool(words))


def who_came_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(CourseDates).get(notice.about)
    if one is None or one.is_cancelled:
        return None
    there = seats.seats_of(ctx, one)
    is_told = any(seat.state in (SeatState.ATTENDED, SeatState.MISSED) for seat in there)
    people = _people(one, ctx)
    if not people and not notice.sent:
        return None
    return cards.who_came(view_of(one, ctx), people, ctx.t, is_told=is_told)


def tried_card(notice: Notice, ctx: Context) -> Card | None:
    """None for who was not there."""
    name = _learned(notice.about, ctx)
    if name is None:
        return None
    words = ctx.work.of(Notes).of(ctx.me.id, notice.about)
    return cards.tried(name, notice.about, words, ctx.t)


def _learned(about: str, ctx: Context) -> str | None:
    """What the caller learned is called: the date's course, or the course of this id that they
    finished by themselves; None where they did not."""
    one = ctx.work.of(CourseDates).get(about)
    course = about
    if one is not None:
        seat = seats.seat_of(ctx, one, ctx.me.id)
        sat = seat is not None and seat.state in (SeatState.TAKEN, SeatState.ATTENDED)
        if not sat or one.is_cancelled or one.ends_at > ctx.now:
            return None
        course = one.course
    else:
        enrolment = ctx.work.of(Enrolments).get(ctx.me.id, about)
        if enrolment is None or enrolment.done_at is None:
            return None
    return name_of(ctx, ctx.me.workspace, course, ctx.t.locale)


def _refuse_others(one: CourseDate, ctx: Context) -> None:
    if one.trainer != ctx.me.id and not ctx.me.is_a(Role.COORDINATOR):
        raise RefusedError(ctx.t("Only who leads it and coordinators see who comes."))


def _form(one: CourseDate, ctx: Context) -> Form:
    if one.starts_at > ctx.now:
        raise RefusedError(ctx.t("It has not begun yet."))
    there = seats.seats_of(ctx, one)
    came_ = [seat.person for seat in there if seat.state in (SeatState.TAKEN, SeatState.ATTENDED)]
    people = _people(one, ctx)
    if not people:
        raise RefusedError(ctx.t("Nobody had a seat."))
    return cards.came_form(view_of(one, ctx), people, came_, ctx.t)


def _people(one: CourseDate, ctx: Context) -> tuple[Person, ...]:
    sat = [seat.person for seat in seats.seats_of(ctx, one) if seat.state in SAT]
    known = ctx.work.people.many(sat)
    return tuple(sorted(known.values(), key=lambda person: sort_key(person.name)))


ROUTES: tuple[Route, ...] = (
    Route("learn.attending", attending, reads=True),
    Route("learn.came", came, reads=True),
    Route("learn.came.save", came_save),
    Route("learn.tried", tried, reads=True, private=True),
    Route("learn.tried.save", tried_save, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.WHO_CAME, who_came_card),
    NoticeKind(model.TRIED, tried_card, private=True),
)
