"""What people ask around learning: what there is, a seat, a place among those who wait."""

from dataclasses import replace
from datetime import timedelta

from handlers.availability.coverage import BreakTeams
from handlers.availability.diaries import BookingKind, Diaries
from handlers.common.reminders import Reminders
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Moment, Part, Reply, Style, Tone
from handlers.kit.commands import Behind, Command, RefusedError, Route, Typed
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.kit.ports import mark
from handlers.learning import cards, model, rules, seats
from handlers.learning.alone import commands as alone
from handlers.learning.lookups import (
    DateView,
    courses,
    date_in,
    named,
    refuse_begun,
    view_of,
    views_of,
)
from handlers.learning.model import (
    COURSES,
    Course,
    CourseDate,
    CourseDates,
    CourseKind,
    Courses,
    CourseSeat,
    CourseSeats,
    Enrolments,
    SeatState,
)
from handlers.library.adopting import Adopting, Wording
from handlers.library.cards import EntryView
from handlers.library.editing import Editing
from handlers.library.entries import entry_of
from handlers.library.model import Version
from handlers.library.unfound import deidentified
from handlers.work import Context, Occasion

_TEXT_READ = 300
"""Characters of a description that are searched."""

_NEAREST = 4

_BACK, _AHEAD = timedelta(days=730), timedelta(days=400)

_SHOWN = 20
"""Dates on one card of one's own."""


def learn(command: Command, ctx: Context) -> Reply:
    """`/learn seniors`: the course that the words mean; `/learn` alone for all of them."""
    text = command.text.strip()[:_TEXT_READ]
    kept = ctx.work.of(Courses)
    if not text:
        return _overview(courses(ctx), ctx)
    version, found = kept.search(ctx.me.workspace, text, ctx.now)
    first, *others = [entry_of(version.content, one) for one in found.likeliest] or [None]
    if first is None:
        if words := deidentified(text):
            kept.settle(ctx.me.workspace, ctx.now)
            kept.not_found(ctx.me.workspace, ctx.me.id, words, ctx.now)
        return cards.none_found(version.content, ctx.me, ctx.t)
    if found.sure or not others:
        return _course(first, version, ctx)
    several = (first, *(one for one in others[: _NEAREST - 1] if one is not None))
    return cards.nearest(several, ctx.t)


def show(command: Command, ctx: Context) -> Reply:
    """One course with its dates."""
    version = courses(ctx)
    one = entry_of(version.content, command.one("entry"))
    return _course(one, version, ctx) if one else _overview(version, ctx)


def date(command: Command, ctx: Context) -> Reply:
    return cards.date(view_of(date_in(command, ctx), ctx), ctx.t)


def take(command: Command, ctx: Context) -> Reply:
    """A seat that is free, or that was offered. Raises RefusedError where it is not theirs to take,
    they are booked already, or too few of their team would stay on the line."""
    t = ctx.t
    ctx.work.of(BreakTeams).hold(ctx.me)
    one = date_in(command, ctx, hold=True)
    refuse_begun(one, ctx)
    mine = seats.seat_of(ctx, one, ctx.me.id)
    if mine is not None and mine.state is SeatState.TAKEN:
        return cards.date(view_of(one, ctx), t)
    there = seats.seats_of(ctx, one)
    if not _is_offered(mine, ctx) and not rules.is_free(one, there, ctx.now):
        view = view_of(one, ctx)
        said = (
            t("Others wait for this seat: it is offered to them first.")
            if view.waiting
            else t("All seats are taken by now.")
        )
        return cards.date(view, t, said=() if view.mine else said, tone=Tone.CAREFUL)
    ctx.work.of(Diaries).hold([ctx.me.id])
    _refuse_clash(one, ctx)
    if not seats.is_covered(ctx, one, ctx.me):
        raise RefusedError(
            t(
                "Too few of your team would stay on the line then. Look for another date, or ask "
                "who plans your shifts. Nothing was changed."
            )
        )
    seats.give(ctx, one, [ctx.me.id])
    one = seats.go_on(ctx, one)
    if mine is not None and mine.until is not None:
        ctx.work.outbox.refresh(one.workspace, model.OFFERED, model.about_offer(mine), ctx.now)
    return cards.date(view_of(one, ctx), t, tone=Tone.GOOD)


