"""Whatever Slack posts is read as one of the things that can happen, or refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.happenings import NotForUs
from bot.payloads import UnreadableError
from bot.slack.parse import (
    CommandTyped,
    HomeOpened,
    InMessage,
    InWindow,
    PayloadKind,
    QuietChanged,
    Revoked,
    Shortcut,
    SlackHappening,
    SlackPressed,
    Submitted,
    kind_of,
    read,
)
from handlers.kit.people import Address

ANNA = Address("slack", "T1", "U1")
PRESSER = {"team": {"id": "T1"}, "user": {"id": "U1"}}
COMMAND = {
    "command": "/hand",
    "text": "bills <@U7>",
    "team_id": "T1",
    "user_id": "U1",
    "trigger_id": "1.2",
    "response_url": "https://slack.example/r",
}
ACTION = {"action_id": "case.take#0", "value": '{"case":"c1","n":5}'}
BUTTON = {
    "type": "block_actions",
    **PRESSER,
    "actions": [ACTION],
    "trigger_id": "1.2",
    "response_url": "https://slack.example/r",
    "container": {"is_ephemeral": True},
}
VIEW = {
    "id": "V1",
    "hash": "h",
    "type": "modal",
    "callback_id": "hand.raise",
    "private_metadata": '{"values":{"case":"c1"},"home":true}',
    "blocks": [{"block_id": "hand.raise/line"}, {"block_id": "x"}],
    "state": {"values": {"hand.raise/line": {"line": {"type": "text", "value": "a\x00\ud800b"}}}},
}
FORM = {"type": "view_submission", **PRESSER, "view": VIEW}


def event(**event: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event_time": 1_700_000_000,
        "event": event,
    }


@pytest.mark.parametrize(
    ("payload", "happening"),
    [
        (
            COMMAND,
            CommandTyped(ANNA, "hand", "bills @U7", ("U7",), "1.2", "https://slack.example/r"),
        ),
        (
            BUTTON,
            SlackPressed(
                ANNA,
                "case.take",
                {"case": "c1"},
                "1.2",
                InMessage("https://slack.example/r", is_private=True),
            ),
        ),
        (
            {**BUTTON, "view": {"id": "V1", "type": "home"}},
            SlackPressed(
                ANNA,
                "case.take",
                {"case": "c1"},
                "1.2",
                InWindow("V1", is_home=True, renews_home=True),
            ),
        ),
        (
            FORM,
            Submitted(
                ANNA,
                "hand.raise",
                {"case": "c1", "line": "a\ufffd\ufffdb"},
                "view:V1:h",
                InWindow("V1", is_home=False, renews_home=True),
                frozenset({"hand.raise/line", "x"}),
            ),
        ),
        (
            {**FORM, "view": {**VIEW, "private_metadata": "from an older Plecs", "state": None}},
            Submitted(
                ANNA,
                "hand.raise",
                {},
                "view:V1:h",
                InWindow("V1", is_home=False, renews_home=False),
                frozenset({"hand.raise/line", "x"}),
            ),
        ),
        (
            {"type": "shortcut", **PRESSER, "callback_id": "hand.form#global", "trigger_id": "1"},
            Shortcut(ANNA, "hand.form", "1"),
        ),
        (event(type="app_home_opened", tab="home", user="U1"), HomeOpened(ANNA, "Ev1")),
        (event(type="app_home_opened", tab="messages", user="U1"), NotForUs()),
        (
            event(
                type="dnd_updated_user",
                user="U1",
                dnd_status={
                    "dnd_enabled": True,
                    "next_dnd_start_ts": 1e300,
                    "next_dnd_end_ts": 1e300,
                },
            ),
            QuietChanged(ANNA, None, None, datetime.fromtimestamp(1_700_000_000, UTC)),
        ),
        (
            event(type="tokens_revoked", tokens={"oauth": ["U1", 5], "bot": []}),
            Revoked("T1", ("U1",), datetime.fromtimestamp(1_700_000_000, UTC), is_whole=False),
        ),
        (
            {
                **event(type="app_uninstalled"),
                "team_id": None,
                "enterprise_id": "E1",
                "authorizations": [],
            },
            Revoked("E1", None, datetime.fromtimestamp(1_700_000_000, UTC), is_whole=True),
        ),
        ({"type": "block_suggestion"}, NotForUs()),
        (None, NotForUs()),
        ([], NotForUs()),
    ],
)
def test_a_payload_is_one_thing_that_happened(payload: object, happening: SlackHappening) -> None:
    assert read(payload) == happening


@pytest.mark.parametrize(
    ("payload", "lacks"),
    [
        ({**COMMAND, "user_id": ""}, "user_id"),
        ({**COMMAND, "trigger_id": None}, "trigger_id"),
        ({**COMMAND, "team_id": "T" * 300}, "team_id"),
        ({**BUTTON, "actions": []}, "action_id"),
        ({**BUTTON, "user": {}}, "id"),
        ({**FORM, "view": {}}, "id"),
        (event(type="app_home_opened", tab="home"), "user"),
    ],
)
def test_what_lacks_something_needed_is_refused(payload: object, lacks: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{lacks}$"):
        read(payload)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
WHOLE = (
    *(COMMAND, BUTTON, {**BUTTON, "view": VIEW}, FORM),
    event(type="user_change", user={"id": "U1", "profile": {}, "enterprise_user": {}}),
    event(type="dnd_updated_user", user="U1", dnd_status={}),
    event(type="tokens_revoked", tokens={}),
)


@given(st.sampled_from(WHOLE), st.data())
def test_whatever_is_posted_is_read_or_refused(whole: dict[str, Any], data: st.DataObject) -> None:
    payload = dict(whole)
    inside = data.draw(st.sampled_from(sorted(payload)))
    if isinstance(payload[inside], dict) and payload[inside] and data.draw(st.booleans()):
        deeper = data.draw(st.sampled_from(sorted(payload[inside])))
        payload[inside] = {**payload[inside], deeper: data.draw(anything)}
    else:
        payload[inside] = data.draw(anything)
    assert isinstance(kind_of(payload), PayloadKind)
    try:
        happened = read(payload)
    except UnreadableError:
        return
    str(happened).encode()


def test_what_is_nested_without_end_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UnreadableError, match="depth"):
        read({**COMMAND, "more": deep})
    while deep:  # or its own destruction nests as deep
        deep = deep.pop()
