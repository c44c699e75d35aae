"""The page's HTTP: what is asked becomes commands, answers and cards become events, and nothing
but the page itself gets in."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

import bot.local
from bot.local.clock import MovableClock
from bot.local.listen import Workspace, routes
from bot.local.send import Bell, LocalPlatform
from bot.local.team import TEAM
from bot.local.words import PAGE_WORDS
from handlers.kit.cards import Button, Buttons, Card, Reply
from handlers.kit.commands import AnswerPlace, Command
from handlers.kit.delivery import Reader
from tests.bot.local.fakes import FORM, HOSTILE, NOON, ROUTES, FakeDesk, FakeTeam, MemoryMessages
from tests.patience import LIMIT

READER = Reader("en", "Europe/Riga")
DELIVERY = "11111111-2222"
PAGE = Path(bot.local.__file__).parent / "page"
MODULE = re.compile(r'"(/local/page/\w+\.js)"')
UP = Card(("Your hand is up",), (Buttons((Button(("Cancel",), "hand.cancel"),)),))
REPLIES: dict[str, Reply] = {"hand": UP, "hand.cancel": Card(("Taken down",)), "form": FORM}


class LocalListening:
    """A workspace with small stand-ins behind it, and a client in front."""

    def __init__(self) -> None:
        self.team = FakeTeam()
        self.desk = FakeDesk(self.team, REPLIES)
        self.messages = MemoryMessages()
        self.bell = Bell()
        self.clock = MovableClock()
        self.platform = LocalPlatform(self.messages, self.bell, self.clock)
        app = web.Application()
        app.add_routes(
            routes(Workspace(self.desk, self.team, self.messages, self.clock, self.bell, ROUTES))
        )
        self.client: TestClient[web.Request, web.Application] = TestClient(TestServer(app))

    async def ask(self, **body: object) -> tuple[int, dict[str, Any]]:
        body = {"person": "anna", "delivery": DELIVERY} | body
        answer = await self.client.post("/local/ask", json=body)
        return answer.status, await answer.json()

    async def shown(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Kind, summary and readers of everything in the columns, in order."""
        kept = sorted(await self.messages.newest(100), key=lambda message: message.place)
        return [(message.kind.value, message.summary, message.readers) for message in kept]


@pytest.fixture
async def house() -> AsyncIterator[LocalListening]:
    house = LocalListening()
    async with house.client:
        yield house
        house.bell.close()


async def test_what_is_typed_is_a_word_of_plecs(house: LocalListening) -> None:
    assert await house.ask(text=f"/hand {HOSTILE}") == (200, {"form": None})
    address = TEAM["anna"].address
    command = Command(
        "plecs", address, f"hand {HOSTILE}", delivery=DELIVERY, answer_at=AnswerPlace()
    )
    assert house.desk.asked == [command]
    assert await house.shown() == [
        ("said", f"/hand {HOSTILE}", ("anna",)),
        ("private", "Your hand is up", ("anna",)),
    ]
    said = await house.messages.get(f"said-{DELIVERY}")
    assert said is not None
    assert "<img" not in said.html


async def test_a_telephone_rings_is_answered_and_hung_up(house: LocalListening) -> None:
    async def use(does: str, person: str = "anna") -> tuple[int, Any]:
        body = {"person": person, "does": does, "number": "+371 20 000 001"}
        answer = await house.client.post("/local/telephone", json=body)
        return answer.status, await answer.json()

    assert await use("ring") == (200, {"anna": "rings"})
    assert await use("answer") == (200, {"anna": "talks"})
    assert await use("hang_up") == (200, {})
    anna = house.team.members["anna"]
    assert house.desk.heard == [
        (anna.workspace, kind, (anna.name,)) for kind in ("started", "answered", "ended")
    ]
    assert (await use("sing"))[0] == 400
    assert (await use("ring", "nobody"))[0] == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/vent @Līga he shouted", "/vent …"),
        ("/izrunāties Līga", "/izrunāties …"),
        ("/plecs vent Līga", "/vent …"),
        ("/vent", "/vent"),
    ],
)
async def test_what_is_private_is_not_kept_as_typed(
    house: LocalListening, typed: str, kept: str
) -> None:
    await house.ask(text=typed)
    assert await house.shown() == [("said", kept, ("anna",))]


@pytest.mark.parametrize("typed", ["/plecs hand now", "/Plecs  hand now", "hand now", "/hand now"])
async def test_plecs_may_be_called_by_name_or_not(house: LocalListening, typed: str) -> None:
    await house.ask(text=typed)
    assert [command.text for command in house.desk.asked] == ["hand now"]


