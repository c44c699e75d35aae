"""What a few hurried words mean: a danger to life first, then what the search found."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.boundaries.model import CRISIS, DANGER
from handlers.kit.danger import (
    SURE,
    danger_because,
    is_by_ones_own_hand,
    is_calm,
    said_by,
    told,
)
from handlers.kit.once import once
from handlers.kit.spelling import words_of
from handlers.kit.ways import Said, Ways, shipped
from handlers.library.model import Found

_THREATENING = "threatening"
_GRAVE = frozenset({_THREATENING, CRISIS, DANGER})
"""The behaviours that a lawful threat is not, as they are called in what comes with Plecs."""

_NEAREST, _OTHERWISE_SURE = 3, 2
"""Points of a danger to life where the search finds nothing nearer, and those that it takes where
the search is sure of something else and no known way is said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant. `danger`: to somebody's life, and `kind`: CRISIS or DANGER. `lawful`: what
    the caller threatens with is their right, to complain, to sue, to leave. `likeliest` are
    behaviours' ids, the likeliest first; `sure`: the first is meant."""

    danger: Said
    lawful: bool
    likeliest: tuple[str, ...]
    sure: bool
    kind: str


def heard(text: str, found: Found, own: Sequence[str] = ()) -> Heard:
    """What the text means, with what the search found in it; `own` are the workspace's own ways of
    telling of a danger to life."""
    words = words_of(text)
    lawful = _lawful().said(words) is not Said.NO
    likeliest, sure = found.likeliest, found.sure
    if lawful:
        sure = sure and likeliest[0] not in _GRAVE
        likeliest = tuple(one for one in likeliest if one not in _GRAVE)
    if _THREATENING in likeliest and _accident().said(words):
        sure = sure and likeliest[0] != _THREATENING
        likeliest = tuple(one for one in likeliest if one != _THREATENING)
    nearest = likeliest[0] if likeliest else ""
    danger = told(words, own)
    points = danger.points
    if nearest in (CRISIS, DANGER):
        points, sure = min(points + _NEAREST, max(points, SURE - 1)), False
    elif (sure or lawful) and not danger.known:
        points -= _OTHERWISE_SURE
    sure = sure and not danger.is_ordinary and not (nearest in _GRAVE and is_calm(words))
    said = said_by(points)
    kind = _kind(said, nearest, words) if said else DANGER
    return Heard(said, lawful, likeliest, sure, kind)


def because(text: str, own: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that tell of a danger to life, and those that tell of their right."""
    words = words_of(text)
    return danger_because(words, own), _lawful().because(words)


def _kind(danger: Said, nearest: str, words: Sequence[str]) -> str:
    """Which danger to life it is."""
    if danger is not Said.SURELY and nearest in (CRISIS, DANGER):
        return nearest
    return CRISIS if is_by_ones_own_hand(words) else DANGER


@once
def _lawful() -> Ways:
    return shipped("lawful")


@once
def _accident() -> Ways:
    return shipped("accident")
