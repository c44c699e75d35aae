"""A workspace's own ways of telling of a danger to life, and its numbers as lines."""

from datetime import date

import pytest

from handlers.boundaries.danger.model import as_lines, from_lines
from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.common.danger import OWN_WAYS, WAY_LIMIT, WAYS_LIMIT, OwnWays
from tests.fakes.settings import SettingsInMemory

NUMBERS = (
    CrisisNumber("112", {"lv": "Glābēji", "en": "Emergency services"}),
    CrisisNumber("+371 116123", {"lv": "Skalbes", "en": "A listening ear"}),
)
LINES = "112 | Glābēji | Emergency services\n+371 116123 | Skalbes | A listening ear"


def test_numbers_are_written_and_read_back_line_by_line() -> None:
    crisis = CrisisNumbers(NUMBERS, owner={}, review=date(2027, 1, 1))
    assert as_lines(crisis) == LINES
    assert from_lines(LINES.splitlines()) == NUMBERS
    assert from_lines(["112|a| b "]) == (CrisisNumber("112", {"lv": "a", "en": "b"}),)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "112",
        "112 | Glābēji",
        "112 | Glābēji | Emergency | more",
        "112 | | Emergency",
        "112 | Glābēji | ",
        f"112 | {'x' * 401} | y",
        "call me | Glābēji | Emergency",
        "Glābēji | 112 | Emergency",
    ],
)
def test_a_line_that_can_t_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the line is compared below
        from_lines(["112 | a | b", line])
    assert error.value.args == (line,)


def test_from_one_to_six_numbers_of_four_hundred_characters() -> None:
    longest = f"112 | {'x' * 400} | {'y' * 400}"
    assert len(from_lines([longest])) == 1
    assert len(from_lines([longest] * 6)) == 6
    for number in (0, 7):
        with pytest.raises(ValueError) as error:  # noqa: PT011 - that it names no line is the point
            from_lines([longest] * number)
        assert error.value.args == ()


def kept(ways: object) -> OwnWays:
    settings = SettingsInMemory()
    settings.put("w", "danger", {"ways": ways})
    return OWN_WAYS.of(settings, "w")


def test_its_own_ways_come_back_as_they_were_set() -> None:
    settings = SettingsInMemory()
    assert OWN_WAYS.of(settings, "w") == OwnWays(())
    OWN_WAYS.put(settings, "w", OwnWays(("goodbye for good", "mūžīgi")))
    assert settings.get("w", "danger") == {"ways": ["goodbye for good", "mūžīgi"]}
    assert OWN_WAYS.of(settings, "w") == OwnWays(("goodbye for good", "mūžīgi"))
    assert kept([]) == OwnWays()


def test_a_way_has_a_length_and_there_are_sixty_at_most() -> None:
    assert kept(["x", "y" * WAY_LIMIT]) == OwnWays(("x", "y" * WAY_LIMIT))
    assert len(kept(["x"] * WAYS_LIMIT).ways) == WAYS_LIMIT
    for wrong in (["x"] * (WAYS_LIMIT + 1), [""], ["y" * (WAY_LIMIT + 1)], [7], "x", None):
        assert kept(wrong) == OwnWays()
