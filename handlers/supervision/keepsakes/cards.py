"""What somebody takes along, for themselves."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Style,
    TextField,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.kit.text import shortened
from handlers.supervision.keepsakes.model import LONGEST_KEEPSAKE, Keepsake
from handlers.supervision.shared.cards import WORDS, quoted

MOST_KEPT = 20
"""Keepsakes on one screen."""


def keepsake_form(session: str, words: str, t: Texts) -> Form:
    return Form(
        t("What I take with me"),
        "session.keepsake.keep",
        t("Keep it"),
        (
            TextField(
                WORDS,
                t("For yourself"),
                words,
                limit=LONGEST_KEEPSAKE,
                multiline=True,
                hint=t("Only you can see it, until you delete it."),
            ),
        ),
        values={"session": session},
    )


def keepsakes(found: Sequence[Keepsake], t: Texts) -> Form | Card:
    """All that the reader keeps, in a window: a card would stay in a chat."""
    if not found:
        return Card(
            t("What I took with me"),
            (Paragraph(t("Nothing yet. After a session you can keep a thought here.")),),
        )
    intro: list[Part] = []
    for one in found[:MOST_KEPT]:
        intro += [Paragraph((Moment(one.at, Style.DATE),)), *quoted(one.words)]
    intro.append(
        Note(t("Only you can see it. It is kept sealed, until you delete it, and in your export."))
    )
    return Form(
        t("What I took with me"),
        "session.keepsake.delete",
        t("Delete what I chose"),
        (
            ChoiceField(
                "session",
                t("Delete"),
                tuple(Option(one.session, _begins(one.words)) for one in found[:MOST_KEPT]),
                most=MOST_KEPT,
                required=False,
            ),
        ),
        intro=tuple(intro),
    )


def keepsake_kept(t: Texts) -> Card:
    return Card(
        t("Kept for you alone"),
        (
            Buttons((Button(t("What I took with me"), "session.keepsakes"),)),
            Note(t("Only you can see it, until you delete it.")),
        ),
        Tone.GOOD,
    )


def _begins(words: str) -> Line:
    """The first words, on one line."""
    return (shortened(" ".join(words.split()), 60),)