def wait(command: Command, ctx: Context) -> Reply:
    """A place behind all who wait already."""
    one = date_in(command, ctx, hold=True)
    refuse_begun(one, ctx)
    there = seats.seats_of(ctx, one)
    if seats.seat_of(ctx, one, ctx.me.id) is None:
        if not rules.may_wait(one, there, ctx.now):
            view = view_of(one, ctx)
            said = (
                ctx.t("A seat is free: you need not wait.")
                if view.is_free
                else ctx.t("In the last twelve hours nobody is offered a seat any more.")
            )
            return cards.date(view, ctx.t, said=said, tone=Tone.CAREFUL)
        place = rules.last_place(there)
        waits = CourseSeat(one.id, ctx.me.id, SeatState.WAITING, ctx.now, place)
        ctx.work.of(CourseSeats).put([waits])
        one = seats.go_on(ctx, one)
    return cards.date(view_of(one, ctx), ctx.t)


def leave(command: Command, ctx: Context) -> Reply:
    """A seat, an offer or a place in the list is given back; whoever waits next is asked."""
    one = date_in(command, ctx, hold=True)
    refuse_begun(one, ctx)
    mine = seats.seat_of(ctx, one, ctx.me.id)
    if mine is not None:
        one = _given_back(ctx, one, mine)
    t = ctx.t
    match mine.state if mine is not None else None:
        case SeatState.TAKEN:
            said = t("You gave your seat back.")
        case SeatState.OFFERED:
            said = t("You let this seat go.")
        case _:
            said = t("You wait no longer.")
    return cards.date(view_of(one, ctx), t, said=said)


def mine(_command: Command, ctx: Context) -> Reply:
    """What the caller learned, and is going to."""
    dates = ctx.work.of(CourseDates)
    found = [one for one, _ in dates.of_person(ctx.me.id, ctx.now - _BACK, ctx.now + _AHEAD)]
    views = views_of(found, ctx)
    past = [one for one in reversed(views) if one.has_begun and not one.date.is_cancelled]
    ahead = [one for one in views if not one.has_begun]
    by_oneself = [
        (one, course)
        for one in ctx.work.of(Enrolments).of_person(ctx.me.id)
        if (course := named(ctx, one.workspace, one.course)) is not None
    ]
    return cards.mine(past[:_SHOWN], ahead[:_SHOWN], by_oneself[:_SHOWN], ctx.t)


def next_class(ctx: Context) -> tuple[Part, ...]:
    """What the start page shows of it: the caller's next class within a week."""
    found = ctx.work.of(CourseDates).of_person(ctx.me.id, ctx.now, ctx.now + timedelta(days=7))
    for one, state in found:
        if not one.is_cancelled and state in (SeatState.TAKEN, SeatState.OFFERED):
            return (cards.date_row(view_of(one, ctx), ctx.t),)
    return ()


def offered_card(notice: Notice, ctx: Context) -> Card | None:
    """None for an offer that ended before it was sent: what came of it stands elsewhere."""
    view = _view_of_notice(notice, ctx)
    if view is None:
        return cards.over(ctx.t) if notice.sent else None
    seat = view.mine
    is_open = seat is not None and seat.until is not None
    if seat is not None and is_open and model.about_offer(seat) == notice.about:
        return cards.offered(view, ctx.t)
    if seat is not None and seat.state is SeatState.TAKEN:
        return cards.date(view, ctx.t) if notice.sent else None
    return cards.offer_passed(view, ctx.t)


def seated_card(notice: Notice, ctx: Context) -> Card | None:
    view = _view_of_notice(notice, ctx)
    has_seat = view is not None and view.mine is not None
    if view is None or not (has_seat or notice.sent):
        return cards.over(ctx.t) if notice.sent else None
    return cards.seated(view, ctx.t)


