"""What a telephone system posts, as events: read field by field, or refused with the field's name.

Nothing of it is quoted in a refusal, and a number is not looked at again once its pseudonyms are
made: what holds it in other fields is taken out here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import unquote_plus

from bot.callers import LONGEST_NUMBER, in_e164
from handlers.calls.model import MOST_HISTORY, CallEvent, Happened, Taken
from handlers.common.current_call import Contact
from handlers.kit.callers import Pseudonyms
from handlers.kit.deidentify import HIDDEN

LONGEST = {
    "call": 200,
    "from": LONGEST_NUMBER,
    "agent": 200,
    "queue": 200,
    "case": 200,
    "history_url": 1000,
    "channel": 40,
    "topic": 120,
    "outcome": 200,
}
"""Characters of each text, at most."""

AHEAD, OLDEST = timedelta(minutes=5), timedelta(days=7)
"""By how much a telephone system's clock may be before ours, and how late an event may come."""

TYPES = {f"call.{kind}": kind for kind in Happened}
"""The types of events, as they are posted."""

CLOUD_TYPE = rf"([a-z0-9.-]{{1,60}}\.)?({'|'.join(map(re.escape, TYPES))})"
"""The types of CloudEvents: the same, perhaps behind a company's own name in reverse."""

ADDRESS = r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?][!-~]*)?"
"""What opens a caller's history somewhere else."""

_CLOUD_TYPE, _ADDRESS = re.compile(CLOUD_TYPE), re.compile(ADDRESS)
_NUMBER = re.compile(r"\+?[0-9](?:[\s().\-/\u00a0]{0,3}[0-9]){5,40}")
"""What may be a number, its digits together or apart."""
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class HearsCalls(Protocol):
    """The core, as far as it is told of calls."""

    @property
    def caller(self) -> Pseudonyms: ...

    async def hear(self, event: CallEvent, workspace: str = "") -> Taken: ...


class InvalidError(ValueError):
    """What was posted is no event: which field is wrong, and why. It quotes nothing."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


def event_in(
    body: object, delivery: str, now: datetime, callers: Pseudonyms, *, cloud: bool = False
) -> tuple[CallEvent, tuple[str, ...]]:
    """The event, and the fields that were left out of it because they hold the number. `cloud`: it
    comes as a CloudEvent in structured mode. Raises InvalidError."""
    if not isinstance(body, dict):
        raise InvalidError("body", "must be a JSON object")
    fields = _of_cloud_event(body) if cloud else body
    told = _text(fields, "type", needed=True, longest=200)
    if cloud and _CLOUD_TYPE.fullmatch(told):
        told = next(name for name in TYPES if told.endswith(name))
    kind = TYPES.get(told)
    if kind is None:
        raise InvalidError("type", f"must be one of {', '.join(TYPES)}")
    number = _text(fields, "from")
    e164 = in_e164(number)
    agent = _text(fields, "agent").strip()
    case, history_url = _text(fields, "case"), _address(fields)
    left_out = tuple(
        name
        for name, value in (("case", case), ("history_url", unquote_plus(history_url)))
        if _without(value, e164) != value
    )
    return (
        CallEvent(
            delivery,
            "contacts",
            kind,
            _text(fields, "call", needed=True),
            _instant(fields, "at", now),
            (agent,) if agent else (),
            callers(number, now) if number else None,
            _text(fields, "queue"),
            "" if "case" in left_out else case,
            _history(fields, now, e164),
            "" if "history_url" in left_out else history_url,
        ),
        left_out,
    )


def cti_event(
    posted: Mapping[str, Any], workspace: str, now: datetime, callers: Pseudonyms
) -> CallEvent:
    """The event in Zammad's generic CTI format, in which what happens happens now. Raises
    InvalidError."""
    kinds = {"newCall": Happened.STARTED, "answer": Happened.ANSWERED, "hangup": Happened.ENDED}
    told = _text(posted, "event", needed=True, longest=40)
    if told not in kinds:
        raise InvalidError("event", "must be newCall, answer or hangup")
    kind = kinds[told]
    name = "callId" if "callId" in posted else "call_id"
    call = _text(posted, name, needed=True, longest=LONGEST["call"])
    is_out = _text(posted, "direction", longest=10) == "out"
    number = _text(posted, "to" if is_out else "from", longest=200)
    agents = [_text(posted, "answeringNumber", longest=200)]
    # A hangup names those as well at whom it only rang: they may be in another call.
    if kind is not Happened.ENDED:
        agents += [
            *_several(posted, "user"),
            _text(posted, "from" if is_out else "to", longest=200),
        ]
    who = tuple(dict.fromkeys(one.strip() for one in agents if one.strip()))
    return CallEvent(
        None,
        f"cti {workspace}",
        kind,
        call,
        now,
        () if kind is Happened.STARTED else who,
        callers(number, now) if number else None,
        _text(posted, "queue", longest=LONGEST["queue"]),
    )


def _of_cloud_event(body: dict[str, Any]) -> dict[str, Any]:
    """The event's own fields: `data`, with what attributes say of the same."""
    if _text(body, "specversion", needed=True, longest=10) != "1.0":
        raise InvalidError("specversion", "must be 1.0")
    for attribute in ("id", "source", "type"):
        _text(body, attribute, needed=True, longest=500)
    data = body.get("data")
    if not isinstance(data, dict):
        raise InvalidError("data", "must be a JSON object")
    return {"at": body.get("time"), "call": body.get("subject"), **data, "type": body["type"]}


