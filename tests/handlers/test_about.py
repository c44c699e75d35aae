"""What a notice is about, with several ids in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.about import pack, unpack

PART = st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]))


@given(st.lists(PART, min_size=1, max_size=5))
def test_what_was_packed_is_read_back(parts: list[str]) -> None:
    assert unpack(pack(*parts), len(parts)) == tuple(parts)


def test_numbers_are_written_out() -> None:
    assert pack("c1", 2) == "c1.2"
    assert unpack("c1.2") == ("c1", "2")


@pytest.mark.parametrize("parts", [("c.1", 2), (1.5,)])
def test_what_could_not_be_read_back_is_not_packed(parts: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"an id with '\.' in it"):
        pack(*parts)


def test_another_number_of_parts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"3 parts instead of 2 in 'a\.b\.c'"):
        unpack("a.b.c", 2)
