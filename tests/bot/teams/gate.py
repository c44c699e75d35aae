"""Plecs' door with a desk of ours behind it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from bot.server import LARGEST_BODY
from bot.teams.connector import Connector
from bot.teams.door import Door
from bot.teams.listen import TeamsListener
from bot.teams.send import TeamsPlatform
from bot.teams.tokens import Tokens
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.people import Address, Person
from handlers.kit.reading import refilled
from handlers.router import Answered
from storage.teams import Reference
from tests.fakes.graph import graph_routes
from tests.fakes.teams import APP_ID, PASSWORD, TENANT, FakeTeams, TeamsUser, fake_teams
from tests.patience import LIMIT

YES = Card(("Yes",))

LIGA = Person("p1", "teams-t1", "Līga", (), extension="214")
"""Whoever may be phoned."""


@dataclass
class TeamsDeskOfTests:
    """Answers everything with `reply`, once it may (`slow`)."""

    asked: list[Command] = field(default_factory=list)
    reply: Reply = YES
    slow: asyncio.Event | None = None

    async def stood(self, key: str, by: Address, ref: str) -> None:
        raise AssertionError("nothing here goes on changing")

    async def meet(self, address: Address) -> None:
        """Whoever has the app is known."""

    async def reader(self, address: Address) -> Reader:
        return Reader("en", "UTC")

    async def is_first_use(self, platform: str, number: str) -> bool:
        return True

    def phoned(self, command: Command) -> Sequence[Person] | None:
        asks_for_somebody = command.name == "hand.raise" or command.text.startswith("hand")
        return (LIGA,) if asks_for_somebody else None

    async def ask(self, command: Command) -> Answered:
        self.asked.append(command)
        if self.slow is not None:
            await self.slow.wait()
        if "broken" in (command.name, command.text):
            raise RuntimeError("the words somebody wrote")
        reply = self.reply
        if isinstance(reply, Form) and reply.errors:  # as the router does
            known = [replace(command.by, user=user) for user in command.many("who")]
            reply = refilled(reply, command, known)
        return Answered(reply, Reader("en", "UTC"))

    async def shown(self, by: Address, key: str) -> Answered | None:
        return None


@dataclass
class NothingKept:
    """Keeps nothing, and at times can't."""

    broken: bool = False

    async def get(self, address: Address) -> Reference | None:
        return None

    async def put(self, address: Address, reference: Reference, at: Any = None) -> None:
        if self.broken:
            raise RuntimeError("no database")

    async def gone(self, address: Address, at: Any = None) -> None:
        """Nobody asks for it."""

    async def chat(self, of: Sequence[Address]) -> str | None:
        return None

    async def opened(self, of: Sequence[Address], chat: str) -> str:
        return chat

    async def closed(self, of: Sequence[Address]) -> None:
        """Nobody asks for it."""

    async def team(self, address: Address) -> list[tuple[str, str]]:
        return []


@dataclass
class Gate:
    teams: FakeTeams
    desk: TeamsDeskOfTests
    anna: TeamsUser
    listener: TeamsListener
    kept: NothingKept

    async def presses(self, name: str, data: dict[str, str]) -> dict[str, Any]:
        """Presses a button of a reply; answers the body."""
        value = {"action": {"verb": name, "data": {**data, "plecs.reply": "1"}}}
        return await self.teams.deliver(
            self.anna.activity("invoke", name="adaptiveCard/action", value=value)
        )

    async def status(self, header: str | None = None, **also: Any) -> int:
        """The status of a pressed button's request."""
        value = {"action": {"verb": "help", "data": {"plecs.reply": "1"}}}
        activity = self.anna.activity("invoke", name="adaptiveCard/action", value=value)
        status, _ = await self.teams.post({**activity, **also}, header=header)
        return status


@asynccontextmanager
async def open_gate(
    *, insecure_local: bool = False, answers_within: float = LIMIT
) -> AsyncIterator[Gate]:
    async with fake_teams(graph_routes) as teams:
        assert teams.session is not None
        desk, kept = TeamsDeskOfTests(), NothingKept()
        tokens = Tokens(teams.session, APP_ID, PASSWORD, TENANT, login_url=f"{teams.url}/login")
        connector = Connector(teams.session, tokens, APP_ID)
        listener = TeamsListener(
            desk,
            (),
            Door("" if insecure_local else APP_ID, PASSWORD, TENANT, teams.open_id_url),
            connector,
            platform=TeamsPlatform(connector, kept),
            references=kept,
            tenants=() if insecure_local else (TENANT,),
            insecure_local=insecure_local,
            answers_within=answers_within,
        )
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(listener.routes())
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/teams/messages"
        yield Gate(teams, desk, teams.add("anna", "Anna"), listener, kept)
        await listener.stop()
        await runner.cleanup()