async def test_the_same_delivery_twice_is_shown_once(house: LocalListening) -> None:
    await house.ask(text="/hand")
    await house.ask(text="/hand")
    assert [kind for kind, _, _ in await house.shown()] == ["said", "private"]
    assert {command.delivery for command in house.desk.asked} == {DELIVERY}


async def test_what_the_desk_can_not_do_is_said_with_a_number(house: LocalListening) -> None:
    assert await house.ask(text="broken") == (200, {"form": None})
    said = [message.html for message in house.messages.kept.values()][-1]
    assert "Something went wrong here; nothing was changed. Please try again. (Number: " in said
    assert "the words somebody wrote" not in said


async def test_a_button_on_a_private_answer_changes_that_answer(house: LocalListening) -> None:
    await house.ask(text="/hand")
    pressed = f"answer-{DELIVERY}"
    await house.ask(does="hand.cancel", values={}, message=pressed, delivery="another-1")
    assert await house.shown() == [
        ("said", "/hand", ("anna",)),
        ("private", "Taken down", ("anna",)),
    ]


async def test_a_button_on_a_sent_card_is_answered_under_it(house: LocalListening) -> None:
    sent = await house.platform.send([TEAM["anna"].address], UP, READER, None, "key")
    await house.ask(does="hand.cancel", message=getattr(sent, "ref", ""))
    assert await house.shown() == [
        ("sent", "Your hand is up", ("anna",)),
        ("private", "Taken down", ("anna",)),
    ]


async def test_nobody_changes_anothers_private_answer(house: LocalListening) -> None:
    await house.ask(text="/hand")
    await house.ask(
        person="liga", does="hand.cancel", message=f"answer-{DELIVERY}", delivery="another-1"
    )
    assert await house.shown() == [
        ("said", "/hand", ("anna",)),
        ("private", "Your hand is up", ("anna",)),
        ("private", "Taken down", ("liga",)),
    ]


async def test_a_form_comes_back_as_html_and_its_values_as_a_command(house: LocalListening) -> None:
    status, answer = await house.ask(text="/form")
    assert status == 200
    assert answer["form"].startswith('<form data-does="hand"')
    await house.ask(does="hand", values={"line": "x", "topics": ["bills"]}, delivery="another-1")
    assert house.desk.asked[-1] == Command(
        "hand",
        TEAM["anna"].address,
        values={"line": "x", "topics": ("bills",)},
        delivery="another-1",
        answer_at=AnswerPlace(),
    )


async def test_a_card_sent_again_by_its_ref_or_its_key_is_changed_in_place(
    house: LocalListening,
) -> None:
    to = [TEAM["anna"].address, TEAM["liga"].address]
    first = await house.platform.send(to, UP, READER, None, "hand.room:1.1:a+l")
    again = await house.platform.send(to, UP, READER, None, "hand.room:1.1:a+l")
    ref = getattr(first, "ref", None)
    await house.platform.send(to, Card(("Solved",)), READER, ref, "hand.room:1.1:a+l")
    assert first == again
    assert await house.shown() == [("sent", "Solved", ("anna", "liga"))]


async def test_what_several_see_is_as_it_is_where_nobody_writes_below_it(
    house: LocalListening,
) -> None:
    anna, liga = TEAM["anna"].address, TEAM["liga"].address
    card = Card(("Talk in the thread",), apart=Card(("Talk elsewhere",)))
    for to in ([anna, liga], [anna]):
        await house.platform.send(to, card, READER, None, f"vent.room:{len(to)}")
    both, alone = sorted(await house.messages.newest(2), key=lambda message: message.place)
    assert ("Talk elsewhere" in both.html, "Talk in the thread" in both.html) == (True, False)
    assert "Talk in the thread" in alone.html


