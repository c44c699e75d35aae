"""Calendars and files as a calendar program, a browser and a burglar fetch them."""

import asyncio
import csv
import io
import logging
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import icalendar
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import Addresses, Files, Ticket
from handlers.kit.people import Kind, Person, Role
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups.model import Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import (
    Attendance,
    Seats,
    Session,
    Sessions,
    SessionSeat,
    SessionState,
)
from handlers.supervision.shared import files
from storage.cleaning import erase
from storage.work import SqlWork
from tests.storage.test_supervision import TUESDAY, WEEK, a_cycle, a_group, a_session
from tests.world import ADDRESSES, World, lines

BASE = "https://plecs.example"


@pytest.fixture
async def http(world: World) -> AsyncIterator["TestClient[Any, Any]"]:
    app = web.Application()

    def seconds() -> float:
        return world.now.timestamp()

    files = Files(
        ADDRESSES, world.engine.database, world.engine.services, lambda: world.now, seconds
    )
    app.add_routes(files.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def planned(world: World, *people: Person) -> tuple[Session, ...]:
    """A group with three sessions in which these people have seats."""
    found = tuple(a_session(number, TUESDAY + (number - 1) * WEEK) for number in (1, 2, 3))

    def write(work: SqlWork) -> None:
        work.of(Groups).put(a_group(name="Nakts maiņa", place="https://meet.example/x"))
        work.of(Cycles).put(a_cycle())
        work.of(Sessions).put(found)
        for person in people:
            work.of(Members).put(GroupMember("g1", person.id, Standing.JOINED, world.now))
        seats = [SessionSeat(one.id, person.id) for one in found for person in people]
        work.of(Seats).put(seats)

    await world.engine.database.run(write)
    return found


async def changed(world: World, session: Session, **also: Any) -> Session:
    new = replace(session, changed_at=world.now, sequence=session.sequence + 1, **also)
    await world.engine.database.run(lambda work: work.of(Sessions).put([new]))
    return new


async def address_of(world: World, user: str) -> str:
    """What the person reads on their card, as a path."""
    await world.ask(world.command(user, "supervision.calendar"))
    card = world.replies[user][-1]
    assert card is not None
    (line,) = [line for line in lines(card).splitlines() if line.startswith(BASE)]  # type: ignore[arg-type] # a card: its lines are read
    return line.removeprefix(BASE)


async def events(response: ClientResponse) -> list[Mapping[str, Any]]:
    return list(icalendar.Calendar.from_ical(await response.read()).walk("VEVENT"))


async def test_a_calendar_follows_a_move_and_a_cancel(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    anna = await world.person("Anna", locale="lv")
    first, second, third = await planned(world, anna)
    path = await address_of(world, "Anna")
    before = await http.get(path)
    assert before.status == 200
    assert before.content_type == "text/calendar"
    assert before.headers["Cache-Control"] == "private, no-cache"
    assert [event["uid"] for event in await events(before)] == [
        s.uid for s in (first, second, third)
    ]

    at = second.starts_at + timedelta(days=1)
    await changed(world, second, starts_at=at, ends_at=at + timedelta(minutes=90))
    await changed(world, third, state=SessionState.CANCELLED, reason="Anna is ill")
    after = await events(await http.get(path))
    assert [(e["uid"], e["sequence"], str(e["status"])) for e in after] == [
        (first.uid, 0, "CONFIRMED"),
        (second.uid, 1, "CONFIRMED"),
        (third.uid, 1, "CANCELLED"),
    ]
    assert after[1]["dtstart"].dt.astimezone(UTC) == at
    assert str(after[0]["summary"]) == "Supervīzija: Nakts maiņa, 1. tikšanās"
    assert str(after[0]["location"]) == "https://meet.example/x"
    assert "ill" not in str(after)
    assert not any("class" in event for event in after), "Google would hide it from its owner"


async def test_what_has_not_changed_is_not_sent_again(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    anna = await world.person("Anna")
    first, *_ = await planned(world, anna)
    path = await address_of(world, "Anna")
    tag = (await http.get(path)).headers["ETag"]
    await world.forward(seconds=30)
    for known in (tag, f'"other", W/{tag}', "*"):
        same = await http.get(path, headers={"If-None-Match": known})
        assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", tag)
    await changed(world, first, place="Zaļā telpa")
    new = await http.get(path, headers={"If-None-Match": tag})
    assert (new.status, new.headers["ETag"] == tag) == (200, False)


async def test_head_answers_without_the_dates(world: World, http: "TestClient[Any, Any]") -> None:
    await planned(world, await world.person("Anna"))
    response = await http.head(await address_of(world, "Anna"))
    assert (response.status, await response.read()) == (200, b"")
    assert "ETag" in response.headers


async def test_an_address_that_is_renewed_or_stopped_opens_nothing(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    await planned(world, await world.person("Anna"))
    old = await address_of(world, "Anna")
    assert await address_of(world, "Anna") == old
    await world.presses("Anna", "New address")
    assert (await http.get(old)).status == 404
    new = await address_of(world, "Anna")
    assert (await http.get(new)).status == 200
    await world.presses("Anna", "Stop it")
    assert (await http.get(new)).status == 404


STATES: dict[str, Mapping[str, Any] | None] = {
    "has left": {"active": False},
    "is a guest now": {"kind": Kind.OUTSIDER},
    "is a bot": {"kind": Kind.BOT},
    "was erased": None,
}


@pytest.mark.parametrize("state", STATES)
async def test_who_is_nobody_here_any_more_has_no_calendar_and_no_files(
    world: World, http: "TestClient[Any, Any]", state: str
) -> None:
    """Their addresses were good before; another's stay so."""
    mara = await world.person("Mara", Role.COORDINATOR)
    janis = await world.person("Janis", Role.COORDINATOR)
    await planned(world, mara, janis)
    until = world.now + exports.OPEN_FOR

    async def opened(who: Person) -> list[int]:
        files_of = ((files.DATES_FILE, "c1"), (exports.TABLE, ""))
        paths = [path_of(name, about, who, until) for name, about in files_of]
        return [(await http.get(path)).status for path in (*calendars[who.name], *paths)]

    calendars = {who.name: [await address_of(world, who.name)] for who in (mara, janis)}
    assert (await opened(mara), await opened(janis)) == ([200] * 3, [200] * 3)
    became = STATES[state]

    def becomes(work: SqlWork) -> None:
        if became is None:
            erase(work.connection, mara.id)
        else:
            work.people.save(replace(mara, **became))

    await world.engine.database.run(becomes)
    theirs = [404] * 3 if became is None else [404, 403, 403]
    assert (await opened(mara), await opened(janis)) == (theirs, [200] * 3)


async def test_a_role_that_was_taken_away_opens_no_table(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    await planned(world, mara := await world.person("Mara", Role.COORDINATOR))
    path = path_of(exports.TABLE, "", mara, world.now + exports.OPEN_FOR)
    assert (await http.get(path)).status == 200
    agent = replace(mara, roles=frozenset({Role.AGENT}))
    await world.engine.database.run(lambda work: work.people.save(agent))
    assert (await http.get(path)).status == 404


async def test_who_guesses_learns_nothing(
    world: World, http: "TestClient[Any, Any]", caplog: pytest.LogCaptureFixture
) -> None:
    await planned(world, await world.person("Anna"))
    path = await address_of(world, "Anna")
    answers = set()
    guesses = (
        path[:-5] + ("0.ics" if path[-5] != "0" else "1.ics"), "/calendar/x.ics",
        "/calendar/%00.ics", f"/calendar/{'a' * 64}.ics",
        f"/calendar/{'Ā' * 64}.ics", "/calendar/a/sessions.ics", f"/calendar/{'A' * 900}/x",
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        for guess in guesses:
            response = await http.get(guess)
            headers = {name for name in response.headers if name != "Date"}
            answers.add((response.status, await response.text(), frozenset(headers)))
        await http.get(path)
    assert len(answers) == 1
    assert {status for status, *_ in answers} == {404}
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in "".join(
        r.getMessage() for r in caplog.records if r.name != "aiohttp.access"
    )


async def test_a_flood_waits_in_a_short_line(world: World, http: "TestClient[Any, Any]") -> None:
    await planned(world, await world.person("Anna"))
    path = await address_of(world, "Anna")
    answers = await asyncio.gather(*(http.get(path) for _ in range(95)))
    assert {answer.status for answer in answers} == {200, 503}
    assert (await http.get(path)).status == 200


async def test_a_flood_of_guesses_is_in_no_owners_way(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    """They come from one address, as all do who come through a proxy."""
    for user in ("Anna", "Jānis", "Līga"):
        await planned(world, await world.person(user))
    owners = [await address_of(world, user) for user in ("Anna", "Jānis")]

    async def flood(name: str) -> Counter[int]:
        paths = [f"/calendar/{sha256(f'{name}{n}'.encode()).hexdigest()}.ics" for n in range(1000)]
        paths[500:500] = owners
        answers = await asyncio.gather(*(http.get(path) for path in paths))
        return Counter(answer.status for answer in answers)

    assert await flood("a") == {404: 20, 429: 980, 200: 2}
    late = await address_of(world, "Līga")
    assert (await http.get(late)).status == 429, "made since the last look, like a guess"
    world.platform.now += timedelta(seconds=60)
    owners.append(late)
    assert await flood("b") == {404: 20, 429: 980, 200: 3}


async def test_an_address_that_was_renewed_opens_nothing_and_is_a_guess(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    await planned(world, await world.person("Anna"))
    old = await address_of(world, "Anna")
    assert (await http.get(old)).status == 200
    await world.ask(world.command("Anna", "supervision.calendar.renew"))
    new = await address_of(world, "Anna")
    assert (new != old, (await http.get(new)).status) == (True, 200)
    statuses = [(await http.get(old)).status for _ in range(40)]
    assert statuses[:20] == [404] * 20
    assert statuses[-15:] == [429] * 15


async def test_a_program_that_asks_in_a_loop_is_in_nobody_elses_way(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    for user in ("Anna", "Jānis"):
        await planned(world, await world.person(user))
    loop, other = [await address_of(world, user) for user in ("Anna", "Jānis")]
    answers = await asyncio.gather(*(http.get(path) for path in (*[loop] * 200, other)))
    assert answers[-1].status == 200


def path_of(name: str, about: str, person: Person, until: datetime) -> str:
    url = ADDRESSES.file(name, about, person.id, until)
    assert url is not None
    return url.removeprefix(BASE)


async def test_the_dates_as_a_file_for_who_is_in_the_group(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    anna, janis = await world.person("Anna"), await world.person("Janis")
    await planned(world, anna)
    until = world.now + timedelta(days=30)
    found = await http.get(path_of(files.DATES_FILE, "c1", anna, until))
    assert [str(event["class"]) for event in await events(found)] == ["PRIVATE"] * 3
    assert found.headers["Content-Disposition"] == 'attachment; filename="plecs-sessions.ics"'
    assert (await http.get(path_of(files.DATES_FILE, "c1", janis, until))).status == 404
    await world.engine.database.run(
        lambda work: work.of(Members).put(GroupMember("g1", anna.id, Standing.LEFT, world.now))
    )
    assert (await http.get(path_of(files.DATES_FILE, "c1", anna, until))).status == 404


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda b: urlsafe_b64encode(b).decode()))
def test_no_token_but_ours_stands_for_anything(token: str) -> None:
    assert ADDRESSES.ticket(token) is None


@given(st.text(), st.text(), st.integers(0, 4_000_000_000))
def test_a_token_stands_for_what_it_was_made_for(about: str, reader: str, until: int) -> None:
    at = datetime.fromtimestamp(until, UTC)
    url = ADDRESSES.file("sessions.ics", about, reader, at)
    token = str(url).split("/")[-2]
    assert ADDRESSES.ticket(token) in (Ticket("sessions.ics", about, reader, at), None)
    assert ADDRESSES.ticket(token) is not None or len(token) > 1000


async def test_a_file_has_its_time_and_its_name(world: World, http: "TestClient[Any, Any]") -> None:
    await planned(world, mara := await world.person("Mara", Role.COORDINATOR))
    path = path_of(exports.TABLE, "", mara, world.now + exports.OPEN_FOR)
    token = path.split("/")[2]
    assert (await http.get(path)).status == 200
    assert (await http.get(f"/calendar/{token}/{exports.SHEET}")).status == 404
    assert (await http.get(f"/calendar/{token[:-2]}AA/{exports.TABLE}")).status == 404
    forged = Addresses(BASE, "another secret").file(exports.TABLE, "", mara.id, world.now + WEEK)
    assert (await http.get(str(forged).removeprefix(BASE))).status == 404
    world.platform.now += exports.OPEN_FOR
    assert (await http.get(path)).status == 410


async def test_a_table_that_excel_reads_with_counts_and_no_names(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    anna, mara = await world.person("Anna"), await world.person("Mara", Role.COORDINATOR)
    first, *_ = await planned(world, anna, mara)

    def answer(work: SqlWork) -> None:
        work.of(Seats).put([SessionSeat(first.id, anna.id, Attendance.COMING)])
        work.of(Groups).put(a_group("g2", name='=cmd|"x"!A1', place=" +371 20000000"))
        work.of(Groups).put(a_group("g3", name='Ķekava; "rīts", vakars'))

    await world.engine.database.run(answer)
    await world.ask(world.command("Mara", "supervision.export"))
    until = world.now + exports.OPEN_FOR
    body = await (await http.get(path_of(exports.TABLE, "", mara, until))).read()
    assert body.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert header[:3] == ["Group", "Position", "Language"]
    assert [row[0] for row in rows] == [
        "'=cmd|\"x\"!A1", 'Ķekava; "rīts", vakars', *["Nakts maiņa"] * 3
    ]  # fmt: skip
    assert rows[0][3] == "' +371 20000000"
    assert rows[2] == [
        *("Nakts maiņa", "", "lv", "https://meet.example/x", "4", "2", "0", "0", "1", "1"),
        *("2026-03-03", "16:00", "17:30", "Europe/Riga", "planned", "1", "0", "0", "1", "0"),
    ]
    assert b"Anna" not in body
    sheet = await http.get(path_of(exports.SHEET, "", mara, until))
    assert len(await events(sheet)) == 3
    assert (await http.get(path_of(exports.TABLE, "", anna, until))).status == 404


async def test_latvian_spreadsheets_part_by_semicolons(
    world: World, http: "TestClient[Any, Any]"
) -> None:
    await planned(world, mara := await world.person("Mara", Role.COORDINATOR, locale="lv"))
    path = path_of(exports.TABLE, "", mara, world.now + exports.OPEN_FOR)
    body = (await (await http.get(path)).read()).decode("utf-8-sig")
    assert body.splitlines()[0].startswith("Grupa;")
