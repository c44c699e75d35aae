"""What people see of approved answers: the nearest three, one to copy, and what was missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.draft.model import (
    ASKED_LIMIT,
    CORRECTION_LIMIT,
    CORRECTIONS_KEPT,
    ApprovedAnswer,
    Correction,
)
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Topic
from handlers.kit.ports import Texts
from handlers.kit.text import plain, shortened
from handlers.library.cards import LANGUAGE_NAMES, EntryView, ask_its_owner
from handlers.library.model import Unfound

_SHOWN_OF_IT = 200
"""Characters of an answer that are shown among others."""


AnswerView = EntryView[ApprovedAnswer]


@dataclass(frozen=True, slots=True)
class Helping:
    """Who knows more than the answers: a topic, and those of its people who are free."""

    topic: Topic | None
    people: Sequence[Person]


def asking(t: Texts) -> Form:
    """What the customer asks."""
    return Form(
        t("What do they ask?"),
        "draft.asked",
        t("Find an answer"),
        (
            TextField(
                "words",
                t("The customer’s question"),
                limit=1000,
                multiline=True,
                hint=t("In your words or theirs, in any language. Leave out who they are."),
            ),
        ),
    )


def nearest(
    three: Sequence[AnswerView],
    asked: str,
    issues: tuple[Part, ...],
    fit: tuple[Button, ...],
    t: Texts,
) -> Card:
    """The nearest answers, and before them what is known of `issues`. `fit`: what fits them to the
    case, where that is possible."""
    parts: list[Part] = [*issues, Divider()] if issues else []
    for view in three:
        parts += _one_of_several(view, asked, t)
    parts += [
        Divider(),
        Buttons(
            (
                *fit,
                Button(t("None fits"), "draft.none", {"asked": asked}),
                Button(t("Raise my hand"), "hand", {"typed": asked}),
            )
        ),
        Note(t("These are the nearest, not surely the right ones: read before you send.")),
    ]
    return Card(t("The nearest answers"), tuple(parts))


def one(view: AnswerView, asked: str, t: Texts) -> Card:
    """An answer to copy, as it is."""
    answer = view.entry
    languages = tuple(
        Button(
            (LANGUAGE_NAMES[language],),
            "answers.show",
            {"entry": answer.id, "language": language, "asked": asked},
        )
        for language in answer.text
        if language != view.language
    )
    wrong = Button(t("Something is wrong"), "draft.wrong", {"entry": answer.id})
    other = (Button(t("None fits"), "draft.none", {"asked": asked}),) if asked else ()
    return Card(
        (answer.names[t.locale],),
        (
            *ask_its_owner(view, t),
            Paragraph(t("To copy:")),
            Quote((answer.text[view.language],)),
            Buttons((*languages, *other, wrong)),
            Note(_stands_behind(view, t)),
        ),
    )


def nothing(
    asked: str, helping: Helping, issues: tuple[Part, ...], t: Texts, *, kept: bool
) -> Card:
    """No answer fits, which is said readily; who knows more. `kept`: the coordinators read that it
    was asked."""
    parts: list[Part] = [
        *issues,
        Paragraph(
            t(
                "There is no approved answer for this. Say so to the customer: you find out, and "
                "they hear from you."
            )
        ),
    ]
    if helping.topic is not None and helping.people:
        people = listed((mention(person),) for person in helping.people)
        topic = helping.topic.names[t.locale][0]
        parts.append(Paragraph(t("Who knows {topic}: {people}.", topic=topic, people=people)))
    topic_word = f"{helping.topic.names[t.locale][0]} " if helping.topic else ""
    typed = {"typed": shortened(f"{topic_word}{asked}", ASKED_LIMIT)}
    parts.append(
        Buttons(
            (
                Button(t("Raise my hand"), "hand", typed, Look.PRIMARY),
                Button(t("Other words"), "draft"),
            )
        )
    )
    if kept:
        parts.append(
            Note(
                t(
                    "The coordinators see what was asked, without names and numbers, for {days} "
                    "days; never by whom.",
                    days=CORRECTIONS_KEPT.days,
                )
            )
        )
    return Card(t("Nothing approved fits"), tuple(parts), Tone.CAREFUL)


def wrong_form(answer: ApprovedAnswer, t: Texts) -> Form:
    """What is wrong with an answer."""
    return Form(
        t("Something is wrong"),
        "draft.wrong.send",
        t("Tell the coordinators"),
        (
            TextField(
                "words",
                t("What should it say instead?"),
                limit=CORRECTION_LIMIT,
                multiline=True,
                hint=t("Nobody’s name and number: what tells of somebody is left out."),
            ),
        ),
        values={"entry": answer.id},
        intro=(Paragraph((Strong(answer.names[t.locale]),)),),
    )


def wrong_sent(t: Texts) -> Card:
    return Card(
        t("Thank you. The coordinators read it."),
        (
            Note(
                t(
                    "It is kept for {days} days, and who said it nowhere.",
                    days=CORRECTIONS_KEPT.days,
                )
            ),
        ),
        Tone.GOOD,
    )


def queue(
    unfound: Sequence[Unfound],
    corrections: Sequence[Correction],
    answers: Mapping[str, ApprovedAnswer],
    t: Texts,
) -> Card:
    """What was asked and not found, and what is said to be wrong."""
    parts: list[Part] = [Paragraph((Strong(plain(t("Asked and not found"))),))]
    for words in unfound:
        people = t.many("{n} person", "{n} people", words.people)
        make = Button(t("Make an answer"), "answers.new", {"asked": words.words})
        parts.append(Row((f"{words.words}: ", *people), make))
    if not unfound:
        parts.append(Paragraph(t("Nothing is waiting.")))
    parts.append(Paragraph((Strong(plain(t("Said to be wrong"))),)))
    for one_ in corrections:
        answer = answers.get(one_.answer)
        if answer is not None:
            parts += [
                Quote((one_.words,)),
                Buttons(
                    (
                        Button(
                            (shortened(answer.names[t.locale], 29),),
                            "answers.form",
                            {"entry": answer.id},
                        ),
                        Button(t("Done"), "draft.settled", {"correction": one_.id}),
                    )
                ),
            ]
    if not any(one_.answer in answers for one_ in corrections):
        parts.append(Paragraph(t("Nothing is waiting.")))
    parts += [
        Buttons(
            (
                Button(t("All answers"), "answers.edit"),
                Button(t("Try words"), "policy.try"),
                Button(t("Which are used"), "draft.uses"),
            )
        ),
        Note(
            t(
                "Kept for {days} days without names and numbers. Who asked is shown to nobody.",
                days=CORRECTIONS_KEPT.days,
            )
        ),
    ]
    return Card(t("What the answers lack"), tuple(parts))


def _one_of_several(view: AnswerView, asked: str, t: Texts) -> Iterable[Part]:
    answer = view.entry
    values = {"entry": answer.id, "language": view.language, "asked": asked}
    yield Paragraph((Strong(answer.names[t.locale]),))
    yield from ask_its_owner(view, t)
    yield Quote((shortened(answer.text[view.language], _SHOWN_OF_IT),))
    yield Note(_stands_behind(view, t))
    yield Buttons((Button(t("Use as is"), "answers.show", values, Look.PRIMARY),))


def _stands_behind(view: AnswerView, t: Texts) -> Line:
    """Who approved it and when, whose it is; nobody behind a draft."""
    owner = view.entry.owner[t.locale]
    if view.adopted is None:
        return t("Draft: nobody has approved this answer yet. Owner: {owner}.", owner=owner)
    when = Moment(view.adopted.at, Style.DATE)
    by = view.adopted.by.name or plain(t("somebody no longer here"))
    return t("Approved by {by}, {when}. Owner: {owner}.", by=by, when=when, owner=owner)
