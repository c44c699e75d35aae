"""The package of the Teams app, made from the same list of routes that answers its commands.

Its schema: https://learn.microsoft.com/microsoft-365/extensibility/schema/?view=m365-app-1.19
"""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.teams.about import KEPT, PATH, TERMS
from bot.teams.tab import ENTITY
from bot.teams.tab import PATH as TAB
from bot.texts import texts
from handlers.kit.cards import Line
from handlers.kit.commands import Route, Typed
from handlers.kit.text import plain

SCHEMA = "1.19"

RAISE_A_HAND = "hand.form"
"""The compose extension's action, by the name of its route."""

BOUNDARIES, SAID = "policy", "said"
"""Its search, by the name of the route that is asked, and what is typed there."""

_COMMANDS, _TITLE, _DESCRIPTION, _SHORT, _TAB = 10, 32, 128, 80, 128
_ACCENT = "#97431B"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the package: the same commands make the same bytes."""


def package(routes: Sequence[Route], app_id: str, public_url: str, version: str) -> bytes:
    """The ZIP that an admin uploads. `app_id` is the bot's, `public_url` where Plecs is reached,
    `version` three numbers with dots between."""
    from bot.teams.icons import color_icon, outline_icon  # noqa: PLC0415 - draws, once an install

    made = manifest(routes, app_id, public_url, version)
    files: dict[str, str | bytes] = {
        "manifest.json": _json(made),
        "lv.json": _json(translated(routes, "lv")),
        "color.png": color_icon(),
        "outline.png": outline_icon(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
    return packed.getvalue()


def manifest(routes: Sequence[Route], app_id: str, public_url: str, version: str) -> dict[str, Any]:
    """The manifest in English, with where its Latvian is."""
    words = _ManifestTexts("en")
    about = public_url + PATH
    return {
        "$schema": (
            f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/"
            "MicrosoftTeams.schema.json"
        ),
        "manifestVersion": SCHEMA,
        "version": version,
        "id": app_id,
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": "lv", "file": "lv.json"}],
        },
        "developer": {
            "name": "Plecs",
            "websiteUrl": about,
            "privacyUrl": f"{about}#{KEPT}",
            "termsOfUseUrl": f"{about}#{TERMS}",
        },
        "name": {"short": "Plecs", "full": words.name},
        "description": {"short": words.short, "full": words.full},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": _ACCENT,
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {
                        "scopes": scopes,
                        "commands": [words.command(typed) for typed in commands],
                    }
                    for scopes, commands in _lists(routes)
                ],
            }
        ],
        "staticTabs": [
            {"entityId": "conversations", "scopes": ["personal"]},
            {
                "entityId": ENTITY,
                "name": words.page,
                "contentUrl": f"{public_url}{TAB}?in={{page.subPageId}}",
                "websiteUrl": f"{public_url}{TAB}",
                "scopes": ["personal"],
            },
            {"entityId": "about", "scopes": ["personal"]},
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": RAISE_A_HAND,
                        "type": "action",
                        "context": ["compose", "commandBox", "message"],
                        **words.raise_a_hand,
                        "fetchTask": True,
                    },
                    {
                        "id": BOUNDARIES,
                        "type": "query",
                        "context": ["compose", "commandBox"],
                        **words.boundaries,
                        "initialRun": True,
                        "parameters": [{"name": SAID, "inputType": "text", **words.said}],
                    },
                ],
            }
        ],
        # Without it Graph refuses what an app may do in a chat that it is in.
        "webApplicationInfo": {
            "id": app_id,
            "resource": f"api://{urlsplit(public_url).netloc}/botid-{app_id}",
        },
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(public_url).netloc],
        "defaultInstallScope": "personal",
    }


def translated(routes: Sequence[Route], locale: str) -> dict[str, str]:
    """The manifest's texts in another language, by where they stand."""
    words = _ManifestTexts(locale)
    found = {
        "name.full": words.name,
        "staticTabs[1].name": words.page,
        "description.short": words.short,
        "description.full": words.full,
    }
    for number, (_, commands) in enumerate(_lists(routes)):
        for place, typed in enumerate(commands):
            for name, text in words.command(typed).items():
                found[f"bots[0].commandLists[{number}].commands[{place}].{name}"] = text
    for place, said in enumerate((words.raise_a_hand, words.boundaries)):
        for name, text in said.items():
            found[f"composeExtensions[0].commands[{place}].{name}"] = text
    for name, text in words.said.items():
        found[f"composeExtensions[0].commands[1].parameters[0].{name}"] = text
    return found


def _lists(routes: Sequence[Route]) -> tuple[tuple[list[str], list[Typed]], ...]:
    """What the menu offers, by where: ten at most, those with a command of their own in Slack
    first, and the help, which knows all the others, last. What is private is not offered where
    others read along."""
    typed = [
        (route.typed, route.private)
        for route in routes
        if route.typed is not None and route.role is None
    ]
    *rest, help_ = sorted(typed, key=lambda one: (_is_help(one[0]), not one[0].own_command))
    offered = [*rest[: _COMMANDS - 1], help_]
    return (
        (["personal"], [one for one, _ in offered]),
        (["team", "groupChat"], [one for one, private in offered if not private]),
    )


def _is_help(typed: Typed) -> bool:
    return typed.words["en"] == "help"


class _ManifestTexts:
    """The manifest's texts in one language, within Teams' limits."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._t = t = texts(locale)
        self.name = plain(t("Plecs, a shoulder in hard calls"))
        self.short = _within(t("Stands beside the people who answer customers' calls."), _SHORT)
        self.full = plain(
            t(
                "In a hard call raise a hand, and a colleague comes. Plecs also knows what you "
                "may do with an abusive caller and the words for it, finds somebody to talk to "
                "afterwards, and looks after breaks and supervision groups. In Latvian and "
                "English. What people say to each other it never reads."
            )
        )
        self.page = _within(t("Start page"), _TAB)
        self.raise_a_hand = {
            "title": _within(t("Raise a hand"), _TITLE),
            "description": _within(t("Ask a colleague to come"), _DESCRIPTION),
        }
        self.boundaries = {
            "title": _within(t("What may I do?"), _TITLE),
            "description": _within(t("What one may do with such a caller"), _DESCRIPTION),
        }
        self.said = {
            "title": _within(t("What does the caller do?"), _TITLE),
            "description": _within(t("In a few words, as you would say it"), _DESCRIPTION),
        }

    def command(self, typed: Typed) -> dict[str, str]:
        """The word to type, and what it does."""
        return {
            "title": _within((typed.words[self._locale],), _TITLE),
            "description": _within(self._t(typed.help), _DESCRIPTION),
        }


def _within(line: Line, limit: int) -> str:
    text = plain(line)
    if len(text) > limit:
        raise ValueError(f"{text!r} is longer than the {limit} characters Teams takes")
    return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
