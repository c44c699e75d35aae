"""What is sent to each door: made of what platforms send, and then of what nobody would send."""

import copy
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from handlers.routes import ROUTES
from tests.fakes.slack import TEAM
from tests.stories.test_matrix import NAMES

Json = dict[str, Any]

_WORDS = (
    *("", " ", "hand", "hand contracts", "roka līgumi", "vent Anna", "break 10", "people", "0"),
    *(
        "nan",
        "NaN",
        "Infinity",
        "-1",
        "1e999",
        "null",
        "true",
        "[]",
        "{}",
        "9" * 400,
        "ā",
        "\u0000",
    ),
    *(
        "\ud800",
        "\u202egnitirw",
        "🫱" * 40,
        "a" * 4_000,
        "../../etc/passwd",
        "%00",
        "%ff%fe",
        "<at>",
    ),
    *("'; DROP TABLE people; --", "${x} {name} %s {0}", "<script>alert(1)</script>", "=1+1", "["),
    *(
        "**b** _i_ [x](https://evil.example)",
        "<!channel>",
        "<@U1|x>",
        "{{DATE(2020)}}",
        "U1",
        "admin",
    ),
)
_OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    float("inf"),
    [],
    {},
    [[]],
    [5],
    {"a": {"b": []}},
)
_NAMES = tuple(route.name for route in ROUTES)
_FIELDS = tuple(NAMES)
_AT_ONCE = 12
"""Values of one button or form: some of them are its own."""

_TYPES = (
    *("application/json",) * 5,
    *("application/json", "application/x-www-form-urlencoded", "text/plain; charset=klingon"),
    *("application/json; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=x"),
    *("x", "application/x-www-form-urlencoded; charset=utf-16"),
)
_HEADERS = (
    *("X-Slack-Request-Timestamp", "X-Slack-Signature", "Authorization", "X-Slack-Retry-Num"),
    *("Host", "Origin", "X-Forwarded-For", "Forwarded", "Via", "Accept-Language", "Range"),
    *("Sec-Fetch-Site", "If-None-Match", "If-Modified-Since", "Expect", "Cookie"),
)
_JUNK = (
    *(b"", b"5", b"null", b"[]", b'"x"', b"{}", b"[" * 20_000, b'{"a":' * 10_000, b"payload=5"),
    *(
        b"payload=null",
        b"payload=%ff",
        b"payload=" + b"[" * 20_000,
        b"ssl_check=1",
        b"\xff\xfe\x00",
    ),
    *(b"command=/hand&team_id=T1&user_id=U1", b'{"type":"url_verification","challenge":"x"}'),
    *(
        b"--x\r\nContent-Disposition: form-data; name=payload\r\n\r\n{}\r\n--x--\r\n",
        b"\x1f\x8b\x08",
    ),
)


_TOKENS = ("Bearer", "Bearer ", "Bearer x.y.z", "Bearer e30.e30.e30", "Basic YTpi", "Bearer ā")
_HOSTS = ("evil.example", "[", "127.0.0.1.evil.example", "a:b:c", "ā")


@dataclass(frozen=True, slots=True)
class Shot:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def text(random: Random) -> str:
    if random.random() < 0.7:
        return random.choice(_WORDS)
    signs = [chr(random.randrange(1, 0x3000)) for _ in range(random.randrange(1, 30))]
    return "".join(signs)


def anything(random: Random, depth: int = 2) -> Any:
    roll = random.random()
    if roll < 0.5 or depth == 0:
        return text(random)
    if roll < 0.8:
        return copy.deepcopy(random.choice(_OTHERS))
    if roll < 0.9:
        return [anything(random, depth - 1) for _ in range(random.randrange(4))]
    return {text(random): anything(random, depth - 1) for _ in range(random.randrange(4))}


def changed(random: Random, payload: Json, times: int) -> Json:
    """The payload with so many of its places taken away, or holding something else."""
    whole = copy.deepcopy(payload)
    for _ in range(times):
        inside, name = random.choice(list(_places(whole)))
        if random.random() < 0.2:
            del inside[name]
        else:
            inside[name] = anything(random)
        if not whole:
            break
    return whole


