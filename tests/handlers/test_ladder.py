"""A workspace's own rings: kept as plain values, and never out of order."""

import json

import pytest

from handlers.escalation.ladder import LADDER, LARGEST, LONGEST, MOST_RINGS, out_of_order
from handlers.escalation.model import Ladder, Member, Ring
from tests.fakes.settings import SettingsInMemory

OWN = Ladder(
    (
        Ring(0, (Member.SUPERVISORS, Member.TRUSTED), 3),
        Ring(45, (Member.EVERYBODY,), 12),
    ),
    nobody_after=120,
)


KEPT: dict[str, object] = {
    "rings": [
        {"after": 0, "members": ["supervisors", "trusted"], "size": 3},
        {"after": 45, "members": ["everybody"], "size": 12},
    ],
    "nobody_after": 120,
}


def kept(**also: object) -> Ladder:
    """What is read of the section as it is kept, but for these."""
    settings = SettingsInMemory()
    settings.put("w", "ladder", {**KEPT, **also})
    return LADDER.of(settings, "w")


def ring(**also: object) -> dict[str, object]:
    return {"after": 0, "members": ["topic"], "size": 5, **also}


def test_until_an_admin_changes_it_it_is_the_usual_one() -> None:
    settings = SettingsInMemory()
    LADDER.put(settings, "other", OWN)
    assert LADDER.of(settings, "w") == Ladder()


def test_what_an_admin_set_comes_back_as_it_was() -> None:
    assert LADDER.kept(OWN) == KEPT == json.loads(json.dumps(KEPT))
    assert kept() == OWN


@pytest.mark.parametrize(
    "rings",
    [
        [ring(size=1)],
        [ring(size=LARGEST, members=["topic", "supervisors", "trusted", "everybody"])],
        [ring(after=number) for number in range(MOST_RINGS)],
    ],
)
def test_the_edges_of_a_ladder_are_read(rings: list[dict[str, object]]) -> None:
    assert LADDER.kept(kept(rings=rings, nobody_after=LONGEST)) == {
        "rings": rings,
        "nobody_after": LONGEST,
    }


@pytest.mark.parametrize(
    "rings",
    [
        [],
        [7],
        [ring(size=0)],
        [ring(size=LARGEST + 1)],
        [ring(after=-1)],
        [ring(after=LONGEST + 1)],
        [ring(members=[])],
        [ring(members=["strangers"])],
        [ring(), {"after": 30, "size": 5}],
        [ring(after=number) for number in range(MOST_RINGS + 1)],
    ],
)
def test_rings_that_can_t_be_read_are_the_usual_ones(rings: list[object]) -> None:
    assert kept(rings=rings) == Ladder(nobody_after=120)


def test_what_does_not_go_together_is_the_usual_ladder() -> None:
    assert kept(nobody_after=45) == Ladder()
    assert kept(rings=[ring(), ring()]) == Ladder()


@pytest.mark.parametrize(
    ("times", "first_wrong"),
    [
        ((0, 30, 60, 90), None),
        ((0, 1, 2, 3), None),
        ((0, 0, 60, 90), 1),
        ((0, 30, 30, 90), 2),
        ((0, 30, 20, 10), 2),
        ((0, 30, 60, 60), 3),
        ((0, 90), None),
        ((0, 0), 1),
    ],
)
def test_the_first_that_is_not_after_the_one_before_is_named(
    times: tuple[int, ...], first_wrong: int | None
) -> None:
    rings = tuple(Ring(after, (Member.TOPIC,), 5) for after in times[:-1])
    assert out_of_order(Ladder(rings, times[-1])) == first_wrong
