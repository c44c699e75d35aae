"""A whole Plecs in a Teams of tests: the real engine, delivery and timers at work, the real server
and botbuilder in front. The clock runs, and can be moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.app import Engine, engine
from bot.local.clock import MovableClock
from bot.local.paint import html
from bot.server import application
from bot.settings import Settings
from bot.teams.front import Microsoft, TeamsFront
from bot.teams.tab import TabLook
from handlers.kit.people import Address, Person, Profile, Role
from storage.database import Database
from storage.sealed import Seal
from storage.teams import Reference
from storage.work import SqlWork
from tests.fakes.graph import graph_routes
from tests.fakes.teams import (
    APP_ID,
    BOT,
    PASSWORD,
    TENANT,
    FakeTeams,
    TeamsUser,
    fake_teams,
)
from tests.patience import LIMIT
from tests.short_lived import lives_as_long_as_a_story

LOOK = TabLook(html, "")
SECRET = "the secret of these tests is long enough to seal"


@dataclass(frozen=True, slots=True)
class TeamsHouse:
    """Plecs, the Teams it serves, and the clock of the story."""

    teams: FakeTeams
    engine: Engine
    front: TeamsFront
    clock: MovableClock

    async def person(
        self,
        user: str,
        name: str,
        *roles: Role,
        locale: str = "en",
        topics: tuple[str, ...] = (),
        **also: Any,
    ) -> TeamsUser:
        """Somebody in Teams who used Plecs before."""
        there = self.teams.add(user, name, locale="lv-LV" if locale == "lv" else "en-US", **also)
        address = Address("teams", TENANT, user)
        reference = Reference(self.teams.service_url, there.chat, there.id, BOT)

        def add(work: SqlWork) -> None:
            workspace = work.workspaces.of(address)
            profile = Profile(address, name, locale, "Europe/Riga")
            known = work.people.add(workspace, profile, frozenset(roles))
            work.people.save(replace(known, topics=topics))
            if self.teams.conversations[there.chat].installed:
                work.teams.put(address, reference, self.clock())

        await self.engine.database.run(add)
        return there

    async def known(self, user: str) -> Person | None:
        """The person as kept now."""
        address = Address("teams", TENANT, user)
        return await self.engine.database.read(lambda work: work.people.at(address))

    async def reference(self, user: str) -> Reference | None:
        address = Address("teams", TENANT, user)
        return await self.engine.database.read(lambda work: work.teams.reference(address))

    async def is_sent(self, key: str) -> bool:
        """Whether it is written down that the notice under this key was sent."""
        notice = await self.engine.database.read(lambda work: work.outbox.kept(key))
        return notice is not None and notice.sent

    async def later(self, **time: float) -> None:
        """Lets time pass, and does all that is due then. What is being sent arrived before."""
        await self.settle()
        self.clock.move(timedelta(**time))
        await self.settle()

    async def settle(self) -> None:
        await self.engine.timers.tick()
        while await self.engine.delivery.drain():
            await self.engine.timers.tick()

    async def sees(self, who: TeamsUser, text: str) -> None:
        """Waits until one of the messages in the person's chat says the text."""
        await self.teams.until(lambda: any(text in one for one in who.sees))


@asynccontextmanager
async def house_in_teams(database_url: str) -> AsyncIterator[TeamsHouse]:
    """Plecs over the database (whose tables are there), serving a fake Teams."""
    async with fake_teams(graph_routes) as teams:
        settings = Settings(
            _env_file=None,
            teams_app_id=APP_ID,
            teams_app_password=PASSWORD,
            teams_tenant_id=TENANT,
            secret_key=SecretStr(SECRET),
        )
        lives_as_long_as_a_story(database_url)
        clock, database = MovableClock(), Database(database_url, Seal(SECRET))
        teams.clock = lambda: clock().timestamp()
        microsoft = Microsoft(
            f"{teams.url}/login", teams.open_id_url, teams.service_url, f"{teams.url}/graph"
        )
        front = TeamsFront(
            settings,
            database,
            lambda _: None,
            look=LOOK,
            clock=clock,
            microsoft=microsoft,
            answers_within=LIMIT,
        )
        made = engine(database, front.platforms, clock, frozenset({"admin"}))
        front.open(made.desk)
        runner = web.AppRunner(application(front.routes(), made.is_ready, made.figures))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/teams/messages"
        made.timers.start()
        delivering = asyncio.create_task(made.delivery.run())
        try:
            yield TeamsHouse(teams, made, front, clock)
        finally:
            await runner.cleanup()
            await made.timers.finish(5)
            made.timers.stop()
            delivering.cancel()
            await made.delivery.finish(5)
            await front.stop()
            await asyncio.to_thread(database.close)
