"""Three questions a month, to fixed groups, published once.

Who belongs to which group is fixed when the questions open. Each may open them once, and gets a
ballot: a number of chance, signed for this month and group. Of that number nothing is kept when it
is given out, and its hash alone once it was used. What everybody answered becomes one value for
each group of eight answers or more, and is deleted.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from typing import Protocol
from zoneinfo import ZoneInfo

from handlers.kit.ports import mark

LEAST = 8
"""Answers behind anything that is published, and behind everything that can be worked out of it."""

OPENS_AT, OPEN_FOR = time(9), timedelta(days=7)
"""On the first Monday of a month, by the clocks of those who read the results."""

QUESTIONS: Mapping[str, str] = {
    "said": mark("I could say what I think, without fear."),
    "helped": mark("In a hard call I had somebody to turn to."),
    "rested": mark("After hard calls I could catch my breath."),
}
"""Each is answered from 1, not at all, to 5, entirely. Message ids."""

LOWEST, HIGHEST = 1.5, 4.5
"""What is at the ends is said as "at most" and "at least": an average of 5 would say of everybody
what they answered."""

ASKED, PUBLISHED = "voice.pulse", "voice.pulse.out"
"""Kinds of notice: that the questions are open, and that the answers are there."""

EVERYBODY = "*"
"""The group of all who answered."""

ThreeAnswers = tuple[int, ...]
"""One person's, in the order of QUESTIONS."""


@dataclass(frozen=True, slots=True)
class Round:
    """A month's questions in a workspace; `month` and the `secret` that signs its ballots are empty
    unless they are open. `step_at`: when they open, or are over (aware UTC)."""

    workspace: str
    month: str
    secret: str
    step_at: datetime

    @property
    def is_open(self) -> bool:
        return self.month != ""


@dataclass(frozen=True, slots=True)
class PulseSeat:
    """Somebody who is asked, in the group to which they belonged when the questions opened. They
    have `opened` the questions, or not yet."""

    person: str
    team: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a group answered, on average to the half, in the order of QUESTIONS; `team` is
    EVERYBODY, a manager's name, or empty for those without a group of their own."""

    team: str
    values: tuple[float, ...]


class Pulse(Protocol):
    """The questions' months, kept."""

    def of(self, workspace: str) -> Round | None: ...

    def put(self, round_: Round) -> None: ...

    def stop(self, workspace: str) -> None:
        """No questions from now on: what is open is deleted, unread."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Round]: ...

    def seat_all(self, workspace: str) -> int:
        """A seat for everybody here, in groups of LEAST people or more by their manager, all
        others in one without a name; how many there are."""
        ...

    def untold(self, limit: int) -> Sequence[tuple[str, str]]:
        """Workspaces, and people in them, who have not been told yet; from now on they have."""
        ...

    def seat(self, workspace: str, person: str) -> PulseSeat | None: ...

    def open_(self, workspace: str, person: str) -> bool:
        """Whether they open the questions for the first time."""
        ...

    def answer(self, workspace: str, ballot: str, team: str, answers: ThreeAnswers) -> None:
        """Keeps the answers, once for each ballot."""
        ...

    def answers(self, workspace: str) -> Mapping[str, Sequence[ThreeAnswers]]:
        """All of them, by group. Raises UnreadError where another SECRET_KEY sealed any."""
        ...

    def publish(self, workspace: str, month: str, results: Sequence[Result], now: datetime) -> None:
        """Keeps the results, once a month; seats and answers are deleted."""
        ...

    def latest(self, workspace: str) -> tuple[str, Sequence[Result]] | None:
        """The newest month's that are published, everybody's first, then by name."""
        ...


def next_opening(now: datetime, zone: str) -> datetime:
    """The next first Monday of a month, at OPENS_AT."""
    local = now.astimezone(ZoneInfo(zone)).date()
    months = (divmod(number, 12) for number in count(local.year * 12 + local.month - 1))
    firsts = (date(year, month + 1, 1) for year, month in months)
    mondays = (first + timedelta(days=-first.weekday() % 7) for first in firsts)
    openings = (datetime.combine(monday, OPENS_AT, ZoneInfo(zone)) for monday in mondays)
    return next(at.astimezone(UTC) for at in openings if at > now)


def given_up_at(month: str, zone: str) -> datetime:
    """When answers of the month that can't be read are waited for no longer: others are asked."""
    return next_opening(datetime.fromisoformat(f"{month}-28T00:00+00:00"), zone)


def ballot(secret: str, team: str) -> str:
    """A new one: a number of chance, with what says that it was given out for this group."""
    number = secrets.token_hex(8)
    return f"{number}{_signature(secret, number, team)}"


def is_ballot(secret: str, team: str, ballot: str) -> bool:
    """Whether it was given out for this group, this month."""
    number, signature = ballot[:16], ballot[16:]
    return bool(secret) and hmac.compare_digest(signature, _signature(secret, number, team))


def _signature(secret: str, number: str, team: str) -> str:
    return hmac.digest(secret.encode(), f"{number} {team}".encode(), sha256).hex()[:16]


def publishable(counts: Mapping[str, int]) -> frozenset[str]:
    """The groups whose results may be published, EVERYBODY among them, given how many of each
    answered: so that what is left when any of them are taken from the whole is nobody, or LEAST
    people. Where few are left, the smallest groups stay with them."""
    everybody = sum(counts.values())
    if everybody < LEAST:
        return frozenset()
    by_size = sorted(
        (team for team, n in counts.items() if n >= LEAST), key=lambda team: (counts[team], team)
    )
    rest = everybody - sum(counts[team] for team in by_size)
    while 0 < rest < LEAST and by_size:
        rest += counts[by_size.pop(0)]
    return frozenset({EVERYBODY, *by_size})


def results(answers: Mapping[str, Sequence[ThreeAnswers]]) -> tuple[Result, ...]:
    """What is published of them."""
    shown = publishable({team: len(each) for team, each in answers.items()})
    groups = {**answers, EVERYBODY: [one for each in answers.values() for one in each]}
    return tuple(
        Result(team, tuple(map(_half, zip(*groups[team], strict=True)))) for team in sorted(shown)
    )


def _half(values: Sequence[int]) -> float:
    """The average, to the half that is nearest, and no further than the ends."""
    average = sum(values) / len(values)
    return min(HIGHEST, max(LOWEST, round(2 * average) / 2))