async def test_a_card_for_nobody_here_is_rejected(house: LocalListening) -> None:
    stranger = TEAM["anna"].address.__class__("local", "demo", "nobody")
    result = await house.platform.send([stranger], UP, READER, None, "key")
    assert getattr(result, "reason", "") == "no such user: nobody"
    assert await house.platform.profile(stranger) is None


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"person": "nobody"}, 404, "There is nobody by this name here."),
        ({"person": 7}, 400, "person: a string, please."),
        ({"delivery": None}, 400, "delivery: a string, please."),
        ({"delivery": "x"}, 400, "delivery: 8 to 64 letters, digits and dashes."),
        ({"delivery": "<script>x</script>"}, 400, "delivery: 8 to 64 letters, digits and dashes."),
        ({}, 400, "does: a string, please."),
        ({"text": ["/hand"]}, 400, "text: a string, please."),
        ({"does": "x", "values": []}, 400, "values: an object, please."),
        (
            {"does": "x", "values": {"a": 1}},
            400,
            "values.a: a string or a list of strings, please.",
        ),
        (
            {"does": "x", "values": {"a": [None]}},
            400,
            "values.a: a string or a list of strings, please.",
        ),
    ],
)
async def test_what_makes_no_sense_is_answered_briefly_and_does_nothing(
    house: LocalListening, body: dict[str, object], status: int, error: str
) -> None:
    assert await house.ask(**body) == (status, {"error": error})
    assert (house.desk.asked, await house.shown()) == ([], [])


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"{", 400, "This is not JSON."),
        (b"\xff\xfe", 400, "This is not JSON."),
        (rb'{"text": "\ud800"}', 400, "This is not JSON."),
        (b"[" * 50_000, 400, "This is not JSON."),
        (b"[]", 400, "Send a JSON object."),
        (b'"' + b"x" * 70_000 + b'"', 413, "At most 65536 bytes at once."),
    ],
)
async def test_bodies_that_are_no_question(
    house: LocalListening, content: bytes, status: int, error: str
) -> None:
    answer = await house.client.post(
        "/local/ask", data=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status, await answer.json()) == (status, {"error": error})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_other_sites_forms_cannot_speak_json(house: LocalListening, kind: str) -> None:
    answer = await house.client.post("/local/ask", data=b"{}", headers={"Content-Type": kind})
    assert (answer.status, await answer.json()) == (
        415,
        {"error": "Send JSON, as application/json."},
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8080"},
        {"Host": "192.168.0.7:8080"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/local/page/main.js",
        "/local/state",
        "/local/events",
        "POST /local/ask",
        "POST /local/clock",
        "POST /local/again",
    ],
)
async def test_only_its_own_page_gets_in(
    house: LocalListening, headers: dict[str, str], path: str
) -> None:
    method, _, url = path.rpartition(" ")
    answer = await house.client.request(method or "GET", url, headers=headers, json={})
    assert answer.status == 403
    assert list(await answer.json()) == ["error"]


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:1", "[::1]:8080", "LOCALHOST"])
async def test_this_machines_names_are_welcome(house: LocalListening, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    answer = await house.client.get("/local/state", headers=headers)
    assert answer.status == 200


async def test_the_pages_files_allow_nothing_from_elsewhere(house: LocalListening) -> None:
    for path, kind in [
        ("/", "text/html"),
        ("/local/page.css", "text/css"),
        ("/local/page/main.js", "text/javascript"),
        ("/local/icon.svg", "image/svg+xml"),
    ]:
        answer = await house.client.get(path)
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, kind)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "https://" not in text
        assert " style=" not in text
        assert " onclick=" not in text


async def test_the_page_names_every_module_and_what_they_import_is_there(
    house: LocalListening,
) -> None:
    modules = MODULE.findall(await (await house.client.get("/")).text())
    there = sorted(file.name for file in PAGE.glob("*.js"))
    assert sorted(modules) == [f"/local/page/{name}" for name in there]
    for url in modules:
        answer = await house.client.get(url)
        assert (answer.status, answer.content_type) == (200, "text/javascript")
        imported = re.findall(r'^import .*"\./(.+\.js)";$', await answer.text(), re.MULTILINE)
        assert set(imported) <= set(there)


async def test_a_file_is_fetched_anew_only_when_it_is_another_one(house: LocalListening) -> None:
    first = await house.client.get("/local/page/main.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await house.client.get(
        "/local/page/main.js", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status, await again.read()) == (304, b"")
    other = await house.client.get("/local/page/main.js", headers={"If-None-Match": '"another"'})
    assert (other.status, await other.read()) == (200, await first.read())
    state = await house.client.get("/local/state")
    assert state.headers["Cache-Control"] == "no-store"


async def test_the_state_has_words_people_and_what_each_may_type(house: LocalListening) -> None:
    await house.ask(text="/hand")
    state = await (await house.client.get("/local/state")).json()
    assert set(state["words"]["lv"]) == set(PAGE_WORDS)
    assert state["words"]["lv"]["With {names}"] == "Kopīga sarakste: {names}"
    people = {person["user"]: person for person in state["people"]}
    assert people["janis"]["topics"] == ["līgumi"]
    assert [command["word"] for command in people["janis"]["commands"]] == [
        "roka", "politika", "temas", "sakums",
    ]  # fmt: skip
    assert [command["word"] for command in people["mara"]["commands"]] == [
        "hand", "policy", "topics", "home", "settings",
    ]  # fmt: skip
    assert [message["kind"] for message in state["messages"]] == ["said", "private"]
    assert state["version"] == 2


