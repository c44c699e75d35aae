"""What people see of the pulse."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Strong,
    Style,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.voice.pulse.model import EVERYBODY, HIGHEST, LEAST, LOWEST, QUESTIONS, Result


def asked(over_at: datetime, t: Texts) -> Card:
    return Card(
        t("Three questions, once a month"),
        (
            Paragraph(
                t(
                    "One minute, until {date}. What you answer is kept without your name and only "
                    "until it is one number of at least {n} people.",
                    date=Moment(over_at, Style.DATE),
                    n=LEAST,
                )
            ),
            Buttons((_open(t),)),
            Note(t("Whoever opens them does so once. That you did is kept until they are over.")),
        ),
    )


def opened(t: Texts) -> Card:
    return Card(t("You have opened this month’s questions"))


def over(t: Texts) -> Card:
    return Card(
        t("This month’s questions are over"),
        (Buttons((Button(t("What all of us answered"), "voice.pulse"),)),),
    )


def given(ballot: str, team: str, t: Texts) -> Card:
    """The one place where the ballot is."""
    values = {"ballot": ballot, "team": team}
    return Card(
        t("Your three questions"),
        (
            Buttons((Button(t("Answer"), "voice.pulse.form", values, Look.PRIMARY),)),
            Note(
                t(
                    "This button is good for one answer, and nothing that is kept says whose. It "
                    "comes only once: please answer now."
                )
            ),
        ),
    )


def form(ballot: str, team: str, t: Texts) -> Form:
    return Form(
        t("Last month"),
        "voice.pulse.send",
        t("Send"),
        tuple(
            ChoiceField(
                name,
                t(question),
                tuple(Option(str(n), _answer(n, t)) for n in range(1, 6)),
            )
            for name, question in QUESTIONS.items()
        ),
        {"ballot": ballot, "team": team},
    )


def kept(t: Texts) -> Card:
    return Card(
        t("Thank you. It is kept without your name"),
        (
            Paragraph(t("Is there more to say? That goes without your name and your group.")),
            Buttons((Button(t("Without my name"), "voice.unlinked"),)),
        ),
        Tone.GOOD,
    )


def pulse(
    latest: tuple[str, Sequence[Result]] | None, *, is_on: bool, may_answer: bool, t: Texts
) -> Card:
    """What was published last."""
    parts: list[Part] = []
    if may_answer:
        parts.append(Buttons((_open(t),)))
    for result in latest[1] if latest is not None else ():
        rows = zip(QUESTIONS.values(), result.values, strict=True)
        parts += [
            Paragraph(_of_group(result.team, t)),
            Facts(tuple((t(question), _value(value, t)) for question, value in rows)),
        ]
    if latest is None:
        parts.append(
            Paragraph(t("Nothing is published yet."))
            if is_on
            else Paragraph(t("The questions are switched off here."))
        )
    parts.append(
        Note(
            t(
                "From 1, not at all, to 5, entirely, to the half. A group is shown where at least "
                "{n} of it answered, and where nobody can be worked out of the others’ numbers.",
                n=LEAST,
            )
        )
    )
    title = (
        t("What all of us answered")
        if latest is None
        else t("What all of us answered, {month}", month=latest[0])
    )
    return Card(title, tuple(parts))


def _of_group(team: str, t: Texts) -> Line:
    if team == EVERYBODY:
        return tuple(Strong(span) for span in t("Everybody") if isinstance(span, str))
    return (Strong(team),) if team else t("Everybody without a group of their own")


def _value(value: float, t: Texts) -> Line:
    if value <= LOWEST:
        return t("at most {value}", value=f"{LOWEST:g}")
    if value >= HIGHEST:
        return t("at least {value}", value=f"{HIGHEST:g}")
    return (f"{value:g}",)


def _answer(number: int, t: Texts) -> Line:
    match number:
        case 1:
            return t("1: not at all")
        case 5:
            return t("5: entirely")
        case _:
            return (str(number),)


def _open(t: Texts) -> Button:
    return Button(t("Open the three questions"), "voice.pulse.open", look=Look.PRIMARY)
