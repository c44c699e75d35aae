"""What people see of courses and their dates."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Line,
    Link,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    Tone,
    mention,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.learning.lookups import DateView
from handlers.learning.model import Course, CourseKind, Enrolment, SeatState
from handlers.learning.rules import NONE_WITHIN, closes_at
from handlers.library.attributes import is_web_address
from handlers.library.cards import EntryView, ask_its_owner

CourseView = EntryView[Course]

SHOWN = 5
"""Dates of a course on one card."""


def overview(
    courses: Sequence[Course], mine: Sequence[DateView], me: Person, t: Texts, *, intro: Line = ()
) -> Card:
    """What can be learned, and before it what the reader is part of."""
    parts: list[Part] = [Paragraph(intro)] if intro else []
    parts += [date_row(view, t) for view in mine]
    if mine:
        parts.append(Divider())
    parts += [_course_row(one, t) for one in courses]
    parts.append(
        Buttons(
            (
                Button(t("What I learned"), "learn.mine"),
                Button(t("In my calendar"), "supervision.calendar"),
                Button(t("Reminders"), "session.reminders"),
            )
        )
    )
    if me.is_a(Role.COORDINATOR):
        parts.append(
            Buttons(
                (
                    Button(t("All dates"), "learn.dates"),
                    Button(t("Change the courses"), "learn.edit"),
                )
            )
        )
    parts.append(Note(t("Only you see this. Nobody counts who learns how much.")))
    return Card(t("Learning"), tuple(parts))


def none_found(courses: Sequence[Course], me: Person, t: Texts) -> Card:
    return overview(
        courses, (), me, t, intro=t("I find no course by these words. There are these:")
    )


def nearest(courses: Sequence[Course], t: Texts) -> Card:
    """Several may be meant."""
    return Card(
        t("Which one do you mean?"),
        (
            *(_course_row(one, t) for one in courses),
            Buttons((Button(t("All courses"), "learn"),)),
        ),
    )


def course(
    view: CourseView, dates: Sequence[DateView], more: tuple[Part, ...], me: Person, t: Texts
) -> Card:
    """What a course is for, how long it takes, and when: with what can be done about each date."""
    one = view.entry
    parts: list[Part] = [
        *ask_its_owner(view, t),
        Quote((one.purpose[t.locale],)),
        Facts(((t("How it is learned"), kind_line(one, t)), (t("Owner"), (one.owner[t.locale],)))),
    ]
    if one.kind == CourseKind.CLASS:
        joins = next((each for each in dates if each.mine is None and _does(each, t)), None)
        for each in dates:
            parts.append(date_row(each, t))
            if each is joins:  # the nearest one at once; the others where they are opened
                parts.append(Buttons(_does(each, t)))
        if not dates:
            parts.append(Paragraph(t("No date is planned yet.")))
    parts += more
    if one.link:
        parts.append(Paragraph((Link(plain(t("Open it")), one.link),)))
    if me.is_a(Role.COORDINATOR):
        values = {"entry": one.id}
        plan = Button(t("Plan a date"), "learn.plan", values)
        change = Button(t("Change"), "learn.entry", values)
        parts.append(Buttons((plan, change) if one.kind == CourseKind.CLASS else (change,)))
    parts.append(Buttons((Button(t("All courses"), "learn"),)))
    if view.adopted is None:
        parts.append(Note(t("Draft: nobody here has adopted this course yet.")))
    return Card((one.names[t.locale],), tuple(parts))


def date(view: DateView, t: Texts, *, said: Line = (), tone: Tone = Tone.CALM) -> Card:
    """One date, where the reader stands with it, and what they can do. `said` comes first."""
    name, one = view.name(t.locale), view.date
    if one.is_cancelled:
        return cancelled(view, t)
    parts: list[Part] = [Paragraph(said)] if said else []
    parts += [Facts(_facts(view, t)), *where_i_stand(view, t)]
    back = {"entry": one.course}
    parts.append(Buttons((*_does(view, t), Button(t("About the course"), "learn.show", back))))
    when = Moment(one.starts_at, Style.DATETIME)
    return Card(t("{course}: {when}", course=name, when=when), tuple(parts), tone)


def date_row(view: DateView, t: Texts) -> Row:
    """A date on one line: when, what is free, where the reader stands; with what opens it."""
    when = Moment(view.date.starts_at, Style.DATETIME)
    line = t("{course}: {when}", course=Strong(view.name(t.locale)), when=when)
    line += (" · ", *_stands(view, t))
    return Row(line, Button(t("Open"), "learn.date", {"date": view.date.id}))


def offered(view: DateView, t: Texts) -> Card:
    """A seat came free for the first who waits."""
    seat, values = view.mine, {"date": view.date.id}
    assert seat is not None, "it is theirs"
    assert seat.until is not None, "an offer has an end"
    return Card(
        t("A seat is free for you: {course}", course=view.name(t.locale)),
        (
            Facts(_facts(view, t)),
            Paragraph(
                t(
                    "It is kept for you until {when}. After that it goes to whoever waits next.",
                    when=Moment(_kept_until(view, seat.until), Style.DATETIME),
                )
            ),
            Buttons(
                (
                    Button(t("Take it"), "learn.take", values, Look.PRIMARY),
                    Button(t("Let it go"), "learn.leave", values),
                )
            ),
        ),
        Tone.GOOD,
    )


def offer_passed(view: DateView, t: Texts) -> Card:
    """In place of an offer whose time is over, or that was let go."""
    values = {"date": view.date.id}
    again = (Button(t("Wait again"), "learn.wait", values),) if view.may_wait else ()
    return Card(
        t("This seat is no longer kept for you: {course}", course=view.name(t.locale)),
        (Buttons((*again, Button(t("See the date"), "learn.date", values))),),
    )


def closed(view: DateView, t: Texts) -> Card:
    """To who waited, twelve hours before: no seat came free."""
    hours = int(NONE_WITHIN.total_seconds()) // 3600
    when = Moment(view.date.starts_at, Style.DATETIME)
    values = {"entry": view.date.course}
    return Card(
        t("No seat came free: {course}, {when}", course=view.name(t.locale), when=when),
        (
            Paragraph(
                t(
                    "In the last {n} hours before the start nobody is offered a seat, because "
                    "nobody could plan with it. The list is closed. If somebody gives a seat back "
                    "now, whoever sees it first may take it.",
                    n=hours,
                )
            ),
            Buttons((Button(t("Other dates"), "learn.show", values),)),
        ),
    )


def seated(view: DateView, t: Texts) -> Card:
    """There are more seats, and one is the reader's."""
    if view.mine is None or view.mine.state is not SeatState.TAKEN or view.date.is_cancelled:
        return date(view, t)
    when = Moment(view.date.starts_at, Style.DATETIME)
    return Card(
        t("You have a seat: {course}, {when}", course=view.name(t.locale), when=when),
        (
            Paragraph(
                t("{name} suggests this time.", name=view.trainer.first_name)
                if view.date.is_private and view.trainer is not None
                else t("There are more seats now, and you waited longest.")
            ),
            Facts(_facts(view, t)),
            *_doing(view, t),
        ),
        Tone.GOOD,
    )


