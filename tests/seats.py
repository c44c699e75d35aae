"""People who take seats, wait, leave, let offers pass, and a coordinator who adds seats, in any
order; and who has to have what afterwards, by a model that knows no database.

`make fuzz-seats`: 10,000 interleavings on both databases (PostgreSQL by TEST_POSTGRES_URL, or its
own).
"""

import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

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
STEPS = ("take", "take", "wait", "wait", "leave", "leave", "hour", "hours", "half a day", "more")

SERVICES = services()

Standing = dict[str, SeatState]


@dataclass
class Model:
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

    def standing(self) -> Standing:
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


def play(work: SqlWork, people: dict[str, Person], chance: random.Random, steps: int) -> None:
    """So many steps at random around one date; raises AssertionError where what is kept differs
    from the model, or more have a seat than there are."""
    workspace = next(iter(people.values())).workspace
    hours = chance.choice((13, 20, 40, 80))
    date = a_class(work, workspace=workspace, seats=chance.randint(1, 3), hours=hours)
    model = Model(date.seats, date.starts_at)
    told: list[str] = []
    for _ in range(steps):
        step, who = chance.choice(STEPS), chance.choice(PEOPLE)
        told.append(f"{step} {who} at {model.now}")
        _done(work, people[who], date.id, step, model)
        found = {one.person: one.state for one in work.of(CourseSeats).of([date.id])}
        has = {people[name].id: state for name, state in model.standing().items()}
        assert found == has, "\n".join(told)
        held = sum(state is not SeatState.WAITING for state in found.values())
        assert held <= model.seats, "\n".join(told)
    work.of(CourseSeats).remove(date.id, [one.id for one in people.values()])


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


def _done(work: SqlWork, who: Person, date: str, step: str, model: Model) -> None:
    """The step, in the model and in Plecs."""
    name = who.name
    asked: dict[str, tuple[Callable[[str], None], Callable[[Command, Context], object]]] = {
        "take": (model.take, commands.take),
        "wait": (model.wait, commands.wait),
        "leave": (model.leave, commands.leave),
    }
    if step in asked:
        expects, does = asked[step]
        expects(name)
        try:
            does(asking(date), Context(work, model.now, SERVICES, who))
        except RefusedError:
            assert model.now >= model.starts_at, "nothing else stands in the way"
    elif step == "more":
        model.more()
        on = Occasion(work, model.now, SERVICES)
        one = work.of(CourseDates).hold(date)
        assert one is not None
        if model.now < model.starts_at:
            one = replace(one, seats=one.seats + 1)
            waiting = [each.person for each in work.of(CourseSeats).of([date])]
            seats.promote(on, one, work.people.many(waiting))
            seats.go_on(on, one)
    else:
        hours = {"hour": 1, "hours": 4, "half a day": 12}[step]
        end = model.now + timedelta(hours=hours)
        model.passes(timedelta(hours=hours))
        one = work.of(CourseDates).get(date)
        while one is not None and one.step_at is not None and one.step_at <= end:
            seats.go_on(Occasion(work, one.step_at, SERVICES), one, after=one.step_at)
            one = work.of(CourseDates).get(date)


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


def _fifty(work: SqlWork, people: dict[str, Person], chance: random.Random) -> None:
    for _ in range(50):
        play(work, people, chance, 25)


def main(rounds: int, seed: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="plecs-seats-") as folder,
        running_postgres() as server,
        fresh_postgres(server) as postgres,
    ):
        for url in (f"sqlite:///{Path(folder) / 'seats.db'}", postgres):
            migrate(url)
            database = Database(url, Seal("a secret of these rounds"))
            people, chance = crew(database), random.Random(seed)  # noqa: S311 - no secret
            for _ in range(rounds // 50):
                database.run_now(partial(_fifty, people=people, chance=chance))
            database.close()
            sys.stdout.write(f"{url.partition(':')[0]}: {rounds} interleavings hold\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
