"""A workspace's own rings: kept as plain values, and never out of order."""

import json

import pytest

from handlers.escalation.ladder import LADDER, out_of_order
from handlers.escalation.model import Ladder, Member, Ring
from tests.fakes.settings import Settings

OWN = Ladder(
    (
        Ring(0, (Member.SUPERVISORS, Member.TRUSTED), 3),
        Ring(45, (Member.EVERYBODY,), 12),
    ),
    nobody_after=120,
)


def test_until_an_admin_changes_it_it_is_the_usual_one() -> None:
    settings = Settings()
    LADDER.put(settings, "other", OWN)
    assert LADDER.of(settings, "w") == Ladder()


def test_what_an_admin_set_comes_back_as_it_was() -> None:
    settings = Settings()
    settings.put("w", LADDER.name, json.loads(json.dumps(LADDER.kept(OWN))))
    assert LADDER.of(settings, "w") == OWN


def test_how_it_is_kept() -> None:
    assert LADDER.kept(OWN) == {
        "rings": [
            {"after": 0, "members": ["supervisors", "trusted"], "size": 3},
            {"after": 45, "members": ["everybody"], "size": 12},
        ],
        "nobody_after": 120,
    }


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
