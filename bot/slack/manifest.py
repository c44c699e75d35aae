"""The manifest of the Slack app, made from the same list of routes that answers its commands."""

from collections.abc import Sequence
from typing import Any

from bot.command_names import installed_as, is_command_name
from bot.slack.statuses import REDIRECT
from bot.slack.statuses import SCOPES as STATUS_SCOPES
from bot.texts import texts
from bot.typed import PLECS
from handlers.kit.commands import Route, Typed
from handlers.kit.ports import mark
from handlers.kit.text import plain

_ADDRESS = "https://YOUR-PLECS-ADDRESS"
EVENTS_URL = f"{_ADDRESS}/slack/events"

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "dnd_updated_user",
    "team_join",
    "tokens_revoked",
    "user_change",
)

SCOPES = (
    "chat:write",  # messages to people
    "commands",  # commands and shortcuts
    "dnd:read",  # who does not want to be disturbed is not asked
    "mpim:write",  # the conversation of an agent with a helper. Not mpim:history: never read
    "users:read",  # names, languages, zones, and who has left
    "users:read.email",  # who in Teams is the same person; no address is kept
)

_PLECS_TYPED = Typed(
    {"en": PLECS, "lv": PLECS},
    mark("Every command as a word, in English or Latvian; alone, the help"),
    mark("[word] [text]"),
    to_people=True,
)

_COMMAND_LIMIT, _DESCRIPTION_LIMIT, _HINT_LIMIT = 32, 2000, 1000


def own_commands(routes: Sequence[Route]) -> dict[str, tuple[str, Typed]]:
    """What has a command of its own in Slack, by its English word: the name to ask for, and how
    it is typed."""
    own = {
        route.typed.words["en"]: (route.name, route.typed)
        for route in routes
        if route.typed is not None and route.typed.own_command
    }
    return {PLECS: (PLECS, _PLECS_TYPED), **own}


def manifest(
    routes: Sequence[Route],
    prefix: str = "",
    *,
    socket_mode: bool = False,
    whole: bool = False,
    rotates: bool = False,
) -> dict[str, Any]:
    """The manifest as Slack takes it. With a prefix the commands are `/prefix-hand` and so on.
    `whole`: a whole organisation may install it; `rotates`: its tokens end after twelve hours.

    Raises ValueError for a prefix that makes a command longer than Slack allows or holds
    anything but lower-case letters, figures, - and _.
    """
    settings: dict[str, Any] = {
        "event_subscriptions": {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": whole,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": rotates,
    }
    # Each person decides for themselves; whoever installs Plecs need not.
    scopes = {
        "bot": list(SCOPES),
        "user": list(STATUS_SCOPES),
        "user_optional": list(STATUS_SCOPES),
    }
    # Where people come back to with the permission for their status: over a socket, too.
    oauth = {"redirect_urls": [_ADDRESS + REDIRECT], "scopes": scopes}
    if not socket_mode:
        settings["event_subscriptions"]["request_url"] = EVENTS_URL
        settings["interactivity"]["request_url"] = EVENTS_URL
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Plecs",
            "description": "Stands beside the people who answer customers' calls.",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Plecs", "always_online": True},
            "shortcuts": [
                {
                    "name": "Raise a hand",
                    "type": kind,
                    # What follows # tells the two apart; Plecs reads what stands before it.
                    "callback_id": f"hand.form#{kind}",
                    "description": "Ask a colleague to come / Palūgt kolēģi nākt talkā",
                }
                for kind in ("global", "message")
            ],
            "slash_commands": [
                _command(word, typed, prefix, socket_mode=socket_mode)
                for word, (_, typed) in own_commands(routes).items()
            ],
        },
        "oauth_config": oauth,
        "settings": settings,
    }


def _command(word: str, typed: Typed, prefix: str, *, socket_mode: bool) -> dict[str, Any]:
    name = installed_as(word, prefix)
    if not is_command_name(name):
        raise ValueError(f"/{name}: Slack takes lower-case letters, figures, - and _")
    if len(name) + 1 > _COMMAND_LIMIT:
        raise ValueError(f"/{name} is longer than the {_COMMAND_LIMIT} characters Slack allows")
    command: dict[str, Any] = {
        "command": f"/{name}",
        "description": _description(typed)[:_DESCRIPTION_LIMIT],
        "should_escape": typed.to_people,
    }
    if typed.usage:
        command["usage_hint"] = plain(texts("en")(typed.usage))[:_HINT_LIMIT]
    if not socket_mode:
        command["url"] = EVENTS_URL
    return command


def _description(typed: Typed) -> str:
    """English, and the Latvian word: a manifest has one text for everybody."""
    english, latvian = plain(texts("en")(typed.help)), typed.words["lv"]
    if latvian == typed.words["en"]:
        return english
    return f"{english} (latviski: /{PLECS} {latvian})"
