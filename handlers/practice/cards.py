"""What several ways to practise a call show alike."""

from collections.abc import Iterator, Mapping, Sequence

from handlers.kit.cards import Button, Buttons, Card, Line, Look, Part, Row
from handlers.kit.ports import Texts
from handlers.practice.model import HOTTEST, Scenario

LETTERS = "ABC"
"""By which the replies are called."""


_ROWS = 15
"""Scenarios on one card."""


def to_begin(
    scenarios: Sequence[Scenario],
    does: str,
    onward: str,
    t: Texts,
    *,
    skip: int = 0,
    values: Mapping[str, str] | None = None,
) -> Iterator[Part]:
    """A row for each scenario, from after so many on, whose button `does` begin with it and carries
    the `values`; and *More*, which goes `onward` with them."""
    values = values or {}
    skip = skip if skip < len(scenarios) else 0
    for one in scenarios[skip : skip + _ROWS]:
        begin = Button(t("Begin"), does, {"entry": one.id, **values})
        yield Row((one.names[t.locale],), begin)
    if skip + _ROWS < len(scenarios):
        yield Buttons((Button(t("More"), onward, {"skip": str(skip + _ROWS), **values}),))


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