def closed_card(notice: Notice, ctx: Context) -> Card | None:
    view = _view_of_notice(notice, ctx)
    if view is None:
        return cards.over(ctx.t) if notice.sent else None
    return cards.date(view, ctx.t) if view.mine is not None else cards.closed(view, ctx.t)


def moved_card(notice: Notice, ctx: Context) -> Card | None:
    """Of several moves only the last one is told."""
    view = _view_of_notice(notice, ctx)
    if view is None or (view.date.is_cancelled and not notice.sent):
        return cards.over(ctx.t) if notice.sent else None
    if unpack(notice.about, 2)[1] != str(view.date.sequence):
        return cards.another_time(view, ctx.t) if notice.sent else None
    return cards.moved(view, ctx.t)


def cancelled_card(notice: Notice, ctx: Context) -> Card | None:
    """None where it takes place after all before they heard that it does not."""
    view = _view_of_notice(notice, ctx)
    if view is None:
        return None
    if view.date.is_cancelled:
        return cards.cancelled(view, ctx.t)
    return cards.takes_place(view, ctx.t) if notice.sent else None


def restored_card(notice: Notice, ctx: Context) -> Card | None:
    """None for who never heard that it would not take place."""
    view = _view_of_notice(notice, ctx)
    if view is None:
        return cards.over(ctx.t) if notice.sent else None
    if not notice.sent:
        date, sequence = unpack(notice.about, 2)
        before = pack(date, int(sequence) - 1)
        heard = ctx.work.outbox.kept(replace(notice, kind=model.CANCELLED, about=before).key)
        if view.date.is_cancelled or heard is None or not heard.sent:
            return None
    return cards.restored(view, ctx.t)


def reminder_card(notice: Notice, ctx: Context) -> Card | None:
    """A reminder of a time that holds, for who has a seat and wants it. What is too late, or
    nearly the next one, is not sent."""
    view = _view_of_notice(notice, ctx)
    if view is None:
        return cards.over(ctx.t) if notice.sent else None
    if notice.about != seats.about_start(view.date):
        return cards.another_time(view, ctx.t) if notice.sent else None
    if view.mine is None or view.mine.state is not SeatState.TAKEN:
        return cards.no_seat(view, ctx.t) if notice.sent else None
    if not notice.sent and (view.has_begun or view.date.is_cancelled or not _wants(notice, ctx)):
        return None
    if not notice.sent and notice.kind == model.WEEK and _is_near(view, ctx):
        return None
    return cards.reminder(view, ctx.t, soon=notice.kind == model.SOON)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Whoever is no longer here gives back what was theirs, and whoever waits next is asked."""
    person, dates = fact.person, on.work.of(CourseDates)
    for found, _ in dates.of_person(person.id, on.now, on.now + _AHEAD):
        one = dates.hold(found.id)
        seat = seats.seat_of(on, one, person.id) if one is not None else None
        if one is not None and seat is not None and one.starts_at > on.now:
            _given_back(on, one, seat)


def _overview(version: Version[tuple[Course, ...]], ctx: Context) -> Reply:
    dates, until = ctx.work.of(CourseDates), ctx.now + _AHEAD
    found = [one for one, _ in dates.of_person(ctx.me.id, ctx.now, until)]
    found += dates.led_by(ctx.me.id, ctx.now, until)
    found.sort(key=lambda one: one.starts_at)
    ahead = [one for one in found if not one.is_cancelled][: cards.SHOWN]
    return cards.overview(version.content, views_of(ahead, ctx), ctx.me, ctx.t)


def _course(one: Course, version: Version[tuple[Course, ...]], ctx: Context) -> Reply:
    dates: tuple[CourseDate, ...] = ()
    if one.kind == CourseKind.CLASS:
        dates = ctx.work.of(CourseDates).coming(
            ctx.me.workspace, ctx.now, cards.SHOWN, course=one.id
        )
    view = EntryView(one, version.adopted(one), ctx.t.locale, ctx.today)
    more = alone.on_the_course(one, ctx)
    return cards.course(view, views_of(dates, ctx), more, ctx.me, ctx.t)


def _given_back(on: Occasion, one: CourseDate, mine: CourseSeat) -> CourseDate:
    on.work.of(CourseSeats).remove(one.id, [mine.person])
    if mine.until is not None:
        on.work.outbox.refresh(one.workspace, model.OFFERED, model.about_offer(mine), on.now)
    for kind in model.REMINDERS.values():
        on.work.outbox.refresh(one.workspace, kind, seats.about_start(one), on.now)
    seats.refresh(on, one)
    if one.is_private:  # of two, one does not come
        return seats.call_off(on, one, "", but=mine.person)
    return seats.go_on(on, one)


def _is_offered(mine: CourseSeat | None, ctx: Context) -> bool:
    return (
        mine is not None
        and mine.state is SeatState.OFFERED
        and mine.until is not None
        and ctx.now < mine.until
    )


def _refuse_clash(one: CourseDate, ctx: Context) -> None:
    other = seats.clash(ctx, one, ctx.me.id)
    if other is None:
        return
    when = Moment(other.starts_at, Style.DATETIME)
    raise RefusedError(
        ctx.t("You are in another class then: {when}. Nothing was changed.", when=when)
        if other.kind is BookingKind.CLASS
        else ctx.t("Your group meets then: {when}. Nothing was changed.", when=when)
    )


def _wants(notice: Notice, ctx: Context) -> bool:
    ahead = next(ahead for ahead, kind in model.REMINDERS.items() if kind == notice.kind)
    return ctx.work.of(Reminders).choices([ctx.me.id])[ctx.me.id].has(ahead)


def _is_near(view: DateView, ctx: Context) -> bool:
    """Whether it is so near that tomorrow's reminder says the same."""
    return view.date.starts_at - ctx.now <= timedelta(days=1)


