"""Ids that nobody has, sent over each platform's own HTTP, signed as it signs: in every value of
every form and button, in pickers of people, as mentions behind every word, and in what other
systems post. Nobody comes of them, and nothing falls."""

import asyncio
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp.test_utils import TestServer

from bot.contacts import Contacts
from bot.learning_posts import LearningPosts
from bot.server import application
from handlers.calls.model import Calls
from handlers.kit.people import Role
from handlers.routes import ROUTES
from tests import webhooks
from tests.e2e.served import Served
from tests.e2e.slack_house import SlackHouse
from tests.e2e.teams_house import house_in_teams
from tests.fakes.slack import TEAM
from tests.stories.test_matrix import NAMES
from tests.webhooks import SECRET
from tests.world import open_world

Json = dict[str, Any]

GHOSTS = ("UGHOST1", "UGHOST2")
GUIDS = ("9e1d2f64-0000-4000-8000-00000000dead", "29:ghost")
ALL_ROLES = (Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR)
WORDS = [
    *(word for route in ROUTES if route.typed for word in route.typed.words.values()),
    *(
        f"{route.behind.command} {word}"
        for route in ROUTES
        if route.behind
        for word in route.behind.words.values()
    ),
]
AT_ONCE = 8


def known(file: Path) -> list[tuple[str]]:
    """Everybody who is kept, and where they are."""
    with closing(sqlite3.connect(file)) as there:
        everybody = there.execute("SELECT id FROM people ORDER BY id").fetchall()
        return everybody + there.execute("SELECT user FROM addresses ORDER BY user").fetchall()


async def sent(send: Callable[[Json], Awaitable[int]], shots: Iterable[Json]) -> Counter[int]:
    """What each was answered with."""
    left, statuses = iter(shots), Counter[int]()

    async def one_after_the_other() -> None:
        for shot in left:
            statuses[await send(shot)] += 1

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return statuses


def over_slack() -> Iterator[Json]:
    """Forms, buttons, pickers and words, as Slack posts them."""
    person = {"team": {"id": TEAM}, "user": {"id": "U1", "team_id": TEAM}, "trigger_id": "1.2"}
    container = {"channel_id": "D1", "message_ts": "1.1", "is_ephemeral": True}
    value = json.dumps(dict.fromkeys(NAMES, GHOSTS[0]))
    fields: tuple[Json, ...] = (
        {"type": "multi_users_select", "selected_users": [*GHOSTS]},
        {"type": "users_select", "selected_user": GHOSTS[0]},
        {"type": "plain_text_input", "value": f"<@{GHOSTS[1]}>"},
    )
    for number, route in enumerate(ROUTES):
        for field in (fields[0], fields[1 + number % 2]):
            state = {"values": {name: {name: field} for name in NAMES}}
            view = {
                "id": "V1",
                "type": "modal",
                "callback_id": route.name,
                "private_metadata": value,
                "state": state,
            }
            yield {"payload": json.dumps({**person, "type": "view_submission", "view": view})}
        element = ({"type": "button", "value": value}, *fields)[number % 3]
        action = {**element, "action_id": route.name, "block_id": "b"}
        pressed = {"type": "block_actions", "container": container, "actions": [action]}
        yield {"payload": json.dumps({**person, **pressed})}
    for word in WORDS:
        text = f"{word} <@{GHOSTS[0]}> <@{GHOSTS[1]}|ghost> please"
        command = {"command": "/plecs", "text": text, "team_id": TEAM}
        yield {**command, "user_id": "U1", "trigger_id": "1.2"}


async def test_in_slack(over_http: SlackHouse, tmp_path: Path) -> None:
    await over_http.person("U1", "Anna Liepa", *ALL_ROLES)
    before = known(tmp_path / "plecs.db")

    async def send(form: Json) -> int:
        body = urlencode(form).encode()
        return (await over_http.slack.post(body, "application/x-www-form-urlencoded"))[0]

    statuses = await sent(send, over_slack())
    await over_http.settle()
    assert set(statuses) == {200}
    assert known(tmp_path / "plecs.db") == before