def _text(
    fields: Mapping[str, Any], name: str, *, needed: bool = False, longest: int | None = None
) -> str:
    value, most = fields.get(name), longest or LONGEST[name]
    if value is None or value == "":
        if needed:
            raise InvalidError(name, "is missing")
        return ""
    if not isinstance(value, str):
        raise InvalidError(name, "must be text")
    if len(value) > most:
        raise InvalidError(name, f"must have at most {most} characters")
    return value


def _several(fields: Mapping[str, Any], name: str) -> Sequence[str]:
    """One text or a list of them."""
    value = fields.get(name)
    if not isinstance(value, list):
        return [_text(fields, name, longest=200)]
    return [_text({name: one}, name, longest=200) for one in value[:MOST_HISTORY]]


def _instant(fields: Mapping[str, Any], name: str, now: datetime) -> datetime:
    text = _text(fields, name, needed=True, longest=40)
    found = _read_instant(text, name)
    if found > now + AHEAD:
        raise InvalidError(name, f"is more than {AHEAD // timedelta(minutes=1)} minutes ahead")
    if found < now - OLDEST:
        raise InvalidError(name, f"is more than {OLDEST.days} days ago")
    return found


def _read_instant(text: str, name: str) -> datetime:
    wrong = InvalidError(name, "must be an instant with its zone, such as 2026-11-28T10:00:00Z")
    if not _INSTANT.fullmatch(text):
        raise wrong
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None


def _history(fields: Mapping[str, Any], now: datetime, e164: str | None) -> tuple[Contact, ...]:
    given = fields.get("history")
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MOST_HISTORY:
        raise InvalidError("history", f"must be a list of at most {MOST_HISTORY} contacts")
    return tuple(_contact(one, f"history[{place}]", now, e164) for place, one in enumerate(given))


def _contact(given: object, name: str, now: datetime, e164: str | None) -> Contact:
    if not isinstance(given, dict):
        raise InvalidError(name, "must be a JSON object")
    try:
        told = _read_instant(_text(given, "at", needed=True, longest=40), "at")
        words = (_text(given, one) for one in ("channel", "topic", "outcome"))
        return Contact(min(told, now), *(_without(one, e164) for one in words))
    except InvalidError as error:
        raise InvalidError(f"{name}.{error.field}", error.reason) from None


def _without(words: str, e164: str | None) -> str:
    """The words with the caller's number taken out, however it is written."""
    if e164 is None:
        return words
    digits = e164.removeprefix("+")
    national = digits[3:] if digits.startswith("371") else digits[-8:]

    def hidden(found: re.Match[str]) -> str:
        return HIDDEN if national in "".join(filter(str.isdigit, found[0])) else found[0]

    return _NUMBER.sub(hidden, words)


def _address(fields: Mapping[str, Any]) -> str:
    url = _text(fields, "history_url")
    if url and not _ADDRESS.fullmatch(url):
        raise InvalidError("history_url", "must be an address that begins with https://")
    return url
