"""Reads a file that somebody names: whole, if it is one, and not larger than any such file is; and
writes what is of people for its owner alone."""

import os
from pathlib import Path
from stat import S_ISREG

MOST = 20 * 1024 * 1024
"""Bytes: a plan of shifts for thousands of people has some ten million."""


class BadContentError(Exception):
    """What is there can't be read; the text says why, and what helps."""


def content_of(file: Path, most: int = MOST) -> bytes:
    """What stands in it. Raises BadContentError: for a folder, a pipe or a device, too, which are
    not waited for."""
    try:
        if not file.is_file():
            raise BadContentError("is no file: give one")
        with file.open("rb") as opened:
            found = opened.read(most + 1)
    except OSError as error:
        raise BadContentError(f"can't be read ({error.strerror}): let your user read it") from None
    if len(found) > most:
        raise BadContentError(f"has more than {most // 1024 // 1024} MB: is it the right one?")
    return found


def write_for_owner(file: Path, content: bytes) -> None:
    """Writes what tells of people into a file that only whoever runs this can read, as the database
    is; one that was there before, too. Raises OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        if S_ISREG(os.fstat(descriptor).st_mode):  # and not, say, /dev/stdout
            os.fchmod(descriptor, 0o600)
        opened.write(content)
