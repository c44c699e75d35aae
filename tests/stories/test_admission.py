"""Whom Plecs is for: every way in, tried by whoever it is not for.

A closed account of an admin's, a guest and a bot know every id and hold every link, because they
had them before, or somebody showed them.
"""

import itertools
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.calendars import Files
from handlers import routes
from handlers.escalation.model import PING
from handlers.kit.cards import Card
from handlers.kit.facts import StatusPermitted
from handlers.kit.people import Address, Kind, Person, Profile, Role
from handlers.statuses.model import StatusPermissions
from handlers.supervision.exports import commands as exports
from handlers.supervision.shared import files
from storage.outbox.table import outbox
from tests.bot.test_calendars import address_of, path_of, planned
from tests.world import ADDRESSES, World, lines, plain

STATES: dict[str, dict[str, object]] = {
    "closed": {"active": False},
    "guest": {"kind": Kind.OUTSIDER},
    "guest whose account is closed": {"kind": Kind.OUTSIDER, "active": False},
    "bot": {"kind": Kind.BOT},
}
TITLE = {"en": "Plecs is for the people who work here", "lv": "Plecs ir tiem, kas šeit strādā"}
SAID = {
    "closed": "Your account is closed here. Nothing was changed. An administrator can help.",
    "guest": (
        "You are a guest here. Nothing was changed. In a difficult call, ask the colleague who "
        "invited you."
    ),
    "bot": "This is a bot's account. Nothing was changed.",
}
WORDS = ("", "help", "hand contracts", "roka līgumi", "vent Anna", "break 10", "people", "no such")


