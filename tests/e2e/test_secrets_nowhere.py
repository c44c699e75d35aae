"""Every secret that can be set, planted: none is in what a running Plecs answers, logs or counts,
in what a command prints, nor in what is said of a setting that is wrong."""

import asyncio
import logging
from base64 import b64encode
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import aiohttp
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot import logs
from bot.command_line import app
from bot.settings import Settings
from tests.e2e.served import Served
from tests.fakes.slack import BOT_TOKEN, CLIENT_ID, fake_slack

MARK = "Kvarcs"
GUID = "0a1b2c3d-0000-4000-8000-cba987654321"
_SIGNS = f"whsec_{b64encode(f'{MARK} signs for the length of it'.encode()).decode()}"

PLANTED: dict[str, str] = {
    "slack_bot_token": f"xoxb-{MARK}-bot",
    "slack_signing_secret": f"{MARK}-signing",
    "slack_app_token": f"xapp-{MARK}-app",
    "slack_client_secret": f"{MARK}-client",
    "teams_app_password": f"{MARK}-teams-password",
    "secret_key": f"{MARK}-key-" * 4,
    "metrics_token": f"{MARK}-metrics",
    "contact_secrets": _SIGNS,
    "learning_secrets": _SIGNS,
    "xapi_secret": f"{MARK}-xapi",
    "llm_key": f"{MARK}-llm",
}

_PLACES = str.maketrans("", "", "{}")
_ASKED_WITH: tuple[dict[str, str], ...] = (
    {"Authorization": f"Bearer {PLANTED['metrics_token']}"},
    {"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "1"},
    {},
)


def kept_secret() -> set[str]:
    """The settings that hold a secret."""

    def holds(annotation: object) -> bool:
        return annotation is SecretStr or any(map(holds, get_args(annotation)))

    return {name for name, field in Settings.model_fields.items() if holds(field.annotation)}


def shown(text: str) -> list[str]:
    """Which of them can be read in it."""
    return [name for name, value in PLANTED.items() if value in text or value[6:] in text]


def test_every_secret_is_planted() -> None:
    assert kept_secret() == set(PLANTED)


async def test_a_running_plecs_shows_none(tmp_path: Path) -> None:
    """With all that libraries log, while it begins, is asked oddly, and ends."""
    written = StringIO()
    logs.configure("json", written)
    logging.getLogger().setLevel(logging.DEBUG)
    async with fake_slack() as slack, aiohttp.ClientSession() as session:
        # Over a socket there is nothing to be asked, and a token that Slack knows is no plant.
        planted = {name: SecretStr(value) for name, value in PLANTED.items()}
        planted |= {"slack_bot_token": SecretStr(BOT_TOKEN)}
        del planted["slack_app_token"]
        settings: dict[str, Any] = {
            **planted,
            "slack_api_url": slack.api_url,
            "slack_client_id": CLIENT_ID,
            "teams_app_id": GUID,
            "teams_tenant_id": GUID,
            "public_url": "https://plecs.example",
            "xapi_url": "https://store.example/xapi",
            "xapi_key": "plecs",
            "llm_url": "https://model.example/v1",
            "llm_model": "m",
        }
        served = await asyncio.to_thread(lambda: Served(tmp_path, **settings))
        answers = []
        try:
            for method, path in (*served.answers_to, ("GET", "/nothing")):
                at = f"http://127.0.0.1:{served.port}{path.translate(_PLACES)}"
                for verb in (method, "POST", "GET"):
                    for headers in _ASKED_WITH:
                        body = None if verb == "GET" else b'{"payload": 5}'
                        async with session.request(verb, at, data=body, headers=headers) as answer:
                            answers.append(f"{answer.headers} {await answer.text()}")
        finally:
            await asyncio.to_thread(served.stop)
    assert any("plecs_" in one for one in answers), "the figures were given"
    assert shown("\n".join(answers)) == []
    assert "a library reports" in written.getvalue()
    assert shown(written.getvalue()) == []


@pytest.mark.parametrize("wrong", ["", "nothing that fits, ", "\u200b"])
def test_no_command_prints_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in PLANTED.items():
        monkeypatch.setenv(name.upper(), f"{wrong}{value}")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://plecs:{MARK}-word@127.0.0.1:1/plecs")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("LLM_MODEL", "m")
    said = ""
    for command in ("run", "check", "people list out.csv", "keys rotate", "workspaces list"):
        told = CliRunner().invoke(app, command.split())
        said += f"{told.output} {told.exception!r}"
    assert shown(said) == []
    assert MARK not in said
