"""People who take seats, wait, leave, let offers pass, and a coordinator who adds seats, several at
once and in any order; and who has to have what afterwards, by a model that knows no database.

`make fuzz-seats`: 10,000 interleavings on both databases (PostgreSQL by TEST_POSTGRES_URL, or its
own). Each is up to six who press in the same moment, in transactions of their own, over the
connections of two processes; the model takes them in the order in which the database let them
through.
"""

import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import OperationalError

from bot.services import services
from handlers.kit.commands import Command, RefusedError
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person, Profile
from handlers.learning import commands, seats
from handlers.learning.model import CourseDate, CourseDates, CourseSeats, SeatState
from handlers.learning.rules import NONE_WITHIN, OFFERED_FOR
from handlers.work import Context, Occasion
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.conftest import fresh_postgres, running_postgres

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PEOPLE = ("Anna", "Ilze", "Jānis", "Oto", "Zane", "Ēriks")
AROUND_THE_CLOCK = parse_hours("Mon-Sun 00:00-24:00")
STEPS = ("take", "take", "wait", "wait", "leave", "leave")
PASSES = {"hour": 1, "hours": 4, "half a day": 12}
BURSTS = 5
"""Moments in which several press, around one class."""

SERVICES = services()

SeatsNow = dict[str, SeatState]


@dataclass(frozen=True)
class SeatStep:
    """What one person does. `name` is "more" for the coordinator who adds a seat."""

    name: str
    who: str


@dataclass
class SeatModel:
    """Who has what, as the rule reads."""

    seats: int
    starts_at: datetime
    now: datetime = NOW
    taken: list[str] = field(default_factory=list)
    offered: dict[str, datetime] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return self.now >= self.starts_at - NONE_WITHIN

    def take(self, who: str) -> None:
        if self.now >= self.starts_at or who in self.taken:
            return
        if who in self.offered:
            del self.offered[who]
            self.taken.append(who)
        elif not self.queue and self._free():
            self.taken.append(who)
        self.settle()

    def wait(self, who: str) -> None:
        stands = who in (*self.taken, *self.offered, *self.queue)
        if not stands and not self.is_closed and (self.queue or not self._free()):
            self.queue.append(who)
        self.settle()

    def leave(self, who: str) -> None:
        if self.now >= self.starts_at:
            return
        for them in (self.taken, self.queue):
            if who in them:
                them.remove(who)
        self.offered.pop(who, None)
        self.settle()

    def more(self) -> None:
        if self.now >= self.starts_at:
            return
        self.seats += 1
        if not self.is_closed:
            while self.queue and self._free():
                self.taken.append(self.queue.pop(0))
        self.settle()

    def does(self, step: SeatStep) -> None:
        """The step, in the order in which it came."""
        if step.name == "more":
            self.more()
        else:
            {"take": self.take, "wait": self.wait, "leave": self.leave}[step.name](step.who)

    def passes(self, while_: timedelta) -> None:
        """Everything that falls due in between happens at its own time."""
        end = self.now + while_
        while (at := self._due()) is not None and at <= end:
            self.now = max(self.now, at)
            self.settle()
        self.now = end

    def settle(self) -> None:
        if self.is_closed:
            self.offered.clear()
            self.queue.clear()
        for who in [one for one, until in self.offered.items() if until <= self.now]:
            del self.offered[who]
        while self.queue and self._free():
            until = min(self.now + OFFERED_FOR, self.starts_at - NONE_WITHIN)
            self.offered[self.queue.pop(0)] = until

    def standing(self) -> SeatsNow:
        return {
            **dict.fromkeys(self.taken, SeatState.TAKEN),
            **dict.fromkeys(self.offered, SeatState.OFFERED),
            **dict.fromkeys(self.queue, SeatState.WAITING),
        }

    def _free(self) -> int:
        return self.seats - len(self.taken) - len(self.offered)

    def _due(self) -> datetime | None:
        closes = [self.starts_at - NONE_WITHIN] if self.offered or self.queue else []
        return min((*self.offered.values(), *closes), default=None)