@pytest.fixture
async def http(world: World) -> AsyncIterator["TestClient[Any, Any]"]:
    app = web.Application()
    files = Files(ADDRESSES, world.engine.database, world.engine.services, lambda: world.now)
    app.add_routes(files.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def become(world: World, user: str, state: dict[str, object]) -> None:
    """Somebody who was a colleague is one no more; their platform says so."""
    told = Profile(
        world.address(user),
        user,
        active=bool(state.get("active", True)),
        is_outsider=state.get("kind") is Kind.OUTSIDER,
        is_bot=state.get("kind") is Kind.BOT,
    )
    world.platform.profiles[user] = told
    await world.engine.desk.learn(told)


def kept(folder: Path) -> list[str]:
    """Everything in the database, as it could be written out."""
    with sqlite3.connect(folder / "world.db") as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("state", STATES)
async def test_nothing_that_is_asked_is_done_and_the_answer_is_short_and_kind(
    world: World, tmp_path: Path, state: str
) -> None:
    await world.person("Anna", topics=("contracts",))
    await world.person("Saimnieks", *Role)
    await become(world, "Saimnieks", STATES[state])
    before = kept(tmp_path)
    words = (world.command("Saimnieks", "plecs", text) for text in WORDS)
    values = {"case": "c1", "group": "g1", "person": "Anna", "session": "s1", "text": "x"}
    commands = (
        world.command("Saimnieks", route.name, "Anna", values)
        for route in (*routes.ROUTES, replace(routes.ROUTES[0], name="no.such.route"))
    )
    answers = set()
    for command in itertools.chain(words, commands):
        reply = await world.ask(command)
        assert isinstance(reply, Card), command.name
        answers.add(lines(reply))
    said = SAID["guest" if state.startswith("guest") else state]
    assert answers == {f"{TITLE['en']}\n{said}"}
    assert kept(tmp_path) == before
    assert world.messages == []


async def permits(world: World, person: Person, token: str) -> bool:
    """Whether the person's permission to set their status is taken, as they come back with it."""
    at, desk = person.addresses[0], world.engine.desk
    known = await desk.knows(at)
    await desk.tell(StatusPermitted(at, token))
    kept = await world.engine.database.read(
        lambda work: work.of(StatusPermissions).is_permitted(person.id)
    )
    assert known is kept
    return kept


@pytest.mark.parametrize("state", STATES)
async def test_what_was_given_out_before_opens_nothing_more(
    world: World, http: "TestClient[Any, Any]", state: str
) -> None:
    anna = await world.person("Anna", *Role, locale="lv")
    await planned(world, anna)
    until = world.now + timedelta(days=1)
    feed = await address_of(world, "Anna")
    paths = [
        path_of(files.DATES_FILE, "c1", anna, until),
        path_of(exports.TABLE, "", anna, until),
        path_of(exports.SHEET, "", anna, until),
    ]
    assert [(await http.get(path)).status for path in (feed, *paths)] == [200] * 4
    assert await permits(world, anna, "xoxp-1")
    await become(world, "Anna", STATES[state])
    assert (await http.get(feed)).status == 404
    for path in paths:
        answer = await http.get(path)
        assert (answer.status, await answer.text()) == (403, f"{TITLE['lv']}.\n")
    assert not await permits(world, anna, "xoxp-2")


@pytest.mark.parametrize("state", STATES)
async def test_a_card_that_was_sent_is_shown_no_more(world: World, state: str) -> None:
    await world.person("Anna")
    await world.person("Līga", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    (key,) = await world.engine.database.read(
        lambda work: work.connection.scalars(
            select(outbox.c.key).where(outbox.c.kind == PING)
        ).all()
    )
    liga = world.address("Līga")
    assert await world.engine.desk.shown(liga, key) is not None
    await become(world, "Līga", STATES[state])
    assert await world.engine.desk.shown(liga, key) is None


async def test_nothing_is_sent_any_more_that_was_to_come_by_itself(world: World) -> None:
    """Reminders, the end of a break: whatever waits, and whoever asked for it."""
    everybody = ("Anna", *STATES)
    for name in everybody:
        await world.person(name, *Role)
        await world.says(name, "/plecs plan")
        await world.presses(name, "5 minutes each hour")
        await world.says(name, "/break 10")
    for state, told in STATES.items():
        await become(world, state, told)
    before = set(world.platform.messages)
    await world.forward(hours=3)
    new = [one for ref, one in world.platform.messages.items() if ref not in before]
    assert {user for one in new for user in one.to} == {"Anna"}


async def test_who_is_turned_away_reads_it_in_their_language(world: World) -> None:
    await world.person("Anna", locale="lv")
    await become(world, "Anna", STATES["guest"])
    reply = await world.says("Anna", "/hand")
    assert isinstance(reply, Card)
    assert plain(reply.title) == TITLE["lv"]


async def test_a_guest_is_one_from_the_first_moment(world: World) -> None:
    guest = Address("paper", "T1", "Viesis")
    world.platform.profiles["Viesis"] = Profile(guest, "Viesis", "lv-LV", is_outsider=True)
    reply = await world.says("Viesis", "/hand contracts")
    assert isinstance(reply, Card)
    assert plain(reply.title) == TITLE["lv"]
    found, _ = await world.engine.database.read(
        lambda work: work.people.search("paper-T1", "", 0, 10)
    )
    assert found == ()


async def test_a_guest_who_becomes_a_colleague_comes_in_and_the_other_way_round(
    world: World,
) -> None:
    await world.person("Anna", Role.SUPERVISOR)
    await become(world, "Anna", STATES["guest"])
    assert not (await world.known("Anna")).belongs
    await become(world, "Anna", {})
    anna = await world.known("Anna")
    assert (anna.belongs, anna.kind, anna.is_a(Role.SUPERVISOR)) == (True, Kind.MEMBER, True)
    assert not is_turned_away(await world.says("Anna", "/hand log"))


async def test_a_change_that_came_while_plecs_was_away_is_asked_for_at_the_door(
    world: World,
) -> None:
    """Platforms give up on bringing an event after an hour: nobody is left outside for that."""
    anna = await world.person("Anna")
    await become(world, "Anna", STATES["closed"])
    world.platform.profiles["Anna"] = Profile(anna.addresses[0], "Anna")
    assert not is_turned_away(await world.says("Anna", "/hand log"))


async def test_what_comes_late_is_older_than_what_is_known(world: World) -> None:
    """A platform brings again what was not taken in time: five minutes, or an hour later."""
    anna = Profile(world.address("Anna"), "Anna Liepa")
    world.platform.profiles["Anna"] = replace(anna, at=world.now)
    await world.says("Anna", "/hand log")
    learn, quiet = world.engine.desk.learn, world.engine.desk.quiet
    minute = timedelta(minutes=1)
    for minutes, told in ((1, replace(anna, active=False)), (2, anna)):
        await learn(replace(told, at=world.now + minutes * minute))
    for minutes, ends in ((1, world.now + 8 * 60 * minute), (2, None)):
        start = world.now if ends else None
        await quiet(anna.address, start, ends, world.now + minutes * minute)
    as_it_is = await world.known("Anna")
    assert (as_it_is.belongs, as_it_is.quiet_until) == (True, None)

    for minutes in (-1, 1):
        await learn(replace(anna, name="Anna", active=False, at=world.now + minutes * minute))
        late = world.now + minutes * minute
        await quiet(anna.address, world.now, world.now + 8 * 60 * minute, late)
    assert await world.known("Anna") == as_it_is
    await quiet(anna.address, world.now, world.now + minute, world.now + 3 * minute)
    assert (await world.known("Anna")).quiet_until == world.now + minute


async def test_a_platform_whose_clock_is_years_ahead_has_not_the_last_word(world: World) -> None:
    anna = (await world.person("Anna")).addresses[0]
    years = world.now + timedelta(days=3650)
    learn, quiet = world.engine.desk.learn, world.engine.desk.quiet
    await learn(Profile(anna, "Anna", active=False, at=years))
    await quiet(anna, world.now, world.now + timedelta(hours=8), years)
    assert not (await world.known("Anna")).belongs
    soon = world.now + timedelta(seconds=1)
    await learn(Profile(anna, "Anna", at=soon))
    await quiet(anna, None, None, soon)
    as_it_is = await world.known("Anna")
    assert (as_it_is.belongs, as_it_is.quiet_until) == (True, None)


async def test_a_guest_of_whom_the_platform_said_nothing_at_first_is_found_out(
    world: World,
) -> None:
    """A slow platform keeps nobody's hand down; but it is asked again."""
    guest = Address("paper", "T1", "Viesis")
    assert not is_turned_away(await world.says("Viesis", "/hand log"))
    world.platform.profiles["Viesis"] = Profile(guest, "Viesis", is_outsider=True)
    world.platform.now += timedelta(minutes=10)
    await world.says("Viesis", "/hand log")
    await world.engine.desk.finish(5)
    assert is_turned_away(await world.says("Viesis", "/hand log"))


def is_turned_away(reply: object) -> bool:
    return isinstance(reply, Card) and plain(reply.title) in TITLE.values()
