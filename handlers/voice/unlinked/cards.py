"""What people see of what is said without a name."""

from collections.abc import Mapping, Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Look,
    Note,
    Option,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    TextField,
    Tone,
    ToType,
    on_day,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.voice.cards import kind_name
from handlers.voice.model import WORDS_LIMIT, VoiceKind
from handlers.voice.unlinked import model
from handlers.voice.unlinked.model import Written

EXAMPLE = "7K3M-Q9XD-2FHP-W5RT"

_IN_A_ROW = 90
"""Characters of a message in a list."""


# --- for whoever writes -----------------------------------------------------------------------


def form(once: str, kind: VoiceKind, words: str, t: Texts) -> Form:
    return Form(
        t("Without my name"),
        "voice.unlinked.send",
        t("Send"),
        (
            ChoiceField(
                "kind",
                t("What is it?"),
                tuple(Option(one, kind_name(one, t)) for one in VoiceKind),
                (kind,),
            ),
            _words(words, t),
        ),
        {"once": once},
        (Paragraph(_how_far(t)), Note(t("Coordinators read it and answer. You get a code."))),
    )


def kept(code: str, t: Texts) -> Card:
    return Card(
        t("Your message waits to go out, without your name"),
        (
            Paragraph((Strong(code),)),
            Paragraph(
                t(
                    "Write this code down: with it alone you read the answer and go on. Nobody can "
                    "find it again for you."
                )
            ),
            Paragraph(
                t(
                    "It goes out with at least two others, in no order, or tomorrow morning. An "
                    "answer stands under {typed}; nobody sends it to you.",
                    typed=ToType("voice"),
                )
            ),
            Buttons((_put_away(t),)),
        ),
        Tone.GOOD,
    )


def read_form(t: Texts) -> Form:
    return Form(
        t("Read an answer"),
        "voice.read",
        t("Read"),
        (TextField("code", t("Your code"), limit=40, hint=t("Like {code}.", code=EXAMPLE)),),
        intro=(Note(t("Nothing is kept of who reads.")),),
    )


def thread(
    code: str,
    lines: Sequence[model.NoteLine],
    answerers: Mapping[str, Person],
    waiting: Written | None,
    t: Texts,
) -> Card:
    """What came of it."""
    parts: list[Part] = [
        part for line in lines for part in (Note(_whose(line, answerers, t)), Quote((line.words,)))
    ]
    if waiting is not None:
        parts += [
            Note(t("Yours, waiting to go out: tomorrow morning it has, at the latest.")),
            Quote((waiting.words,)),
        ]
    buttons = [_put_away(t)]
    if lines and waiting is None:
        more = Button(t("Write more"), "voice.more.form", {"code": code}, Look.PRIMARY)
        buttons.insert(0, more)
    buttons.append(
        Button(
            t("Delete it"),
            "voice.take_back",
            {"code": code},
            Look.DANGER,
            t("Everything under this code is deleted, the answers too."),
        )
    )
    said = (
        t("There is an answer")
        if any(line.is_answer for line in lines)
        else t("No answer yet")
        if lines
        else t("It waits to go out")
    )
    return Card(said, (*parts, Buttons(tuple(buttons))))


def more_form(code: str, once: str, t: Texts) -> Form:
    return Form(
        t("Go on, without my name"),
        "voice.more",
        t("Send"),
        (_words("", t),),
        {"code": code, "once": once},
        (Paragraph(_how_far(t)),),
    )


def goes_on(t: Texts) -> Card:
    return Card(
        t("It goes out as your first message did"),
        (
            Paragraph(t("The code stays the same.")),
            Buttons((_put_away(t),)),
        ),
        Tone.GOOD,
    )


def taken_back(t: Texts) -> Card:
    return Card(t("Deleted. Nothing of it is kept, the answers neither."))


def put_away(t: Texts) -> Card:
    return Card(t("Put away."))


# --- for those who read -----------------------------------------------------------------------


