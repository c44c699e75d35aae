"""What one sees of a call in which a language model plays the caller."""

from collections.abc import Iterator, Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    Form,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    TextField,
    Tone,
)
from handlers.kit.language_models import ModelPlace
from handlers.kit.ports import Texts
from handlers.practice.cards import heat, to_begin
from handlers.practice.model import Scenario
from handlers.practice.talking.model import SAID_LIMIT, Talk

_SHOWN = 6
"""Of what was said, the newest."""


def choose(scenarios: Sequence[Scenario], place: ModelPlace, t: Texts, *, skip: int = 0) -> Card:
    """Which call, and where what one writes goes."""
    return Card(
        t("A model plays the caller"),
        (
            Paragraph(
                t(
                    "You write what you would say, and it answers as the caller would. It plays, "
                    "and nothing else: it is not asked how you did."
                )
            ),
            *to_begin(scenarios, "practice.talk", "practice.model", t, skip=skip),
            where(place, t),
        ),
    )


def where(place: ModelPlace, t: Texts) -> Note:
    return Note(
        t(
            "The scenario and what you write go to {model} at {host}. Long numbers, addresses and "
            "names beside a title are hidden before. Write as in a game: nothing of a real "
            "customer.",
            model=place.model,
            host=place.host,
        )
    )


def off(t: Texts) -> Card:
    """No model is set, or no more."""
    return Card(
        t("No language model is set here"),
        (Buttons((Button(t("Practise alone"), "practice", look=Look.PRIMARY),)),),
    )


def talk(talk: Talk, scenario: Scenario, t: Texts) -> Card:
    """How the call stands."""
    parts: list[Part] = []
    if len(talk.said) == 1:
        parts.append(Paragraph((scenario.situation[t.locale],)))
    parts += _dialogue(talk, t)
    parts.append(Facts(((t("The caller"), heat(talk.heat, t)),)))
    values = {"talk": talk.id}
    name = scenario.names[t.locale]
    if talk.waits:
        parts.append(Note(t("The caller is about to answer…")))
        return Card(t("{scenario}: with a model", scenario=name), tuple(parts))
    if talk.is_over:
        parts += [
            Paragraph(t("Enough for once. What would you say otherwise the next time?")),
            Buttons(
                (
                    Button(t("From the start"), "practice.talk", {"entry": scenario.id}),
                    Button(t("Another call"), "practice"),
                )
            ),
        ]
        return Card(t("{scenario}: with a model", scenario=name), tuple(parts), Tone.GOOD)
    if talk.trouble is not None:
        parts.append(Paragraph(t("No answer came. What you wrote is still here.")))
        again = Button(t("Ask again"), "practice.talk.again", values, Look.PRIMARY)
        parts.append(Buttons((again, Button(t("Practise alone"), "practice"))))
    else:
        answer = Button(t("I say…"), "practice.talk.form", values, Look.PRIMARY)
        stop = Button(t("Stop, keep nothing"), "practice.talk.end", values)
        parts.append(Buttons((answer, stop)))
    parts.append(Note(t("You alone see this. After two hours nothing is kept of it.")))
    return Card(t("{scenario}: with a model", scenario=name), tuple(parts))


def form(talk: Talk, t: Texts) -> Form:
    """What one says."""
    return Form(
        t("I say…"),
        "practice.talk.say",
        t("Say it"),
        (TextField("words", t("What do you say?"), limit=SAID_LIMIT, multiline=True),),
        {"talk": talk.id, "at": str(len(talk.said))},
        (Quote((talk.said[-1].text,)),),
    )


def _dialogue(talk: Talk, t: Texts) -> Iterator[Part]:
    for one in talk.said[-_SHOWN:]:
        yield Paragraph(t("The caller:") if one.heat else t("You said:"))
        yield Quote((one.text,))
