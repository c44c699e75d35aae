"""Seats in classes as both databases keep them: never oversold, and nobody jumps the queue."""

import asyncio
import random
from functools import partial

from handlers.learning import commands
from handlers.learning.model import CourseSeats, SeatState
from handlers.work import Context
from storage.database import Database
from storage.work import SqlWork
from tests.seats import PEOPLE, a_class, asking, crew, play
from tests.storage.made import NOW, at_once
from tests.storage.test_plans import SERVICES

SEATS = 2


def test_whatever_people_do_at_once_seats_go_as_the_rule_reads(url: str) -> None:
    """A few of the interleavings of `make fuzz-seats`."""
    processes = [Database(url) for _ in range(2)]
    try:
        people, chance = crew(processes[0]), random.Random(7)  # noqa: S311 - no secret
        for _ in range(3):
            asyncio.run(play(processes, people, chance, 6))
    finally:
        for process in processes:
            process.close()


def test_of_all_who_press_at_once_only_as_many_have_a_seat_as_there_are(url: str) -> None:
    """Six people in three processes: two have a seat, and the others can wait, in one order."""
    processes = [Database(url) for _ in range(3)]
    try:
        people = list(crew(processes[0]).values())
        date = processes[0].run_now(partial(a_class, workspace=people[0].workspace, seats=SEATS))

        def presses(number: int) -> None:
            def both(work: SqlWork) -> None:
                ctx = Context(work, NOW, SERVICES, people[number])
                commands.take(asking(date.id), ctx)
                commands.wait(asking(date.id), ctx)

            processes[number % len(processes)].run_now(both)

        at_once([partial(presses, number) for number in range(len(PEOPLE))])
        found = processes[0].run_now(lambda work: work.of(CourseSeats).of([date.id]))
        states = [one.state for one in found]
        assert states.count(SeatState.TAKEN) == SEATS
        assert states.count(SeatState.WAITING) == len(PEOPLE) - SEATS
        places = [one.place for one in found if one.state is SeatState.WAITING]
        assert places == sorted(set(places))
    finally:
        for process in processes:
            process.close()
