"""A workspace's own rings: read from its settings, and checked when an admin changes them."""

from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.ports import WorkspaceSettings

SECTION = "ladder"

LONGEST = 3600
"""Seconds a ring may wait: an hour is past the end of any call."""

LARGEST = 50
"""People in one ring: more would only interrupt more, not come sooner."""


def ladder_of(settings: WorkspaceSettings, workspace: str) -> Ladder:
    """The workspace's ladder; the default one until an admin changes it."""
    kept = settings.get(workspace, SECTION)
    if kept is None:
        return Ladder()
    rings, nobody_after = kept["rings"], kept["nobody_after"]
    assert isinstance(rings, list), "written by `as_plain`"
    assert isinstance(nobody_after, int), "written by `as_plain`"
    return Ladder(
        tuple(
            Ring(ring["after"], tuple(Member(member) for member in ring["members"]), ring["size"])
            for ring in rings
        ),
        nobody_after,
    )


def as_plain(ladder: Ladder) -> dict[str, object]:
    """The ladder as the settings keep it."""
    return {
        "rings": [
            {"after": ring.after, "members": [str(m) for m in ring.members], "size": ring.size}
            for ring in ladder.rings
        ],
        "nobody_after": ladder.nobody_after,
    }


def out_of_order(ladder: Ladder) -> int | None:
    """The first ring (or the number of rings, for the end) that is not after the one before."""
    times = [ring.after for ring in ladder.rings] + [ladder.nobody_after]
    return next((n for n in range(1, len(times)) if times[n] <= times[n - 1]), None)
