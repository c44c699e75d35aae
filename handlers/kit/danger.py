"""Whether words tell of a danger to somebody's life: it goes before every other reading of them.

A miss here is the worst that Plecs could do, and a card too many is a tap: so it hears too much
rather than too little, in three languages at once.
"""

from collections.abc import Sequence
from functools import lru_cache

from handlers.kit.ways import Said, Ways, as_ways, shipped


def danger_in(text: str, more: Sequence[str] = ()) -> Said:
    """What the text tells of a danger to life. `more` are a workspace's own ways of saying it: what
    the words of one begin with must all be said, near each other."""
    return max(_ours().said(text), _own(tuple(more)).said(text))


@lru_cache(maxsize=1)
def _ours() -> Ways:
    return shipped("danger")


@lru_cache(maxsize=200)
def _own(lines: tuple[str, ...]) -> Ways:
    return Ways(as_ways(lines))
