"""Learning by oneself at an address, or one to one from a colleague who offers it."""

from dataclasses import replace
from datetime import datetime, time

from handlers.availability.coverage import BreakTeams
from handlers.availability.diaries import Diaries
from handlers.availability.walls import NoSuchTimeError, skipped_by_the_clock, span, too_early
from handlers.kit.cards import Card, Form, Moment, Part, Reply, Style
from handlers.kit.commands import Command, Instead, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person
from handlers.kit.reading import Filled, Pressed
from handlers.learning import model, seats, telling
from handlers.learning.alone import cards
from handlers.learning.lookups import courses, date_in, name_of, named, refuse_begun
from handlers.learning.model import (
    Course,
    CourseDate,
    CourseDates,
    CourseKind,
    CourseRequest,
    CourseRequests,
    Enrolment,
    Enrolments,
    Offerings,
    RequestState,
)
from handlers.library.entries import entry_of
from handlers.work import Context, Occasion


def on_the_course(one: Course, ctx: Context) -> tuple[Part, ...]:
    """What a course's card has of it."""
    match one.kind:
        case CourseKind.LINK:
            mine = ctx.work.of(Enrolments).get(ctx.me.id, one.id)
            certificate = ctx.services.links.certificate(one.id, ctx.me.id)
            return cards.by_oneself(one, mine, certificate, ctx.t)
        case CourseKind.ONE_TO_ONE:
            known = ctx.work.people.many(ctx.work.of(Offerings).of(ctx.me.workspace, one.id))
            givers = [giver for giver in known.values() if giver.belongs]
            return cards.one_to_one(one, givers, ctx.me, ctx.t)
        case _:
            return ()


def begin(command: Command, ctx: Context) -> Instead:
    """Somebody begins; whoever finished it may begin anew."""
    one = _course_in(command, ctx, CourseKind.LINK)
    before = ctx.work.of(Enrolments).get(ctx.me.id, one.id)
    if before is None or before.done_at is not None:
        confirmed_at = before.confirmed_at if before is not None else None
        begun = Enrolment(ctx.me.id, one.id, ctx.me.workspace, ctx.now, confirmed_at=confirmed_at)
        ctx.work.of(Enrolments).put(begun)
        telling.begun(ctx, begun.workspace, one.id, ctx.me.id)
    return Instead("learn.show")


def done(command: Command, ctx: Context) -> Instead:
    """They say so themselves; the e-learning system may have said it before."""
    one = _course_in(command, ctx, CourseKind.LINK)
    finished(ctx, ctx.me, one.id)
    return Instead("learn.show")


def finished(on: Occasion, person: Person, course: str, *, confirmed: bool = False) -> bool:
    """The person finished it: whether that is new. In two weeks they are asked what they tried.
    `confirmed`: the e-learning system tells it, and so it can be certified."""
    enrolments = on.work.of(Enrolments)
    before = enrolments.get(person.id, course)
    enrolment = before or Enrolment(person.id, course, person.workspace, on.now)
    is_news = enrolment.done_at is None
    confirms = confirmed and (is_news or enrolment.confirmed_at is None)
    if not is_news and not confirms:
        return False
    enrolment = replace(enrolment, done_at=enrolment.done_at or on.now)
    enrolments.put(replace(enrolment, confirmed_at=on.now) if confirms else enrolment)
    if not is_news:
        return True
    telling.finished(on, person.workspace, course, person.id)
    due = on.now + model.TRIED_AFTER
    on.work.outbox.add(person.workspace, Notice(model.TRIED, course, (person.id,), due))
    return True


def offer(command: Command, ctx: Context) -> Instead:
    """The caller offers it to colleagues, or no longer."""
    one = _course_in(command, ctx, CourseKind.ONE_TO_ONE)
    offerings = ctx.work.of(Offerings)
    if ctx.me.id in offerings.of(ctx.me.workspace, one.id):
        offerings.remove(ctx.me.workspace, one.id, ctx.me.id)
    else:
        offerings.add(ctx.me.workspace, one.id, ctx.me.id)
    return Instead("learn.show")


def ask(command: Command, ctx: Context) -> Reply:
    one = _course_in(command, ctx, CourseKind.ONE_TO_ONE)
    giver = _giver_in(command, one, ctx)
    if ctx.work.of(CourseRequests).between(ctx.me.id, giver.id, one.id) is not None:
        return cards.asked_already(giver, ctx.t)
    return cards.ask_form(one, giver, ctx.t)


def ask_send(command: Command, ctx: Context) -> Reply:
    one = _course_in(command, ctx, CourseKind.ONE_TO_ONE)
    giver = _giver_in(command, one, ctx)
    asked = Filled(cards.ask_form(one, giver, ctx.t), command, ctx)
    words = asked.text("words")
    if asked.errors:
        return asked.again()
    requests = ctx.work.of(CourseRequests)
    if requests.between(ctx.me.id, giver.id, one.id) is None:
        new = CourseRequest(
            ctx.new_id(), ctx.me.workspace, one.id, ctx.me.id, giver.id, words, ctx.now
        )
        requests.put(new)
        ctx.work.outbox.add(new.workspace, Notice(model.ASKED, new.id, (giver.id,), ctx.now))
    return cards.asked_already(giver, ctx.t)


def time_form(command: Command, ctx: Context) -> Reply:
    """Whoever is asked suggests a time."""
    request, asker = _request_in(command, ctx)
    return _time_form(request, asker, ctx)


