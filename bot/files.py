"""Reads a file that somebody names: whole, if it is one, and not larger than any such file is."""

from pathlib import Path

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
