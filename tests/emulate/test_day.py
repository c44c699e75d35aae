"""A day in a Slack that is not ours, and the same with each scope of the manifest left out: every
feature goes on but the one that needs it, and `plecs check` says which it is."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import running
from bot.settings import Settings
from bot.slack.check import check
from bot.slack.manifest import SCOPES, manifest
from handlers.kit.people import Address, Profile
from handlers.routes import ROUTES
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.emulate.emulated import TEAM, Colleague, Emulated, door, emulate, until
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.ports import free_port


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """One for that Slack, and one for each Plecs after the other."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def behind(ports: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, plecs = ports
    with emulate(tmp_path_factory.mktemp("emulate"), port, f"http://127.0.0.1:{plecs}") as url:
        yield url


@asynccontextmanager
async def plecs_in(
    behind: str, port: int, folder: Path, without: str = ""
) -> AsyncIterator[Emulated]:
    """A whole Plecs, as it is started, before that Slack."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/plecs.db",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
    )
    async with door(behind, f"{settings.own_url}/slack/events", without) as slack:
        settings = settings.model_copy(
            update={
                "slack_bot_token": SecretStr(slack.token),
                "slack_signing_secret": SecretStr(SIGNING_SECRET),
                "slack_api_url": f"{slack.url}/api/",
                "slack_client_id": CLIENT_ID,
                "slack_client_secret": SecretStr(CLIENT_SECRET),
            }
        )
        people = await slack.people()
        await asyncio.to_thread(_known, settings.database_url, people)
        async with running(settings):
            yield slack


def _known(url: str, people: Sequence[Colleague]) -> None:
    """They used Plecs before: the scope was lost afterwards."""
    migrate(url)
    database = Database(url)
    try:
        for person in people:
            profile = Profile(Address("slack", TEAM, person.id), person.name, "en", "Europe/Riga")
            database.run_now(partial(_add, profile=profile))
    finally:
        database.close()


def _add(work: SqlWork, profile: Profile) -> None:
    work.people.add(work.workspaces.of(profile.address), profile, frozenset())


@pytest.mark.parametrize("without", ["", *SCOPES])
async def test_a_day_with_all_scopes_and_without_each(
    behind: str, ports: tuple[int, int], tmp_path: Path, without: str
) -> None:
    async with plecs_in(behind, ports[1], tmp_path, without) as slack:
        problems = await check(slack.token, f"{slack.url}/api/", manifest(ROUTES))
        assert [without in one for one in problems] == ([True] if without else [])
        anna, janis = await slack.people()
        await anna.types("/hand he threatens me")
        await anna.sees("Your hand is up")
        if without != "chat:write":
            await janis.presses("I'm coming")
            await _together(anna, janis, in_room=without != "mpim:write")
        await _home_window_and_status(slack, anna)
        await until(lambda: _refused(slack, without))


async def _together(anna: Colleague, janis: Colleague, *, in_room: bool) -> None:
    """The two have a conversation of their own; where none may be opened, each hears of the other
    alone."""

    async def heard() -> bool:
        rooms = [[one["is_room"] for one in await who.messages()] for who in (anna, janis)]
        return all(any(room) is in_room and room for room in rooms)

    await until(heard)


async def _home_window_and_status(slack: Emulated, anna: Colleague) -> None:
    """What is not sent as a message: the start page, a form, and the status during a break."""
    await anna.opens_home()
    await anna.uses_shortcut("hand.form#global")
    await anna.types("/break status")
    link = await anna.sees(r"<(http[^|]+/slack/install[^|]+)\|")
    assert await anna.permits(link.replace("&amp;", "&")) == 200
    await anna.types("/break 5")

    async def shows() -> bool:
        return (await anna.status()).startswith("Away until")

    await until(shows)
    for method in ("views.publish", "views.open", "oauth.v2.access", "users.profile.set"):
        await until(partial(_answered, slack, method))
        assert all(answer["ok"] for answer in slack.answers[method]), method


async def _answered(slack: Emulated, method: str) -> bool:
    return method in slack.answers


async def _refused(slack: Emulated, without: str) -> bool:
    """Nothing is refused but what takes the scope, and that is."""
    refused = {
        answer["needed"]
        for answers in slack.answers.values()
        for answer in answers
        if answer.get("error") == "missing_scope"
    }
    assert refused <= {without}
    return refused == ({without} if without in _ASKED_FOR else set())


_ASKED_FOR = ("chat:write", "mpim:write", "users:read")
"""What the day takes of that Slack: it knows no do-not-disturb, asks no scope for commands, and
nobody is looked for by their e-mail here."""
