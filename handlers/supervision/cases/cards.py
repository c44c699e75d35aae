"""What members see of cases: in windows that close, never on a card."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Note,
    Option,
    Paragraph,
    Part,
    TextField,
    Tone,
    mention,
)
from handlers.kit.deidentify import Identifying
from handlers.kit.ports import Texts
from handlers.kit.text import plain, shortened
from handlers.supervision.cases.model import LONGEST_CASE, SessionCase
from handlers.supervision.sessions.model import Session
from handlers.supervision.shared.cards import WORDS, quoted
from handlers.supervision.shared.model import Meeting

AGAIN = "again"
"""A case's field, at first and once something in it was replaced. Two names: platforms keep what
was typed under the same one."""


def case_form(
    session: Session,
    t: Texts,
    text: str = "",
    found: Sequence[tuple[str, Identifying]] = (),
    *,
    again: bool = False,
) -> Form:
    """A few lines to bring. With `found`: what told who it is about, replaced in `text` already;
    `again` from then on."""
    intro: tuple[Part, ...] = (
        Note(
            t(
                "The group sees it from the session's start, you at any time. You can take it back "
                "whenever you like; a day after the session it is deleted."
            )
        ),
    )
    if found:
        shown = tuple((f"“{shortened(one, 40)}” → {placeholder(kind, t)}",) for one, kind in found)
        intro = (
            Paragraph(t("This told who it is about. I have replaced it, and kept nothing yet:")),
            Bullets(shown[:10]),
            *intro,
        )
    return Form(
        t("Something to bring"),
        "session.case.keep",
        t("Keep it so") if again else t("Keep it"),
        (
            TextField(
                AGAIN if again else WORDS,
                t("Something I'd like to bring"),
                text,
                # What stands in place of a number may be longer than the number.
                limit=2 * LONGEST_CASE if again else LONGEST_CASE,
                multiline=True,
                hint=t(
                    "Write “the customer”: Plecs spots numbers and names after a title, no other "
                    "names."
                ),
            ),
        ),
        values={"session": session.id},
        intro=intro,
    )


def case_kept(case: SessionCase, t: Texts) -> Card:
    """Without its words: a card may stay in a chat longer than they are kept."""
    return Card(
        t("It waits for the session"),
        (
            Buttons(
                (
                    Button(t("What I bring"), "session.case.mine", {"session": case.session}),
                    Button(t("Take it back"), "session.case.take", {"case": case.id}),
                )
            ),
            Note(
                t(
                    "Only you see it before the session begins, then the group. A day after the "
                    "session it is deleted."
                )
            ),
        ),
        Tone.GOOD,
    )


def case_taken_back(t: Texts) -> Card:
    return Card(t("It is deleted"), (Paragraph(t("Nobody sees it any more.")),))


def cases(meeting: Meeting, found: Sequence[SessionCase], t: Texts) -> Form:
    """What there is to be read at the moment: in a window that closes, and is kept nowhere."""
    parts: list[Part] = []
    for one in found:
        writer = meeting.people.get(one.person)
        if writer is not None:
            parts.append(Paragraph((mention(writer),)))
        parts += quoted(one.words)
    if not found:
        parts.append(Paragraph(t("Nobody has written anything down. That is all right.")))
    parts.append(Note(t("Only the group sees it, until a day after the session.")))
    return Form(t("What people bring"), "session.read", t("Close"), (), intro=tuple(parts))


def my_cases(session: Session, found: Sequence[SessionCase], t: Texts) -> Form:
    """What the reader wrote, in a window too; one of it can be taken back."""
    return Form(
        t("What I bring"),
        "session.case.take",
        t("Take it back"),
        (
            ChoiceField(
                "case",
                t("Take back"),
                tuple(
                    Option(one.id, (shortened(" ".join(one.words.split()), 60),)) for one in found
                ),
                value=(found[0].id,),
            ),
        ),
        values={"session": session.id},
        intro=(
            *(quote for one in found for quote in quoted(one.words)),
            Note(
                t(
                    "Only you see it before the session begins, then the group. A day after the "
                    "session it is deleted."
                )
            ),
        ),
    )


def placeholder(kind: Identifying, t: Texts) -> str:
    """What stands in place of what was spotted."""
    match kind:
        case Identifying.PHONE:
            word = t("phone")
        case Identifying.CODE:
            word = t("personal code")
        case Identifying.EMAIL:
            word = t("e-mail")
        case Identifying.NAME:
            word = t("name")
        case Identifying.NUMBER:
            word = t("number")
        case Identifying.ACCOUNT:
            word = t("account")
        case Identifying.ADDRESS:
            word = t("address")
    return f"[{plain(word)}]"
