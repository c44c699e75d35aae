"""A caller's number, planted wherever a telephone system or an agent can write it, over signed
HTTP: it is kept nowhere, not even as bytes, and nothing says it again."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, text

from handlers.calls.model import Calls
from handlers.kit.people import Role
from storage.schema import metadata
from tests.e2e.slack_house import SlackHouse, house_in_slack
from tests.fakes.slack import words
from tests.webhooks import OTHER, signed

E164, NATIONAL = "+37127418365", "27418365"
WRITTEN = (E164, NATIONAL, "+371 27 418 365", "27-41-83-65")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    name = "database_url" if request.param == "sqlite" else "migrated_postgres"
    return str(request.getfixturevalue(name))


@pytest.fixture
async def house(url: str) -> AsyncIterator[SlackHouse]:
    async with house_in_slack(url) as opened:
        yield opened


def planted(at: str) -> Iterator[dict[str, Any]]:
    """Events with the number in each field: taken, and refused."""
    whole = {"type": "call.answered", "call": "c", "from": E164, "agent": "214", "at": at}
    for number in WRITTEN:
        yield whole | {"call": number}
        for field in ("agent", "queue", "case", "history_url", "type", "at"):
            yield whole | {field: number}
        yield whole | {"history_url": f"https://crm.example/?q={number.replace(' ', '+')}"}
        said = {"at": at, "channel": number, "topic": number, "outcome": f"called {number}"}
        yield whole | {"history": [said]}
        yield whole | {"from": f"{number} {number}", number: number}


async def posts(house: SlackHouse) -> set[int]:
    """What the telephone system is answered."""
    statuses = set()
    secret = await house.engine.database.run(
        lambda work: work.of(Calls).renew("slack-T1", house.clock())
    )
    contacts = f"{house.slack.address}/api/contacts"
    cti = f"{house.slack.address}/api/cti/{secret}"
    async with aiohttp.ClientSession() as session:
        for number, event in enumerate(planted(house.clock().isoformat())):
            body = json.dumps(event).encode()
            delivery = f"{E164} {number}"
            forged = [signed(body, secret=OTHER)] if number % 10 == 0 else []
            for headers in (signed(body, delivery=delivery), *forged):
                async with session.post(contacts, data=body, headers=headers) as answer:
                    statuses.add(answer.status)
                    assert NATIONAL not in await answer.text()
        for written in WRITTEN:
            for kind in ("newCall", "answer", "hangup"):
                form = {"event": kind, "callId": written, "from": written, "to": written}
                form |= {"direction": "in", "user[]": written, "queue": written}
                async with session.post(cti, data=form) as answer:
                    statuses.add(answer.status)
    return statuses


async def asks(house: SlackHouse) -> None:
    """What an agent types with the number in it, and writes down of the call."""
    dace = await house.person("U1", "Dace", Role.COORDINATOR)
    for library in ("/offer rules", "/draft adopt"):
        await dace.types(library)
        await dace.presses("Adopt all drafts")
    anna = await house.person("U2", "Anna Liepa", Role.SUPERVISOR, extension="214")
    await anna.types(f"/caller {E164}")
    await house.sees(anna, "Nothing is known of this number")
    await anna.presses("Two lines about it")
    await house.slack.until(lambda: anna.window is not None)
    due = (house.clock() + timedelta(days=3)).date().isoformat()
    assert await anna.submits(promised=f"call {NATIONAL}", due=due, helped=E164) == {}
    await anna.types(f"/offer {E164} missed visit")
    await house.sees(anna, "Missed visit")
    await anna.types(f"/draft {NATIONAL} asks why the sky is green")
    await anna.types(f"/calm {NATIONAL} qqq")
    await anna.types(f"/policy {NATIONAL} qqq")
    await anna.types(f"/hand bills {NATIONAL} shouts")
    await house.settle()


def kept(connection: Connection) -> str:
    """Every row of every table."""
    tables = metadata.sorted_tables
    rows = [list(map(str, row)) for one in tables for row in connection.execute(one.select())]
    return json.dumps(rows, ensure_ascii=False)


def folders(connection: Connection) -> Iterator[Path]:
    """Where the database keeps its files: the rows, the log before them, and what the server
    says; none where they are on another machine."""
    if connection.dialect.name == "sqlite":
        yield Path(str(connection.engine.url.database)).parent
        return
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    server = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    number = connection.scalar(
        text("SELECT oid FROM pg_database WHERE datname = current_database()")
    )
    if os.access(server, os.R_OK):
        yield from (server / "base" / str(number), server / "pg_wal", server)


async def test_a_number_is_kept_nowhere_and_said_by_nothing(
    house: SlackHouse, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await asks(house)
    assert await posts(house) == {200, 202, 400, 401}
    await house.settle()
    figures = (await house.engine.figures()).decode()
    said = "".join(words(one.blocks) for one in house.slack.messages)
    logged = "".join((*capsys.readouterr(), caplog.text))
    with house.engine.database.engine.connect() as connection:
        rows = kept(connection)
        files = [one for folder in folders(connection) for one in folder.iterdir()]
        raw = [one.read_bytes() for one in files if one.is_file()]
    assert "•••" in said, "what they wrote is there, without the number"
    for number in WRITTEN:
        for place in (rows, figures, said, logged):
            assert number not in place
        assert not any(number.encode() in one for one in raw)
    if raw:
        assert any(b"Anna Liepa" in one for one in raw), "the files are those of the database"
