"""Plecs' door to Slack with a desk of ours behind it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import slack_client, slack_session
from bot.slack.clients import OneWorkspace
from bot.slack.listen import SlackListener
from bot.slack.send import SlackPlatform
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Form,
    Option,
    Paragraph,
    PeopleField,
    Reply,
    TextField,
    TimeField,
)
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.delivery import Reader
from handlers.kit.facts import Fact, StatusPermissionsEnded
from handlers.kit.people import Address, Person, Profile
from handlers.router import Answered
from tests.fakes.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAM,
    FakeSlack,
    SlackUser,
    User,
    fake_slack,
    shipped_manifest,
)
from tests.patience import LIMIT

READER = Reader("en", "Europe/Riga")
ANNA = Address("slack", TEAM, "U1")
FORM = "application/x-www-form-urlencoded"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(slots=True)
class SlackDeskOfTests:
    """Answers each route with what the test laid down, and remembers what it was asked."""

    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Command] = field(default_factory=list)
    learnt: list[Profile] = field(default_factory=list)
    trouble: Exception = field(default_factory=lambda: RuntimeError("the words somebody wrote"))
    gate: asyncio.Event | None = None
    slow: asyncio.Event | None = None
    told: asyncio.Event = field(default_factory=asyncio.Event)
    quiet_are_over: tuple[Address, ...] = (ANNA,)
    quiets: list[tuple[Address, datetime | None, datetime | None, datetime]] = field(
        default_factory=list
    )
    gone: list[tuple[str, Sequence[str] | None]] = field(default_factory=list)
    not_changed_keys: list[str] = field(default_factory=list)

    def phoned(self, command: Command) -> Sequence[Person] | None:
        return None

    async def ask(self, command: Command) -> Answered:
        if self.slow is not None:
            await self.slow.wait()
        if command.name == "breaks":
            raise self.trouble
        self.asked.append(command)
        if self.gate is not None and len(self.asked) < 2:
            await self.gate.wait()
        elif self.gate is not None:
            self.gate.set()
        return Answered(self.replies.get(command.name), READER)

    async def not_changed(self, key: str) -> None:
        self.not_changed_keys.append(key)

    async def learn(self, profile: Profile) -> None:
        self.learnt.append(profile)

    def now(self) -> datetime:
        return NOW

    async def quiet(
        self, address: Address, start: datetime | None, end: datetime | None, at: datetime
    ) -> None:
        self.quiets.append((address, start, end, at))
        self.told.set()

    async def quiet_over(
        self, platform: str, limit: int, besides: Collection[str] = ()
    ) -> tuple[Address, ...]:
        return tuple(one for one in self.quiet_are_over if one.workspace not in besides)[:limit]

    async def tell(self, fact: Fact) -> None:
        assert isinstance(fact, StatusPermissionsEnded)
        self.gone.append((fact.workspace, fact.users))


class ClientsOfTests(OneWorkspace):
    """Answers with the workspace's client; when the gate is open, and where nothing is wrong."""

    gate: asyncio.Event | None = None
    trouble: Exception | None = None

    async def of(self, workspace: str, *, urgent: bool = False) -> AsyncWebClient:
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        return await super().of(workspace, urgent=urgent)


@dataclass(frozen=True, slots=True)
class SlackDoor:
    slack: FakeSlack
    desk: SlackDeskOfTests
    clients: ClientsOfTests
    anna: SlackUser
    listener: SlackListener
    platform: SlackPlatform

    def takes_long(self) -> None:
        """The desk answers none of what follows in the time that Slack gives."""
        self.desk.slow, self.listener.answers_within = asyncio.Event(), 0.0

    def answers(self) -> None:
        """Now it does."""
        assert self.desk.slow is not None
        self.desk.slow.set()
        self.listener.answers_within = LIMIT

    @property
    def asked(self) -> list[Command]:
        """What was asked, without the platform's ids."""
        return [
            replace(command, delivery="", on=None, answer_at=None) for command in self.desk.asked
        ]


ROUTES = tuple(
    Route(name, lambda *_: None, typed=Typed({"en": word}, help=""))
    for name, word in (("hand", "hand"), ("breaks", "breaks"))
)
MANIFEST = deepcopy(shipped_manifest())
"""As people have it who put a word of theirs before each command, and two more."""
MANIFEST["features"]["slash_commands"] += [
    {**one, "command": f"/acme-{one['command'][1:]}"}
    for one in MANIFEST["features"]["slash_commands"]
] + [{"command": name, "should_escape": False} for name in ("/breaks", "/unknown")]

HAND = Card(
    ("Your hand is up",),
    (Paragraph(("Hold on",)), Buttons((Button(("Cancel",), "hand.cancel", {"case": "c1"}),))),
)
ASKS = Form(
    ("Raise a hand",),
    "hand.raise",
    ("Raise",),
    (
        TextField("line", ("Line",), required=False),
        ChoiceField("mode", ("How",), (Option("tip", ("Tip",)), Option("join", ("Join",)))),
        ChoiceField("topics", ("Topics",), (Option("a", ("A",)), Option("b", ("B",))), most=2),
        DateField("day", ("Day",), "2026-11-24"),
        TimeField("at", ("At",)),
        PeopleField("who", ("Who",), required=False, most=2),
    ),
    values={"case": "c1"},
)


@asynccontextmanager
async def house_over(transport: str, *troubles: str) -> AsyncIterator[SlackDoor]:
    async with fake_slack(MANIFEST) as slack, slack_session() as session:
        slack.now = NOW.timestamp
        for trouble in troubles:
            slack.fail_next("apps.connections.open", trouble)
        anna = slack.add(User("U1", "Anna Liepa"))
        clients = ClientsOfTests(slack_client(BOT_TOKEN, session, slack.api_url))
        desk = SlackDeskOfTests()
        over_socket = transport == "socket"
        listener = SlackListener(
            desk,
            ROUTES,
            clients,
            signing_secret="" if over_socket else SIGNING_SECRET,
            app_token=APP_TOKEN if over_socket else "",
        )
        app = web.Application(client_max_size=1024 * 1024)
        app.add_routes(listener.routes())
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        if not over_socket:
            slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        await listener.start()
        try:
            yield SlackDoor(slack, desk, clients, anna, listener, SlackPlatform(clients))
        finally:
            await listener.stop()
            await runner.cleanup()