def moved(view: DateView, t: Texts) -> Card:
    """It takes place at another time."""
    if view.date.is_cancelled:
        return cancelled(view, t)
    when = Moment(view.date.starts_at, Style.DATETIME)
    return Card(
        t("{course} has another time now: {when}", course=view.name(t.locale), when=when),
        (
            Facts(_facts(view, t)),
            *where_i_stand(view, t),
            *_doing(view, t, leaving=t("I can't come then")),
        ),
        Tone.CAREFUL,
    )


def cancelled(view: DateView, t: Texts) -> Card:
    when = Moment(view.date.starts_at, Style.DATETIME)
    reason: tuple[Part, ...] = (Quote((view.date.reason,)),) if view.date.reason else ()
    values = {"entry": view.date.course}
    return Card(
        t("{course} does not take place: {when}", course=view.name(t.locale), when=when),
        (*reason, Buttons((Button(t("Other dates"), "learn.show", values),))),
        Tone.CAREFUL,
    )


def takes_place(view: DateView, t: Texts) -> Card:
    """In place of what said that it does not."""
    when = Moment(view.date.starts_at, Style.DATETIME)
    return Card(t("{course} takes place after all: {when}", course=view.name(t.locale), when=when))


def restored(view: DateView, t: Texts) -> Card:
    """It was cancelled, and takes place after all."""
    if view.date.is_cancelled:
        return cancelled(view, t)
    return Card(
        takes_place(view, t).title,
        (
            Facts(_facts(view, t)),
            *where_i_stand(view, t),
            *_doing(view, t, leaving=t("I can't come then")),
        ),
        Tone.GOOD,
    )


