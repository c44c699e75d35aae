"""What coordinators see of dates: all of them, one with who comes, and the forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Facts,
    Field,
    Form,
    Line,
    Look,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Address, Person
from handlers.kit.ports import Texts
from handlers.learning.lookups import DateView
from handlers.learning.model import LONGEST, LONGEST_PLACE, MOST_SEATS, SHORTEST, Course, CourseKind

PAGE = 15
"""Dates on one card."""

LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Draft:
    """A date as its form begins with it."""

    day: str
    start: str
    zone: str
    minutes: int
    seats: int
    place: str = ""
    trainer: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Attending:
    """Who stands where with a date, by name."""

    seated: Sequence[Person]
    asked: Sequence[Person]
    waiting: Sequence[Person]


def dates(views: Sequence[DateView], courses: Sequence[Course], t: Texts) -> Card:
    """All dates to come, and what a new one is planned of."""
    parts: list[Part] = []
    for view in views:
        when = Moment(view.date.starts_at, Style.DATETIME)
        line = t("{course}: {when}", course=Strong(view.name(t.locale)), when=when)
        line += (" · ", *_counts(view, t))
        parts.append(Row(line, Button(t("Open"), "learn.planned", {"date": view.date.id})))
    if not views:
        parts.append(Paragraph(t("No class is planned.")))
    if any(one.kind == CourseKind.CLASS for one in courses):
        parts.append(Buttons((Button(t("Plan a date"), "learn.plan", look=Look.PRIMARY),)))
    parts.append(Buttons((Button(t("All courses"), "learn"),)))
    return Card(t("Dates of classes"), tuple(parts))


def planned(
    view: DateView,
    people: Attending,
    t: Texts,
    *,
    said: tuple[Part, ...] = (),
    undo_until: datetime | None = None,
) -> Card:
    """One date, as a coordinator sees it; until `undo_until` it can take place after all."""
    one, of_date = view.date, {"date": view.date.id}
    when = Moment(one.starts_at, Style.DATETIME)
    name = view.name(t.locale)
    if one.is_cancelled:
        title = t("{course} does not take place: {when}", course=name, when=when)
        everything = Button(t("All dates"), "learn.dates")
        if undo_until is None:
            return Card(title, (*said, Buttons((everything,))))
        undo = Button(t("Undo"), "learn.cancel.undo", of_date)
        until = Note(t("You can undo it until {time}.", time=Moment(undo_until)))
        return Card(title, (*said, Buttons((undo, everything)), until))
    rows: list[tuple[Line, Line]] = [
        (t("Minutes"), (str(one.minutes),)),
        (t("Seats"), _counts(view, t)),
    ]
    if one.place:
        rows.append((t("Where"), (one.place,)))
    rows.append((t("With"), (mention(view.trainer),) if view.trainer else t("nobody yet")))
    for label, them in (
        (t("Have a seat"), people.seated),
        (t("Are asked now"), people.asked),
        (t("Wait, in this order"), people.waiting),
    ):
        if them:
            rows.append((label, listed((mention(person),) for person in them)))
    buttons = (
        Button(t("Change"), "learn.change", of_date, Look.PRIMARY),
        Button(t("Cancel it"), "learn.cancel", of_date, Look.DANGER),
    )
    parts = (
        *said,
        Facts(tuple(rows)),
        Buttons((*(() if view.has_begun else buttons), Button(t("All dates"), "learn.dates"))),
        Note(t("Coordinators see this, and the trainer who comes.")),
    )
    return Card(t("{course}: {when}", course=name, when=when), parts)


def plan_form(
    courses: Sequence[Course], chosen: str, draft: Draft, values: Mapping[str, str], t: Texts
) -> Form:
    """Asks for a date of one of the courses."""
    which = ChoiceField(
        "course",
        t("Which course?"),
        tuple(Option(one.id, (one.names[t.locale],)) for one in courses),
        (chosen,),
    )
    return Form(
        t("Plan a date"), "learn.plan.save", t("Plan it"), (which, *_fields(draft, t)), values
    )


def change_form(
    view: DateView, draft: Draft, values: Mapping[str, str], t: Texts, *, intro: tuple[Part, ...]
) -> Form:
    return Form(
        t("Change the date"),
        "learn.change.save",
        t("Save"),
        _fields(draft, t),
        values,
        (
            *intro,
            Paragraph((Strong(view.name(t.locale)),)),
            Paragraph(
                t(
                    "Who has a seat or waits is told of another time. With more seats those who "
                    "wait longest have one."
                )
            ),
        ),
    )


def cancel_form(view: DateView, values: Mapping[str, str], t: Texts) -> Form:
    when = Moment(view.date.starts_at, Style.DATETIME)
    return Form(
        t("Cancel the date"),
        "learn.cancel.save",
        t("Tell them it is off"),
        (TextField("reason", t("Why, for those who come"), limit=LONGEST_REASON, multiline=True),),
        values,
        (
            Paragraph(t("{course}: {when}", course=Strong(view.name(t.locale)), when=when)),
            Paragraph(
                t("Everybody who has a seat or waits is told. You can undo it for 10 minutes.")
            ),
        ),
    )


def changed(lines: Sequence[Line], told: int, t: Texts) -> tuple[Part, ...]:
    """What was done, above the date as it is now."""
    if not lines:
        return (Paragraph(t("Nothing was changed.")),)
    people = t.many("{n} person is told.", "{n} people are told.", told)
    return (Bullets(tuple(lines)), Paragraph(people))


def somebody_was_faster(t: Texts) -> tuple[Part, ...]:
    return (
        Paragraph(
            t("Somebody changed this date while you were writing. This is how it stands now.")
        ),
    )


def done(card: Card) -> Card:
    return Card(card.title, card.parts, Tone.GOOD)


def _counts(view: DateView, t: Texts) -> Line:
    taken = view.date.seats - view.free
    line = t("{n} of {all} taken", n=taken, all=view.date.seats)
    if view.waiting:
        line += (", ", *t.many("{n} waits", "{n} wait", view.waiting))
    return line


def _fields(draft: Draft, t: Texts) -> tuple[Field, ...]:
    zone = t("Time in {zone}", zone=draft.zone)
    return (
        DateField("day", t("Date"), draft.day),
        TimeField("start", t("From"), draft.start, hint=zone),
        NumberField("minutes", t("Minutes"), draft.minutes, SHORTEST, LONGEST),
        NumberField("seats", t("Seats"), draft.seats, 1, MOST_SEATS),
        TextField(
            "place",
            t("Where"),
            draft.place,
            limit=LONGEST_PLACE,
            required=False,
            hint=t("A room, or the address of a call (https)."),
        ),
        PeopleField("trainer", t("Who leads it"), draft.trainer, required=False, oneself=True),
    )
