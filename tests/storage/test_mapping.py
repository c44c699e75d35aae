"""Rows become values, and values rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, create_engine

from storage.mapping import DAY, LIST, NUMBERS, WALL, WORDS, Record
from storage.schema import Instant


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Rank(IntEnum):
    LOW = 0
    HIGH = 1


@dataclass(frozen=True)
class Boat:
    id: str
    colour: Colour
    rank: Rank
    second: Colour | None
    crew: tuple[str, ...]
    depths: tuple[int, ...]
    names: tuple[str, ...]
    wall: datetime
    day: date
    at: datetime | None
    afloat: bool
    guests: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.crew)


boats = Table(
    "boats",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("paint", String(16), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("second", String(16)),
    Column("crew", Text, nullable=False),
    Column("depths", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("wall", String(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("at", Instant),
    Column("afloat", Boolean, nullable=False),
    Column("size", Integer, nullable=False),
)

BOAT = Record(
    Boat,
    boats,
    named={"colour": "paint"},
    as_={"crew": WORDS, "depths": NUMBERS, "names": LIST, "wall": WALL, "day": DAY},
    besides=("guests",),
    derived={"size": lambda boat: boat.size},
)

made_boats = st.builds(
    Boat,
    id=st.text("abc", min_size=1),
    colour=st.sampled_from(Colour),
    rank=st.sampled_from(Rank),
    second=st.none() | st.sampled_from(Colour),
    crew=st.lists(st.text("xyz", min_size=1)).map(tuple),
    depths=st.lists(st.integers()).map(tuple),
    names=st.lists(st.text()).map(tuple),
    wall=st.datetimes().map(lambda wall: wall.replace(second=0, microsecond=0)),
    day=st.dates(),
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
    afloat=st.booleans(),
)


@given(made_boats)
def test_what_was_kept_is_read_as_it_was(boat: Boat) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        boats.create(connection)
        connection.execute(boats.insert(), BOAT.row(boat))
        row = connection.execute(boats.select()).one()
    engine.dispose()
    assert BOAT.value(row, guests=()) == boat
    assert row.size == len(boat.crew)


def test_a_row_is_what_the_columns_keep() -> None:
    boat = Boat(
        id="b1",
        colour=Colour.RED,
        rank=Rank.HIGH,
        second=None,
        crew=("anna", "juris"),
        depths=(0, 30),
        names=("Līga, the 2nd",),
        wall=datetime(2026, 3, 2, 10, 5),  # noqa: DTZ001 - a wall time
        day=date(2026, 3, 2),
        at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=1),
        afloat=True,
        guests=("not kept",),
    )
    row = {
        "id": "b1",
        "paint": "red",
        "rank": 1,
        "second": None,
        "crew": "anna juris",
        "depths": "0 30",
        "names": '["L\\u012bga, the 2nd"]',
        "wall": "2026-03-02T10:05",
        "day": "2026-03-02",
        "at": boat.at,
        "afloat": True,
        "size": 2,
    }
    assert BOAT.row(boat) == row
    assert BOAT.changes(boat) == {name: value for name, value in row.items() if name != "id"}


@dataclass(frozen=True)
class Berth:
    harbour: str
    place: int
    boat: str


berths = Table(
    "berths",
    MetaData(),
    Column("harbour", String(32), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("ship", String(32), nullable=False),
)

BERTH = Record(Berth, berths, named={"boat": "ship"})


def test_one_is_found_by_its_whole_key() -> None:
    first, second = Berth("Pāvilosta", 1, "b1"), Berth("Pāvilosta", 2, "b2")
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        berths.create(connection)
        connection.execute(berths.insert(), [BERTH.row(first), BERTH.row(second)])
        found = [BERTH.load(connection, "Pāvilosta", place) for place in (1, 2, 3)]
        held = BERTH.load(connection, "Pāvilosta", 2, hold=True)
        row = BERTH.load_row(connection, "Pāvilosta", 1)
        with pytest.raises(ValueError, match="shorter"):
            BERTH.load(connection, "Pāvilosta")
    engine.dispose()
    assert (found, held) == ([first, second, None], second)
    assert row is not None
    assert tuple(row) == ("Pāvilosta", 1, "b1")


@dataclass
class Odd:
    id: str
    sizes: tuple[int, ...]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "boats has no column for Odd.sizes"),
        ({"named": {"sizes": "depths"}}, "Odd.sizes is tuple[int, ...]: say by which codec"),
    ],
)
def test_a_field_that_no_column_can_keep_is_named_when_the_module_is_read(
    given: dict[str, Any], fault: str
) -> None:
    with pytest.raises(TypeError) as raised:
        Record(Odd, boats, **given)
    assert fault in str(raised.value)
