"""What several ways to practise a call show alike."""

from handlers.kit.cards import Button, Buttons, Card, Line, Look
from handlers.kit.ports import Texts
from handlers.practice.model import HOTTEST

LETTERS = "ABC"
"""By which the replies are called."""


def heat(degrees: int, t: Texts) -> Line:
    """How hot the caller is."""
    dots = "●" * degrees + "○" * (HOTTEST - degrees)
    return t("{dots} heat {n} of {most}", dots=dots, n=degrees, most=HOTTEST)


def gone(t: Texts) -> Card:
    """A practice that its person deleted, or that came to its end."""
    return Card(
        t("This practice is no longer kept"),
        (Buttons((Button(t("Choose a call"), "practice", look=Look.PRIMARY),)),),
    )
