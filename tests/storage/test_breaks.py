"""Breaks over both databases: a hundred at once, what is kept, and for how long."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from handlers.availability.coverage import BreakTeams
from handlers.availability.engaged import Availability
from handlers.breaks.model import (
    OFFER_LASTS,
    Break,
    BreakOffer,
    Breaks,
    BreakState,
    Habits,
    begun,
    closed,
)
from handlers.kit.cards import Card
from handlers.kit.commands import Command
from handlers.kit.people import Address, Person, Role
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.groups.model import Groups
from handlers.supervision.sessions.model import (
    Attendance,
    Seats,
    Sessions,
    SessionSeat,
    SessionState,
)
from handlers.vents.model import Vents, VentState
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, somebody
from tests.storage.test_supervision import a_cycle, a_group, a_session
from tests.storage.test_vents import made
from tests.world import World, button_labels, open_world, plain

T = TypeVar("T")

TEN = timedelta(minutes=10)


def a_break(person: Person, name: str = "b1") -> Break:
    return Break(name, person.workspace, person.id, 10, BreakState.HELD, NOW)


def led(database: Database, name: str) -> Person:
    """One of Guna's team."""
    person = replace(somebody(database, name), manager="Guna")
    database.run_now(lambda work: work.people.save(person))
    return person


async def team_of(world: World, size: int, keep: int) -> list[str]:
    """So many agents, of whom so many stay."""
    names = [f"P{number}" for number in range(size)]
    for name in names:
        await world.person(name, manager="Liga")
    rule: dict[str, object] = {"keep": keep, "share": 0, "hard_first": True}
    await world.engine.database.run(lambda work: work.settings.put("paper-T1", "breaks", rule))
    return names


def told(cards: list[object]) -> dict[str, int]:
    titles = [plain(card.title) for card in cards if isinstance(card, Card)]
    return {title: titles.count(title) for title in set(titles)}


async def test_a_hundred_ask_in_the_same_second(url: str) -> None:
    async with open_world(url) as world:
        names = await team_of(world, 100, keep=80)
        replies = await asyncio.gather(
            *(world.engine.desk.ask(world.command(name, "break", "10")) for name in names)
        )
        assert told([one.reply for one in replies]) == {
            "Your break, until <time>": 20,
            "Not this minute": 80,
        }


async def test_a_hundred_ask_two_processes_in_the_same_second(migrated_postgres: str) -> None:
    async with open_world(migrated_postgres) as one, open_world(migrated_postgres) as other:
        await one.engine.database.run(
            lambda work: work.settings.put(
                "paper-T7", "breaks", {"keep": 60, "share": 0, "hard_first": True}
            )
        )
        for number in range(100):
            await one.person(f"P{number}", workspace="T7", manager="Liga")

        at_once = asyncio.Semaphore(8)  # the hundredth would wait longer than a lock may

        async def ask(number: int) -> object:
            world = (one, other)[number % 2]
            by = Address("paper", "T7", f"P{number}")
            asked = Command("break", by, "10", delivery=f"T7-{number}")
            async with at_once:
                return (await world.engine.desk.ask(asked)).reply

        replies = await asyncio.gather(*(ask(number) for number in range(100)))
        assert told(list(replies)) == {"Your break, until <time>": 40, "Not this minute": 60}


