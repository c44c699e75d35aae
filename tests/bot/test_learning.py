"""Learning and other systems: a learning record store is told, an e-learning system tells."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.calendars import Addresses
from bot.certificates import Certificates
from bot.learning_posts import LearningPosts
from bot.learning_store import LearningStore
from handlers.learning import telling
from handlers.learning.alone.commands import finished
from handlers.learning.model import (
    CourseDates,
    CourseSeat,
    CourseSeats,
    Enrolments,
    SeatState,
)
from handlers.learning.seats import seat_of
from handlers.work import Occasion
from storage.effects import Effects
from storage.work import SqlWork
from tests.fakes.learning_store import HOME, KEY, SECRET, FakeLearningStore
from tests.patience import LIMIT
from tests.seats import a_class
from tests.stories.test_learning_alone import with_link
from tests.webhooks import FORMER, OTHER, signed
from tests.webhooks import SECRET as SIGNING
from tests.world import ADDRESSES, MONDAY_TEN, World, card, lines

Client = TestClient[Any, Any]


@pytest.fixture
async def store() -> AsyncIterator[tuple[FakeLearningStore, str]]:
    fake = FakeLearningStore()
    app = web.Application()
    app.add_routes(fake.routes())
    async with TestServer(app) as server:
        yield fake, str(server.make_url("/xapi"))


@asynccontextmanager
async def telling_to(
    world: World, url: str, secret: str = SECRET, *, inside: bool = True
) -> AsyncIterator[LearningStore]:
    services = replace(world.engine.services, tells_learning=True)
    client = LearningStore(
        world.engine.database,
        services,
        lambda: world.now,
        url=url,
        key=KEY,
        secret=secret,
        home=HOME,
        inside=inside,
    )
    yield client
    await client.finish(LIMIT)


async def learned(world: World) -> None:
    """Anna took a seat, was there, and finished another course by herself."""
    anna = await world.person("Anna")

    def keep(work: SqlWork) -> None:
        services = replace(world.engine.services, tells_learning=True)
        on = Occasion(work, world.now, services)
        date = a_class(work, workspace=anna.workspace, seats=1)
        telling.seated(on, date, anna.id)
        telling.seated(on, date, anna.id)
        telling.came(on, date, CourseSeat(date.id, anna.id, SeatState.ATTENDED, world.now))
        finished(on, anna, "voice")

    await world.engine.database.run(keep)


async def test_a_name_that_leads_inside_is_not_asked(
    world: World, store: tuple[FakeLearningStore, str]
) -> None:
    """It was looked at when it was set, and may lead elsewhere since."""
    fake, url = store
    await learned(world)
    outside = url.replace("127.0.0.1", "localhost")
    async with telling_to(world, outside, inside=False) as client:
        assert await client.drain() == 2
    assert fake.asked == 0


async def test_what_somebody_learned_is_told_at_once(world: World) -> None:
    heard: list[Effects] = []
    world.engine.database.on_commit.append(heard.append)
    await learned(world)
    assert heard[-1].learned
    assert not any(effects.learned for effects in heard[:-1])


async def test_a_store_is_told_once_whatever_comes_between(
    world: World, store: tuple[FakeLearningStore, str]
) -> None:
    fake, url = store
    await learned(world)
    async with telling_to(world, url) as client:
        fake.fails, fake.forgets = 1, 1
        await client.drain()
        assert fake.asked == 2
        world.platform.now += timedelta(minutes=5)
        await client.drain()
        await client.drain()
        assert fake.asked == 4  # the one that it had kept and not said so came twice, under one id
        verbs = {one["verb"]["display"]["en"] for one in fake.statements.values()}
        assert verbs == {"registered", "completed"}
        world.platform.now += timedelta(hours=1)  # until then who came could be corrected
        await client.drain()
        verbs = {one["verb"]["display"]["lv"] for one in fake.statements.values()}
        assert verbs == {"pieteicās", "piedalījās", "pabeidza"}
    told = json.dumps(list(fake.statements.values()), ensure_ascii=False)
    anna = await world.known("Anna")
    assert "Anna" not in told
    assert anna.id not in told
    assert len({one["actor"]["account"]["name"] for one in fake.statements.values()}) == 1


async def test_a_tick_that_is_taken_back_is_not_told_and_voided_where_it_was(
    world: World, store: tuple[FakeLearningStore, str]
) -> None:
    fake, url = store
    anna = await world.person("Anna")

    def ticked(work: SqlWork, state: SeatState) -> None:
        """What a trainer's form does."""
        on = Occasion(work, world.now, replace(world.engine.services, tells_learning=True))
        date = work.of(CourseDates).get("d1") or replace(
            a_class(work, workspace=anna.workspace, seats=1), id="d1"
        )
        work.of(CourseDates).put(date)
        seat = seat_of(on, date, anna.id) or CourseSeat(date.id, anna.id, state, world.now)
        work.of(CourseSeats).put([telling.came(on, date, replace(seat, state=state))])

    async def later(client: LearningStore, state: SeatState, minutes: int) -> list[str]:
        await world.engine.database.run(lambda work: ticked(work, state))
        world.platform.now += timedelta(minutes=minutes)
        await client.drain()
        return fake.stands()

    async with telling_to(world, url) as client:
        assert await later(client, SeatState.ATTENDED, minutes=59) == []
        assert await later(client, SeatState.MISSED, minutes=61) == []
        assert fake.asked == 0  # within the hour nobody hears of a wrong tick
        assert await later(client, SeatState.ATTENDED, minutes=61) == ["attended"]
        assert await later(client, SeatState.MISSED, minutes=6) == []
        assert await later(client, SeatState.ATTENDED, minutes=61) == ["attended"]
        assert len(fake.statements) == 3  # what is voided stays so: this is another one


