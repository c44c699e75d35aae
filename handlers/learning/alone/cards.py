"""What people see of what they learn by themselves, or from a colleague."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    DateField,
    Form,
    Look,
    Moment,
    Note,
    NumberField,
    Paragraph,
    Part,
    Quote,
    Row,
    Style,
    TextField,
    TimeField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.learning.cards import certificate_link
from handlers.learning.model import (
    LONGEST,
    LONGEST_PLACE,
    SHORTEST,
    Course,
    CourseDate,
    CourseRequest,
    Enrolment,
)

LONGEST_WISH = 300


def by_oneself(
    one: Course, mine: Enrolment | None, certificate: str | None, t: Texts
) -> tuple[Part, ...]:
    """What can be done about a course that is learned at an address. `certificate`: where it is
    shown that they finished it, if the system there told so."""
    parts = _by_oneself(one, mine, t)
    if mine is None or mine.confirmed_at is None or certificate is None:
        return parts
    return *parts, Paragraph((certificate_link(certificate, t),))


def _by_oneself(one: Course, mine: Enrolment | None, t: Texts) -> tuple[Part, ...]:
    values = {"entry": one.id}
    if not one.link:
        return (Paragraph(t("Its address is missing. Ask its owner.")),)
    if mine is None:
        begin = Button(t("I begin"), "learn.begin", values, Look.PRIMARY)
        return (Buttons((begin,)),)
    if mine.done_at is None:
        done = Button(t("I have finished it"), "learn.done", values, Look.PRIMARY)
        begun = t("You began: {when}.", when=Moment(mine.since, Style.DATE))
        return Paragraph(begun), Buttons((done,))
    finished = t("You finished it: {when}.", when=Moment(mine.done_at, Style.DATE))
    again = Button(t("Begin again"), "learn.begin", values)
    tried = Button(t("What I tried"), "learn.tried", {"about": one.id})
    return Paragraph(finished), Buttons((again, tried))


def one_to_one(one: Course, givers: Sequence[Person], me: Person, t: Texts) -> tuple[Part, ...]:
    """Who offers a course one to one."""
    values = {"entry": one.id}
    parts: list[Part] = [
        Row(
            (mention(giver), *((f", {giver.position}",) if giver.position else ())),
            Button(t("Ask"), "learn.ask", values | {"person": giver.id}),
        )
        for giver in givers
        if giver.id != me.id
    ]
    offers = any(giver.id == me.id for giver in givers)
    if offers:
        parts.append(Paragraph(t("You offer it: whoever would like it asks you.")))
    elif not parts:
        parts.append(Paragraph(t("No colleague offers it yet.")))
    label = t("Offer it no longer") if offers else t("I can offer this")
    parts.append(Buttons((Button(label, "learn.offer", values),)))
    return tuple(parts)


def ask_form(one: Course, giver: Person, t: Texts) -> Form:
    return Form(
        t("One to one"),
        "learn.ask.send",
        t("Ask"),
        (
            TextField(
                "words",
                t("When would it suit you?"),
                limit=LONGEST_WISH,
                multiline=True,
                required=False,
                hint=t("Or what it is about for you."),
            ),
        ),
        {"entry": one.id, "person": giver.id},
        (Paragraph(t("{course}, with {name}", course=one.names[t.locale], name=giver.name)),),
    )


def asked_already(giver: Person, t: Texts) -> Card:
    return Card(t("{name} was asked. You hear of it here.", name=giver.first_name), tone=Tone.GOOD)


def request(one: CourseRequest, name: str, asker: Person, t: Texts) -> Card:
    """For whom is asked."""
    values = {"request": one.id}
    words: tuple[Part, ...] = (Quote((one.words,)),) if one.words else ()
    return Card(
        t("{name} would like to learn from you: {course}", name=mention(asker), course=name),
        (
            *words,
            Buttons(
                (
                    Button(t("Suggest a time"), "learn.request", values, Look.PRIMARY),
                    Button(t("Not now"), "learn.request.no", values),
                )
            ),
        ),
    )


def request_over(name: str, asker: Person, t: Texts, *, agreed: bool) -> Card:
    if agreed:
        return Card(t("You gave {name} a time: {course}", name=asker.first_name, course=name))
    return Card(t("You said not now: {course}", course=name))


def declined(name: str, giver: Person, entry: str, t: Texts) -> Card:
    """For who asked."""
    return Card(
        t("{name} has no time for it now: {course}", name=giver.first_name, course=name),
        (Buttons((Button(t("Who else offers it"), "learn.show", {"entry": entry}),)),),
    )


def time_form(
    request: CourseRequest, course: Course | None, asker: Person, zone: str, t: Texts
) -> Form:
    """When and where, for whoever was asked."""
    name = course.names[t.locale] if course is not None else request.course
    minutes = course.minutes if course is not None else SHORTEST
    return Form(
        t("Suggest a time"),
        "learn.request.yes",
        t("Put it in the calendar"),
        (
            DateField("day", t("Date")),
            TimeField("start", t("From"), hint=t("Time in {zone}", zone=zone)),
            NumberField("minutes", t("Minutes"), minutes, SHORTEST, LONGEST),
            TextField("place", t("Where"), limit=LONGEST_PLACE, required=False),
        ),
        {"request": request.id},
        (
            Paragraph(t("{course}, with {name}", course=name, name=asker.name)),
            Note(t("Both of you have it in the calendar, and either can call it off.")),
        ),
    )


def agreed(one: CourseDate, asker: Person, t: Texts) -> Card:
    when = Moment(one.starts_at, Style.DATETIME)
    return Card(
        t("{name} is told: {when}", name=asker.first_name, when=when),
        (Buttons((Button(t("See the date"), "learn.date", {"date": one.id}),)),),
        Tone.GOOD,
    )


def called_off(t: Texts) -> Card:
    return Card(t("Called off. The other one is told."))