def agree(command: Command, ctx: Context) -> Reply:
    """The two have a date; either may call it off."""
    request, asker = _request_in(command, ctx)
    ctx.work.of(BreakTeams).hold(ctx.me, asker)
    asked = Filled(_time_form(request, asker, ctx), command, ctx)
    day, start, minutes = asked.day("day"), asked.clock("start"), asked.number("minutes")
    place, zone = asked.text("place"), ctx.me.zone
    if asked.errors:
        return asked.again()
    if early := too_early(day, zone, ctx, start):
        return asked.again(day=early)
    wall = datetime.combine(day, time.fromisoformat(start))
    try:
        starts_at, ends_at = span(wall, zone, minutes)
    except NoSuchTimeError as error:
        return asked.again(start=skipped_by_the_clock(error, zone, ctx))
    ctx.work.of(Diaries).hold([ctx.me.id, asker.id])
    for busy in ctx.work.of(Diaries).booked([ctx.me.id, asker.id], starts_at, ends_at):
        at = Moment(busy.starts_at, Style.DATETIME)
        who = ctx.me if busy.person == ctx.me.id else asker
        line = ctx.t("{person} has something else then: {when}.", person=who.first_name, when=at)
        return asked.again(start=line)
    one = CourseDate(
        ctx.new_id(),
        request.workspace,
        request.course,
        wall,
        zone,
        starts_at,
        ends_at,
        1,
        ctx.now,
        place,
        ctx.me.id,
        is_private=True,
    )
    for person, beside in ((asker, None), (ctx.me, asker)):
        if not seats.is_covered(ctx, one, person, beside):
            line = ctx.t(
                "Too few of {person}’s team would stay on the line then.", person=person.first_name
            )
            return asked.again(start=line)
    ctx.work.of(CourseDates).put(one)
    seats.give(ctx, one, [asker.id])
    seats.go_on(ctx, one)
    ctx.work.outbox.add(one.workspace, Notice(model.SEATED, one.id, (asker.id,), ctx.now))
    _answered(request, RequestState.AGREED, ctx)
    return cards.agreed(one, asker, ctx.t)


def decline(command: Command, ctx: Context) -> Reply:
    request, asker = _request_in(command, ctx)
    _answered(request, RequestState.DECLINED, ctx)
    ctx.work.outbox.add(request.workspace, Notice(model.DECLINED, request.id, (asker.id,), ctx.now))
    return None


def call_off(command: Command, ctx: Context) -> Reply:
    """Who gives it calls off what two agreed on; the other one is told."""
    one = date_in(command, ctx, hold=True)
    refuse_begun(one, ctx)
    if not one.is_private or one.trainer != ctx.me.id:
        raise RefusedError(ctx.t("I can't find this date any more."))
    seats.call_off(ctx, one, "", but=ctx.me.id)
    return cards.called_off(ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    request = ctx.work.of(CourseRequests).get(notice.about)
    asker = ctx.work.people.get(request.asker) if request is not None else None
    if request is None or asker is None:
        return None
    name = _name(request, ctx)
    if request.state is RequestState.OPEN:
        return cards.request(request, name, asker, ctx.t)
    is_agreed = request.state is RequestState.AGREED
    return cards.request_over(name, asker, ctx.t, agreed=is_agreed) if notice.sent else None


def declined_card(notice: Notice, ctx: Context) -> Card | None:
    request = ctx.work.of(CourseRequests).get(notice.about)
    giver = ctx.work.people.get(request.giver) if request is not None else None
    if request is None or giver is None:
        return None
    return cards.declined(_name(request, ctx), giver, request.course, ctx.t)


def _course_in(command: Command, ctx: Context, kind: CourseKind) -> Course:
    one = entry_of(courses(ctx).content, command.one("entry"))
    if one is None or one.kind != kind:
        raise RefusedError(ctx.t("I can't find this course any more."))
    return one


def _giver_in(command: Command, one: Course, ctx: Context) -> Person:
    """Whom the command means: somebody who offers the course. Raises RefusedError."""
    person = ctx.work.people.get(Pressed(command, ctx.t).id("person"))
    offering = ctx.work.of(Offerings).of(ctx.me.workspace, one.id)
    if person is None or person.id not in offering or not person.belongs or person == ctx.me:
        raise RefusedError(ctx.t("They no longer offer it. Please choose somebody else."))
    return person


def _request_in(command: Command, ctx: Context) -> tuple[CourseRequest, Person]:
    """What the caller was asked for and has not answered, and by whom. Raises RefusedError."""
    request = ctx.work.of(CourseRequests).get(Pressed(command, ctx.t).id("request"))
    asker = ctx.work.people.get(request.asker) if request is not None else None
    if request is None or request.giver != ctx.me.id or asker is None or not asker.belongs:
        raise RefusedError(ctx.t("I can't find this request any more."))
    if request.state is not RequestState.OPEN:
        raise RefusedError(ctx.t("You have answered this already."))
    return request, asker


def _time_form(request: CourseRequest, asker: Person, ctx: Context) -> Form:
    course = named(ctx, request.workspace, request.course)
    return cards.time_form(request, course, asker, ctx.me.zone, ctx.t)


def _answered(request: CourseRequest, state: RequestState, ctx: Context) -> None:
    ctx.work.of(CourseRequests).put(replace(request, state=state, at=ctx.now))
    ctx.work.outbox.refresh(request.workspace, model.ASKED, request.id, ctx.now)


def _name(request: CourseRequest, ctx: Context) -> str:
    return name_of(ctx, request.workspace, request.course, ctx.t.locale)


ROUTES: tuple[Route, ...] = (
    Route("learn.begin", begin),
    Route("learn.done", done),
    Route("learn.offer", offer),
    Route("learn.ask", ask, reads=True),
    Route("learn.ask.send", ask_send),
    Route("learn.request", time_form, reads=True),
    Route("learn.request.yes", agree),
    Route("learn.request.no", decline, private=True),
    Route("learn.call_off", call_off),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.ASKED, asked_card),
    NoticeKind(model.DECLINED, declined_card),
)
