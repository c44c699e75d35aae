"""Something to do with a break that fits its minutes, another one each time."""

from collections.abc import Sequence

from handlers.breaks.model import Habits
from handlers.kit.cards import Line, ToType
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain

_TIPS: Sequence[tuple[int, int, str]] = (
    (1, 5, mark("Breathe in for four, out for six, five times. Longer out than in calms.")),
    (1, 10, mark("Look at something far away until your eyes are soft again.")),
    (3, 15, mark("Fill a glass of water and drink it slowly, away from the screen.")),
    (3, 60, mark("Stand at a window and find three things that move.")),
    (5, 60, mark("Get up and walk: to the end of the corridor and back, without the phone.")),
    (1, 15, mark("Let your shoulders fall, unclench your jaw, open your hands.")),
    (10, 60, mark("Go outside once around the building. Daylight helps more than coffee.")),
    (5, 60, mark("Open a window and stand in the fresh air for a moment.")),
    (2, 15, mark("Leave a hard call behind you in three steps: {let_go}.")),
)
"""Least and most minutes that it suits, and what to do. In the order in which they take turns."""


def next_tip(habits: Habits, minutes: int | None) -> tuple[int | None, Habits]:
    """The number of the suggestion whose turn it is among those that fit, and the habits after
    it; none for somebody who wants none. An open break takes any that needs time."""
    if not habits.suggests:
        return None, habits
    length = minutes or 15
    turns = [(habits.next + step) % len(_TIPS) for step in range(len(_TIPS))]
    chosen = next(number for number in turns if _TIPS[number][0] <= length <= _TIPS[number][1])
    return chosen, Habits(next=(chosen + 1) % len(_TIPS))


def tip(number: int, t: Texts) -> Line:
    """The suggestion in words. A number that is no longer there is the first."""
    let_go = ToType("calm", plain(t("let go")))
    return t(_TIPS[number if number < len(_TIPS) else 0][2], let_go=let_go)
