"""Whether a `.env` file says what its lines look like saying."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_ALIKE = 0.9
"""From here on one name is taken for another, mistyped: a letter of ten is left out, say."""


def odd_line(file: Path) -> int | None:
    """The first line that is no NAME=value, where the parser reads on as if there were nothing:
    "NAME: value", "set NAME=value", a quote that is never closed. None where all are read, or there
    is no file. Raises OSError and UnicodeDecodeError."""
    if not file.exists():
        return None
    with file.open(encoding="utf-8-sig") as lines:
        for found in parse_stream(lines):
            if found.error or (found.key is not None and not _NAME.fullmatch(found.key)):
                return _line_of(found)
    return None


def mistyped(file: Path, names: Collection[str]) -> tuple[int, str, str] | None:
    """The first line that sets nothing, because its name is only nearly one of these: its number,
    its name and theirs. For a file that `odd_line` finds nothing odd in."""
    if not file.exists():
        return None
    with file.open(encoding="utf-8-sig") as lines:
        for found in parse_stream(lines):
            name = (found.key or "").upper()
            if name and name not in names:
                for meant in get_close_matches(name, names, 1, _ALIKE):
                    return _line_of(found), name, meant
    return None


def set_again(file: Path, names: Collection[str]) -> tuple[int, str] | None:
    """The first line that sets one of these anew, to another value: its number and the name. Which
    of the two is meant, nobody knows. For a file that `odd_line` finds nothing odd in."""
    if not file.exists():
        return None
    before: dict[str, str | None] = {}
    with file.open(encoding="utf-8-sig") as lines:
        for found in parse_stream(lines):
            name = (found.key or "").upper()
            if name in names and before.setdefault(name, found.value) != found.value:
                return _line_of(found), name
    return None


def _line_of(found: Binding) -> int:
    """The parser has empty lines belong to what follows."""
    written = found.original.string
    before = written[: len(written) - len(written.lstrip())]
    return found.original.line + len(before.splitlines())