async def test_two_who_hold_the_same_teams_do_not_wait_for_each_other(url: str) -> None:
    async with open_world(url) as world:
        await team_of(world, 12, keep=10)
        names = [f"S{number}" for number in range(6)]
        for name in names:
            await world.person(name, Role.SUPERVISOR, manager="Somebody")
        for number in range(12):
            await world.says(f"P{number}", "/break 10")
        held = [n for n in range(12) if "Ask for cover" in labels(world, f"P{n}")]
        assert len(held) == 10
        for number in held[:2]:
            await world.presses(f"P{number}", "Ask for cover")
        await asyncio.gather(
            *(world.presses(name, "I'll cover") for name in names if world.titles(name)),
            *(world.says(name, "/break 5") for name in names),
        )

        def both(work: SqlWork) -> tuple[int, int, int]:
            ids = [one.id for one in work.people.with_role("paper-T1", Role.SUPERVISOR)]
            covering = {one for one in ids if work.of(Breaks).covered_by(one, world.now)}
            away = {one for one in ids if work.of(Availability).break_of(one, world.now)}
            return len(covering | away), len(covering & away), len(covering)

        somewhere, twice, covering = await world.engine.database.read(both)
        assert (somewhere, twice) == (6, 0), "each covers or rests, and nobody does both"
        assert covering <= 2


def test_who_talks_in_a_vent_is_missing_once(database: Database) -> None:
    anna, janis, liga, zane = [led(database, name) for name in ("A", "J", "L", "Z")]
    helper = somebody(database, "Helper", Role.SUPERVISOR)
    talking = replace(made(janis.id, liga.id), state=VentState.TALKING, ends_at=NOW + 2 * TEN)
    asked = replace(made(zane.id, anna.id), state=VentState.ASKING)

    def fill(work: SqlWork) -> None:
        work.of(Vents).add(talking)
        work.of(Vents).add(asked)
        work.of(Breaks).add(begun(a_break(janis, "b2"), None, NOW))
        work.of(Breaks).cover(begun(a_break(janis, "b2"), None, NOW), helper.id)

    database.run_now(fill)

    def available(of: Person) -> list[int]:
        team = read(database, lambda work: work.of(BreakTeams).team(of, NOW))
        return [team.available(NOW + after * TEN) for after in (0, 1, 2)]

    # Helper stands in for ten minutes.
    assert available(anna) == [4 - 2 + 1, 4 - 2, 4]
    assert available(liga) == [4 - 1 + 1, 4 - 1, 4], "one's own talk is no absence of others"
    stand_in = replace(made(zane.id, helper.id), state=VentState.TALKING, id="v3")
    database.run_now(lambda work: work.of(Vents).remove(asked.id))
    database.run_now(lambda work: work.of(Vents).add(stand_in))
    assert available(anna)[0] == 4 - 3, "who talks stands in for nobody"


def test_who_sits_in_supervision_is_missing_while_it_lasts(database: Database) -> None:
    anna, janis, liga, zane = [led(database, name) for name in ("A", "J", "L", "Z")]
    meets = replace(
        a_session(1, datetime(2026, 3, 3, 16, 0)),  # noqa: DTZ001 - a wall time has no zone
        starts_at=NOW + TEN,
        ends_at=NOW + 3 * TEN,
    )
    comes = {janis: Attendance.COMING, liga: Attendance.ABSENT, zane: Attendance.LATE}

    def fill(work: SqlWork) -> None:
        work.of(Groups).put(a_group())
        work.of(Cycles).put(a_cycle())
        work.of(Sessions).put([meets])
        work.of(Seats).put([SessionSeat(meets.id, who.id, says) for who, says in comes.items()])

    database.run_now(fill)

    def available() -> list[int]:
        team = read(database, lambda work: work.of(BreakTeams).team(anna, NOW))
        return [team.available(NOW + after * TEN) for after in range(4)]

    assert available() == [4, 2, 2, 4]
    cancelled = replace(meets, state=SessionState.CANCELLED)
    database.run_now(lambda work: work.of(Sessions).put([cancelled]))
    assert available() == [4, 4, 4, 4]


def test_a_break_is_kept_as_it_was(database: Database) -> None:
    anna = somebody(database)
    kept = begun(a_break(anna), 3, NOW)
    database.run_now(lambda work: work.of(Breaks).add(a_break(anna)))
    database.run_now(lambda work: work.of(Breaks).save(kept))
    assert read(database, lambda work: work.of(Breaks).get("b1")) == kept
    assert read(database, lambda work: work.of(Breaks).live_of(anna.id)) == kept
    assert read(database, lambda work: work.of(Breaks).last_of(anna.id)) == kept
    assert read(database, lambda work: work.of(Breaks).due(NOW + TEN, 5)) == (kept,)
    assert read(database, lambda work: work.of(Breaks).due(NOW, 5)) == ()
    for at, away in ((NOW, {anna.id}), (NOW + TEN, set())):
        assert read(database, partial(engaged, anna, at)) == away


