"""A whole Plecs in a Slack of tests: the real engine, delivery and timers at work, the real server
and Bolt in front. The clock runs, and can be moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from bot.app import Engine, engine
from bot.callers import KeyedPseudonyms
from bot.contacts import Contacts
from bot.local.clock import MovableClock
from bot.server import application
from bot.slack.api import slack_client, slack_session
from bot.slack.clients import OneWorkspace
from bot.slack.listen import SlackListener
from bot.slack.permission import PermissionPages
from bot.slack.send import SlackPlatform
from bot.slack.statuses import PermissionLinks, SlackStatuses
from handlers.kit.people import Address, Person, Profile, Role
from handlers.routes import ROUTES
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.fakes.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    TEAM,
    FakeSlack,
    SlackMessage,
    SlackUser,
    User,
    buttons,
    fake_slack,
    words,
)
from tests.patience import LIMIT
from tests.short_lived import lives_as_long_as_a_story
from tests.webhooks import SECRET
from tests.world import PaperModel


@dataclass(frozen=True, slots=True)
class SlackHouse:
    """Plecs, the Slack it serves, and the clock of the story."""

    slack: FakeSlack
    engine: Engine
    platform: SlackPlatform
    clock: MovableClock
    model: PaperModel

    async def person(
        self,
        user: str,
        name: str,
        *roles: Role,
        locale: str = "en",
        topics: tuple[str, ...] = (),
        extension: str = "",
    ) -> SlackUser:
        """Somebody in Slack who used Plecs before."""
        there = self.slack.add(User(user, name))
        address = Address("slack", TEAM, user)

        def add(work: SqlWork) -> None:
            workspace = work.workspaces.of(address)
            profile = Profile(address, name, locale, "Europe/Riga")
            known = work.people.add(workspace, profile, frozenset(roles))
            work.people.save(replace(known, topics=topics, extension=extension))

        await self.engine.database.run(add)
        return there

    async def known(self, user: str) -> Person:
        """The person as kept now."""
        address = Address("slack", TEAM, user)
        person = await self.engine.database.read(lambda work: work.people.at(address))
        assert person is not None
        return person

    async def later(self, **time: float) -> None:
        """Lets time pass, and does all that is due then. What is being sent arrived before."""
        await self.settle()
        self.clock.move(timedelta(**time))
        await self.settle()

    async def settle(self) -> None:
        await self.engine.timers.tick()
        while await self.engine.delivery.drain() or await self.engine.statuses.drain():
            await self.engine.timers.tick()

    async def sees(self, who: SlackUser, text: str) -> None:
        """Waits until the newest message that the person sees says the text."""
        await self.slack.until(lambda: who.messages and text in shown(who)[-1])


@asynccontextmanager
async def house_in_slack(
    database_url: str, *, over_socket: bool = False
) -> AsyncIterator[SlackHouse]:
    """Plecs over the database (whose tables are there), serving a fake Slack."""
    async with fake_slack() as slack, slack_session() as session:
        clients = OneWorkspace(slack_client(BOT_TOKEN, session, slack.api_url))
        clock, platform, model = MovableClock(), SlackPlatform(clients), PaperModel()
        slack.now = lambda: clock().timestamp()
        lives_as_long_as_a_story(database_url)
        database = Database(database_url, Seal("the secret of this house"))
        links = PermissionLinks("", "the key of this house")
        statuses = SlackStatuses(links, session, slack.api_url)
        made = engine(
            database,
            {"slack": platform},
            clock,
            frozenset({"UADMIN"}),
            statuses={"slack": statuses},
            caller=KeyedPseudonyms("a secret of this house"),
            model=model,
        )
        listener = SlackListener(
            made.desk,
            ROUTES,
            clients,
            signing_secret="" if over_socket else SIGNING_SECRET,
            app_token=APP_TOKEN if over_socket else "",
            answers_within=LIMIT,
        )
        slack.trigger_lives = LIMIT
        pages = PermissionPages(
            made.desk,
            links,
            session,
            api_url=slack.api_url,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )
        contacts = Contacts(made.desk, database, clock, (SECRET,), counts=made.metrics)
        routes = [*listener.routes(), *pages.routes(), *contacts.routes()]
        runner = web.AppRunner(application(routes, made.is_ready, made.figures))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        links.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.address = links.base
        if not over_socket:
            slack.app_url = f"{links.base}/slack/events"
        made.timers.start()
        working = [
            asyncio.create_task(made.delivery.run()),
            asyncio.create_task(made.statuses.run()),
            asyncio.create_task(made.asking.run()),
        ]
        await listener.start()
        try:
            yield SlackHouse(slack, made, platform, clock, model)
        finally:
            await listener.stop()
            await runner.cleanup()
            await made.timers.finish(5)
            made.timers.stop()
            for task in working:
                task.cancel()
            await made.delivery.finish(5)
            await made.statuses.finish(5)
            await made.asking.finish(5)
            await asyncio.to_thread(database.close)


def shown(who: SlackUser) -> list[str]:
    """What each of the person's messages says now, with its buttons in brackets."""
    return [
        " ".join([words(message.blocks), *(f"[{label}]" for label in buttons(message.blocks))])
        for message in who.messages
    ]


def pings(who: SlackUser) -> list[SlackMessage]:
    """The messages that ask the person to come, as they look now."""
    return [message for message in who.messages if "I'm coming" in buttons(message.blocks)]
