"""Activities are read whatever they hold; what people type comes out as they meant it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payloads import UnreadableError
from bot.teams.parse import Activity, Message, TeamsPressed, Where, filled, read, user_of

BOT = "28:plecs"
LEAST: dict[str, Any] = {
    "type": "message",
    "serviceUrl": "https://smba.example/",
    "conversation": {"id": "a:1"},
    "from": {"id": "29:1"},
    "recipient": {"id": BOT},
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = (
    *("type", "id", "timestamp", "localTimezone", "serviceUrl", "channelId", "from"),
    *("conversation", "recipient", "channelData", "text", "entities", "value", "name"),
    *("locale", "membersAdded", "replyToId", "action"),
)


def said(text: str, *mentioned: tuple[str, str], people: dict[str, str] | None = None) -> str:
    entities = [
        {"type": "mention", "mentioned": {"id": user}, "text": mark} for user, mark in mentioned
    ]
    body = {**LEAST, "text": text, "entities": entities}
    happened = read(json.dumps(body).encode()).happened
    assert isinstance(happened, Message)
    return happened.said(people or {})


PLECS = (BOT, "<at>Plecs</at>")


@pytest.mark.parametrize(
    ("text", "mentioned", "meant"),
    [
        ("hand contracts", (), "hand contracts"),
        ("<at>Plecs</at> hand", (PLECS,), "hand"),
        ("<at>Plecs</at>&nbsp;hand", (PLECS,), "hand"),
        ("hand <at>Plecs</at>", (PLECS,), "hand"),
        ("<at>Plecs</at>", (PLECS,), ""),
        ("hand\u00a0contracts", (), "hand\u00a0contracts"),
        ("hand he said &lt;b&gt;no&lt;/b&gt; &amp; left", (), "hand he said <b>no</b> & left"),
        ("hand &lt;at&gt;Plecs&lt;/at&gt;", (PLECS,), "hand <at>Plecs</at>"),
        ('<at id="0">Plecs</at> help', (), "Plecs help"),
        ("vent <at>Līga</at>", (("29:liga", "<at>Līga</at>"),), "vent @liga"),
        ("vent <at>Ghost</at>", (("29:ghost", "<at>Ghost</at>"),), "vent Ghost"),
        (
            "swap <at>Jānis</at> <at>Jānis</at>",
            (("29:liga", "<at>Jānis</at>"), ("29:ghost", "<at>Jānis</at>")),
            "swap @liga Jānis",
        ),
        ("\u200bhelp\u200b", (), "help"),
        ("vent <at>Līga &amp; Co</at>", (("29:liga", "<at>Līga & Co</at>"),), "vent @liga"),
        ("vent <at>Līga &amp; Co</at>", (("29:liga", "<at>Līga &amp; Co</at>"),), "vent @liga"),
        (
            "vent <at>O’Brien (A+B) \\1 $</at>",
            (("29:x", "<at>O’Brien (A+B) \\1 $</at>"),),
            "vent O’Brien (A+B) \\1 $",
        ),
        (
            "vent <at>A &lt;B&gt; &amp;amp;</at>",
            (("29:x", "<at>A <B> &amp;amp;</at>"),),
            "vent A <B> &amp;",
        ),
        ("<at>R&amp;D</at> hand", ((BOT, "<at>R&D</at>"),), "hand"),
        # The same name is written in many ways, and stands there more often than it is told.
        ("vent <at>Līga&nbsp;L.</at>", (("29:liga", "<at>Līga L.</at>"),), "vent @liga"),
        ("vent <at>Li\u0304ga</at>", (("29:liga", "<at>Līga</at>"),), "vent @liga"),
        ("vent <at>L &amp;amp; M</at>", (("29:liga", "<at>L & M</at>"),), "vent @liga"),
        ("vent <at>L <M> N</at>", (("29:liga", "<at>L <M> N</at>"),), "vent @liga"),
        ("vent <at\nid='1'>Līga</at >", (("29:liga", "Līga"),), "vent @liga"),
        ("<at><strong>Plecs</strong></at> hand", (PLECS,), "hand"),
        ("<at>Plecs</at> hand <at>Plecs</at>", (PLECS,), "hand"),
        ("vent <at>Līga</at> and <at>Līga</at>", (("29:liga", "Līga"),), "vent @liga and @liga"),
        ("<section><customemoji alt=':)'></customemoji>hand</section>", (), "hand"),
        ("<!--StartFragment-->hand<!--EndFragment-->", (), "hand"),
        ("<strong>hand</strong> contracts", (), "hand contracts"),
        ("<h1>hand</h1>contracts", (), "hand\ncontracts"),
        ('<attachment id="1"></attachment><del>hand</del>', (), "hand"),
        ('<emoji id="x" alt="🙋"></emoji> hand <img src="x">', (), "hand"),
        ("<table><tr><td>hand</td></tr></table>", (), "hand"),
        ("<p>hand contracts</p><p>he <i>shouts</i></p>", (), "hand contracts\n\nhe shouts"),
        ("hand<br/>contracts", (), "hand\ncontracts"),
    ],
)
def test_what_was_typed_reads_as_it_was_meant(
    text: str, mentioned: tuple[tuple[str, str], ...], meant: str
) -> None:
    assert said(text, *mentioned, people={"29:liga": "liga"}) == meant


def test_a_mention_that_does_not_say_how_it_is_written_goes_by_the_name() -> None:
    entity = {"type": "mention", "mentioned": {"id": BOT, "name": "R&D <Plecs>"}}
    text = "<at>R&amp;D &lt;Plecs&gt;</at> hand"
    message = read(json.dumps({**LEAST, "text": text, "entities": [entity]}).encode()).happened
    assert isinstance(message, Message)
    assert message.said({}) == "hand"


def test_microsofts_ids_are_the_same_in_capitals() -> None:
    user, tenant = "0a1b2c3d-0000-4000-8000-cba987654321", "0a1b2c3d-0000-4000-8000-00000000000a"
    told = {
        **LEAST,
        "from": {"id": "29:1", "aadObjectId": user.upper()},
        "conversation": {"id": "a:1", "tenantId": tenant.upper()},
    }
    activity = read(json.dumps(told).encode())
    assert (activity.by.workspace, activity.by.user) == (tenant, user)
    assert user_of({"aadObjectId": user.upper(), "id": "29:1"}) == user


def test_what_is_longer_than_any_message_is_cut() -> None:
    assert len(said("x" * 50_000)) == 40_000


def test_the_least_that_can_be_read() -> None:
    activity = read(json.dumps(LEAST).encode())
    assert (activity.where, activity.user, activity.delivery) == (Where.PERSONAL, "29:1", "")


@pytest.mark.parametrize("name", ["type", "serviceUrl", "conversation", "from", "recipient"])
def test_less_can_not(name: str) -> None:
    with pytest.raises(UnreadableError, match=name):
        read(json.dumps({**LEAST, name: None}).encode())


def test_one_delivery_has_one_name_and_no_other_has_it() -> None:
    def delivery(**also: Any) -> str:
        return read(json.dumps({**LEAST, **also}).encode()).delivery

    assert delivery(id="1") == delivery(id="1", text="again")
    other = {"id": "a:2"}
    names = {delivery(id="1"), delivery(id="2"), delivery(id="1", conversation=other)}
    assert len(names) == 3
    assert max(map(len, names)) == 40


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Europe", "Mars/Olympus", "\u0000", "/"])
def test_a_zone_that_is_none_is_left_out(zone: str) -> None:
    assert read(json.dumps({**LEAST, "localTimezone": zone}).encode()).zone == ""


def test_what_no_database_keeps_is_replaced() -> None:
    value = {"plecs.does": "hand", "\x00": "\udfff"}
    message = read(json.dumps({**LEAST, "text": "a\x00b\ud800c"}).encode()).happened
    pressed = read(json.dumps({**LEAST, "value": value}).encode()).happened
    assert isinstance(message, Message)
    assert isinstance(pressed, TeamsPressed)
    assert (message.text, pressed.values) == ("a\ufffdb\ufffdc", {"\ufffd": "\ufffd"})


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ({"case": "1", "plecs.does": "hand.take", "msteams": {"a": 1}}, {"case": "1"}),
        ({"topics[]": "a,b , c,"}, {"topics": ("a", "b", "c")}),
        ({"topics[]": ""}, {"topics": ()}),
        ({"size": 5, "other": 5.0, "half": 0.5}, {"size": "5", "other": "5", "half": "0.5"}),
        ({"anchor": "-", "list": ["x"], "none": None, "deep": {"a": "b"}}, {"anchor": ""}),
    ],
)
def test_what_was_filled_in_is_read_back(
    data: dict[str, Any], values: dict[str, str | tuple[str, ...]]
) -> None:
    assert filled(data) == values


@given(st.dictionaries(st.sampled_from(FIELDS), anything), st.booleans())
def test_whatever_is_posted_is_read_or_refused(body: dict[str, Any], whole: bool) -> None:
    try:
        activity = read(json.dumps({**LEAST, **body} if whole else body).encode())
    except UnreadableError:
        return
    assert isinstance(activity, Activity)
    if isinstance(activity.happened, Message):
        activity.happened.said({})
    str(activity).encode()


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(raw)
