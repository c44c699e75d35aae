"""Whether a `.env` file says what its lines look like saying."""

import re
from pathlib import Path

from dotenv.parser import parse_stream

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def odd_line(file: Path) -> int | None:
    """The first line that is no NAME=value, where the parser reads on as if there were nothing:
    "NAME: value", "set NAME=value", a quote that is never closed. None where all are read, or there
    is no file. Raises OSError and UnicodeDecodeError."""
    if not file.exists():
        return None
    with file.open(encoding="utf-8-sig") as lines:
        for found in parse_stream(lines):
            if found.error or (found.key is not None and not _NAME.fullmatch(found.key)):
                return found.original.line
    return None
