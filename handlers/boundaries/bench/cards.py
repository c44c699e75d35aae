"""What coordinators see on the bench."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.boundaries.hearing import Heard
from handlers.boundaries.model import PolicySet
from handlers.boundaries.shared.danger import edit_button
from handlers.common.crisis import danger_line
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Form,
    Line,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
    TextField,
    listed,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.kit.ways import Said
from handlers.library.model import UNFOUND_FROM, UNFOUND_KEPT, Unfound

WORDS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class TriedWords:
    """Words, what is heard in them, the words by which a danger and a caller's right are, and where
    each leads by itself."""

    words: str
    heard: Heard
    danger: Sequence[str]
    lawful: Sequence[str]
    leads: Mapping[str, Sequence[str]]


def asking(t: Texts) -> Form:
    """Which words to try."""
    return Form(
        t("Try words"),
        "policy.tried",
        t("Try"),
        (
            TextField(
                "words",
                t("What an agent might type"),
                limit=WORDS_LIMIT,
                hint=t("In a hurry, misspelt, in any language. Nothing of it is kept."),
            ),
        ),
    )


def tried(
    trial: TriedWords,
    policies: PolicySet,
    unfound: Sequence[Unfound],
    besides: Sequence[Part],
    t: Texts,
) -> Card:
    """What the words lead to and why, among the boundaries and `besides`; then what was asked and
    not found."""
    heard = trial.heard
    names = {each.id: (each.names[t.locale],) for each in policies.behaviours}
    found = listed(names[one] for one in heard.likeliest if one in names)
    parts: list[Part] = [
        Quote((trial.words,)),
        Facts(
            (
                (t("An agent sees"), _seen(heard, found, t)),
                (t("Danger to life"), _said(heard.danger, trial.danger, t)),
                (t("The caller’s right"), _said(heard.lawful, trial.lawful, t)),
                (t("The search finds"), found or t("nothing")),
            )
        ),
        *_by_word(trial.leads, names, t),
        Buttons((Button(t("Try other words"), "policy.try"), edit_button(t))),
        *besides,
        *not_found(unfound, t),
        danger_line(policies.crisis, t),
    ]
    return Card(t("What these words lead to"), tuple(parts))


def not_found(unfound: Sequence[Unfound], t: Texts) -> tuple[Part, ...]:
    """What was asked and not found, and what is kept of it."""
    note = Note(
        t(
            "Kept for {days} days without names and numbers, and shown once {n} different people "
            "asked. Who they were is shown to nobody.",
            days=UNFOUND_KEPT.days,
            n=UNFOUND_FROM,
        )
    )
    heading = Paragraph((Strong(plain(t("Asked and not found"))),))
    if not unfound:
        return heading, Paragraph(t("Nothing that three people looked for.")), note
    rows = tuple(
        (f"{one.words}: ", *t.many("{n} person", "{n} people", one.people)) for one in unfound
    )
    return heading, Bullets(rows), note


def _seen(heard: Heard, found: Line, t: Texts) -> Line:
    if heard.danger is Said.SURELY:
        return t("the card for a danger to life")
    if heard.danger is Said.MAYBE:
        return t("the card for a danger to life, and below it what else it may be")
    if heard.sure:
        return found[:1]
    return t("a list to choose from, the nearest first") if found else t("all boundaries")


def _said(is_said: object, by: Sequence[str], t: Texts) -> Line:
    if not is_said:
        return t("no")
    if not by:
        return t("perhaps: the search is nearest to it")
    return t("yes: {words}", words=", ".join(by))


def _by_word(
    leads: Mapping[str, Sequence[str]], names: Mapping[str, Line], t: Texts
) -> tuple[Part, ...]:
    rows = tuple(
        (f"{word}: ", *(listed(names[one] for one in to if one in names) or t("leads nowhere")))
        for word, to in leads.items()
    )
    return (Paragraph(t("Word by word:")), Bullets(rows)) if rows else ()
