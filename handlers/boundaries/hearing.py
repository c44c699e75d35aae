"""What a few hurried words mean: a danger to life first, then what the search found."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.boundaries.model import Found
from handlers.kit.danger import danger_in
from handlers.kit.ways import Said, Ways, shipped

_GRAVE = frozenset({"threatening", "crisis"})
"""The behaviours that a lawful threat is not, as they are called in what comes with Plecs."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant. `danger`: to somebody's life. `lawful`: what the caller threatens with is
    their right, to complain, to sue, to leave. `likeliest` are behaviours' ids, the likeliest
    first; `sure`: the first is meant."""

    danger: Said
    lawful: bool
    likeliest: tuple[str, ...]
    sure: bool


def heard(text: str, found: Found, own: Sequence[str] = ()) -> Heard:
    """What the text means, with what the search found in it; `own` are the workspace's own ways of
    telling of a danger to life."""
    lawful = _lawful().said(text) is not Said.NO
    likeliest, sure = found.likeliest, found.sure
    if lawful:
        sure = sure and likeliest[0] not in _GRAVE
        likeliest = tuple(one for one in likeliest if one not in _GRAVE)
    return Heard(danger_in(text, own), lawful, likeliest, sure)


@lru_cache(maxsize=1)
def _lawful() -> Ways:
    return shipped("lawful")
