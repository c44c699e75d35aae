"""A supervision group, and who looks after it; and the repositories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

LEAST_SEATS, MOST_SEATS = 4, 10
"""People in a group: peer groups in the field have four to ten."""

LONGEST_NAME = 60

LONGEST_PLACE = 300


@dataclass(frozen=True, slots=True)
class Group:
    """People of equal position who meet.

    `position`: theirs, empty where it does not matter. `place`: a room or a call's link.
    `facilitator`: a supervisor from outside, by id; empty: the members take turns. `agreement`:
    its own text, empty for the default one; `agreement_version` rises with each new text.
    `owner`: the coordinator who looks after it.
    """

    id: str
    workspace: str
    name: str
    position: str
    seats: int
    locale: str
    place: str
    facilitator: str
    owner: str
    created_at: datetime
    open_for_asking: bool = False
    agreement: str = ""
    agreement_version: int = 1
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A group in numbers, for the overview: who holds seats, the next date, and of the seats in
    the running cycle's past sessions how many came. Never who."""

    joined: int = 0
    invited: int = 0
    waiting: int = 0
    asked: int = 0
    next_at: datetime | None = None
    came: int = 0
    held: int = 0


class Groups(Protocol):
    def get(self, group: str) -> Group | None: ...

    def hold(self, group: str) -> Group | None:
        """The group, held until the transaction ends: who takes seats or plans waits here."""
        ...

    def put(self, group: Group) -> None: ...

    def page(
        self, workspace: str, skip: int, limit: int, text: str = ""
    ) -> tuple[tuple[Group, ...], int]:
        """Groups that are not closed and have the text's words in their name, by name; and how
        many there are in all."""
        ...

    def named(self, workspace: str, name: str) -> Group | None:
        """The group of that name (case and diacritics aside) that is not closed."""
        ...

    def joined_by(self, person: str) -> tuple[Group, ...]:
        """Those they have joined that are not closed, by name."""
        ...

    def kept_by(self, person: str) -> tuple[Group, ...]:
        """Those that are not closed which they look after or facilitate from outside."""
        ...

    def open_for_asking(self, workspace: str, limit: int) -> tuple[Group, ...]:
        """Those not closed that may be asked for, by name."""
        ...


class Summaries(Protocol):
    def of(self, groups: Sequence[str], now: datetime) -> Mapping[str, Summary]: ...


CLOSED, ORPHAN, HANDED = "supervision.closed", "supervision.orphan", "supervision.handed"