def reminder(view: DateView, t: Texts, *, soon: bool = False) -> Card:
    card = date(view, t)
    if soon and not view.has_begun:
        begins = Moment(view.date.starts_at)
        title = t("{course} begins at {time}", course=view.name(t.locale), time=begins)
        return Card(title, card.parts, card.tone)
    return card


def another_time(view: DateView, t: Texts) -> Card:
    """In place of a reminder of a time that holds no longer."""
    return Card(
        t("{course}: this time holds no longer", course=view.name(t.locale)),
        (Buttons((Button(t("See the date"), "learn.date", {"date": view.date.id}),)),),
    )


def over(t: Texts) -> Card:
    return Card(t("This is over"))


def no_seat(view: DateView, t: Texts) -> Card:
    """In place of a reminder, for who gave the seat back."""
    return Card(t("{course}: you gave your seat back", course=view.name(t.locale)))


def mine(
    past: Sequence[DateView],
    ahead: Sequence[DateView],
    by_oneself: Sequence[tuple[Enrolment, Course]],
    t: Texts,
) -> Card:
    """What the reader learned and is going to; theirs alone."""
    parts: list[Part] = [date_row(view, t) for view in ahead]
    if past:
        parts += [Paragraph((Strong(plain(t("Before"))),)), *(date_row(one, t) for one in past)]
    if by_oneself:
        parts.append(Paragraph((Strong(plain(t("By yourself"))),)))
        parts += [_enrolled(one, which, t) for one, which in by_oneself]
    if not parts:
        parts.append(Paragraph(t("Nothing yet. Have a look at what there is.")))
    parts += [
        Buttons((Button(t("All courses"), "learn", look=Look.PRIMARY),)),
        Note(
            t(
                "You see this, and for its own class a trainer sees who came. It is kept for 24 "
                "months, and nobody makes a score of it."
            )
        ),
    ]
    return Card(t("What I learned"), tuple(parts))


def _course_row(one: Course, t: Texts) -> Row:
    """A course on one line, with what opens it."""
    line = (Strong(one.names[t.locale]), " · ", *kind_line(one, t))
    return Row(line, Button(t("Open"), "learn.show", {"entry": one.id}))


def _enrolled(one: Enrolment, which: Course, t: Texts) -> Row:
    state = (
        t("done, {when}", when=Moment(one.done_at, Style.DATE))
        if one.done_at is not None
        else t("begun, {when}", when=Moment(one.since, Style.DATE))
    )
    line = (Strong(which.names[t.locale]), " · ", *state)
    return Row(line, Button(t("Open"), "learn.show", {"entry": which.id}))


def kind_line(one: Course, t: Texts) -> Line:
    """How it is learned and how long it takes."""
    length = t.many("{n} minute", "{n} minutes", one.minutes)
    match one.kind:
        case CourseKind.LINK:
            return t("by yourself, {length}", length=length)
        case CourseKind.ONE_TO_ONE:
            return t("one to one, {length}", length=length)
        case _:
            return t("in a class, {length}", length=length)


def where_i_stand(view: DateView, t: Texts) -> tuple[Part, ...]:
    """What the reader's seat means, in a sentence."""
    if view.leads:
        return (Paragraph(t("You lead it.")),)
    if view.mine is None:
        return ()
    match view.mine.state:
        case SeatState.WAITING:
            said = t(
                "You wait. When a seat comes free it is offered to who waits longest, for four "
                "working hours each; nobody is let past you."
            )
        case SeatState.OFFERED if view.mine.until is not None:
            until = Moment(_kept_until(view, view.mine.until), Style.DATETIME)
            said = t("A seat is kept for you until {when}.", when=until)
        case SeatState.ATTENDED:
            said = t("You were there.")
            if view.certificate is not None:
                return Paragraph(said), Paragraph((certificate_link(view.certificate, t),))
        case SeatState.MISSED:
            said = t("You were not there.")
        case _:
            said = t("You have a seat.")
            if view.file is not None and not view.has_begun:
                link = Link(plain(t("The date as a file for your calendar")), view.file)
                return Paragraph(said), Paragraph((link,))
    return (Paragraph(said),)


