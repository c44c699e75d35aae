import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.carried import KEY, Carried, read

HAND = Carried("hand.raise", {"case": "c1"}, reply=True, several=("topics",))

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def test_what_a_button_carries_comes_back_with_what_was_filled_in() -> None:
    data = HAND.data() | {"line": "he, threatens", "topics": "a,b", "minutes": 5, "sure": True}
    assert read(data) == (
        HAND,
        {
            "case": "c1",
            "line": "he, threatens",
            "topics": ("a", "b"),
            "minutes": "5",
            "sure": "true",
        },
    )


def test_nothing_chosen_is_no_value() -> None:
    assert read(HAND.data() | {"topics": ""}) == (HAND, {"case": "c1", "topics": ()})


@pytest.mark.parametrize(
    "data", [None, [], {}, {KEY: 5}, {KEY: "["}, {KEY: "{}"}, {KEY: "[" * 9999}]
)
def test_what_is_not_ours_is_nobodys(data: object) -> None:
    assert read(data) is None


@given(data=st.dictionaries(st.text(max_size=8), anything), carried=anything)
def test_nothing_in_the_data_breaks_the_reading(data: dict[str, Any], carried: object) -> None:
    for value in (carried, json.dumps(carried)):
        read({**data, KEY: value})


@given(st.dictionaries(st.text(max_size=8), anything))
def test_every_value_is_text_or_several_texts(inputs: dict[str, Any]) -> None:
    found = read({**inputs, **HAND.data()})
    assert found is not None
    for value in found[1].values():
        assert isinstance(value, str) or all(isinstance(one, str) for one in value)
