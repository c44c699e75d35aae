"""What people see of somebody looking after another's topics for a while."""

from handlers.availability.reliefs import Relief, ReliefState
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    PeopleField,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts

USUAL = "30 min"
"""How long, where nobody says."""


def form(t: Texts) -> Form:
    return Form(
        t("Look after my topics"),
        "cover.asked",
        t("Ask"),
        (
            TextField(
                "while",
                t("For how long, or until when?"),
                USUAL,
                limit=60,
                hint=t("30, 2h30m, half an hour, until 16:00"),
            ),
            PeopleField(
                "colleague",
                t("Whom do you ask?"),
                required=False,
                hint=t("Empty: some who are free for the same topics."),
            ),
        ),
    )


def is_asked(one: Relief, whom: Person | None, how_many: int, t: Texts) -> Card:
    """To whom asked."""
    title = (
        t("{name} is asked", name=mention(whom))
        if whom is not None
        else t.many("{n} colleague is asked", "{n} colleagues are asked", how_many)
    )
    return Card(
        title,
        (
            Paragraph(
                t(
                    "Until somebody says yes, you are asked as before. You hear within five "
                    "minutes how it stands; the question is open until {time}.",
                    time=Moment(one.ends_at),
                )
            ),
            Buttons((_never_mind(one, t),)),
        ),
    )


def still_asked(one: Relief, t: Texts) -> Card:
    return Card(
        t("Somebody is asked already"),
        (
            Paragraph(t("The question is open until {time}.", time=Moment(one.ends_at))),
            Buttons((_never_mind(one, t),)),
        ),
    )


def said_yes(helper: Person, t: Texts) -> Card:
    """In place of the question, to who asked."""
    return Card(t("{name} said yes", name=mention(helper)))


def question(one: Relief, asker: Person, t: Texts) -> Card:
    """To whom is asked."""
    how_long = (
        t("{n} min from when you say yes.", n=one.minutes)
        if one.minutes
        else t("Until {time}.", time=Moment(one.ends_at))
    )
    return Card(
        t("Can you look after {name}'s topics?", name=mention(asker)),
        (
            Paragraph(how_long),
            Paragraph(t("Who would ask {name} then asks you.", name=asker.first_name)),
            Buttons(
                (
                    Button(t("I'll do it"), "cover.agree", {"cover": one.id}, Look.PRIMARY),
                    Button(t("Not now"), "cover.not", {"cover": one.id}),
                )
            ),
            Note(t("Nobody sees who said “Not now”.")),
        ),
    )


def helping(one: Relief, asker: Person, t: Texts) -> Card:
    """To whoever does it."""
    return Card(
        t(
            "You look after {name}'s topics until {time}",
            name=mention(asker),
            time=Moment(one.ends_at),
        ),
        (
            Paragraph(t("It ends by itself.")),
            Buttons((Button(t("I can't any longer"), "cover.end", {"cover": one.id}),)),
        ),
        Tone.GOOD,
    )


def helped(asker: Person, t: Texts) -> Card:
    return Card(t("You looked after {name}'s topics. Thank you.", name=mention(asker)))


def relieved(one: Relief, helper: Person, t: Texts) -> Card:
    """To whose topics it is about."""
    return Card(
        t(
            "{name} looks after your topics until {time}",
            name=mention(helper),
            time=Moment(one.ends_at),
        ),
        (
            Paragraph(
                t("Who would ask you asks {name}. It ends by itself.", name=helper.first_name)
            ),
            Buttons((_there_again(one, t),)),
        ),
        Tone.GOOD,
    )


def nobody_yet(one: Relief, t: Texts) -> Card:
    return Card(
        t("Nobody has said yes so far"),
        (
            Paragraph(
                t(
                    "You are asked as before. The question is open until {time}; your supervisor "
                    "can help, too.",
                    time=Moment(one.ends_at),
                )
            ),
            Buttons((_never_mind(one, t),)),
        ),
        Tone.CAREFUL,
    )


def ended(other: Person, t: Texts, *, mine: bool) -> Card:
    """To either of the two, when it is over."""
    if mine:
        return Card(
            t("{name} no longer looks after your topics", name=mention(other)),
            (Paragraph(t("You are asked again yourself.")), _thank(other, t)),
        )
    return Card(t("You no longer look after {name}'s topics. Thank you.", name=mention(other)))


def given_back(asker: Person, t: Texts) -> Card:
    return Card(t("{name} is told, and asked again.", name=mention(asker)))


def taken_back(helper: Person | None, t: Texts) -> Card:
    if helper is None:
        return Card(t("Nobody is asked any more"))
    return Card(
        t("You are asked again yourself"),
        (Paragraph(t("{name} is told.", name=mention(helper))), _thank(helper, t)),
    )


def over(t: Texts) -> Card:
    return Card(t("This is over."))


def settled(t: Texts) -> Card:
    return Card(t("This has been answered meanwhile."))


def not_needed(t: Texts) -> Card:
    return Card(t("Nobody is needed for it any more. Thank you."))


def not_now(t: Texts) -> Card:
    return Card(t("That is all right. Nobody sees that you said so."))


def mine_now(one: Relief, helper: Person | None, t: Texts) -> tuple[Part, ...]:
    """On the start page, to whose topics it is about."""
    if helper is None or one.state is ReliefState.ASKED:
        return (
            Paragraph(t("Somebody is asked to look after your topics.")),
            Buttons((_never_mind(one, t),)),
        )
    line = t(
        "{name} looks after your topics until {time}",
        name=mention(helper),
        time=Moment(one.ends_at),
    )
    return (Paragraph(line), Buttons((_there_again(one, t),)))


def given_now(one: Relief, asker: Person, t: Texts) -> tuple[Part, ...]:
    """On the start page, to whoever does it."""
    line = t(
        "You look after {name}'s topics until {time}", name=mention(asker), time=Moment(one.ends_at)
    )
    return (
        Paragraph(line),
        Buttons((Button(t("I can't any longer"), "cover.end", {"cover": one.id}),)),
    )


def _thank(helper: Person, t: Texts) -> Buttons:
    return Buttons((Button(t("Thank them"), "thanks.form", {"person": helper.id}),))


def _never_mind(one: Relief, t: Texts) -> Button:
    return Button(t("Never mind"), "cover.end", {"cover": one.id})


def _there_again(one: Relief, t: Texts) -> Button:
    return Button(t("I'm there again"), "cover.end", {"cover": one.id})
