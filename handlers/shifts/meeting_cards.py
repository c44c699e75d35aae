"""What people see of a team's meeting."""

from datetime import date

from handlers.availability.meetings import TeamMeeting
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Form,
    Line,
    Moment,
    Note,
    Paragraph,
    Part,
    TextField,
    TimeField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts


def form(whose: ChoiceField | TextField, day: date, clocks: tuple[str, str], t: Texts) -> Form:
    start, end = clocks
    return Form(
        t("A team's meeting"),
        "meeting.plan",
        t("Tell the team"),
        (
            whose,
            DateField("day", t("Day"), day.isoformat()),
            TimeField("start", t("From"), start),
            TimeField("end", t("To"), end),
        ),
    )


def planned(one: TeamMeeting, t: Texts) -> Card:
    return Card(
        t(
            "The meeting is from {start} to {end}",
            start=Moment(one.starts_at),
            end=Moment(one.ends_at),
        ),
        (
            Paragraph(
                t.many("{n} colleague is told.", "{n} colleagues are told.", len(one.people))
            ),
            Paragraph(_meanwhile(t)),
            Buttons((_over(one, t),)),
        ),
        Tone.GOOD,
    )


def told(one: TeamMeeting, caller: Person, t: Texts) -> Card:
    return Card(
        t("{name} calls your team to a meeting", name=mention(caller)),
        (
            Paragraph(
                t("From {start} to {end}.", start=Moment(one.starts_at), end=Moment(one.ends_at))
            ),
            Note(_meanwhile(t)),
        ),
    )


def over(t: Texts) -> Card:
    return Card(t("This meeting is over. Hands come to the team as before."))


def now(one: TeamMeeting, t: Texts) -> Part:
    return Paragraph(t("Your team is in a meeting until {time}.", time=Moment(one.ends_at)))


def next_(one: TeamMeeting, t: Texts) -> Part:
    return Paragraph(t("Your team's meeting begins at {time}", time=Moment(one.starts_at)))


def _meanwhile(t: Texts) -> Line:
    return t("Meanwhile hands go to others first; to the team only where nobody else is there.")


def _over(one: TeamMeeting, t: Texts) -> Button:
    return Button(t("It is over, or called off"), "meeting.over", {"meeting": one.id})
