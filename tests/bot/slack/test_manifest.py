"""The Slack app is declared from the list of commands that Plecs answers."""

import pytest
import yaml
from typer.testing import CliRunner

from bot.catalogue import ROOT
from bot.cli.manifest import text
from bot.command_line import app
from bot.slack.manifest import manifest
from handlers.routes import ROUTES


def commands(prefix: str = "") -> list[str]:
    return [one["command"] for one in manifest(ROUTES, prefix)["features"]["slash_commands"]]


def test_the_file_that_is_shipped_is_the_one_that_is_made() -> None:
    assert (ROOT / "app.yaml").read_text() == text(manifest(ROUTES)), (
        "run: plecs manifest > app.yaml"
    )


def test_every_command_of_its_own_is_declared_and_none_that_slack_keeps() -> None:
    own = [f"/{r.typed.words['en']}" for r in ROUTES if r.typed and r.typed.own_command]
    assert commands() == ["/plecs", *own]
    assert "/hand" in own
    assert not {"/away", "/help", "/status", "/dnd", "/topic"} & set(commands())


def test_mentions_come_as_such_where_colleagues_are_named() -> None:
    made = manifest(ROUTES)["features"]["slash_commands"]
    escaped = {one["command"] for one in made if one["should_escape"]}
    assert {"/plecs", "/vent"} <= escaped
    assert "/hand" not in escaped


def test_names_can_have_a_prefix() -> None:
    assert commands("acme") == [f"/acme-{name[1:]}" for name in commands()]
    assert commands("acme-") == commands("acme")


@pytest.mark.parametrize("prefix", ["Acme", "a b", "x" * 30])
def test_a_prefix_slack_would_refuse_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match=prefix):
        manifest(ROUTES, prefix)
    assert CliRunner().invoke(app, ["manifest", "--prefix", prefix]).exit_code == 2


def test_nothing_that_people_say_can_be_read() -> None:
    scopes = manifest(ROUTES)["oauth_config"]["scopes"]["bot"]
    assert not [scope for scope in scopes if "history" in scope]


def test_socket_mode_needs_no_address() -> None:
    result = CliRunner().invoke(app, ["manifest", "--socket-mode"])
    made = yaml.safe_load(result.output)
    assert made == manifest(ROUTES, socket_mode=True)
    assert made["oauth_config"].pop("redirect_urls") == [
        "https://YOUR-PLECS-ADDRESS/slack/oauth_redirect"
    ]
    assert "https://" not in yaml.safe_dump(made)


def test_nothing_is_asked_for_that_no_call_needs() -> None:
    needed = {
        "chat:write": "chat.postMessage",
        "commands": "what people type",
        "dnd:read": "dnd.info",
        "mpim:write": "conversations.open with several",
        "users:read": "users.info",
        "users:read.email": "users.lookupByEmail",
    }
    assert set(manifest(ROUTES)["oauth_config"]["scopes"]["bot"]) == set(needed)
