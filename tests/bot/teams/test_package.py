"""The Teams app's package: what Microsoft's documentation says of it, and the same commands."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from bot.teams.about import KEPT, TERMS, page, routes
from bot.teams.package import BOUNDARIES, RAISE_A_HAND, SAID, manifest, package, translated
from bot.teams.tab import TabKeys
from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.people import Address
from handlers.routes import ROUTES

APP_ID = "0a1b2c3d-0000-4000-8000-123456789abc"
URL = "https://plecs.example.org"
MADE = manifest(ROUTES, APP_ID, URL, "1.2.3")
TYPED = {route.typed.words["en"]: route.typed for route in ROUTES if route.typed is not None}
PRIVATE = {route.typed.words["en"] for route in ROUTES if route.typed and route.private}
FOR_ALL = {route.typed.words["en"] for route in ROUTES if route.typed and route.role is None}

LIMITS = {
    r"staticTabs\[1\]\.name": 128,
    r"name\.short": 30,
    r"name\.full": 100,
    r"description\.short": 80,
    r"description\.full": 4000,
    r".*(commands|parameters)\[\d+\]\.title": 32,
    r".*(commands|parameters)\[\d+\]\.description": 128,
}


def files() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package(ROUTES, APP_ID, URL, "1.2.3")))


def test_what_is_in_it() -> None:
    archive = files()
    assert archive.namelist() == ["manifest.json", "lv.json", "color.png", "outline.png"]
    assert json.loads(archive.read("manifest.json")) == MADE
    assert json.loads(archive.read("lv.json")) == translated(ROUTES, "lv")


def test_the_same_commands_make_the_same_bytes() -> None:
    assert package(ROUTES, APP_ID, URL, "1.2.3") == package(ROUTES, APP_ID, URL, "1.2.3")


def test_the_pictures() -> None:
    archive = files()
    color = Image.open(io.BytesIO(archive.read("color.png")))
    assert color.size == (192, 192)
    assert color.getchannel("A").getextrema() == (255, 255)
    outline = Image.open(io.BytesIO(archive.read("outline.png")))
    assert outline.size == (32, 32)
    assert [outline.getchannel(one).getextrema() for one in "RGB"] == [(255, 255)] * 3
    assert outline.getchannel("A").getextrema() == (0, 255)


def test_it_is_this_bot_at_this_address() -> None:
    [bot], [extension] = MADE["bots"], MADE["composeExtensions"]
    assert {MADE["id"], bot["botId"], extension["botId"]} == {APP_ID}
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert MADE["validDomains"] == ["plecs.example.org"]
    assert MADE["developer"] == {
        "name": "Plecs",
        "websiteUrl": f"{URL}/about",
        "privacyUrl": f"{URL}/about#kept",
        "termsOfUseUrl": f"{URL}/about#terms",
    }
    assert (MADE["manifestVersion"], MADE["version"]) == ("1.19", "1.2.3")
    assert "/teams/v1.19/" in MADE["$schema"]


def test_its_commands_are_those_that_are_typed() -> None:
    personal, group = MADE["bots"][0]["commandLists"]
    offered = [command["title"] for command in personal["commands"]]
    assert (personal["scopes"], group["scopes"]) == (["personal"], ["team", "groupChat"])
    assert offered[0] == "hand"
    assert offered[-1] == "help"
    assert len(offered) == len(set(offered)) == 10
    assert set(offered) <= FOR_ALL
    # What has a command of its own in Slack, in the order people see; the help knows the rest.
    assert (
        offered[:-1] == [word for word in TYPED if word in FOR_ALL and TYPED[word].own_command][:9]
    )
    told = [command["title"] for command in group["commands"]]
    assert told == [word for word in offered if word not in PRIVATE]
    assert "vent" in set(offered) - set(told)


def test_raising_a_hand_is_an_action_of_the_message_box() -> None:
    action, _ = MADE["composeExtensions"][0]["commands"]
    assert action == {
        "id": RAISE_A_HAND,
        "type": "action",
        "context": ["compose", "commandBox", "message"],
        "title": "Raise a hand",
        "description": "Ask a colleague to come",
        "fetchTask": True,
    }
    assert [route.name for route in ROUTES if route.name == RAISE_A_HAND] == [RAISE_A_HAND]


def test_the_boundaries_are_searched_from_the_message_box() -> None:
    _, search = MADE["composeExtensions"][0]["commands"]
    assert (search["id"], search["type"]) == (BOUNDARIES, "query")
    assert [one["name"] for one in search["parameters"]] == [SAID]
    [route] = [route for route in ROUTES if route.name == BOUNDARIES]
    assert route.reads
    assert not route.private


def test_the_chat_is_its_first_tab_and_the_page_the_second() -> None:
    chat, page, about = MADE["staticTabs"]
    assert (chat["entityId"], about["entityId"]) == ("conversations", "about")
    assert page["contentUrl"] == f"{URL}/teams/tab?in={{page.subPageId}}"
    link = TabKeys(APP_ID, URL, lambda: datetime.now(UTC), "s").link(Address("teams", "t", "u"))
    assert link.startswith(f"https://teams.microsoft.com/l/entity/{APP_ID}/{page['entityId']}?")


def test_graph_knows_it_for_the_bot() -> None:
    """Without this Microsoft refuses what an app may do in a chat that it is in."""
    resource = f"api://plecs.example.org/botid-{APP_ID}"
    assert MADE["webApplicationInfo"] == {"id": APP_ID, "resource": resource}


def test_every_text_is_there_in_latvian_and_short_enough() -> None:
    english = dict(texts(MADE))
    latvian = translated(ROUTES, "lv")
    assert latvian.keys() == english.keys() - {"name.short"}
    assert latvian["bots[0].commandLists[0].commands[0].title"] == "roka"
    for there in (english, latvian):
        for where, text in there.items():
            [limit] = [limit for name, limit in LIMITS.items() if re.fullmatch(name, where)]
            assert 0 < len(text) <= limit, where
    assert {where for where in latvian if latvian[where] == english[where]} == set()


def texts(made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said to people, by where it stands."""
    for name in ("name", "description"):
        for length, text in made[name].items():
            yield f"{name}.{length}", text
    yield "staticTabs[1].name", made["staticTabs"][1]["name"]
    lists = [
        (f"bots[0].commandLists[{number}]", one["commands"])
        for number, one in enumerate(made["bots"][0]["commandLists"])
    ]
    for where, commands in [
        *lists,
        ("composeExtensions[0]", made["composeExtensions"][0]["commands"]),
    ]:
        for place, command in enumerate(commands):
            for name in ("title", "description"):
                yield f"{where}.commands[{place}].{name}", command[name]
                for number, one in enumerate(command.get("parameters", ())):
                    yield f"{where}.commands[{place}].parameters[{number}].{name}", one[name]


def test_a_word_that_is_too_long_is_refused() -> None:
    def never(_command: Command, _ctx: object) -> Reply:
        raise AssertionError("nothing is run")

    words = {"en": "x" * 33, "lv": "x"}
    routes = (Route("long", never, typed=Typed(words, "Long")), *ROUTES)
    with pytest.raises(ValueError, match="longer than the 32"):
        manifest(routes, APP_ID, URL, "1.2.3")


async def test_the_page_about_it_is_where_the_manifest_says() -> None:
    app = web.Application()
    app.add_routes(routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(MADE["developer"]["websiteUrl"].removeprefix(URL))
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert await answer.text() == page()


def test_the_page_about_it_has_what_the_manifest_points_to() -> None:
    assert re.findall(r'id="(\w+)"', page()) == [KEPT, TERMS]
    assert re.findall(r'<section lang="(\w+)">', page()) == ["lv", "en"]
    assert "mēnešus" in page()