def engaged(person: Person, at: datetime, work: SqlWork) -> frozenset[str]:
    return work.of(Availability).engaged([person.id], at)


def test_offers_are_one_a_call(database: Database) -> None:
    anna = somebody(database)
    offer = BreakOffer("c1", anna.workspace, anna.id, hard=True, offered_at=NOW, step_at=NOW + TEN)
    assert database.run_now(lambda work: work.of(Breaks).offer(offer)) is True
    assert database.run_now(lambda work: work.of(Breaks).offer(offer)) is False
    assert read(database, lambda work: work.of(Breaks).offer_of("c1")) == offer
    assert read(database, lambda work: work.of(Breaks).was_offered(anna.id, NOW)) is True
    assert (
        read(database, lambda work: work.of(Breaks).was_offered(anna.id, NOW + OFFER_LASTS))
        is False
    )
    assert database.run_now(lambda work: work.of(Breaks).offers_due(NOW + TEN, 5)) == (offer,)


def test_of_a_break_nothing_stays_a_day_later(database: Database) -> None:
    anna, liga = somebody(database), somebody(database, "Liga", Role.SUPERVISOR)
    ended = closed(begun(a_break(anna), None, NOW), NOW + TEN)

    def keep(work: SqlWork) -> None:
        work.of(Breaks).add(ended)
        work.of(Breaks).cover(ended, liga.id)
        work.of(Breaks).offer(BreakOffer("c1", anna.workspace, anna.id, False, NOW, None))

    database.run_now(keep)
    day = timedelta(days=1)
    database.run_now(lambda work: clean(work.connection, NOW + day))
    assert read(database, lambda work: work.of(Breaks).get("b1")) == ended
    database.run_now(lambda work: clean(work.connection, NOW + TEN + day + timedelta(seconds=1)))
    assert read(database, lambda work: work.of(Breaks).get("b1")) is None
    assert read(database, lambda work: work.of(Breaks).offer_of("c1")) is None
    assert read(database, lambda work: work.of(Breaks).coverer("b1")) is None


def test_a_person_is_exported_and_erased(database: Database) -> None:
    anna, liga = somebody(database), somebody(database, "Liga", Role.SUPERVISOR)

    def keep(work: SqlWork) -> None:
        work.of(Breaks).add(begun(a_break(anna), None, NOW))
        work.of(Breaks).cover(a_break(anna), liga.id)
        work.of(Breaks).offer(BreakOffer("c1", anna.workspace, anna.id, False, NOW, None))
        work.of(Breaks).keep_habits(anna.id, Habits(suggests=False))

    database.run_now(keep)
    theirs = database.run_now(lambda work: export(work.connection, anna.id, work.seal))
    tables = ("breaks", "break_offers", "break_habits")
    assert {table: len(theirs[table]) for table in tables} == dict.fromkeys(tables, 1)
    database.run_now(lambda work: erase(work.connection, liga.id))
    assert read(database, lambda work: work.of(Breaks).coverer("b1")) is None
    database.run_now(lambda work: erase(work.connection, anna.id))
    assert read(database, lambda work: work.of(Breaks).get("b1")) is None
    assert read(database, lambda work: work.of(Breaks).habits(anna.id)) == Habits()


def read(database: Database, fn: Callable[[SqlWork], T]) -> T:
    return asyncio.run(database.read(fn))


def labels(world: World, user: str) -> list[str]:
    reply = world.replies[user][-1]
    return button_labels(reply) if isinstance(reply, Card) else []
