"""What a trainer ticks, and the one question two weeks later."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.learning.lookups import DateView
from handlers.learning.model import LONGEST_NOTE, MOST_SEATS


def attending(view: DateView, people: Sequence[Person], t: Texts) -> Card:
    """Who has a seat, for who leads it."""
    when = Moment(view.date.starts_at, Style.DATETIME)
    names = listed((mention(one),) for one in people) or t("Nobody yet.")
    tick = Button(t("Tick who came"), "learn.came", {"date": view.date.id}, Look.PRIMARY)
    buttons: tuple[Part, ...] = (Buttons((tick,)),) if view.has_begun and people else ()
    return Card(
        t("{course}: {when}", course=view.name(t.locale), when=when),
        (Paragraph(names), *buttons),
    )


def who_came(view: DateView, people: Sequence[Person], t: Texts, *, is_told: bool) -> Card:
    """To who led it, once it is over."""
    when = Moment(view.date.starts_at, Style.DATETIME)
    values = {"date": view.date.id}
    label = t("Change it") if is_told else t("Tick who came")
    look = Look.PLAIN if is_told else Look.PRIMARY
    return Card(
        t("Who came? {course}, {when}", course=view.name(t.locale), when=when),
        (
            Paragraph(listed((mention(one),) for one in people) or t("Nobody had a seat.")),
            *((Buttons((Button(label, "learn.came", values, look),)),) if people else ()),
            Note(t("Each sees what stands there of themselves. Nobody makes a score of it.")),
        ),
        Tone.GOOD if is_told else Tone.CALM,
    )


def came_form(view: DateView, people: Sequence[Person], came: Sequence[str], t: Texts) -> Form:
    return Form(
        t("Who came?"),
        "learn.came.save",
        t("Save"),
        (
            ChoiceField(
                "came",
                t("Were there"),
                tuple(Option(one.id, (one.name,)) for one in people),
                tuple(came),
                most=MOST_SEATS,
                required=False,
            ),
        ),
        {"date": view.date.id},
        (Paragraph((view.name(t.locale),)),),
    )


def saved(view: DateView, came: int, t: Texts) -> Card:
    return Card(
        t("Saved: {course}", course=view.name(t.locale)),
        (
            Paragraph(t.many("{n} person was there.", "{n} people were there.", came)),
            Buttons((Button(t("Change it"), "learn.came", {"date": view.date.id}),)),
        ),
        Tone.GOOD,
    )


def tried(name: str, about: str, words: str, t: Texts) -> Card:
    """Two weeks later, to each alone. What they wrote stands on no card: cards stay in chats."""
    label = t("See what I wrote") if words else t("Write it down")
    said: Line = (
        t("You wrote something down.")
        if words
        else t("One thing is enough: what you did differently, and what came of it.")
    )
    return Card(
        t("{course}, two weeks later: what did you try?", course=name),
        (
            Paragraph(said),
            Buttons((Button(label, "learn.tried", {"about": about}, Look.PRIMARY),)),
            Note(t("It is for you alone, and asked once. You need not answer.")),
        ),
    )


def tried_form(name: str, about: str, words: str, t: Texts) -> Form:
    return Form(
        t("What did you try?"),
        "learn.tried.save",
        t("Keep it"),
        (
            TextField(
                "words",
                t("For yourself"),
                words,
                limit=LONGEST_NOTE,
                multiline=True,
                required=False,
                hint=t("Only you can see it. Leave it empty, and nothing is kept."),
            ),
        ),
        {"about": about},
        (Paragraph((name,)),),
    )


def kept(t: Texts, *, anything: bool) -> Card:
    if not anything:
        return Card(t("Nothing is kept of it."))
    return Card(t("Kept for you alone"), tone=Tone.GOOD)