def _places(there: Any) -> Iterator[tuple[Any, Any]]:
    pairs = there.items() if isinstance(there, dict) else enumerate(there)
    for name, value in pairs:
        yield there, name
        if isinstance(value, dict | list):
            yield from _places(value)


# --- what is not signed --------------------------------------------------------------------------


def unsigned(path: str, honest: Callable[[Random], bytes]) -> Callable[[Random], Shot]:
    """Posted to `path` with whatever headers, but never with a signature that is one."""

    def shot(random: Random) -> Shot:
        body = honest(random) if random.random() < 0.6 else random.choice(_JUNK)
        headers = {"Content-Type": random.choice(_TYPES)}
        for name in random.sample(_HEADERS, random.randrange(5)):
            headers[name] = sendable(text(random))
        if random.random() < 0.3:
            headers["X-Slack-Signature"] = random.choice(("v0=0", "v0=" + "0" * 64, "v0=ā", "v1="))
            headers["X-Slack-Request-Timestamp"] = random.choice(("nan", "0", "1e9", "9" * 5_000))
        if random.random() < 0.3:
            headers["Authorization"] = random.choice(
                (
                    "Bearer",
                    "Bearer ",
                    "Bearer x.y.z",
                    "Bearer e30.e30.e30",
                    "Basic YTpi",
                    "Bearer ā",
                )
            )
        method = "POST" if random.random() < 0.9 else random.choice(("GET", "PUT", "DELETE"))
        return Shot(method, path, body, headers)

    return shot


def guessed(random: Random) -> Shot:
    """An address of a calendar, a file or a picture that was never given out."""
    token = random.choice(
        (f"{random.getrandbits(256):064x}", "0" * 64, text(random), "." * 3, "x" * 3_000, "e30.e30")
    )
    path = random.choice(
        (
            *("/calendar/{}.ics", "/calendar/{}/sessions.ics", "/charts/{}.png"),
            "/certificate/{}",
        )
    )
    method = "GET" if random.random() < 0.9 else random.choice(("POST", "HEAD", "PUT"))
    headers = {
        name: sendable(text(random)) for name in random.sample(_HEADERS, random.randrange(3))
    }
    return Shot(method, path.format(quote(token.encode(errors="replace"), safe="")), b"", headers)


def anywhere(addresses: Sequence[tuple[str, str]]) -> Callable[[Random], Shot]:
    """To any of the addresses, mostly by its method, with whatever in the places that are open."""

    def shot(random: Random) -> Shot:
        method, address = random.choice(addresses)
        junk = unsigned("", lambda random: json.dumps(anything(random)).encode())(random)
        path = _PLACE.sub(lambda _: quote(sendable(short(random)) or "x", safe=""), address)
        if random.random() < 0.5:
            named = {name: sendable(short(random)) for name in random.sample(_ASKED_WITH, 2)}
            path = f"{path}?{urlencode(named)}"
        is_read = method in ("GET", "HEAD") and random.random() < 0.8
        method = method if random.random() < 0.9 else random.choice(_METHODS)
        return Shot(method, path, b"" if is_read else junk.body, junk.headers)

    def short(random: Random) -> str:
        return text(random)[:_SHORT]

    return shot


_PLACE = re.compile(r"\{\w+\}")
_SHORT = 100
"""Characters: a longer line of HTTP is answered by the server's library."""
_ASKED_WITH = ("in", "code", "state", "token", "error", "user", "ssl_check")
_METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH")


def foreign(random: Random) -> Shot:
    """To the local page, by somebody who is not at this machine, or from a page of another's."""
    who = random.choice(
        (
            {
                "Host": random.choice(
                    ("evil.example", "[", "127.0.0.1.evil.example", "a:b:c", "\u0101")
                )
            },
            {"X-Forwarded-For": "203.0.113.9"},
            {"Forwarded": "for=203.0.113.9"},
            {"Via": "1.1 somebody"},
            {"Origin": random.choice(("https://evil.example", "null", "file://", "["))},
            {"Sec-Fetch-Site": "cross-site"},
        )
    )
    if random.random() < 0.4:
        path = random.choice(("/", "/local/state", "/local/events", "/metrics", "/healthz"))
        return Shot("GET", path, b"", who)
    ours = asked(random)
    return Shot("POST", ours.path, ours.body, {**ours.headers, **who})