async def test_a_store_that_refuses_is_tried_less_and_less(
    world: World, store: tuple[FakeLearningStore, str]
) -> None:
    fake, url = store
    await learned(world)
    async with telling_to(world, url, "another secret") as wrong:
        for _ in range(6):
            await wrong.drain()
            world.platform.now += timedelta(seconds=20)
    assert fake.statements == {}
    assert fake.asked == 6  # two, at once, and after half a minute and a minute


async def test_where_no_store_is_set_nothing_waits_for_one(
    world: World, store: tuple[FakeLearningStore, str]
) -> None:
    fake, url = store
    anna = await world.person("Anna")

    def keep(work: SqlWork) -> None:
        finished(Occasion(work, world.now, world.engine.services), anna, "voice")

    await world.engine.database.run(keep)
    async with telling_to(world, url) as client:
        assert await client.drain() == 0
    assert fake.asked == 0


@pytest.fixture
async def http(world: World) -> AsyncIterator[Client]:
    app = web.Application()
    posts = LearningPosts(
        world.engine.database, world.engine.services, lambda: world.now, (SIGNING, FORMER)
    )
    app.add_routes(posts.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def post(
    http: Client, also: Mapping[str, object] | None = None, *, secret: str = SIGNING
) -> tuple[int, object]:
    body = {"type": "course.completed", "person": "201", "course": "data_safety"} | dict(also or {})
    raw = json.dumps(body).encode()
    answer = await http.post("/api/learning", data=raw, headers=signed(raw, secret=secret))
    return answer.status, await answer.json()


async def test_a_certificate_says_what_holds_now_and_nothing_to_who_makes_one_up(
    world: World,
) -> None:
    anna = await world.person("Anna")

    def attended(work: SqlWork, state: SeatState) -> str:
        if work.of(CourseDates).get("d1") is None:
            date = a_class(work, workspace=anna.workspace, seats=1)
            work.of(CourseDates).put(replace(date, id="d1"))
        work.of(CourseSeats).put([CourseSeat("d1", anna.id, state, world.now)])
        address = ADDRESSES.certificate("d1", anna.id)
        assert address is not None
        return address.removeprefix("https://plecs.example")

    path = await world.engine.database.run(lambda work: attended(work, SeatState.ATTENDED))
    app = web.Application()
    certificates = Certificates(
        ADDRESSES, world.engine.database, world.engine.services, lambda: world.now
    )
    app.add_routes(certificates.routes())
    async with TestClient(TestServer(app)) as client:
        page = await (await client.get(path)).text()
        assert "<h1>Anna</h1>" in page
        assert "Balss kā darbarīks" in page
        assert "“The voice as a tool” on 2026-03-05, 60 minutes." in page
        assert anna.name not in path
        assert (await client.get(path[:-2] + "AA")).status == 404
        forged = Addresses("", "another secret").certificate("d1", anna.id)
        assert (await client.get(str(forged))).status == 404
        await world.engine.database.run(lambda work: attended(work, SeatState.MISSED))
        assert (await client.get(path)).status == 410


async def test_a_course_at_an_address_is_certified_once_its_system_told_of_it(
    world: World, http: Client
) -> None:
    """What somebody says of themselves proves nothing to others."""
    await at_an_address(world)
    anna = await world.known("Anna")
    path = str(ADDRESSES.certificate("data_safety", anna.id)).removeprefix(HOME)
    proof = "Certificate, with an address to check it"
    app = web.Application()
    app.add_routes(
        Certificates(
            ADDRESSES, world.engine.database, world.engine.services, lambda: world.now
        ).routes()
    )
    async with TestClient(TestServer(app)) as client:
        await world.says("Anna", "/learn data safety")
        await world.presses("Anna", "I begin")
        said = card(await world.presses("Anna", "I have finished it"))
        assert proof not in lines(said)
        assert (await client.get(path)).status == 410
        assert await post(http) == (202, {"result": "kept"})
        assert proof in lines(card(await world.says("Anna", "/learn data safety")))
        page = await (await client.get(path)).text()
        assert "Completed “Data safety” on 2026-03-02, 60 minutes." in page
        assert proof in lines(card(await world.presses("Anna", "Begin again")))


async def at_an_address(world: World) -> None:
    await world.person("Anna", extension="201")
    await with_link(world)


async def test_what_an_e_learning_system_tells_is_kept_once(world: World, http: Client) -> None:
    await at_an_address(world)
    assert await post(http) == (202, {"result": "kept"})
    assert await post(http, secret=FORMER) == (202, {"result": "known"})
    anna = await world.known("Anna")
    done = await world.engine.database.read(
        lambda work: work.of(Enrolments).get(anna.id, "data_safety")
    )
    assert done is not None
    assert done.done_at == MONDAY_TEN
    assert "You finished it" in lines(card(await world.says("Anna", "/learn data safety")))


@pytest.mark.parametrize(
    ("also", "told"),
    [
        ({"person": "999"}, (202, {"result": "nobody"})),
        ({"course": "voice"}, (202, {"result": "no_course"})),
        ({"type": "x"}, (400, {"field": "type", "reason": "must be course.completed"})),
        (
            {"person": ""},
            (400, {"field": "person", "reason": "must be text of 1 to 200 characters"}),
        ),
        (
            {"course": ["data_safety"]},
            (400, {"field": "course", "reason": "must be text of 1 to 200 characters"}),
        ),
    ],
)
async def test_what_can_not_be_meant_is_answered_at_its_field(
    world: World, http: Client, also: dict[str, object], told: object
) -> None:
    await at_an_address(world)
    assert await post(http, also) == told


async def test_nothing_unsigned_is_believed(world: World, http: Client) -> None:
    await at_an_address(world)
    assert (await post(http, secret=OTHER))[0] == 401
    raw = b'{"type": "course.completed", "person": "201", "course": "data_safety"}'
    answer = await http.post("/api/learning", data=raw)
    assert answer.status == 401
    old = await http.post("/api/learning", data=raw, headers=signed(raw, ago=timedelta(hours=1)))
    assert old.status == 401
    anna = await world.known("Anna")
    assert (
        await world.engine.database.read(
            lambda work: work.of(Enrolments).get(anna.id, "data_safety")
        )
        is None
    )
