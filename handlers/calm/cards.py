"""What people see of calm techniques: the list, one screen of three lines, and what comes after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.calm.model import Technique
from handlers.common.crisis import CrisisNumbers, danger_line, hand_button
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
    Tone,
    ToType,
    in_rows,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.cards import LANGUAGE_NAMES, EntryView, ask_its_owner

LET_GO_STEPS = 3
"""Steps of letting a call go."""

TechniqueView = EntryView[Technique]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What the words may have meant besides: other techniques; and with `danger`, which are the
    words, a danger to somebody's life."""

    others: tuple[Technique, ...] = ()
    danger: str = ""


NO_ALTERNATIVES = Alternatives()


def overview(
    techniques: Sequence[Technique], crisis: CrisisNumbers, issues: Sequence[Part], t: Texts
) -> Card:
    """All techniques, one tap away; before them what is known of `issues`."""
    example = plain(t("shouts"))
    return Card(
        t("What is the caller doing?"),
        (
            *issues,
            *_choice(techniques, t),
            Buttons((_let_go(t), hand_button(t))),
            Note(t("You can also write it: {typed}", typed=ToType("calm", example))),
            danger_line(crisis, t),
        ),
    )


def nothing_fits(
    techniques: Sequence[Technique], crisis: CrisisNumbers, issues: Sequence[Part], t: Texts
) -> Card:
    """A search that found nothing."""
    return Card(
        t("Which is nearest?"),
        (
            *issues,
            Paragraph(t("I found nothing for those words. This helps with any caller:")),
            Quote(t("I am looking into it now. Please tell me one thing: what happened last?")),
            *_choice(techniques, t),
            Buttons((hand_button(t),)),
            danger_line(crisis, t),
        ),
    )


def technique(
    view: TechniqueView,
    besides: Alternatives,
    crisis: CrisisNumbers,
    issues: Sequence[Part],
    t: Texts,
) -> Card:
    """The screen of three lines, and what can be pressed; before it what is known of `issues`, and
    before that whom to call, where it may be that a life is in danger."""
    one = view.entry
    parts: list[Part] = [
        *_danger(besides, crisis, t),
        *issues,
        Paragraph((Strong(plain(t("Say"))),)),
        Quote((one.say[view.language],)),
        Facts(((t("Do"), (one.do[t.locale],)), (t("For me"), (one.for_me[t.locale],)))),
        Buttons(
            (
                Button(t("Worse"), "calm.worse", _values(view)),
                Button(t("Better"), "calm.better", _values(view)),
                hand_button(t),
            )
        ),
        *_or_else(besides.others, t),
        *(() if besides.danger else (danger_line(crisis, t),)),
        *_small_print(view, t),
        _more(view, "calm.show", t),
    ]
    return Card((one.names[t.locale],), tuple(parts))


def worse(view: TechniqueView, crisis: CrisisNumbers, t: Texts) -> Card:
    """The next step; the one after that is the boundary's."""
    one = view.entry
    does, values = ("policy.show", {"behaviour": one.boundary}) if one.boundary else ("policy", {})
    boundary = Button(t("Still worse"), does, {**values, "language": view.language})
    return Card(
        t("{technique}: the next step", technique=one.names[t.locale]),
        (
            Paragraph((Strong(plain(t("Say"))),)),
            Quote((one.worse_say[view.language],)),
            Facts(((t("Do"), (one.worse_do[t.locale],)),)),
            Buttons(
                (
                    hand_button(t, Look.PRIMARY),
                    boundary,
                    Button(t("Better"), "calm.better", _values(view)),
                )
            ),
            danger_line(crisis, t),
            *_small_print(view, t),
            _more(view, "calm.worse", t),
        ),
        Tone.CAREFUL,
    )


def better(view: TechniqueView, crisis: CrisisNumbers, t: Texts) -> Card:
    """They calm down: what to say now, and two minutes for oneself afterwards."""
    one = view.entry
    return Card(
        t("Good. Back to the matter."),
        (
            Paragraph((Strong(plain(t("Say"))),)),
            Quote((one.better_say[view.language],)),
            Facts(((t("Do"), t("Write down what you promised, and until when.")),)),
            Buttons((_let_go(t), Button(t("It got worse again"), "calm.worse", _values(view)))),
            danger_line(crisis, t),
            _more(view, "calm.better", t),
        ),
        Tone.GOOD,
    )


def let_go(step: int, t: Texts) -> Card:
    """One of the three steps of letting a call go."""
    title, asks, helps = _steps(t)[step]
    further = (
        Button(t("Next"), "calm.let_go", {"step": str(step + 1)}, Look.PRIMARY),
        Button(t("Skip this one"), "calm.let_go", {"step": str(step + 1)}),
    )
    done = Button(t("That is enough"), "calm.let_go", {"step": str(LET_GO_STEPS)})
    return Card(
        title,
        (
            Paragraph(asks),
            Note(helps),
            Buttons((*further, done)),
            Note(t("Think it or whisper it. Nothing is typed, and nothing is kept.")),
        ),
    )


def let_go_over(t: Texts) -> Card:
    """The call is over in the head as well, or as far as two minutes go."""
    return Card(
        t("That was it"),
        (
            Paragraph(t("One slow breath out, longer than in. The next call is another call.")),
            Buttons(
                (
                    Button(t("A break"), "break"),
                    Button(t("Let off steam"), "vent"),
                    Button(t("Once more"), "calm.let_go"),
                )
            ),
        ),
        Tone.GOOD,
    )


def _steps(t: Texts) -> tuple[tuple[Line, Line, Line], ...]:
    """What each step is called, what to think of, and an example."""
    return (
        (
            t("1 of 3: what was the situation’s"),
            t("What in this call came from the situation: the bill, the cold flat, the waiting?"),
            t("“They had waited forty minutes before they got to me.”"),
        ),
        (
            t("2 of 3: what was the company’s"),
            t("What came from the company: a rule, a mistake, a price? It answers for that."),
            t("“The letter was unclear. I did not write it.”"),
        ),
        (
            t("3 of 3: what is mine to keep"),
            t("What did you do well, or what would you do again? Only that comes along."),
            t("“I stayed calm and named the next step.”"),
        ),
    )


def _let_go(t: Texts) -> Button:
    return Button(t("Let the call go: 2 minutes"), "calm.let_go")


def _choice(techniques: Sequence[Technique], t: Texts) -> Iterable[Buttons]:
    return in_rows(
        Button((each.names[t.locale],), "calm.show", {"entry": each.id}) for each in techniques
    )


def _danger(besides: Alternatives, crisis: CrisisNumbers, t: Texts) -> Iterable[Part]:
    if besides.danger:
        yield danger_line(crisis, t)
        emergency = {"typed": besides.danger}
        yield Buttons((Button(t("A life is in danger"), "policy", emergency, Look.DANGER),))


def _or_else(others: Sequence[Technique], t: Texts) -> Iterable[Part]:
    if others:
        yield Paragraph(t("Or one of these:"))
        yield from _choice(others, t)


def _small_print(view: TechniqueView, t: Texts) -> Iterable[Part]:
    yield from ask_its_owner(view, t)
    if view.adopted is None:
        yield Note(t("Draft: nobody here has adopted this technique yet."))


def _more(view: TechniqueView, does: str, t: Texts) -> Buttons:
    languages = (
        Button((name,), does, {**_values(view), "language": language})
        for language, name in LANGUAGE_NAMES.items()
        if language != view.language
    )
    return Buttons((*languages, Button(t("Something else"), "calm")))


def _values(view: TechniqueView) -> dict[str, str]:
    return {"entry": view.entry.id, "language": view.language}