def came(count: int, t: Texts) -> Card:
    return Card(
        t.many(
            "{n} message without a name waits for an answer",
            "{n} messages without a name wait for an answer",
            count,
        ),
        (Buttons((Button(t("Read"), "voice.inbox", look=Look.PRIMARY),)),),
    )


def inbox(
    notes: Sequence[model.UnlinkedNote], beginnings: Mapping[str, str], count: int, t: Texts
) -> Card:
    if not notes:
        return Card(t("Nothing waits for an answer"), (_board(t),), Tone.GOOD)
    parts: list[Part] = [
        Row(
            (*kind_name(one.kind, t), ": ", shortened(beginnings.get(one.id, ""), _IN_A_ROW)),
            Button(t("Open"), "voice.note", {"note": one.id}),
        )
        for one in notes
    ]
    if count > len(notes):
        parts.append(Note(t("{n} more wait after these.", n=count - len(notes))))
    return Card(
        t("What came without a name"),
        (
            *parts,
            _board(t),
            Note(t("Please don’t guess who it is, and don’t ask. One guess closes this door.")),
        ),
    )


def note(
    one: model.UnlinkedNote,
    lines: Sequence[model.NoteLine],
    answerers: Mapping[str, Person],
    t: Texts,
) -> Card:
    values = {"note": one.id}
    parts: list[Part] = [
        part for line in lines for part in (Note(_whose(line, answerers, t)), Quote((line.words,)))
    ]
    return Card(
        kind_name(one.kind, t),
        (
            *parts,
            Buttons(
                (
                    Button(t("Answer"), "voice.answer.form", values, Look.PRIMARY),
                    Button(t("Put it on the board"), "voice.board.form", {"kind": one.kind}),
                    Button(t("All that wait"), "voice.inbox"),
                )
            ),
        ),
    )


def answer_form(one: model.UnlinkedNote, t: Texts) -> Form:
    return Form(
        t("Answer"),
        "voice.answer",
        t("Answer"),
        (
            TextField(
                "words",
                t("Your answer"),
                limit=WORDS_LIMIT,
                multiline=True,
                hint=t("What will be done, or why not. Your name stands with it."),
            ),
        ),
        {"note": one.id},
        (Note(t("Whoever wrote reads it with their code. Nobody is sent anything.")),),
    )


def answered(one: model.UnlinkedNote, t: Texts) -> Card:
    return Card(
        t("Your answer is kept for whoever has the code"),
        (
            Paragraph(
                t("If others have the same on their mind, say on the board what came of it.")
            ),
            Buttons(
                (
                    Button(t("Put it on the board"), "voice.board.form", {"kind": one.kind}),
                    Button(t("All that wait"), "voice.inbox"),
                )
            ),
        ),
        Tone.GOOD,
    )


# --- pieces -----------------------------------------------------------------------------------


def _words(words: str, t: Texts) -> TextField:
    return TextField(
        "words",
        t("Your words"),
        words,
        limit=WORDS_LIMIT,
        multiline=True,
        hint=t(
            "Your own way of writing gives you away sooner than any list: short, plain sentences, "
            "and nothing that only you know."
        ),
    )


def _how_far(t: Texts) -> Line:
    return t(
        "What Plecs keeps leads nobody to you, whoever reads its database. On the way it does: "
        "your chat program puts your name into every request, and your organisation may record "
        "that."
    )


def _whose(line: model.NoteLine, answerers: Mapping[str, Person], t: Texts) -> Line:
    day = on_day(line.day.date())
    if not line.is_answer:
        return t("Without a name, {date}", date=day)
    person = answerers.get(line.by or "")
    name = t("somebody who is gone") if person is None else (person.name,)
    return t("Answer by {name}, {date}", name=name, date=day)


def _put_away(t: Texts) -> Button:
    return Button(t("Put this away"), "voice.away")


def _board(t: Texts) -> Buttons:
    return Buttons((Button(t("The board"), "voice.board"),))
