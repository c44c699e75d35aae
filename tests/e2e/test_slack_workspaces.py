"""Several workspaces install Plecs by themselves, and each has a Plecs of its own."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from yarl import URL

from bot.app import Engine, engine
from bot.cli.check import try_slack
from bot.local.clock import MovableClock
from bot.server import application
from bot.settings import Settings
from bot.settings_loading import problems
from bot.slack.front import SlackFront
from bot.slack.kept import CLEAN_EVERY, ROTATE_EVERY
from bot.slack.manifest import manifest
from handlers.kit.people import Address, Person, Role
from handlers.routes import ROUTES
from storage.database import Database, ending_slack_tokens_in
from storage.schema import metadata
from storage.sealed import Seal
from storage.work import SqlWork
from storage.workspaces import WorkspaceSize, workspaces
from tests.conftest import fresh_postgres
from tests.e2e.test_slack_status import link_of
from tests.fakes.slack import (
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    FakeSlack,
    SlackUser,
    User,
    fake_slack,
)
from tests.ports import free_port

KEY = "the secret of the house of many workspaces"

GROUP = "E0GROUP"
"""An organisation, which T0C and T0D are workspaces of."""


@dataclass(frozen=True, slots=True)
class WorkspacesHouse:
    slack: FakeSlack
    engine: Engine
    front: SlackFront
    clock: MovableClock
    address: str
    settings: Settings

    async def installs(self, user: str, team: str, **how: bool) -> tuple[int, str]:
        link = f"{self.address}/slack/install"
        return await self.slack.visits_install(link, user, team=team, **how)

    def person(self, user: str, team: str) -> SlackUser:
        return self.slack.add(User(user, f"{user} Liepa", team=team, signed_in=team))

    async def known(self, user: str, workspace: str) -> Person | None:
        address = Address("slack", workspace, user)
        return await self.engine.database.read(lambda work: work.people.at(address))

    async def job(self, seconds: float) -> None:
        """Does now what is done every so many seconds."""
        for every, job in self.front.jobs():
            if every == seconds:
                await job()

    async def settle(self) -> None:
        await self.engine.timers.tick()
        while await self.engine.delivery.drain():
            await self.engine.timers.tick()

    async def raises_a_hand(self, agent: SlackUser) -> None:
        """It is up, and all that follows has left. On a busy machine the first answer says that it
        takes longer."""
        before = len(agent.sees)
        await agent.types("/hand he threatens me")
        await self.slack.until(lambda: any("Your hand is up" in one for one in agent.sees[before:]))
        await self.settle()

    async def sizes(self) -> tuple[WorkspaceSize, ...]:
        return await self.engine.database.read(lambda work: workspaces(work.connection))

    async def removed(self, team: str) -> None:
        """The app is removed in the workspace, and Slack tells."""
        self.slack.uninstall(team)
        await self.slack.event({"type": "app_uninstalled"}, team=team)


@asynccontextmanager
async def house_of_many(
    url: str, *allowed: str, rotates: bool = False
) -> AsyncIterator[WorkspacesHouse]:
    made = manifest(ROUTES, whole=True, rotates=rotates)
    async with fake_slack(made) as slack:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        settings = Settings(
            _env_file=None,
            slack_client_id=CLIENT_ID,
            slack_client_secret=SecretStr(CLIENT_SECRET),
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_api_url=slack.api_url,
            slack_workspaces=allowed,
            public_url=address,
            secret_key=SecretStr(KEY),
            database_url=url,
        )
        assert problems(settings) == ()
        clock = MovableClock()
        slack.rotates, slack.address = rotates, address
        slack.app_url, slack.now = f"{address}/slack/events", lambda: clock().timestamp()
        slack.organisations = {"T0C": GROUP, "T0D": GROUP}
        slack.bot_tokens = {}
        database = Database(url, Seal(KEY))
        front = SlackFront(settings, database, lambda _: None, clock)
        plecs = engine(database, front.platforms, clock, frozenset(), statuses=front.statuses)
        front.open(plecs.desk, plecs.timers, plecs.delivery)
        runner = web.AppRunner(application(front.routes(), plecs.is_ready, plecs.figures))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield WorkspacesHouse(slack, plecs, front, clock, address, settings)
        finally:
            await runner.cleanup()
            await plecs.desk.finish(5)
            await plecs.delivery.finish(5)
            await front.stop()
            await asyncio.to_thread(database.close)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of either kind, with its tables and nothing in it: the same names are in every
    story, and a hand of the one before would still be up."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database_url")
        return
    server, like = map(request.getfixturevalue, ("postgres_server", "postgres_with_tables"))
    with fresh_postgres(server, like) as url:
        yield url


async def ready(
    house: WorkspacesHouse, team: str, whole: bool = False
) -> tuple[SlackUser, SlackUser]:
    """Plecs is installed in the workspace by its boss, who is there beside an agent."""
    boss, agent = house.person(f"UBOSS{team}", team), house.person(f"U{team}", team)
    status, page = await house.installs(boss.id, team, whole=whole)
    assert (status, "Plecs is here" in page, "Plecs ir klāt" in page) == (200, True, True)
    workspace = GROUP if whole else team
    known = await house.known(boss.id, workspace)
    assert known is not None
    assert Role.ADMIN in known.roles
    supervising = replace(known, roles=known.roles | {Role.SUPERVISOR})
    await house.engine.database.run(lambda work: work.people.save(supervising))
    return boss, agent


async def test_three_workspaces_each_for_themselves(either_url: str) -> None:
    async with house_of_many(either_url) as house:
        first, second = await ready(house, "T0A"), await ready(house, "T0B")
        third = await ready(house, "T0C", whole=True)
        colleague = house.person("U0D", "T0D")  # in the organisation's other workspace
        for boss, agent in (first, second, third):
            await house.raises_a_hand(agent)
            assert [one for one in boss.sees if "needs a colleague" in one]
        for boss, agent in (first, second, third):
            pings = [one for one in boss.sees if "needs a colleague" in one]
            assert len(pings) == 1, "nobody is asked for somebody else's people"
            await boss.presses("I'm coming")
            await house.settle()
            assert any("is on the way" in one for one in agent.sees)
        house.slack.users[first[1].id].email = "agent@plecs.example"
        slack = house.front.platforms["slack"]
        found = {at: await slack.by_email("agent@plecs.example", at) for at in ("T0A", "T0B", "")}
        assert {at: one and one.address.user for at, one in found.items()} == {
            "T0A": first[1].id,
            "T0B": None,
            "": None,
        }
        await colleague.types("/plecs home")
        known = await house.known(colleague.id, GROUP)
        assert known is not None
        assert known.belongs
        assert [one.id for one in await house.sizes()] == [
            "slack-E0GROUP",
            "slack-T0A",
            "slack-T0B",
        ]
        checked = await house.engine.database.read(lambda work: work.slack.all())
        assert [(one.team, one.name, one.is_whole) for one in checked] == [
            (GROUP, "Group", True),
            ("T0A", "Team T0A", False),
            ("T0B", "Team T0B", False),
        ]
        assert house.slack.token_of("T0A") not in str(await house.engine.database.read(_rows))


async def test_the_app_is_removed_and_comes_back_or_not(either_url: str) -> None:
    async with house_of_many(either_url) as house:
        boss, agent = await ready(house, "T0A")
        other_boss, other = await ready(house, "T0B")
        await agent.types("/plecs home")
        first_removed = house.clock()
        await house.removed("T0A")
        assert await house.engine.database.read(lambda work: work.slack.token("T0A")) is None
        assert "xoxb" not in str(await house.engine.database.read(_rows))
        await agent.types("/hand he threatens me")
        assert "not installed in this workspace any more" in agent.sees[-1]

        house.clock.move(timedelta(days=29))
        await house.job(CLEAN_EVERY)
        before = await house.known(agent.id, "T0A")
        assert before is not None
        assert (await house.installs(boss.id, "T0A"))[0] == 200
        await house.raises_a_hand(agent)
        assert [one for one in boss.sees if "needs a colleague" in one], "everything is as it was"
        assert await house.known(agent.id, "T0A") == before

        # Slack tells once more of the removal before: the new token is taken, so nothing happens,
        # nor where Slack is too busy to say whether it is.
        await house.slack.event({"type": "app_uninstalled"}, team="T0A")
        house.slack.fail_next("auth.test", "internal_error")
        await house.slack.event({"type": "app_uninstalled"}, team="T0A", happened=first_removed)
        assert await house.engine.database.read(lambda work: work.slack.token("T0A")) is not None

        await house.removed("T0A")
        house.clock.move(timedelta(days=31))
        await house.job(CLEAN_EVERY)
        assert [one.id for one in await house.sizes()] == ["slack-T0B"]
        assert "T0A" not in str(await house.engine.database.read(_rows))
        await house.raises_a_hand(other)
        assert [one for one in other_boss.sees if "needs a colleague" in one]


async def test_tokens_are_changed_in_time_and_once(database_url: str) -> None:
    async with house_of_many(database_url, rotates=True) as house:
        (boss, agent), _ = await ready(house, "T0A"), await ready(house, "T0B")
        before = [house.slack.token_of(team) for team in ("T0A", "T0B")]
        await house.job(ROTATE_EVERY)
        assert [house.slack.token_of(team) for team in ("T0A", "T0B")] == before
        house.clock.move(timedelta(hours=10, minutes=1))
        house.slack.calls.clear()
        house.slack.fail_next("oauth.v2.access", "500")
        # Two replicas look at the same moment, and Slack fails once: what failed waits a minute.
        await asyncio.gather(house.job(ROTATE_EVERY), house.job(ROTATE_EVERY))
        house.clock.move(timedelta(minutes=2))
        await asyncio.gather(house.job(ROTATE_EVERY), house.job(ROTATE_EVERY))
        assert len(house.slack.called("oauth.v2.access")) == 2
        for token in before:
            house.slack.expire(token)
        await house.raises_a_hand(agent)
        assert [one for one in boss.sees if "needs a colleague" in one]


async def test_a_token_that_can_not_be_changed_any_more_is_told(
    empty_sqlite: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'plecs.db')}"
    async with house_of_many(url, rotates=True) as house:
        boss, _ = await ready(house, "T0A")
        house.clock.move(timedelta(hours=10, minutes=1))
        # Some process got the new one, and died before it was written down.
        house.slack.refreshes.clear()
        await house.job(ROTATE_EVERY)
        await house.engine.timers.look()
        await house.settle()
        assert "Slack will soon take nothing from me any more" in boss.sees[-1]
        assert "It says: invalid_refresh_token." in boss.sees[-1]
        [ending] = ending_slack_tokens_in(url)
        assert (ending.team, ending.word) == ("T0A", "invalid_refresh_token")
        found = house.settings
        problems, _ = await asyncio.to_thread(try_slack, found)
        [problem] = [one for one in problems if "gives no new token" in one]
        assert problem.endswith(f"install Plecs there again, from {house.address}/slack/install")
        assert (await house.installs(boss.id, "T0A"))[0] == 200
        assert ending_slack_tokens_in(url) == ()


async def test_a_new_token_waits_for_a_database_that_is_away(
    empty_sqlite: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'plecs.db')}"
    async with house_of_many(url, rotates=True) as house:
        await ready(house, "T0A")
        house.clock.move(timedelta(hours=10, minutes=1))
        run = house.engine.database.run_now
        closed = "BEFORE UPDATE OF token ON slack_installations BEGIN SELECT RAISE(ABORT, 'x'); END"
        run(lambda work: work.connection.exec_driver_sql(f"CREATE TRIGGER closed {closed}"))
        with pytest.raises(DatabaseError):
            await house.job(ROTATE_EVERY)
        run(lambda work: work.connection.exec_driver_sql("DROP TRIGGER closed"))
        house.clock.move(timedelta(minutes=2))
        await house.job(ROTATE_EVERY)
        kept = await house.engine.database.read(lambda work: work.slack.token("T0A"))
        assert kept is not None
        assert kept.token == house.slack.token_of("T0A")
        assert ending_slack_tokens_in(url) == ()


async def test_who_may_not_or_does_not_install_it_leaves_nothing_behind(database_url: str) -> None:
    async with house_of_many(database_url, "T0A", GROUP) as house:
        eve, boss, grouped = (
            house.person("UEVE", "T0Z"),
            house.person("UBOSS", "T0A"),
            house.person("UGROUP", "T0C"),
        )
        status, page = await house.installs(eve.id, "T0Z")
        assert (status, "not for that workspace" in page) == (403, True)
        status, page = await house.installs(boss.id, "T0A", allows=False)
        assert (status, "was not installed" in page) == (200, True)
        for query in ("code=1.code", "code=1.code&state=made-up", "state=made-up"):
            async with _get(house, f"/slack/oauth_redirect?{query}") as answer:
                assert (answer.status, "begin anew" in await answer.text()) == (400, True)
        assert house.slack.bot_tokens == {}, "what was given is given back"
        assert await house.engine.database.read(lambda work: work.slack.all()) == ()
        assert (await house.installs(grouped.id, "T0C"))[0] == 200
        assert (await house.installs(boss.id, "T0A"))[0] == 200


async def test_a_flood_of_those_who_set_out_leaves_nothing_and_is_slowed_down(
    empty_sqlite: Path, tmp_path: Path
) -> None:
    file = shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    async with house_of_many(f"sqlite:///{file}") as house:
        with closing(sqlite3.connect(file)) as kept:
            before = list(kept.iterdump())
            states = []
            for _ in range(30):
                async with _get(house, "/slack/install") as answer:
                    assert answer.status == 302
                    states.append(URL(answer.headers["Location"]).query["state"])
            assert len({*states}) == 30
            old = URL("/slack/oauth_redirect") % {"code": "1.code", "state": states[0]}
            house.clock.move(timedelta(minutes=11))
            statuses = []
            for _ in range(30):
                cookie = {"Cookie": f"slack-app-oauth-state={states[0]}"}
                async with _get(house, str(old), headers=cookie) as answer:
                    statuses.append(answer.status)
            assert (statuses[:20], {*statuses[20:]}) == ([400] * 20, {429})
            assert list(kept.iterdump()) == before
        boss = house.person("UBOSS", "T0A")
        assert (await house.installs(boss.id, "T0A"))[0] == 429, "the same network waits"


async def test_who_installs_it_once_more_is_no_admin_by_that(database_url: str) -> None:
    async with house_of_many(database_url) as house:
        await ready(house, "T0A")
        curious = house.person("UCURIOUS", "T0A")
        assert (await house.installs(curious.id, "T0A"))[0] == 200
        known = await house.known(curious.id, "T0A")
        assert known is not None
        assert Role.ADMIN not in known.roles


async def test_a_status_is_permitted_where_the_whole_organisation_has_it(database_url: str) -> None:
    async with house_of_many(database_url) as house:
        _, agent = await ready(house, "T0C", whole=True)
        status, page = await house.slack.visit(await link_of(agent), agent.id, team="T0Z")
        assert (status, "another workspace" in page) == (403, True)
        status, page = await house.slack.visit(await link_of(agent), agent.id, team="T0C")
        assert (status, "Thank you" in page) == (200, True)


async def test_slack_fails_while_it_is_installed(database_url: str) -> None:
    async with house_of_many(database_url) as house:
        boss = house.person("UBOSS", "T0A")
        house.slack.fail_next("oauth.v2.access", "500")
        status, page = await house.installs(boss.id, "T0A")
        assert (status >= 400, "again in a minute" in page or "begin anew" in page) == (True, True)
        assert (await house.installs(boss.id, "T0A"))[0] == 200


def _get(house: WorkspacesHouse, path: str, **also: Any):  # type: ignore[no-untyped-def] # aiohttp's own
    assert house.slack.session is not None
    return house.slack.session.get(house.address + path, allow_redirects=False, **also)


def _rows(work: SqlWork) -> list[object]:
    """Every row of the tables that know of Slack's workspaces."""
    tables = ("slack_installations", "people", "addresses", "cases", "outbox", "break_plans")
    return [
        row for name in tables for row in work.connection.execute(select(metadata.tables[name]))
    ]
