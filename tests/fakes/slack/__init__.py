"""A Slack for tests: its Web API on 127.0.0.1, strict as the real one, and people who use it.

It answers what Slack's reference says it answers, refuses what Slack refuses, and keeps what it
was sent. Whatever a well-behaved app never sends is also kept in `problems`; leaving the context
with one of those fails the test.

With PLECS_RECORD_SLACK_CALLS set to a file's name, every call and every body that the app
answered with is added to it, one JSON object a line.
"""

from tests.fakes.slack.blocks import buttons, words
from tests.fakes.slack.objects import (
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    SIGNING_SECRET,
    TEAM,
    USER_SCOPES,
    MethodCall,
    SlackMessage,
    User,
    shipped_manifest,
)
from tests.fakes.slack.people import SlackUser
from tests.fakes.slack.server import FakeSlack, fake_slack, signed

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SCOPES",
    "SIGNING_SECRET",
    "TEAM",
    "USER_SCOPES",
    "FakeSlack",
    "MethodCall",
    "SlackMessage",
    "SlackUser",
    "User",
    "buttons",
    "fake_slack",
    "shipped_manifest",
    "signed",
    "words",
]