def sendable(value: str) -> str:
    """The text as far as a header may hold it."""
    kept = "".join(sign for sign in value if sign >= " " and sign != "\x7f")
    return kept.encode(errors="ignore").decode()


# --- what is signed, or comes from whom it should ------------------------------------------------


def slack_body(random: Random) -> bytes:
    """What Slack posts, as whoever does not sign it has it."""
    return slack_request(random)[1]


def slack_request(random: Random) -> tuple[str, bytes]:
    """A command, a button, a form, a shortcut or an event, changed in up to three places; and
    which of these it was."""
    times = random.randrange(4)
    route = random.choice(_NAMES)
    values = json.dumps({name: anything(random, 1) for name in random.sample(_FIELDS, _AT_ONCE)})
    person = {"team": {"id": TEAM}, "user": {"id": "U1", "team_id": TEAM}}
    payloads: tuple[Json, ...] = (
        {
            **person,
            "type": "block_actions",
            "trigger_id": "1.2",
            "container": {"channel_id": "D1", "message_ts": "1.1", "is_ephemeral": True},
            "actions": [{"action_id": route, "block_id": "b", "value": values, "type": "button"}],
        },
        {
            **person,
            "type": "view_submission",
            "trigger_id": "1.2",
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": route,
                "private_metadata": values,
                "state": {"values": {name: {name: element(random)} for name in _some(random)}},
            },
        },
        {**person, "type": "shortcut", "callback_id": route, "trigger_id": "1.2"},
        {**person, "type": "message_action", "callback_id": route, "trigger_id": "1.2"},
    )
    roll = random.random()
    if roll < 0.3:
        command = {
            "command": random.choice(("/plecs", "/hand", "/vent", "/break", "/policy")),
            "text": text(random),
            "team_id": TEAM,
            "user_id": "U1",
            "trigger_id": "1.2",
        }
        form = changed(random, command, min(times, 1))
        body = urlencode({str(k): str(v) for k, v in form.items()}, errors="replace")
        return f"command {command['command']}", body.encode()
    if roll < 0.7:
        honest = random.choice(payloads)
        body = urlencode({"payload": json.dumps(changed(random, honest, times))})
        return honest["type"], body.encode()
    event: Json = random.choice(
        (
            {"type": "app_home_opened", "user": "U1", "tab": "home", "event_ts": "1.1"},
            {
                "type": "user_change",
                "user": {
                    "id": "U1",
                    "team_id": TEAM,
                    "name": "x",
                    "tz": "Europe/Riga",
                    "updated": 1,
                },
                "event_ts": "1.1",
            },
            {
                "type": "dnd_updated_user",
                "user": "U1",
                "dnd_status": {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 9},
                "event_ts": "1.1",
            },
            {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}, "event_ts": "1.1"},
        )
    )
    whole = {"type": "event_callback", "team_id": TEAM, "event_id": "E", "event_time": 1}
    posted = json.dumps(changed(random, {**whole, "event": event}, times))
    return f"event {event['type']}", posted.encode()


def _some(random: Random) -> list[str]:
    return random.sample(_FIELDS, 4 * _AT_ONCE)


def element(random: Random) -> Json:
    """What somebody filled in, in one field of a form of Slack's."""
    kind = random.choice(_ELEMENTS)
    named = ("value", "selected_user", "selected_users", "selected_option", "selected_date")
    return {
        "type": kind,
        **{name: random.choice(("x", "1", "U1", text(random)[:_SHORT])) for name in named},
    }


_ELEMENTS = (
    *("plain_text_input", "users_select", "multi_users_select", "static_select", "checkboxes"),
    *("datepicker", "timepicker", "multi_static_select", "radio_buttons", "x"),
)


