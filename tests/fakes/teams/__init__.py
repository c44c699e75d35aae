"""A Teams for tests: its connector, its sign-in and the keys of its tokens on 127.0.0.1, strict as
the real ones, and people who use it.

It refuses what Teams refuses, and keeps what it was sent. Whatever a well-behaved bot never sends
is also kept in `problems`; leaving the context with one of those fails the test.

With PLECS_RECORD_TEAMS_CARDS set to a file's name, every message with a card is added to it, a
line of JSON each, to be held against Microsoft's own schema.
"""

from tests.fakes.teams.cards import actions, buttons, shown, words
from tests.fakes.teams.objects import (
    APP_ID,
    BOT,
    PASSWORD,
    TENANT,
    Conversation,
    TeamsMessage,
    TeamsTrouble,
)
from tests.fakes.teams.people import TeamsUser
from tests.fakes.teams.server import FakeTeams, fake_teams

__all__ = [
    "APP_ID",
    "BOT",
    "PASSWORD",
    "TENANT",
    "Conversation",
    "FakeTeams",
    "TeamsMessage",
    "TeamsTrouble",
    "TeamsUser",
    "actions",
    "buttons",
    "fake_teams",
    "shown",
    "words",
]
