"""A workspace's own rings: read from its settings, and checked when an admin changes them."""

from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.ports import mark
from handlers.kit.settings import Plain, Section, listed, number, one_of

MOST_RINGS = 10
"""Rings of a ladder: more than a form shows, or a call has time for."""

LONGEST = 3600
"""Seconds a ring may wait: an hour is past the end of any call."""

LARGEST = 50
"""People in one ring: more would only interrupt more, not come sooner."""


def out_of_order(ladder: Ladder) -> int | None:
    """The first ring (or the number of rings, for the end) that is not after the one before."""
    times = [ring.after for ring in ladder.rings] + [ladder.nobody_after]
    return next((n for n in range(1, len(times)) if times[n] <= times[n - 1]), None)


_AFTER, _SIZE = number(0, LONGEST), number(1, LARGEST)
_MEMBERS = listed(one_of(Member), 1, len(Member))


def _read_ring(kept: object) -> Ring:
    if not isinstance(kept, dict):
        raise ValueError(kept)  # noqa: TRY004 - what is kept wrongly has the usual value
    return Ring(
        _AFTER.read(kept.get("after")),
        _MEMBERS.read(kept.get("members")),
        _SIZE.read(kept.get("size")),
    )


def _write_ring(ring: Ring) -> object:
    return {"after": ring.after, "members": _MEMBERS.write(ring.members), "size": ring.size}


LADDER = Section(
    "ladder",
    mark("The rings"),
    Ladder(),
    {
        "rings": listed(Plain(_read_ring, _write_ring), 1, MOST_RINGS),
        "nobody_after": number(1, LONGEST),
    },
    holds=lambda ladder: out_of_order(ladder) is None,
)