def call_told(random: Random, now: str) -> bytes:
    """What a telephone system posts of a call, bare or as a CloudEvent, changed in up to three
    places."""
    told: Json = {
        "type": f"call.{random.choice(('started', 'answered', 'transferred', 'ended'))}",
        "call": f"c{random.randrange(9)}",
        "from": random.choice(("+37120000001", "anonymous", text(random))),
        "agent": random.choice(("214", "215", "anna@plecs.example", text(random))),
        "at": now,
        "queue": "contracts",
        "case": "K-1",
        "history_url": "https://crm.example/1",
        "history": [{"at": now, "channel": "e-mail", "topic": "bill", "outcome": "answered"}],
    }
    if random.random() < 0.3:
        event = {"specversion": "1.0", "id": "1", "source": "/x", "type": told.pop("type")}
        told = {**event, "subject": told.pop("call"), "time": told.pop("at"), "data": told}
    return json.dumps(changed(random, told, random.randrange(4))).encode()


def learned(random: Random) -> bytes:
    """What an e-learning system posts of a course that is over, changed in up to three places."""
    told: Json = {
        "type": "course.completed",
        "person": random.choice(("214", "anna@plecs.example", text(random))),
        "course": random.choice(("voice", "empathy", text(random))),
    }
    return json.dumps(changed(random, told, random.randrange(4))).encode()


def cti_told(random: Random) -> Json:
    """The same in Zammad's format."""
    told = {
        "event": random.choice(("newCall", "answer", "hangup")),
        "direction": random.choice(("in", "out")),
        "from": "+37120000001",
        "to": "67000000",
        "callId": f"z{random.randrange(9)}",
        "user": ["Anna"],
        "answeringNumber": random.choice(("214", text(random))),
        "queue": "contracts",
        "cause": "normalClearing",
    }
    return changed(random, told, random.randrange(4))


def teams_change(random: Random, activity: Json) -> Json:
    """The activity as something else that may come, changed in up to three places."""
    route = random.choice(_NAMES)
    values = {name: anything(random, 1) for name in random.sample(_FIELDS, _AT_ONCE)}
    kind, name = random.choice(
        (
            *(("message", ""), ("invoke", "adaptiveCard/action"), ("invoke", "task/fetch")),
            *(("invoke", "task/submit"), ("invoke", "composeExtension/fetchTask")),
            *(("installationUpdate", ""), ("conversationUpdate", ""), ("messageReaction", "")),
        )
    )
    whole = {
        **activity,
        "type": kind,
        "name": name,
        "text": text(random),
        "value": {
            "action": {"verb": route, "data": values},
            "data": {"plecs.does": route, **values},
            "commandId": route,
        },
    }
    return changed(random, whole, random.randrange(4))


def sent(random: Random) -> str | list[str]:
    """What a page's field may hold: text, or several."""
    return random.choice((text(random), "x", "1", "anna", ["anna", "x"], [text(random)]))


def routed(random: Random) -> Json:
    """A route with something in some of the fields that any route reads."""
    values = {name: sent(random) for name in random.sample(_FIELDS, _AT_ONCE)}
    return {"does": random.choice(_NAMES), "values": values}


def asked(random: Random) -> Shot:
    """What the page of the local workspace asks for, changed in up to two places; a telephone that
    is used there, and its clock, too."""
    person = random.choice(("anna", "janis", "liga", "zane"))
    path, body = "/local/ask", dict[str, Any]()
    roll = random.random()
    if roll < 0.1:
        does = random.choice(("ring", "answer", "hang_up", text(random)))
        path = "/local/telephone"
        body = {"person": person, "does": does, "number": random.choice(("", "+37120000001"))}
    elif roll < 0.15:
        path, body = "/local/clock", {"seconds": random.choice((30, 300, 0, -5))}
    else:
        body = {"person": person, "delivery": f"{random.getrandbits(60):016x}", "shown": True}
        body |= {"text": text(random)} if roll < 0.55 else routed(random)
    whole = changed(random, body, random.randrange(3))
    return Shot("POST", path, json.dumps(whole).encode(), {"Content-Type": "application/json"})


def tab_asked(random: Random) -> bytes:
    """What the page beside the chat in Teams asks for, changed in up to two places."""
    body = {**routed(random), "delivery": f"{random.getrandbits(60):016x}"}
    return json.dumps(changed(random, body, random.randrange(3))).encode()
