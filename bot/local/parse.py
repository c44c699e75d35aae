"""What the page posts, as one of a few things that can happen. Nobody else reads its JSON."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.callers import LONGEST_NUMBER
from bot.local.team import PLATFORM, WORKSPACE
from bot.local.telephone import Does
from handlers.kit.commands import Value
from handlers.kit.people import Address, Person

STEPS = (30, 300, 3_600, 86_400)
"""By how many seconds the clock may be moved at once."""

_BODY_LIMIT = 64 * 1024
_DELIVERY = re.compile(r"[0-9A-Za-z-]{8,64}")


class BadRequestError(Exception):
    """The page, or something that isn't the page, asked for what makes no sense."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LocalTyped:
    """Somebody typed a line; `is_shown`: it stands in their column from then on."""

    by: Address
    delivery: str
    text: str
    is_shown: bool
    on: str


@dataclass(frozen=True, slots=True)
class LocalPressed:
    """Somebody pressed a button or sent a form, `on` the message of this id."""

    by: Address
    delivery: str
    route: str
    values: Mapping[str, Value]
    on: str


def asked(content: bytes, team: Sequence[Person]) -> LocalTyped | LocalPressed:
    """What somebody of the team did in the page. Raises BadRequestError."""
    body = loaded(content)
    _, by = _who(body, team)
    delivery, on = _string(body, "delivery"), body.get("message")
    if not _DELIVERY.fullmatch(delivery):
        raise BadRequestError(400, "delivery: 8 to 64 letters, digits and dashes.")
    on = on if isinstance(on, str) else ""
    if "text" in body:
        text = _string(body, "text").strip()
        return LocalTyped(by, delivery, text, body.get("shown") is not False, on)
    return LocalPressed(by, delivery, _string(body, "does"), _values(body), on)


def used_telephone(content: bytes, team: Sequence[Person]) -> tuple[Person, Address, Does, str]:
    """Whose telephone is used, how, and from which number it rings. Raises BadRequestError."""
    body = loaded(content)
    person, by = _who(body, team)
    does, number = _string(body, "does"), _string(body, "number")
    if does not in set(Does):
        raise BadRequestError(400, f"does: one of {', '.join(Does)}.")
    return person, by, Does(does), number[:LONGEST_NUMBER]


def step(content: bytes) -> timedelta:
    """By how much the clock is to be moved. Raises BadRequestError."""
    seconds = loaded(content).get("seconds")
    if seconds not in STEPS or isinstance(seconds, bool) or not isinstance(seconds, int):
        raise BadRequestError(400, f"seconds: one of {', '.join(map(str, STEPS))}.")
    return timedelta(seconds=seconds)


def position(given: str) -> int:
    """The number of the last event that a page has. Raises BadRequestError."""
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise BadRequestError(400, "Last-Event-ID: the number of the last event, please.")
    return int(given)


def loaded(content: bytes) -> Mapping[str, object]:
    """The object that was posted. Raises BadRequestError."""
    if len(content) > _BODY_LIMIT:
        raise BadRequestError(413, f"At most {_BODY_LIMIT} bytes at once.")
    try:
        body = json.loads(content)
        json.dumps(body, ensure_ascii=False).encode()  # half a character can't be kept or shown
    except (ValueError, RecursionError):
        raise BadRequestError(400, "This is not JSON.") from None
    if not isinstance(body, dict):
        raise BadRequestError(400, "Send a JSON object.")
    return body


def _who(body: Mapping[str, object], team: Sequence[Person]) -> tuple[Person, Address]:
    """Who of the team did something, and where."""
    by = Address(PLATFORM, WORKSPACE, _string(body, "person"))
    person = next((one for one in team if by in one.addresses), None)
    if person is None:
        raise BadRequestError(404, "There is nobody by this name here.")
    return person, by


def _string(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequestError(400, f"{name}: a string, please.")
    return value


def _values(body: Mapping[str, object]) -> dict[str, Value]:
    given = body.get("values", {})
    if not isinstance(given, dict):
        raise BadRequestError(400, "values: an object, please.")
    values: dict[str, Value] = {}
    for name, value in given.items():
        if isinstance(value, str):
            values[name] = value
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            values[name] = tuple(value)
        else:
            raise BadRequestError(400, f"values.{name}: a string or a list of strings, please.")
    return values
