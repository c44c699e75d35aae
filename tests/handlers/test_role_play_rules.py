"""A role play of two: who plays the caller, and what comes after each stage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.practice.together.model import RolePlay, Stage, begun, onward

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLAY = RolePlay(
    *("p", "w", "anna", "ivo", "late_bill", "threats", 3, ("calm",), Stage.ASKING),
    ends_at=NOW + timedelta(minutes=10),
)
FIRST = replace(PLAY, stage=Stage.FIRST, open=False, ends_at=NOW + timedelta(minutes=8))


def test_with_a_yes_the_first_call_of_eight_minutes_begins() -> None:
    assert begun(PLAY, NOW) == FIRST


def test_the_two_swap_and_then_may_write_to_each_other_for_a_day() -> None:
    later = NOW + timedelta(minutes=9)
    second = onward(FIRST, later)
    assert second == replace(FIRST, stage=Stage.SECOND, ends_at=later + timedelta(minutes=8))
    telling = onward(second, later)
    assert telling == replace(FIRST, stage=Stage.TELLING, ends_at=later + timedelta(days=1))
    assert onward(telling, later) is None


def test_what_was_only_asked_never_goes_on_by_itself() -> None:
    assert onward(PLAY, NOW) is None


@pytest.mark.parametrize(
    ("stage", "caller", "scenario", "is_on"),
    [
        (Stage.ASKING, "anna", "threats", False),
        (Stage.FIRST, "ivo", "late_bill", True),
        (Stage.SECOND, "anna", "threats", True),
        (Stage.TELLING, "anna", "threats", False),
    ],
)
def test_who_was_asked_plays_the_caller_first(
    stage: Stage, caller: str, scenario: str, is_on: bool
) -> None:
    play = replace(PLAY, stage=stage)
    assert (play.caller, play.scenario, play.is_on) == (caller, scenario, is_on)


def test_each_of_the_two_has_the_other() -> None:
    assert PLAY.two == ("anna", "ivo")
    assert [PLAY.other(one) for one in PLAY.two] == ["ivo", "anna"]
