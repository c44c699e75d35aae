"""Times and stretches of time, as people write them when they make a plan."""

import pytest

from handlers.plans import model


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10:30, 15.00", ("10:30", "15:00")),
        ("  9:05;23:59\n00:00 ", ("09:05", "23:59", "00:00")),
        ("", ()),
        (" , ", ()),
    ],
)
def test_times_of_day(text: str, read: tuple[str, ...]) -> None:
    assert model.clock_times(text) == read


@pytest.mark.parametrize("piece", ["24:00", "10:60", "10", "1030", "10:5", "x10:30", "10-30"])
def test_what_is_no_time_of_day_is_named(piece: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the piece is compared below
        model.clock_times(f"09:00, {piece}")
    assert error.value.args == (piece,)


@pytest.mark.parametrize(
    ("text", "read", "written_back"),
    [
        ("11:00-12:00, 15.00 – 15.30", ((660, 720), (900, 930)), "11:00-12:00, 15:00-15:30"),
        ("22:00-6:05;", ((1320, 365),), "22:00-06:05"),
        ("", (), ""),
    ],
)
def test_quiet_times(text: str, read: tuple[tuple[int, int], ...], written_back: str) -> None:
    assert model.quiet_times(text) == read
    assert model.quiet_text(read) == written_back


@pytest.mark.parametrize(
    "piece", ["11:00", "11:00-", "-12:00", "11:00-11:00", "11:00-25:00", "noon-13:00", "a"]
)
def test_what_is_no_stretch_of_time_is_named(piece: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the piece is compared below
        model.quiet_times(f"09:00-10:00, {piece} ,")
    assert error.value.args == (piece,)
