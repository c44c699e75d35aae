"""Whom to call in an emergency or a crisis: kept in one place, shown wherever a moment is hard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from handlers.kit.cards import Button, Facts, Link, Look, Note, Part, on_day
from handlers.kit.ports import Texts
from handlers.library.model import check_first

if TYPE_CHECKING:
    from handlers.work import Context


@dataclass(frozen=True, slots=True)
class CrisisNumber:
    """A number to call, and what it is for."""

    digits: str
    what: Mapping[str, str]

    @property
    def link(self) -> Link:
        """The number, which calls it."""
        return Link(self.digits, f"tel:{self.digits.replace(' ', '')}")


@dataclass(frozen=True, slots=True)
class CrisisNumbers:
    """The only place that has them."""

    numbers: tuple[CrisisNumber, ...]
    owner: Mapping[str, str]
    review: date


class CrisisLines(Protocol):
    """Where a workspace keeps its numbers."""

    def crisis(self, workspace: str, now: datetime) -> CrisisNumbers:
        """The numbers in force."""
        ...


def numbers_to_call(crisis: CrisisNumbers, today: date, t: Texts) -> Iterator[Part]:
    """Whom to call in an emergency or a crisis; with a warning once they should be reviewed."""
    # A list: what is made one by one costs a call each.
    yield Facts(tuple([((one.link,), (one.what[t.locale],)) for one in crisis.numbers]))
    if check_first(crisis.review, today):
        yield Note(
            t(
                "Check these numbers first: they were to be reviewed by {date}. Ask: {owner}.",
                date=on_day(crisis.review),
                owner=crisis.owner[t.locale],
            )
        )


def danger_line(crisis: CrisisNumbers, t: Texts) -> Note:
    """Whom to call, whatever the words were taken for: nobody has to search for it."""
    numbers: list[Link | str] = []
    for number in crisis.numbers:
        numbers += [number.link, " · "]
    return Note(t("If a life is in danger: {numbers}", numbers=tuple(numbers[:-1])))


def hand_button(t: Texts, look: Look = Look.PLAIN) -> Button:
    """To a colleague, from every card about a hard call."""
    return Button(t("Raise my hand"), "hand", look=look)


def crisis(ctx: "Context") -> tuple[Part, ...]:
    """The caller's workspace's numbers, ready to stand on a card."""
    numbers = ctx.work.of(CrisisLines).crisis(ctx.me.workspace, ctx.now)
    return tuple(numbers_to_call(numbers, ctx.today, ctx.t))