async def test_every_word_of_the_page_is_translated(house: LocalListening) -> None:
    html = await (await house.client.get("/")).text()
    modules = MODULE.findall(html)
    script = "".join([await (await house.client.get(url)).text() for url in modules])
    used = {word for word in PAGE_WORDS if f'"{word}"' in script or f'"{word}"' in html}
    assert used == set(PAGE_WORDS)


async def test_the_clock_goes_forward_by_its_steps_and_wakes_what_waits(
    house: LocalListening,
) -> None:
    woken: list[timedelta] = []
    house.clock.moved = lambda: woken.append(house.clock.offset)
    before = house.clock()
    for seconds in (30, 86_400):
        answer = await house.client.post("/local/clock", json={"seconds": seconds})
        assert answer.status == 200
    assert house.clock() - before >= timedelta(seconds=86_430)
    assert woken == [timedelta(seconds=30), timedelta(seconds=86_430)]
    assert house.team.kept_offset == timedelta(seconds=86_430)


async def test_everything_begins_again_when_the_page_asks(house: LocalListening) -> None:
    assert (await house.client.post("/local/again", json={})).status == 200
    assert (await house.client.post("/local/again", data="{}")).status == 415
    assert house.team.begun == 2


@pytest.mark.parametrize("seconds", [31, -30, 0, 30.5, "30", True, None, [30]])
async def test_the_clock_knows_no_other_step(house: LocalListening, seconds: object) -> None:
    answer = await house.client.post("/local/clock", json={"seconds": seconds})
    assert answer.status == 400
    assert house.clock.offset == timedelta()


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        MovableClock().move(timedelta(seconds=-1))


async def test_the_page_hears_what_happens_next(house: LocalListening) -> None:
    async with Listening(house) as page:
        await page.hear(2)
        house.desk.next = NOON
        house.bell.ring()
        told = {"at": NOON.isoformat(), "what": {"lv": "vēlāk", "en": "later"}}
        assert await page.hear(1) == [("next", "", told)]
        house.desk.next = None
        house.bell.ring()
        assert await page.hear(1) == [("next", "", None)]


async def test_events_are_live_and_resume_where_the_page_was(house: LocalListening) -> None:
    async with Listening(house) as page:
        assert [name for name, _, _ in await page.hear(2)] == ["clock", "people"]
        await house.ask(text="/hand")
        assert [(name, id_) for name, id_, _ in await page.hear(2)] == [
            ("message", "1"),
            ("message", "2"),
        ]
    await house.platform.send([TEAM["anna"].address], Card(("One",)), READER, None, "one")
    await house.platform.send([TEAM["anna"].address], Card(("Two",)), READER, None, "two")
    await house.platform.send([TEAM["anna"].address], Card(("Won",)), READER, None, "one")
    async with Listening(house, {"Last-Event-ID": "2"}) as page:
        heard = await page.hear(4)
        assert [(id_, data["summary"]) for name, id_, data in heard if name == "message"] == [
            ("4", "Two"),
            ("5", "Won"),
        ]
        house.clock.move(timedelta(seconds=30))
        house.bell.ring()
        assert await page.hear(1) == [("clock", "", 30.0)]
        await house.ask(text="language lv", shown=False)
        heard = await page.hear(2)
        assert {name for name, _, _ in heard} == {"people", "message"}


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 40, "²"])
async def test_a_last_event_that_is_no_number(house: LocalListening, last: str) -> None:
    answer = await house.client.get("/local/events", params={"after": last})
    assert answer.status == 400


async def test_pages_are_let_go_when_the_house_closes(house: LocalListening) -> None:
    async with Listening(house) as page:
        await page.hear(2)
        house.bell.close()
        assert await page.rest() == b""


class Listening:
    """An open page: reads the server's events."""

    def __init__(self, house: LocalListening, headers: dict[str, str] | None = None) -> None:
        self._house = house
        self._headers = headers or {}

    async def __aenter__(self) -> "Listening":
        self._session = ClientSession()
        url = self._house.client.make_url("/local/events")
        self._response = await self._session.get(url, headers=self._headers)
        assert self._response.content_type == "text/event-stream"
        await self._block()  # how soon to come back
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._response.close()
        await self._session.close()

    async def hear(self, count: int) -> list[tuple[str, str, Any]]:
        """The next events: name, id and data."""
        heard = []
        for _ in range(count):
            fields = dict(line.split(": ", 1) for line in (await self._block()).splitlines())
            heard.append((fields["event"], fields.get("id", ""), json.loads(fields["data"])))
        return heard

    async def rest(self) -> bytes:
        async with asyncio.timeout(LIMIT):
            return await self._response.content.read()

    async def _block(self) -> str:
        async with asyncio.timeout(LIMIT):
            return (await self._response.content.readuntil(b"\n\n")).decode().strip()
