import asyncio
from pathlib import Path

from typer.testing import CliRunner, Result

from bot import settings
from bot.command_line import app
from handlers.kit.notices import Lane
from handlers.statuses.model import StatusPermissions
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from tests.fakes.language_model import KEY, fake_model
from tests.fakes.slack import (
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    SIGNING_SECRET,
    fake_slack,
)
from tests.storage.made import ANY_PACE, NOW, somebody


def check() -> Result:
    return CliRunner().invoke(app, ["check"])


def test_every_setting_is_listed_and_the_value_of_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SECRET_KEY={'hush' * 8}\n")
    result = check()
    words = [line.split() for line in result.stdout.splitlines()]
    now = {line[0]: line[1] for line in words if len(line) > 1}
    assert {one.variable for one in settings.described()} <= set(now)
    assert now["SECRET_KEY"] == "set"
    assert "hush" not in result.stdout
    assert result.exit_code == 0


def test_what_is_missing_comes_with_where_to_get_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\n")
    result = check()
    assert result.stdout.splitlines()[-1] == (
        "- SLACK_SIGNING_SECRET is missing. Copy it from Basic Information > App Credentials."
    )
    assert result.exit_code == 1


async def test_a_model_is_asked_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    async with fake_model("azure") as model:

        def with_key(key: str, url: str = model.url) -> Result:
            (tmp_path / ".env").write_text(f"LLM_URL={url}\nLLM_KEY={key}\nLLM_MODEL=m1\n")
            return check()

        model.says = ['{"word": "ready"}']
        good = await asyncio.to_thread(with_key, KEY)
        wrong = await asyncio.to_thread(with_key, "sk-wrong")
        model.says = ["ready"]
        garbled = await asyncio.to_thread(with_key, KEY)
    (tmp_path / ".env").write_text("LLM_URL=http://169.254.169.254/\n")
    odd = check()
    (tmp_path / ".env").write_text("LLM_KEY=sk-1\n")
    alone = check()
    assert good.exit_code == 0
    assert "sk-wrong" not in wrong.stdout
    assert wrong.stdout.splitlines()[-1].startswith(
        "- The model at LLM_URL does not answer (401 invalid_api_key): are LLM_URL, LLM_KEY"
    )
    assert "(json): what it says is no JSON" in garbled.stdout
    assert "LLM_URL: leads where nobody can be asked" in odd.stdout
    assert "LLM_URL is missing. Copy it from whoever runs the model" in alone.stdout


async def test_slack_is_asked_what_it_granted(tmp_path: Path) -> None:
    async with fake_slack() as slack:
        slack.scopes = SCOPES.replace("dnd:read,", "")
        (tmp_path / ".env").write_text(
            f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_SIGNING_SECRET={SIGNING_SECRET}\n"
            f"SLACK_API_URL={slack.api_url}\n"
        )
        lacking = await asyncio.to_thread(check)
        slack.scopes = SCOPES
        complete = await asyncio.to_thread(check)
        with (tmp_path / ".env").open("a") as settings:
            settings.write("PUBLIC_URL=https://plecs.example\n")
        reachable = await asyncio.to_thread(check)
    assert lacking.stdout.splitlines()[-1] == (
        "- Slack has not granted dnd:read: paste app.yaml under App Manifest and install the app "
        "again"
    )
    assert (lacking.exit_code, complete.exit_code, reachable.exit_code) == (1, 0, 0)
    assert complete.stdout.splitlines()[-1].startswith("PUBLIC_URL is not set: people's own cal")
    assert reachable.stdout.splitlines()[-1] == "All is well. `plecs run` serves Slack."


async def test_where_people_come_back_to_is_said_and_the_apps_own_secret_is_tried(
    tmp_path: Path,
) -> None:
    async with fake_slack() as slack:

        def with_secret(secret: str) -> Result:
            (tmp_path / ".env").write_text(
                f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_SIGNING_SECRET={SIGNING_SECRET}\n"
                f"SLACK_API_URL={slack.api_url}\nPUBLIC_URL=https://plecs.example\n"
                f"SLACK_CLIENT_ID={CLIENT_ID}\nSLACK_CLIENT_SECRET={secret}\n"
            )
            return check()

        right = await asyncio.to_thread(with_secret, CLIENT_SECRET)
        wrong = await asyncio.to_thread(with_secret, "another")
        slack.address = "https://plecs.example"
        (declared,) = slack.redirect_urls
    assert right.exit_code == 0
    assert f"comes back to {declared}. Slack" in right.stdout.splitlines()[-1]
    assert wrong.exit_code == 1
    assert wrong.stdout.splitlines()[-1] == (
        "- SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID: copy both from Basic Information > "
        "App Credentials"
    )


def test_what_another_key_sealed_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    env = tmp_path / ".env"
    env.write_text(f"DATABASE_URL={url}\nSECRET_KEY={'first' * 8}\n")
    assert check().exit_code == 0, "there is no database yet"
    migrate(url)
    database = Database(url, Seal("first" * 8))
    anna = somebody(database)
    database.run_now(
        lambda work: work.of(StatusPermissions).permit(anna, anna.addresses[0], "xoxp-1", NOW)
    )
    database.close()
    assert check().exit_code == 0
    env.write_text(f"DATABASE_URL={url}\nSECRET_KEY={'other' * 8}\n")
    other = check()
    assert other.exit_code == 1
    assert other.stdout.splitlines()[-1].startswith("- SECRET_KEY is not the one that sealed 1 ")
    assert "xoxp" not in other.stdout


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"DATABASE_URL=postgresql://nobody@127.0.0.1:1/plecs\nSECRET_KEY={'first' * 8}\n"
    )
    result = check()
    assert result.exit_code == 1
    assert "- DATABASE_URL leads to no database that answers: " in result.stdout


def test_what_a_platform_refuses_is_named_with_its_word(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    (tmp_path / ".env").write_text(f"DATABASE_URL={url}\n")
    migrate(url)
    database = Database(url)
    place = ("slack", "T1")
    database.run_now(
        lambda work: work.lanes.refuse(place, Lane.OPENING, "missing_scope", ANY_PACE, NOW)
    )
    database.close()
    told = check()
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == (
        "- Slack (T1) refuses conversations of several people since 2026-03-02 08:00 UTC: "
        "missing_scope. Plecs tries it again by itself, once it is mended."
    )
