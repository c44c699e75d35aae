"""What an admin sees of a drill: that it is one, and how long each part of the way took."""

from datetime import datetime

from handlers.drill.model import Drill
from handlers.kit.cards import Button, Buttons, Card, Facts, Line, Moment, Note, Paragraph, ToType
from handlers.kit.ports import Texts


def on_its_way(t: Texts) -> Card:
    """The answer to the command."""
    return Card(
        t("Drill: on its way to you"),
        (
            Paragraph(
                t(
                    "It goes the way a ping goes. If none has come in 10 seconds, run plecs check "
                    "on Plecs' machine."
                )
            ),
        ),
    )


def ping(drill: Drill, t: Texts, *, is_weekly: bool) -> Card:
    """The message, and after its arrival the report."""
    told = Paragraph(t("Nobody needs help, and nothing is to be done."))
    if drill.delivered_at is None:
        return Card(t("Drill: this is only a test"), (told,))
    asked = drill.asked_at
    rows = (
        (t("Asked for"), (Moment(asked),)),
        *_row(t("Kept"), asked, drill.kept_at, t),
        *_row(t("Taken up for sending"), asked, drill.claimed_at, t),
        *_row(t("Arrived, and written down"), asked, drill.delivered_at, t),
    )
    label = t("No longer every week") if is_weekly else t("Every week")
    values = {"drill": drill.id, "on": "no" if is_weekly else "yes"}
    return Card(
        t("Drill: this is only a test"),
        (
            told,
            Facts(rows),
            Buttons((Button(label, "drill.weekly", values), Button(t("Once more"), "drill"))),
            Note(t("No hand was counted, and nobody else saw it.")),
        ),
    )


def weekly(t: Texts, *, on: bool) -> Card:
    """What was set."""
    if on:
        return Card(t("A drill every week, at this time of day, to you."))
    return Card(t("No more drills by themselves. {typed} starts one.", typed=ToType("drill")))


def _row(
    name: Line, asked: datetime, at: datetime | None, t: Texts
) -> tuple[tuple[Line, Line], ...]:
    if at is None:
        return ()
    after = max(0, round((at - asked).total_seconds() * 1000))
    return ((name, t("after {ms} ms", ms=after)),)
