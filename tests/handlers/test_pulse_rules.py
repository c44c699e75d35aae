"""What of a month's answers may be published: so that no difference is fewer than eight people."""

from datetime import UTC, datetime
from itertools import chain, combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.voice.pulse.model import (
    EVERYBODY,
    LEAST,
    ballot,
    given_up_at,
    is_ballot,
    next_opening,
    publishable,
    results,
)

COUNTS = st.dictionaries(st.sampled_from(["", *"abcdef"]), st.integers(0, 20), max_size=7)


def differences(counts: dict[str, int]) -> set[int]:
    """How many people are behind whatever can be worked out: any published groups together, and
    what is left of everybody, or of other published groups, without them."""
    shown = publishable(counts)
    members = {team: frozenset((team, n) for n in range(count)) for team, count in counts.items()}
    everybody = frozenset(chain.from_iterable(members.values()))
    groups = [everybody if team == EVERYBODY else members[team] for team in shown]
    unions = {
        frozenset(chain.from_iterable(some))
        for size in range(len(groups) + 1)
        for some in combinations(groups, size)
    }
    return {len(one - other) for one in unions for other in unions} | {
        len(one & other) for one in unions for other in unions
    }


@given(COUNTS)
@example({"a": 8, "b": 7})
@example({"a": 8, "b": 8, "": 1})
@example({"a": 9, "b": 12, "c": 3, "": 4})
@example({"a": 7})
@example({"a": 4, "b": 4})
@example({})
def test_no_difference_is_fewer_than_eight_people(counts: dict[str, int]) -> None:
    assert [n for n in differences(counts) if 0 < n < LEAST] == []


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 8, "b": 8}, {EVERYBODY, "a", "b"}),
        ({"a": 8, "b": 7}, {EVERYBODY}),
        ({"a": 8, "b": 9, "": 1}, {EVERYBODY, "b"}),
        ({"a": 8, "b": 8, "": 8}, {EVERYBODY, "a", "b", ""}),
        ({"a": 4, "b": 4}, {EVERYBODY}),
        ({"a": 7}, set()),
    ],
)
def test_as_much_as_may_is_published(counts: dict[str, int], shown: set[str]) -> None:
    assert publishable(counts) == shown


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=LEAST, max_size=12))
@example([(5, 5, 5)] * LEAST)
@example([(1, 1, 1)] * LEAST)
def test_no_average_says_what_each_of_them_answered(answers: list[tuple[int, ...]]) -> None:
    [whole, *_] = results({"a": answers})
    assert whole.team == EVERYBODY
    assert all(1.5 <= value <= 4.5 and 2 * value == int(2 * value) for value in whole.values)


def test_a_ballot_is_for_one_group_and_month() -> None:
    mine = ballot("secret", "a")
    assert is_ballot("secret", "a", mine)
    assert [
        is_ballot("secret", "b", mine),
        is_ballot("other", "a", mine),
        is_ballot("", "a", mine),
        is_ballot("secret", "a", "0" * 32),
        is_ballot("secret", "a", ""),
    ] == [False] * 5
    assert ballot("secret", "a") != mine
    assert len(mine) == 32


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 3, 2, 6, 59, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 4, 6, 6, tzinfo=UTC)),  # summer time
        (datetime(2026, 5, 31, 12, tzinfo=UTC), datetime(2026, 6, 1, 6, tzinfo=UTC)),  # the 1st
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 4, 7, tzinfo=UTC)),
    ],
)
def test_it_opens_on_a_month_s_first_monday(now: datetime, opens: datetime) -> None:
    assert next_opening(now, "Europe/Riga") == opens


def test_answers_that_cannot_be_read_are_waited_for_until_the_next_round() -> None:
    assert given_up_at("2026-03", "Europe/Riga") == datetime(2026, 4, 6, 6, tzinfo=UTC)
    assert given_up_at("2026-12", "Europe/Riga") == datetime(2027, 1, 4, 7, tzinfo=UTC)
