"""How a workspace tells of a danger to life besides what Plecs knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.kit.ports import mark
from handlers.kit.settings import Plain, Section, listed

if TYPE_CHECKING:
    from handlers.work import Context

WAYS_LIMIT = 60
WAY_LIMIT = 80
"""Characters of one way of saying it: a few words."""


@dataclass(frozen=True, slots=True)
class OwnWays:
    """What may be said of a danger to life, a line each: all its words, or how they begin."""

    ways: tuple[str, ...] = ()


def _way(kept: object) -> str:
    if not isinstance(kept, str) or not 0 < len(kept) <= WAY_LIMIT:
        raise ValueError(kept)
    return kept


OWN_WAYS = Section(
    "danger",
    mark("Words for danger to life"),
    OwnWays(),
    {"ways": listed(Plain(_way, str), 0, WAYS_LIMIT)},
)


def own_ways(ctx: "Context") -> Sequence[str]:
    """What may be said of it where the caller or reader is, a line each."""
    return OWN_WAYS.of(ctx.work.settings, ctx.me.workspace).ways
