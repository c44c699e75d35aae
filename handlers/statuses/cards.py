"""What people see of the permission, and what their status says."""

from datetime import datetime

from handlers.kit.cards import Button, Buttons, Card, Line, Link, Moment, Note, Paragraph, Tone
from handlers.kit.ports import Texts
from handlers.kit.text import plain


def text(until: datetime | None, t: Texts) -> Line:
    """What everybody reads beside the name. Never why."""
    return t("Away") if until is None else t("Away until {time}", time=Moment(until))


def offered(url: str, t: Texts) -> Card:
    """Somebody who has not permitted it."""
    example = t("Away until 14:20")
    return Card(
        t("Your status during a break"),
        (
            Paragraph(
                t(
                    "While you are on a break your status can say “{status}”, never why. "
                    "Afterwards it is as it was; what you change yourself stays.",
                    status=example,
                )
            ),
            Paragraph(t("For that I need your permission to see and set your status.")),
            Paragraph((Link(plain(t("Allow it")), url),)),
            Note(
                t(
                    "The link is for you alone and works for ten minutes. The permission is kept "
                    "sealed until you take it back, and is used for nothing else."
                )
            ),
        ),
    )


def permitted(t: Texts) -> Card:
    return Card(
        t("Your status during a break"),
        (
            Paragraph(
                t(
                    "While you are on a break your status says until when you are away, never "
                    "why. Afterwards it is as it was."
                )
            ),
            Buttons((Button(t("Take it back"), "break.status.off"),)),
            Note(t("I may see and set your status. The permission is kept sealed.")),
        ),
        Tone.GOOD,
    )


def withdrawn(t: Texts) -> Card:
    return Card(
        t("Taken back"),
        (Paragraph(t("Your status is yours again. The permission is given back.")),),
    )
