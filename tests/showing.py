"""Every card and form of every story, as each platform would show it.

With PLECS_RECORD_TEAMS_CARDS set to a file's name, every card for Teams is added to it, a line
of JSON each, to be held against Microsoft's own schema.
"""

import json
import os
from pathlib import Path

from bot.local.cards import message
from bot.local.forms import form
from bot.local.markup import LocalContext, seen_by
from bot.rendering import RenderContext
from bot.slack import cards as slack
from bot.slack import forms as slack_forms
from bot.teams import cards as teams
from bot.teams.markup import TeamsContext
from handlers.kit.cards import Form, Reply
from handlers.kit.delivery import Reader
from tests.fakes.adaptive_cards import card_problems, message_problems
from tests.fakes.block_kit import message_problems as slack_problems
from tests.fakes.block_kit import view_problems

_READERS = (Reader("en", "Europe/Riga"), Reader("lv", "Europe/Riga"))

_SHOWN: set[int] = set()
"""What this process has shown, by all that it says: once more it would look the same."""


def show_everywhere(shown: Reply) -> None:
    """Fails where a platform can't show it as it should be."""
    if shown is None or (look := hash(repr(shown))) in _SHOWN:
        return
    for reader in _READERS:
        _in_slack(shown, RenderContext("T1", reader))
        _in_teams(shown, TeamsContext("T1", reader, team=(("Anna", "Anna"),)))
        _in_browser(shown, seen_by(reader))
    _SHOWN.add(look)


def _in_slack(shown: Reply, context: RenderContext) -> None:
    if isinstance(shown, Form):
        assert view_problems(slack_forms.form(shown, context, {})) == []
    elif shown is not None:
        assert slack_problems(slack.message(shown, context)) == []


def _in_browser(shown: Reply, context: LocalContext) -> None:
    assert shown is not None
    made = form(shown, context) if isinstance(shown, Form) else message(shown, context)
    made.encode()  # half a letter can't be sent


def _in_teams(shown: Reply, context: TeamsContext) -> None:
    assert shown is not None
    made = teams.message(shown, context)
    assert message_problems(made) == []
    card = teams.dialog(shown, context)["task"]["value"]["card"]["content"]
    assert card_problems(card, in_dialog=True) == []
    if target := os.environ.get("PLECS_RECORD_TEAMS_CARDS"):
        with Path(target).open("a") as file:
            file.write(json.dumps(made, ensure_ascii=False) + "\n")
