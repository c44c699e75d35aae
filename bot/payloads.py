"""What a platform posts, read without trusting any of it: what is missing or of another type is
empty."""

import json
from collections.abc import Mapping
from typing import Any

UNKEPT = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
"""Half letters and NUL: neither database keeps them."""


class UnreadableError(ValueError):
    """Nothing that anything can be done with; the message names what it lacks, and quotes
    nothing."""


def loaded(raw: str | bytes) -> Any:
    """The JSON, every text in it such that it can be kept. Raises UnreadableError."""
    try:
        return cleaned(json.loads(raw))
    except (ValueError, RecursionError):
        raise UnreadableError("json") from None


def cleaned(value: Any) -> Any:
    """The same with every text such that it can be kept. Raises RecursionError for what is nested
    too deeply."""
    match value:
        case str():
            return value.translate(UNKEPT)
        case list():
            return [cleaned(one) for one in value]
        case dict():
            return {str(name).translate(UNKEPT): cleaned(one) for name, one in value.items()}
        case _:
            return value


def text_at(there: object, *names: str, longest: int | None = None) -> str:
    """The text under the names; empty when there is none, or one too long for what it is."""
    there = at(there, *names)
    if not isinstance(there, str) or (longest is not None and len(there) > longest):
        return ""
    return there


def list_at(there: object, *names: str) -> list[object]:
    """The list under the names; an empty one when there is none."""
    there = at(there, *names)
    return there if isinstance(there, list) else []


def at(there: object, *names: str) -> object:
    """What stands under the names, one within the other; None where nothing does."""
    for name in names:
        there = there.get(name) if isinstance(there, dict) else None
    return there


def needed(name: str, text: str) -> str:
    """The text. Raises UnreadableError when it is empty."""
    if not text:
        raise UnreadableError(name)
    return text


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds whoever answers asks to wait (Retry-After); None when that is missing or
    odd."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 3600 else None