def _view_of_notice(notice: Notice, ctx: Context) -> DateView | None:
    one = ctx.work.of(CourseDates).get(unpack(notice.about)[0])
    return view_of(one, ctx) if one is not None else None


_REFUSAL = mark("The courses are changed by coordinators. Tell one what should be different.")

ADOPTING = Adopting(
    COURSES,
    Courses,
    Wording(refusal=_REFUSAL, everything=mark("All courses")),
    lambda course: {"entry": course},
)
EDITING = Editing(COURSES, Courses, ADOPTING, _REFUSAL, mark("Change the courses, or add new ones"))

ROUTES: tuple[Route, ...] = (
    Route(
        "learn",
        learn,
        typed=Typed(
            {"en": "learn", "lv": "mācības"},
            mark("What you can learn, and a seat in a class"),
            mark("[what about]"),
            also=("mācīties", "kursi", "courses", "learning"),
        ),
    ),
    Route("learn.show", show, reads=True),
    Route("learn.date", date, reads=True),
    Route("learn.take", take),
    Route("learn.wait", wait),
    Route("learn.leave", leave),
    Route(
        "learn.mine",
        mine,
        reads=True,
        behind=Behind("learn", {"en": "mine", "lv": "manas"}, help=mark("What you learned")),
    ),
    *ADOPTING.routes,
    *EDITING.routes,
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.OFFERED, offered_card),
    NoticeKind(model.SEATED, seated_card),
    NoticeKind(model.CLOSED, closed_card),
    NoticeKind(model.MOVED, moved_card),
    NoticeKind(model.CANCELLED, cancelled_card),
    NoticeKind(model.RESTORED, restored_card),
    NoticeKind(model.WEEK, reminder_card),
    NoticeKind(model.DAY, reminder_card),
    # They chose to be told, and it begins in a quarter of an hour.
    NoticeKind(model.SOON, reminder_card, Rest.THROUGH_HOURS),
)
