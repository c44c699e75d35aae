"""What people see of an exercise for a meeting, and leaders of their indicator of the week."""

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import Saying
from handlers.practice.cards import LETTERS
from handlers.practice.model import Scenario


def exercise(
    indicator: Saying, scenario: Scenario, number: int, t: Texts, *, weekly: bool | None
) -> Card:
    """Ten minutes, ready to be read out. `weekly`: whether the reader, who leads a team, gets an
    indicator a week; None: they lead none."""
    opening = scenario.script.turns[0]
    steps: tuple[Line, ...] = (
        t("1 minute: read the indicator. Tell one example from your own week."),
        t("1 minute: read what is known before the call, then the caller, as loud as they are."),
        t("3 minutes: everybody writes down their first sentence. Then around the table."),
        t("4 minutes: read A, B and C. What does the caller hear? Then read why."),
        t("1 minute: each keeps one sentence for the next call."),
    )
    parts: list[Part] = [
        Paragraph((Strong(indicator[t.locale]),)),
        Bullets(steps, numbered=True),
        Divider(),
        Paragraph((Strong(scenario.names[t.locale]), ": ", scenario.situation[t.locale])),
        Quote((opening.says[t.locale],)),
    ]
    for letter, reply in zip(LETTERS, opening.replies, strict=True):
        parts.append(Paragraph((Strong(letter), "  ", reply.says[t.locale])))
        parts.append(Note(t("Why: {why}", why=reply.because[t.locale])))
    buttons = [
        Button(t("Another exercise"), "practice.team", {"number": str(number + 1)}, Look.PRIMARY),
        Button(t("All scenarios"), "practice"),
    ]
    if weekly is not None:
        buttons.append(_switch(t, on=weekly))
    parts.append(Buttons(tuple(buttons)))
    return Card(t("Ten minutes for a meeting"), tuple(parts))


def of_the_week(indicator: Saying, advice: str, t: Texts) -> Card:
    """For a leader, on Monday."""
    return Card(
        t("One thing to explain this week"),
        (
            Paragraph((Strong(indicator[t.locale]),)),
            Paragraph(
                t(
                    "Two minutes with your team: what it means, with an example of your own. A "
                    "call you heard, something a colleague did, or where it went wrong with you."
                )
            ),
            Quote((advice,)),
            Buttons(
                (
                    Button(t("An exercise for it"), "practice.team", look=Look.PRIMARY),
                    _switch(t, on=True),
                )
            ),
            Note(t("Once a week at most, because you asked for it.")),
        ),
    )


def switched(t: Texts, *, on: bool) -> Card:
    """What holds from now on."""
    title = (
        t("On Mondays at eight you get one indicator to explain")
        if on
        else t("No more indicators on Mondays")
    )
    back = Button(t("Ten minutes for a meeting"), "practice.team")
    return Card(title, (Buttons((back, _switch(t, on=on))),))


def _switch(t: Texts, *, on: bool) -> Button:
    label = plain(t("No longer every week") if on else t("One a week, on Mondays"))
    return Button((label,), "practice.weekly", {"on": "no" if on else "yes"})
