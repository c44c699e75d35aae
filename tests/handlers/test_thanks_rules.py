"""What somebody is thanked for, as it is typed, and which week a leader is reminded of."""

from datetime import UTC, datetime

import pytest

from handlers.thanks.model import deed, week_before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("for staying  with me", "staying with me"),
        ("par to, ka paliki", "to, ka paliki"),
        ("FOR: staying", "staying"),
        ("Par, palīdzību", "palīdzību"),
        ("staying for me", "staying for me"),
        # words that only begin so
        ("forty calls today", "forty calls today"),
        ("parunāji ar viņu", "parunāji ar viņu"),
        ("for", ""),
        ("", ""),
    ],
)
def test_the_deed_is_what_stands_behind_for(typed: str, words: str) -> None:
    assert deed(typed) == words


def test_the_week_before_a_monday_at_eight_begins_on_the_one_before() -> None:
    monday = datetime(2026, 3, 9, 6, tzinfo=UTC)
    assert week_before(monday) == datetime(2026, 3, 2, 6, tzinfo=UTC)