def certificate_link(address: str, t: Texts) -> Link:
    return Link(plain(t("Certificate, with an address to check it")), address)


def _kept_until(view: DateView, until: datetime) -> datetime:
    """When an offer ends: earlier than it was made for, where the date moved nearer."""
    return min(until, closes_at(view.date))


def _facts(view: DateView, t: Texts) -> tuple[tuple[Line, Line], ...]:
    one = view.date
    ends = t("until {time}", time=Moment(one.ends_at))
    rows: list[tuple[Line, Line]] = [
        (t("When"), (Moment(one.starts_at, Style.DATETIME), ", ", *ends))
    ]
    if one.place:
        link = is_web_address(one.place)
        rows.append((t("Where"), (Link(one.place, one.place) if link else one.place,)))
    if view.trainer is not None:
        rows.append((t("With"), (mention(view.trainer),)))
    if not one.is_private and not view.has_begun:
        rows.append((t("Seats"), _seats(view, t)))
    return tuple(rows)


def _seats(view: DateView, t: Texts) -> Line:
    line = (
        t("{n} of {all} free", n=view.free, all=view.date.seats)
        if view.free
        else t.many("the one seat is taken", "all {n} seats are taken", view.date.seats)
    )
    if view.waiting:
        line += (", ", *t.many("{n} waits", "{n} wait", view.waiting))
    return line


def _stands(view: DateView, t: Texts) -> Line:
    """Where the reader stands, or what is free, in two words."""
    if view.date.is_cancelled:
        return t("cancelled")
    if view.leads:
        return t("you lead it")
    if view.mine is None:
        return t("over") if view.has_begun else _seats(view, t)
    match view.mine.state:
        case SeatState.WAITING:
            return t("you wait")
        case SeatState.OFFERED:
            return t("a seat is kept for you")
        case SeatState.ATTENDED:
            return t("you were there")
        case SeatState.MISSED:
            return t("you were not there")
        case _:
            return t("you have a seat")


def _doing(view: DateView, t: Texts, leaving: Line | None = None) -> tuple[Part, ...]:
    """The same in a row of its own, while there is anything to do."""
    does = _does(view, t, leaving)
    return (Buttons(does),) if does else ()


def _does(view: DateView, t: Texts, leaving: Line | None = None) -> tuple[Button, ...]:
    """What the reader can do about the date."""
    values = {"date": view.date.id}
    if view.leads and not view.date.is_cancelled:
        label = t("Who came?") if view.has_begun else t("Who comes")
        sure = t("The other one is told. Do you want that?")
        off = Button(t("Call it off"), "learn.call_off", values, Look.DANGER, sure)
        is_open = view.date.is_private and not view.has_begun
        return (Button(label, "learn.attending", values), *((off,) if is_open else ()))
    if view.has_begun and view.mine is not None and view.mine.state is SeatState.ATTENDED:
        return (Button(t("What I tried"), "learn.tried", {"about": view.date.id}),)
    if view.has_begun or view.date.is_cancelled:
        return ()
    if view.mine is None:
        if view.is_free:
            return (Button(t("Take a seat"), "learn.take", values, Look.PRIMARY),)
        return (Button(t("Wait"), "learn.wait", values, Look.PRIMARY),) if view.may_wait else ()
    match view.mine.state:
        case SeatState.WAITING:
            return (Button(t("Wait no longer"), "learn.leave", values),)
        case SeatState.OFFERED:
            return (
                Button(t("Take it"), "learn.take", values, Look.PRIMARY),
                Button(t("Let it go"), "learn.leave", values),
            )
        case _:
            return (Button(leaving or t("Give my seat back"), "learn.leave", values),)
