"""What people see of their shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.availability.planning import SpanError, SpanFault
from handlers.availability.rest import RestRules, wall_time
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Facts,
    Form,
    Line,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Row,
    TimeField,
    Tone,
    ToType,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts, mark
from handlers.kit.rota import Planned, ShiftKind
from handlers.kit.text import plain
from handlers.kit.weeks import day_names
from handlers.shifts.model import ShiftSwap, SwapState, WorkDay

MOST_NAMED = 4
"""Of those who are there for a topic."""

MOST_RESTS = 12
"""Of what is told of at once: the first ones, which leave the least time."""

_KINDS = {
    ShiftKind.DESK: mark("at a desk"),
    ShiftKind.TRAINING: mark("training"),
    ShiftKind.OUT: mark("away"),
    ShiftKind.HERE: mark("there as well"),
}
_CHOICES = {
    ShiftKind.WORK: mark("On the line"),
    ShiftKind.DESK: mark("Work at a desk"),
    ShiftKind.TRAINING: mark("Training"),
    ShiftKind.FREE: mark("Free"),
    ShiftKind.ABSENCE: mark("Away all day"),
}
CHOICES = tuple(_CHOICES)
"""What a day can be corrected to."""


def week(me: Person, days: Sequence[WorkDay], today: date, t: Texts) -> Card:
    """The days from one on, each to be corrected, but for those that are over."""
    first, last = days[0].day, days[-1].day
    parts: list[Part] = []
    for one in days:
        line = (f"{day_name(one.day, t)}: ", *said(one, t))
        change = Button(t("Correct"), "shift.day", {"day": one.day.isoformat()})
        parts.append(Row(line, change) if one.day >= today else Paragraph(line))
    week_on = timedelta(days=7)
    other = [Button(t("Next week"), "shift", {"from": (first + week_on).isoformat()})]
    if first > today:
        other.insert(
            0, Button(t("The week before"), "shift", {"from": (first - week_on).isoformat()})
        )
    hours = (
        t("not set: whenever you are there")
        if not me.hours.shifts
        else (me.hours.in_language(t.locale),)
    )
    return Card(
        t("Your shifts from {first} to {last}", first=_short(first), last=_short(last)),
        (
            *parts,
            Buttons((Button(t("Swap with a colleague"), "shift.swap.form"), *other)),
            Facts(((t("Usual hours"), hours),)),
            Note(
                t(
                    "A shift on a day goes before the usual hours. You see your own; coordinators "
                    "are told of what you correct. It is kept until two weeks after the day."
                )
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class DayTyped:
    """A day as it was typed: what it is, and its clocks, empty where none were said."""

    kind: ShiftKind
    start: str
    end: str


def day_form(one: WorkDay, t: Texts, typed: DayTyped | None = None) -> Form:
    """What somebody does on the day after all. It begins with what was `typed`, or as it stands."""
    begins = typed or _as_it_stands(one)
    return Form(
        (day_name(one.day, t),),
        "shift.day.save",
        t("Save"),
        (
            ChoiceField(
                "kind",
                t("What is it?"),
                tuple(Option(kind, t(label)) for kind, label in _CHOICES.items()),
                value=(begins.kind,),
            ),
            TimeField("start", t("From"), begins.start, required=False),
            TimeField(
                "end",
                t("To"),
                begins.end,
                required=False,
                hint=t("An end before the start is on the next day."),
            ),
        ),
        values={"day": one.day.isoformat()},
    )


def _as_it_stands(one: WorkDay) -> DayTyped:
    zone, away = one.person.zone, any(entry.kind is ShiftKind.ABSENCE for entry in one.beside)
    if not one.work:
        return DayTyped(ShiftKind.ABSENCE if away else ShiftKind.FREE, "", "")
    start, end = (wall_time(at, zone) for at in (one.work[0].start, one.work[-1].end))
    kind = ShiftKind.ABSENCE if away else one.work[0].kind
    return DayTyped(kind, f"{start:%H:%M}", f"{end:%H:%M}")


def wrong_span(error: SpanError, t: Texts) -> Line:
    match error.fault:
        case SpanFault.ENDS_FIRST:
            return t("It ends before it begins.")
        case SpanFault.TOO_LONG:
            return t("A shift has 24 hours at most.")
        case SpanFault.ABSENT_TOO_LONG:
            return t("An absence has a year at most.")


def corrected(one: WorkDay, t: Texts) -> Card:
    """To whom corrected it."""
    return Card(
        t("{day} is corrected", day=day_name(one.day, t)),
        (
            Paragraph(said(one, t)),
            Buttons((Button(t("Your shifts"), "shift", {"from": one.day.isoformat()}),)),
            Note(t("Your coordinators are told. What planners bring in leaves it as you said.")),
        ),
        Tone.GOOD,
    )


def told_correction(one: WorkDay, t: Texts) -> Card:
    """To coordinators."""
    return Card(
        t("{name} corrected a shift", name=mention(one.person)),
        (Paragraph((f"{day_name(one.day, t)}: ", *said(one, t))),),
    )


def swap_form(other: Person | None, gives: str, t: Texts) -> Form:
    return Form(
        t("Swap shifts"),
        "shift.swap.ask",
        t("Ask"),
        (
            PeopleField("colleague", t("With whom?"), other.addresses[:1] if other else (), most=1),
            DateField("gives", t("Your day that they take"), gives),
            DateField(
                "takes",
                t("Their day that you take"),
                required=False,
                hint=t("Empty: the same day, and you swap its shifts."),
            ),
        ),
    )


def swap_lines(asker: Sequence[WorkDay], other: Sequence[WorkDay], t: Texts) -> tuple[Part, ...]:
    """Who works when afterwards."""
    return tuple(
        Facts(
            tuple(
                ((f"{one.person.first_name}, {day_name(one.day, t)}",), said(one, t))
                for one in days
            )
        )
        for days in (asker, other)
    )


def swap_asked(swap: ShiftSwap, to: Person, parts: tuple[Part, ...], t: Texts) -> Card:
    """To whom asked."""
    return Card(
        t("{name} is asked", name=mention(to)),
        (
            Paragraph(t("If they agree, it will be like this:")),
            *parts,
            Buttons((Button(t("Never mind"), "shift.swap.back", {"swap": swap.id}),)),
        ),
    )


def swap_question(swap: ShiftSwap, asker: Person, parts: tuple[Part, ...], t: Texts) -> Card:
    """To whom is asked."""
    return Card(
        t("{name} would like to swap shifts with you", name=mention(asker)),
        (
            Paragraph(t("If you agree, it will be like this:")),
            *parts,
            Buttons(
                (
                    Button(t("Agree"), "shift.swap.agree", {"swap": swap.id}, Look.PRIMARY),
                    Button(t("I can't"), "shift.swap.decline", {"swap": swap.id}),
                )
            ),
            Note(t("Nothing changes before you agree. Coordinators are told of what two agreed.")),
        ),
        Tone.CAREFUL,
    )


def swap_answered(to: Person, t: Texts) -> Card:
    """In place of what was asked: the answer came as news."""
    return Card(
        t("{name} has answered", name=mention(to)),
        (Paragraph(t("The answer is in a message of its own.")),),
    )


def swap_over(
    swap: ShiftSwap, asker: Person, other: Person, parts: tuple[Part, ...], t: Texts
) -> Card:
    """To either of the two, and to coordinators, once it is decided."""
    match swap.state:
        case SwapState.AGREED:
            both = t("{one} and {two} swapped shifts", one=mention(asker), two=mention(other))
            return Card(both, parts, Tone.GOOD)
        case SwapState.DECLINED:
            return Card(
                t("{name} can't swap that day", name=mention(other)),
                (Paragraph(t("Nothing was changed.")),),
            )
        case _:
            return Card(t("This swap is no longer asked for"), ())


def who(rows: Sequence[tuple[Line, Sequence[Person]]], t: Texts) -> Card:
    """Who may be asked now, by what they are asked about."""
    return Card(
        t("Who is there now"),
        (
            Facts(tuple((what, _names(people, t)) for what, people in rows)),
            Note(
                t(
                    "On duty and free at this moment. Why somebody is not named is told to nobody. "
                    "{typed} asks them.",
                    typed=ToType("hand"),
                )
            ),
        ),
    )


def _names(people: Sequence[Person], t: Texts) -> Line:
    if not people:
        return t("nobody now")
    named = listed((mention(one),) for one in people[:MOST_NAMED])
    return t("{names} and others", names=named) if len(people) > MOST_NAMED else named


def short_rests(
    found: Sequence[tuple[Person, date, int, bool]], rules: RestRules, t: Texts
) -> Card:
    """Whose rest is too short, before what they do on which day, and how many minutes it has; or,
    of a week, the longest of it."""
    if not found:
        return Card(t("Everybody's shifts leave them rest enough"), ())
    lines = tuple(
        t(
            "{name}, week to {day}: {hours} at the most, {due} h are due",
            name=mention(person),
            day=day_name(day, t),
            hours=_hours(minutes),
            due=rules.week,
        )
        if of_week
        else t(
            "{name}, {day}: {hours} before the shift, {due} h are due",
            name=mention(person),
            day=day_name(day, t),
            hours=_hours(minutes),
            due=rules.hours,
        )
        for person, day, minutes, of_week in found[:MOST_RESTS]
    )
    more = (Paragraph(t("And more after these.")),) if len(found) > MOST_RESTS else ()
    return Card(
        t("Shifts are planned with too little rest"),
        (
            Bullets(lines),
            *more,
            Note(
                t(
                    "Latvia's Labour Law gives 12 hours between shifts and 42 in one piece in a "
                    "week. What is due here stands in the settings."
                )
            ),
        ),
        Tone.CAREFUL,
    )


def said(one: WorkDay, t: Texts) -> Line:
    """What stands on a day."""
    if any(entry.kind is ShiftKind.ABSENCE for entry in one.beside):
        return t("away")
    spans = [_span(entry, one.person.zone, t) for entry in sorted((*one.work, *one.beside))]
    if spans:
        return (", ".join(spans),)
    is_known = one.person.hours.planned.plans(one.day) or one.person.hours.shifts
    return t("free") if is_known else t("nothing is planned")


def day_name(day: date, t: Texts) -> str:
    """As short as a calendar has it: "Mo 2.3."."""
    return f"{plain(day_names(t)[day.weekday()])} {_short(day)}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02}" if minutes % 60 else f"{minutes // 60} h"


def _short(day: date) -> str:
    return f"{day.day}.{day.month}."


def _span(entry: Planned, zone: str, t: Texts) -> str:
    times = f"{wall_time(entry.start, zone):%H:%M}–{wall_time(entry.end, zone):%H:%M}"
    kind = _KINDS.get(entry.kind)
    return f"{times} ({plain(t(kind))})" if kind else times