async def test_in_teams(empty_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "teams.db"
    shutil.copy(empty_sqlite, file)
    async with house_in_teams(f"sqlite:///{file}") as house:
        anna = await house.person("anna", "Anna Liepa", *ALL_ROLES)
        await house.person("janis", "Jānis Ozols", topics=("contracts",))
        house.teams.holds_to_pace = False
        before = known(file)

        def shots() -> Iterator[Json]:
            for route in ROUTES:
                data = dict.fromkeys(NAMES, ",".join(GUIDS))
                pressed = {"action": {"verb": route.name, "data": data}}
                yield anna.activity("invoke", name="adaptiveCard/action", value=pressed)
                form = {"data": {"plecs.does": route.name, **data}}
                yield anna.activity("invoke", name="task/submit", value=form)
            for word in WORDS:
                mention = {
                    "type": "mention",
                    "mentioned": {"id": GUIDS[1], "name": "Ghost", "aadObjectId": GUIDS[0]},
                    "text": "<at>Ghost</at>",
                }
                text = f"{word} <at>Ghost</at>"
                yield anna.activity("message", text=text, entities=[mention])

        async def send(activity: Json) -> int:
            return (await house.teams.post(activity))[0]

        statuses = await sent(send, shots())
        await house.settle()
        assert set(statuses) <= {200, 201, 202}
        assert known(file) == before


async def test_in_the_browser(tmp_path: Path) -> None:
    served = await asyncio.to_thread(Served, tmp_path)
    base = served.address.rstrip("/")
    try:
        before = known(tmp_path / "plecs.db")

        def shots() -> Iterator[Json]:
            for number, route in enumerate(ROUTES):
                values = {name: [*GHOSTS] for name in NAMES}
                yield {"delivery": f"form-{number:06}", "does": route.name, "values": values}
            for number, word in enumerate(WORDS):
                yield {"delivery": f"word-{number:06}", "text": f"/plecs {word} @Ghost <@UGHOST1>"}

        async with aiohttp.ClientSession() as session:

            async def send(asked: Json) -> int:
                body = {"person": "anna", "shown": True, **asked}
                async with session.post(f"{base}/local/ask", json=body) as answer:
                    return answer.status

            statuses = await sent(send, shots())
        assert set(statuses) <= {200, 204}
        assert known(tmp_path / "plecs.db") == before
    finally:
        await asyncio.to_thread(served.stop)


async def test_in_what_other_systems_post(empty_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "posts.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as world:
        anna, engine = await world.person("Anna", extension="214"), world.engine
        secret = await engine.database.run(
            lambda work: work.of(Calls).renew(anna.workspace, world.now)
        )
        contacts = Contacts(
            engine.desk, engine.database, lambda: world.now, (SECRET,), counts=engine.metrics
        )
        learning = LearningPosts(engine.database, engine.services, lambda: world.now, (SECRET,))
        routes = [*contacts.routes(), *learning.routes()]
        before = known(file)
        async with (
            TestServer(application(routes, engine.is_ready, engine.figures)) as server,
            aiohttp.ClientSession() as session,
        ):
            base = str(server.make_url("")).rstrip("/")

            async def signed(path: str, told: Json) -> int:
                body = json.dumps(told).encode()
                headers = webhooks.signed(body)
                async with session.post(base + path, data=body, headers=headers) as answer:
                    return answer.status

            for ghost in (*GHOSTS, *GUIDS, "999", "ghost@plecs.example", "p" * 32):
                call = {"type": "call.answered", "call": f"c {ghost}", "agent": ghost}
                told = {**call, "from": "+37120000001", "at": world.now.isoformat()}
                assert await signed("/api/contacts", told) < 500
                done = {"type": "course.completed", "person": ghost, "course": "voice"}
                assert await signed("/api/learning", done) == 202
                zammad = {
                    "event": "answer",
                    "direction": "in",
                    "from": "+37120000001",
                    "callId": f"z {ghost}",
                    "answeringNumber": ghost,
                    "user": [ghost],
                }
                async with session.post(f"{base}/api/cti/{secret}", json=zammad) as answer:
                    assert answer.status < 500
        await world.settle()
        assert known(file) == before
