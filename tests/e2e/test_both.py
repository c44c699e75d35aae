"""Slack and Teams in one process: one organisation, over both real doors and a strict platform
behind each."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import Engine, engine, running
from bot.fronts import Fronts, places_of
from bot.server import application
from bot.settings import Settings, SettingsError
from bot.slack.front import SlackFront
from bot.teams.front import Microsoft, TeamsFront
from handlers.kit.people import Address, Person, Profile, Role
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.e2e.teams_house import LOOK, SECRET
from tests.fakes.graph import graph_routes
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, TEAM, FakeSlack, User, fake_slack, words
from tests.fakes.teams import APP_ID, PASSWORD, TENANT, FakeTeams, fake_teams
from tests.ports import free_port

TENANT_ID = "11111111-2222-3333-4444-555555555555"


@dataclass(frozen=True, slots=True)
class BothHouse:
    """Plecs, and what it serves."""

    slack: FakeSlack
    teams: FakeTeams
    engine: Engine

    async def known(self, address: Address) -> Person:
        person = await self.engine.database.read(lambda work: work.people.at(address))
        assert person is not None
        return person


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(empty_sqlite, tmp_path / "both.db")
    return f"sqlite:///{tmp_path / 'both.db'}"


@asynccontextmanager
async def house_in_both(database_url: str) -> AsyncIterator[BothHouse]:
    async with fake_slack() as slack, fake_teams(graph_routes) as teams:
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_api_url=slack.api_url,
            teams_app_id=APP_ID,
            teams_app_password=SecretStr(PASSWORD),
            teams_tenant_id=TENANT,
        )
        microsoft = Microsoft(
            f"{teams.url}/login", teams.open_id_url, teams.service_url, f"{teams.url}/graph"
        )
        database = Database(database_url, Seal(SECRET))
        front = Fronts(
            SlackFront(settings, database, lambda _: None),
            TeamsFront(settings, database, lambda _: None, look=LOOK, microsoft=microsoft),
        )
        made = engine(database, front.platforms, front.clock, frozenset())
        places = await places_of(settings)
        assert await database.run(lambda work: work.workspaces.join(places)) == ()
        front.open(made.desk, made.timers, made.delivery)
        runner = web.AppRunner(application(front.routes(), made.is_ready, made.figures))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        own = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.app_url, teams.app_url = f"{own}/slack/events", f"{own}/teams/messages"
        made.timers.start()
        delivering = asyncio.create_task(made.delivery.run())
        try:
            yield BothHouse(slack, teams, made)
        finally:
            await runner.cleanup()
            await made.timers.finish(5)
            made.timers.stop()
            delivering.cancel()
            await made.delivery.finish(5)
            await front.stop()
            await asyncio.to_thread(database.close)


async def test_raised_in_teams_and_taken_in_slack(database_url: str) -> None:
    async with house_in_both(database_url) as house:
        anna = house.teams.add("anna", "Anna Liepa", locale="en-US")
        liga = house.slack.add(User("U1", "Līga Kalna"))
        address = Address("slack", TEAM, "U1")

        def known(work: SqlWork) -> None:
            profile = Profile(address, "Līga Kalna", "en", "Europe/Riga")
            workspace = work.workspaces.of(address)
            work.people.add(workspace, profile, frozenset({Role.SUPERVISOR}))

        await house.engine.database.run(known)
        await anna.says("hand contracts he threatens me")
        await house.slack.until(
            lambda: any("threatens" in words(one.blocks) for one in liga.messages)
        )
        await liga.presses("I'm coming")
        await house.teams.until(lambda: any("Līga is on the way" in one for one in anna.sees))
        await house.teams.until(lambda: any("another chat app" in one for one in anna.sees))
        await house.teams.until(lambda: any("[Solved]" in one for one in anna.sees))
        await anna.presses("Solved")
        await house.slack.until(
            lambda: any("Thank you for being there" in words(one.blocks) for one in liga.messages)
        )


async def test_the_same_person_in_both_is_one(database_url: str) -> None:
    async with house_in_both(database_url) as house:
        slack_anna = house.slack.add(User("U1", "Anna Liepa", email="anna@plecs.example"))
        teams_anna = house.teams.add("anna", "Anna Liepa", locale="en-US")
        await slack_anna.types("/topics")
        await teams_anna.says("hand log")
        await house.teams.until(lambda: teams_anna.sees)
        here, there = Address("slack", TEAM, "U1"), Address("teams", TENANT, "anna")
        assert (await house.known(here)).addresses == (there, here)
    assert b"anna@plecs.example" not in _written(database_url)


def _written(database_url: str) -> bytes:
    return Path(database_url.removeprefix("sqlite:///")).read_bytes()


def _settings(database_url: str, slack_url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        port=free_port(),
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=slack_url,
        teams_app_id=TENANT_ID,
        teams_app_password=SecretStr(PASSWORD),
        teams_tenant_id=TENANT_ID,
    )


async def test_as_it_is_started_both_are_one_organisation(database_url: str) -> None:
    slack_place, tenant = Address("slack", TEAM, ""), Address("teams", TENANT_ID, "")

    def workspaces(work: SqlWork) -> set[str]:
        return {work.workspaces.of(place) for place in (slack_place, tenant)}

    unreachable = _settings(database_url, "http://127.0.0.1:9/api")
    with pytest.raises(SettingsError, match="Slack can't be reached"):
        async with running(unreachable):
            pass
    async with fake_slack() as slack, running(_settings(database_url, slack.api_url)) as told:
        assert [line.partition(" at ")[0] for line in told.greeting] == [
            "Plecs serves Slack",
            "Plecs serves Teams",
            f"What it keeps is in {Path(database_url.removeprefix('sqlite:///')).parent}.",
        ]
    async with running(unreachable) as told:  # it is known by now which they are
        assert len(told.greeting) == 3
    database = Database(database_url)
    assert database.run_now(workspaces) == {f"slack-{TEAM}"}
    database.close()


async def test_two_lists_that_were_there_before_stay_two_and_that_is_told(
    database_url: str,
) -> None:
    database = Database(database_url)

    def known(work: SqlWork) -> None:
        for place in (Address("slack", TEAM, "U1"), Address("teams", TENANT_ID, "anna")):
            work.people.add(work.workspaces.of(place), Profile(place, "Anna"), frozenset())

    database.run_now(known)
    database.close()
    async with fake_slack() as slack, running(_settings(database_url, slack.api_url)) as told:
        assert told.greeting[-1].startswith("The people in Teams were known before")
