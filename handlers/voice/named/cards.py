"""What the two see of a letter, and whom it goes on to."""

from collections.abc import Sequence

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
    Quote,
    Row,
    Style,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.voice.model import WORDS_LIMIT
from handlers.voice.named.model import ANSWER_IN, Letter, LetterState

_IN_A_ROW = 60
"""Characters of a letter in a list."""


# --- for the author ---------------------------------------------------------------------------


def form(receiver: Person | None, words: str, t: Texts) -> Form:
    return Form(
        t("With my name"),
        "voice.named.send",
        t("Send"),
        (
            PeopleField("receiver", t("To whom?"), receiver.addresses if receiver else ()),
            TextField(
                "words",
                t("Your words"),
                words,
                limit=WORDS_LIMIT,
                multiline=True,
                hint=t("What you see, and what you ask for."),
            ),
            PeopleField(
                "then",
                t("Without an answer it goes to"),
                required=False,
                hint=t("Whom you write to sees this from the beginning. Nobody: you are told."),
            ),
        ),
        intro=(
            Note(
                t(
                    "An answer is due in {n} working days; they are reminded. Only those whom you "
                    "name here are shown it.",
                    n=ANSWER_IN,
                )
            ),
        ),
    )


def sent(letter: Letter, receiver: Person, then: Person | None, t: Texts) -> Card:
    return Card(
        t("{name} will read it in a free moment", name=receiver.first_name),
        (Quote((letter.words,)), *_agreed(letter, then, t), Buttons((_take_back(letter, t),))),
        Tone.GOOD,
    )


def mine(letter: Letter, receiver: Person, then: Person | None, t: Texts) -> Card:
    """What has become of it."""
    match letter.state:
        case LetterState.ANSWERED:
            title, tone = t("{name} has answered you", name=mention(receiver)), Tone.GOOD
            parts: tuple[Part, ...] = (
                Quote((letter.answer,)),
                Note(t("What you wrote:")),
                Quote((letter.words,)),
            )
        case LetterState.UNANSWERED:
            title, tone = t("No answer came from {name}", name=mention(receiver)), Tone.CAREFUL
            parts = (
                Paragraph(
                    t(
                        "That is not because of you. You can write to somebody else, or take "
                        "another door."
                    )
                ),
                Quote((letter.words,)),
                Buttons((Button(t("Other doors"), "voice", look=Look.PRIMARY),)),
            )
        case LetterState.OPEN:
            title, tone = t("Your letter is with {name}", name=mention(receiver)), Tone.CALM
            went_on = t("It went on, as you had agreed.")
            parts = (
                *((Paragraph(went_on),) if letter.passed_on else ()),
                Quote((letter.words,)),
                *_agreed(letter, then, t),
            )
    return Card(title, (*parts, Buttons((_take_back(letter, t),))), tone)


def taken_back(t: Texts) -> Card:
    return Card(t("Taken back. Plecs keeps nothing of it."))


# --- for whom it is ---------------------------------------------------------------------------


def asked(
    letter: Letter, author: Person, then: Person | None, t: Texts, *, is_reminder: bool
) -> Card:
    if letter.state is LetterState.ANSWERED:
        return Card(
            t("You answered {name}", name=mention(author)), (Quote((letter.answer,)),), Tone.GOOD
        )
    if letter.state is LetterState.UNANSWERED:
        return settled(t)
    said = (
        t("{name} still waits for your answer", name=mention(author))
        if is_reminder
        else t("{name} writes to you", name=mention(author))
    )
    return Card(
        said,
        (
            Quote((letter.words,)),
            *_agreed(letter, then, t),
            Buttons(
                (
                    Button(
                        t("Answer"),
                        "voice.named.answer.form",
                        {"letter": letter.id},
                        Look.PRIMARY,
                    ),
                )
            ),
            Note(t("“Not now, because …” is an answer, too. It took courage to write this.")),
        ),
        summary=t("{name} writes to you", name=author.first_name),
    )


def answer_form(letter: Letter, author: Person, t: Texts) -> Form:
    return Form(
        t("Answer"),
        "voice.named.answer",
        t("Send"),
        (
            TextField(
                "words",
                t("Your answer"),
                limit=WORDS_LIMIT,
                multiline=True,
                hint=t("What will be done and by when, or why not."),
            ),
        ),
        {"letter": letter.id},
        (Note(t("{name} wrote:", name=author.first_name)), Quote((letter.words,))),
    )


def answer_sent(author: Person, t: Texts) -> Card:
    return Card(t("{name} will read it in a free moment", name=author.first_name), (), Tone.GOOD)


def went_on(t: Texts) -> Card:
    return Card(t("This letter went on, as was agreed."))


def settled(t: Texts) -> Card:
    return Card(t("This letter waits no longer."))


def gone(t: Texts) -> Card:
    return Card(t("This letter is no longer kept."))


# --- on the page of all doors -----------------------------------------------------------------


def rows(mine: Sequence[Letter], owed: Sequence[Letter], t: Texts) -> tuple[Part, ...]:
    """What one wrote oneself, and what waits for one's answer."""
    parts: list[Part] = []
    if owed:
        parts += [Paragraph(t("These wait for your answer:")), *(_row(one, t) for one in owed)]
    if mine:
        parts += [Paragraph(t("What you wrote with your name:")), *(_row(one, t) for one in mine)]
    return tuple(parts)


# --- pieces -----------------------------------------------------------------------------------


def _row(letter: Letter, t: Texts) -> Row:
    return Row(
        (shortened(" ".join(letter.words.split()), _IN_A_ROW),),
        Button(t("Open"), "voice.named.open", {"letter": letter.id}),
    )


def _agreed(letter: Letter, then: Person | None, t: Texts) -> tuple[Part, ...]:
    """What was agreed for when no answer comes."""
    due = Moment(letter.due_at, Style.DATE)
    if then is None:
        line = t("An answer is due by {date}.", date=due)
    else:
        line = t(
            "An answer is due by {date}; without one it goes on to {name}.",
            date=due,
            name=mention(then),
        )
    return (Note(line),)


def _take_back(letter: Letter, t: Texts) -> Button:
    return Button(
        t("Take it back"),
        "voice.named.take_back",
        {"letter": letter.id},
        confirm=t("It is deleted, with the answer, for everybody who was shown it."),
    )
