"""Whole cycles, told: who facilitates (F), presents (P) and notes (N), session by session."""

from collections.abc import Mapping, Sequence

import pytest

from handlers.supervision.sessions.model import Turn
from handlers.supervision.turns.rules import Sitting, turns, wanted

SIGNS = {Turn.FACILITATOR: "F", Turn.PRESENTER: "P", Turn.NOTES: "N"}


def told(
    members: str,
    absences: Sequence[str],
    *,
    rotating: bool = True,
    agreed: Mapping[int, Mapping[str, Turn]] | None = None,
) -> list[str]:
    """Each session's parts: "FC PB NA". Every letter is somebody; `absences` are those who can't
    come to each."""
    ahead = [
        Sitting(tuple(members), frozenset(absent), (agreed or {}).get(number, {}))
        for number, absent in enumerate(absences)
    ]
    return [
        " ".join(
            f"{SIGNS[part]}{one}"
            for part in SIGNS
            for one, has in sorted(parts.items())
            if has is part
        )
        for parts in turns((), ahead, rotating=rotating)
    ]


def test_four_who_always_come_take_turns_and_one_is_free_each_time() -> None:
    assert told("ABCD", [""] * 5) == ["FC PB NA", "FB PA ND", "FA PD NC", "FD PC NB", "FC PB NA"]


def test_six_have_two_cases_each_time() -> None:
    assert told("ABCDEF", ["", "", "", "D", ""]) == [
        "FC PB PD NA",
        "FA PC PF NE",
        "FD PA PE NB",
        "FE PB NF",
        "FF PD PE NC",
    ]


def test_with_an_outside_facilitator_five_have_two_cases() -> None:
    assert told("ABCDE", [""] * 5, rotating=False) == [
        "PB PC NA",
        "PA PE ND",
        "PC PD NB",
        "PA PB NE",
        "PD PE NC",
    ]


def test_who_missed_a_turn_has_it_before_anybody_has_theirs_again() -> None:
    """A was not there as the others began to present anew. When C is away, A presents, though B
    presented longest ago, and so B facilitates."""
    assert told("ABC", ["", "B", "A", "C"]) == ["FC PB NA", "FA PC", "FB PC", "FB PA"]


def test_a_missed_turn_that_was_made_up_for_counts_no_longer() -> None:
    assert told("ABC", ["", "AB", "", "", ""]) == [
        "FC PB NA",
        "FC",
        "FA PC NB",
        "FB PA NC",
        "FC PB NA",
    ]


def test_who_had_a_part_longest_ago_is_first_in_the_new_round() -> None:
    assert told("ABCD", ["B", "CD", "AD"]) == ["FD PC NA", "FA PB", "FB PC"]


def test_where_only_one_or_two_come_the_most_needed_seats_are_taken() -> None:
    assert told("A", ["", ""]) == ["FA", "FA"]
    assert told("AB", ["", "", ""]) == ["FB PA", "FA PB", "FB PA"]
    assert told("AB", ["AB"]) == [""]


def test_what_was_agreed_stays_and_the_rest_goes_around_it() -> None:
    agreed = {0: {"A": Turn.FACILITATOR}, 1: {"B": Turn.NONE}}
    assert told("ABCD", [""] * 3, agreed=agreed) == ["FA PC NB", "FC PA ND", "FD PB NA"]
    away = {0: {"A": Turn.FACILITATOR}}
    assert told("ABCD", ["A"], agreed=away) == ["FD PC NB"]


def test_what_was_before_counts() -> None:
    before = [Sitting(tuple("ABC"), parts={"A": Turn.FACILITATOR, "B": Turn.PRESENTER})]
    (next_one,) = turns(before, [Sitting(tuple("ABC"))], rotating=True)
    assert next_one == {"B": Turn.FACILITATOR, "A": Turn.PRESENTER, "C": Turn.NOTES}


F, P, N = Turn.FACILITATOR, Turn.PRESENTER, Turn.NOTES


@pytest.mark.parametrize(
    ("rotating", "coming", "seats"),
    [
        (True, 0, (F, P, N)),
        (True, 5, (F, P, N)),
        (True, 6, (F, P, N, P)),
        (False, 4, (P, N)),
        (False, 5, (P, N, P)),
    ],
)
def test_a_second_case_where_two_are_left_to_listen(
    rotating: bool, coming: int, seats: tuple[Turn, ...]
) -> None:
    assert wanted(rotating=rotating, coming=coming) == seats