class Game:
    """One class, and everything that is done around it."""

    def __init__(
        self, databases: Sequence[Database], people: dict[str, Person], chance: random.Random
    ) -> None:
        self._databases, self._people, self._chance = databases, people, chance
        workspace = next(iter(people.values())).workspace
        made = partial(
            a_class,
            workspace=workspace,
            seats=chance.randint(1, 3),
            hours=chance.choice((13, 20, 40, 80)),
        )
        self._date = databases[0].run_now(made)
        self._model = SeatModel(self._date.seats, self._date.starts_at)
        self._told: list[str] = []
        self._let_through: list[tuple[int, SeatStep]] = []
        self._numbers = itertools.count()

    async def burst(self, steps: Sequence[SeatStep]) -> int:
        """They press at once. Answers how many of them the database gave up, which a busy machine
        may be the reason of; raises AssertionError where what is kept differs from the model, or
        more have a seat than there are."""
        where = itertools.cycle(self._databases)
        came = await asyncio.gather(
            *(next(where).run(partial(self._done, step=step)) for step in steps),
            return_exceptions=True,
        )
        for one in came:
            if isinstance(one, BaseException) and not isinstance(one, OperationalError):
                raise one
        kept = {one for one in came if isinstance(one, int)}
        for number, step in self._let_through:
            if number in kept:
                self._told.append(f"{step.name} {step.who} at {self._model.now}")
                self._model.does(step)
        self._let_through.clear()
        self._compare()
        return len(steps) - len(kept)

    def passes(self, hours: int) -> None:
        """What falls due meanwhile happens when it is due."""
        end = self._model.now + timedelta(hours=hours)
        self._told.append(f"{hours} hours from {self._model.now}")
        self._model.passes(timedelta(hours=hours))

        def go_on(work: SqlWork) -> None:
            one = work.of(CourseDates).get(self._date.id)
            while one is not None and one.step_at is not None and one.step_at <= end:
                seats.go_on(Occasion(work, one.step_at, SERVICES), one, after=one.step_at)
                one = work.of(CourseDates).get(self._date.id)

        self._databases[0].run_now(go_on)
        self._compare()

    def over(self) -> None:
        """Nobody is booked by it any more."""
        people = [one.id for one in self._people.values()]
        self._databases[0].run_now(lambda work: work.of(CourseSeats).remove(self._date.id, people))

    def _done(self, work: SqlWork, step: SeatStep) -> int:
        """The step in Plecs. The number under which the database let it through: whoever holds the
        class is alone with it until the commit, so the numbers are in that order. Begun anew it has
        another."""
        now, date = self._model.now, self._date.id
        if step.name == "more":
            _one_more(Occasion(work, now, SERVICES), date)
        else:
            try:
                DOES[step.name](asking(date), Context(work, now, SERVICES, self._people[step.who]))
            except RefusedError:
                assert now >= self._model.starts_at, "nothing else stands in the way"
        number = next(self._numbers)
        self._let_through.append((number, step))
        return number

    def _compare(self) -> None:
        kept = self._databases[0].run_now(lambda work: work.of(CourseSeats).of([self._date.id]))
        found = {one.person: one.state for one in kept}
        has = {self._people[name].id: state for name, state in self._model.standing().items()}
        assert found == has, "\n".join(self._told)
        held = sum(state is not SeatState.WAITING for state in found.values())
        assert held <= self._model.seats, "\n".join(self._told)


DOES: dict[str, Callable[[Command, Context], object]] = {
    "take": commands.take,
    "wait": commands.wait,
    "leave": commands.leave,
}


async def play(
    databases: Sequence[Database], people: dict[str, Person], chance: random.Random, bursts: int
) -> int:
    """So many bursts around one class; answers how many steps the database gave up."""
    game, given_up = Game(databases, people, chance), 0
    for _ in range(bursts):
        who = chance.sample(PEOPLE, chance.randint(1, len(PEOPLE)))
        steps = [SeatStep(chance.choice(STEPS), one) for one in who]
        if chance.random() < 0.2:
            steps[0] = SeatStep("more", "")
        given_up += await game.burst(steps)
        if (passes := chance.choice(("", *PASSES))) in PASSES:
            game.passes(PASSES[passes])
    game.over()
    return given_up


def a_class(work: SqlWork, *, workspace: str, seats: int, hours: int = 80) -> CourseDate:
    """A class in so many hours."""
    starts_at = NOW + timedelta(hours=hours)
    date = CourseDate(
        uuid4().hex,
        workspace,
        "voice",
        starts_at.replace(tzinfo=None),
        "UTC",
        starts_at,
        starts_at + timedelta(minutes=60),
        seats,
        NOW,
    )
    work.of(CourseDates).put(date)
    return date


def asking(date: str) -> Command:
    """What a button about the date sends."""
    return Command("learn", Address("paper", "T1", "x"), values={"date": date})


def _one_more(on: Occasion, date: str) -> None:
    """A seat is added, as coordinators do."""
    one = on.work.of(CourseDates).hold(date)
    assert one is not None
    if on.now < one.starts_at:
        one = replace(one, seats=one.seats + 1)
        waiting = [each.person for each in on.work.of(CourseSeats).of([date])]
        seats.promote(on, one, on.work.people.many(waiting))
        seats.go_on(on, one)


def crew(database: Database) -> dict[str, Person]:
    """The people, around the clock on duty, each in a team of their own."""

    def add(work: SqlWork) -> dict[str, Person]:
        found = {}
        for name in PEOPLE:
            profile = Profile(Address("paper", "T1", name), name, "en", "UTC")
            workspace = work.workspaces.of(profile.address)
            person = work.people.add(workspace, profile, frozenset())
            found[name] = replace(person, hours=AROUND_THE_CLOCK, manager=name)
            work.people.save(found[name])
        return found

    return database.run_now(add)


def main(rounds: int, seed: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="plecs-seats-") as folder,
        running_postgres() as server,
        fresh_postgres(server) as postgres,
    ):
        for url in (f"sqlite:///{Path(folder) / 'seats.db'}", postgres):
            migrate(url)
            databases = [Database(url, Seal("a secret of these rounds")) for _ in range(2)]
            people, chance = crew(databases[0]), random.Random(seed)  # noqa: S311 - no secret
            began, given_up = time.perf_counter(), 0
            for _ in range(rounds // BURSTS):
                given_up += asyncio.run(play(databases, people, chance, BURSTS))
            took = time.perf_counter() - began
            for one in databases:
                one.close()
            sys.stdout.write(
                f"{url.partition(':')[0]}: {rounds} interleavings hold, {given_up} steps were "
                f"given up, {took:.0f} s\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
