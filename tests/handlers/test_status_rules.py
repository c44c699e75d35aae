"""What was there before comes back, and what a person set themselves is left alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.ports import Status
from handlers.statuses.model import NOTHING, Leave, Put, PutBack, Shown, decide

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME = Status("At home", ":house:")
WANTED = Status("Away until 10:10", ":hourglass:", TEN + 12 * MINUTE)
SHOWN = Shown(HOME, (WANTED.text,), TEN + 12 * MINUTE, sure=True)


def test_what_is_there_is_kept_before_ours_is_set() -> None:
    about_to_be = Shown(HOME, (WANTED.text,), TEN + 12 * MINUTE)
    assert decide(None, WANTED, HOME, TEN) == Put(WANTED, about_to_be)
    # Killed before it was set, or after it was set and before that was kept:
    assert decide(about_to_be, WANTED, HOME, TEN) == Put(WANTED, about_to_be)
    assert decide(about_to_be, WANTED, WANTED, TEN) == Put(WANTED, about_to_be)
    assert decide(SHOWN, WANTED, WANTED, TEN) == Leave(SHOWN)


def test_more_time_changes_ours_and_keeps_what_was_before() -> None:
    longer = Status("Away until 10:15", ":hourglass:", TEN + 17 * MINUTE)
    both = (WANTED.text, longer.text)
    changed = Put(longer, Shown(HOME, both, TEN + 17 * MINUTE))
    assert decide(SHOWN, longer, WANTED, TEN) == changed
    assert decide(SHOWN, longer, NOTHING, TEN + 13 * MINUTE) == changed, "it had lapsed"


def test_at_the_end_it_is_as_it_was() -> None:
    assert decide(SHOWN, None, WANTED, TEN + 10 * MINUTE) == PutBack(HOME)
    assert decide(SHOWN, None, NOTHING, TEN + 12 * MINUTE) == PutBack(HOME), "it had lapsed"
    assert decide(None, None, HOME, TEN) == Leave(None)


def test_what_has_run_out_meanwhile_does_not_come_back() -> None:
    meeting = Status("In a meeting", ":calendar:", TEN + 5 * MINUTE)
    shown = Shown(meeting, (WANTED.text,), TEN + 12 * MINUTE, sure=True)
    assert decide(shown, None, WANTED, TEN + 4 * MINUTE) == PutBack(meeting)
    assert decide(shown, None, WANTED, TEN + 10 * MINUTE) == PutBack(NOTHING)
    assert decide(shown, None, NOTHING, TEN + 13 * MINUTE) == Leave(None)


def test_what_runs_out_this_instant_has_run_out() -> None:
    meeting = Status("In a meeting", ":calendar:", TEN + 5 * MINUTE)
    shown = Shown(meeting, (WANTED.text,), TEN + 12 * MINUTE, sure=True)
    assert decide(shown, None, WANTED, TEN + 5 * MINUTE) == PutBack(NOTHING)
    instant = timedelta(microseconds=1)
    assert decide(shown, None, WANTED, TEN + 5 * MINUTE - instant) == PutBack(meeting)
    # Ours lapses when the platform said it would, and not before: until then they cleared it.
    assert decide(SHOWN, None, NOTHING, TEN + 12 * MINUTE) == PutBack(HOME)
    assert decide(SHOWN, None, NOTHING, TEN + 12 * MINUTE - instant) == Leave(None)


def test_what_they_set_before_ours_was_there_is_what_comes_back() -> None:
    """Killed before it was set; meanwhile they went to lunch."""
    about_to_be = Shown(HOME, (WANTED.text,), TEN + 12 * MINUTE)
    lunch = Status("Lunch", ":sandwich:")
    assert decide(about_to_be, WANTED, lunch, TEN) == Put(
        WANTED, Shown(lunch, (WANTED.text,), TEN + 12 * MINUTE)
    )


def test_a_picture_alone_or_words_alone_are_a_status() -> None:
    for half in (Status("", ":sandwich:"), Status("Lunch", "")):
        assert decide(SHOWN, None, half, TEN + 13 * MINUTE) == Leave(None), "theirs, not lapsed"
        shown = Shown(half, (WANTED.text,), TEN + 12 * MINUTE, sure=True)
        assert decide(shown, None, NOTHING, TEN + 13 * MINUTE) == PutBack(half)


def test_what_they_set_meanwhile_is_theirs() -> None:
    lunch = Status("Lunch", ":sandwich:")
    assert decide(SHOWN, WANTED, lunch, TEN) == Leave(None)
    assert decide(SHOWN, None, lunch, TEN) == Leave(None)
    assert decide(SHOWN, None, NOTHING, TEN + 5 * MINUTE) == Leave(None), "they cleared it"
    assert decide(Shown(HOME, (WANTED.text,), TEN), None, HOME, TEN) == Leave(None), "never set"


statuses = st.builds(
    Status,
    st.sampled_from(["", "At home", "Away until 10:10", "Lunch"]),
    st.sampled_from(["", ":house:"]),
    st.sampled_from([None, TEN + 5 * MINUTE]),
)


@given(statuses, st.lists(st.sampled_from(["killed before", "killed after", "done"]), max_size=6))
def test_however_often_it_is_killed_what_was_before_comes_back(
    before: Status, kills: list[str]
) -> None:
    """Each try is killed before the platform set it, or after and before that was kept, or done."""
    ours = Status("Away until 10:12", ":hourglass:", TEN + 14 * MINUTE)
    there, shown = before, None
    for kill in [*kills, "done"]:
        match decide(shown, ours, there, TEN):
            case Put(status, about_to_be):
                shown = about_to_be
                there = there if kill == "killed before" else status
                if kill == "done":
                    shown = Shown(shown.before, shown.texts, shown.until, sure=True)
            case Leave(kept):
                shown = kept
            case other:
                raise AssertionError(other)
    assert there == ours
    ended = decide(shown, None, there, TEN + 4 * MINUTE)
    assert ended == PutBack(before)
