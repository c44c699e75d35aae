"""What Plecs finds wrong with itself: when admins hear of it, and when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.notices import Lane, Notice, Priority
from handlers.watch.model import MENDED, Alert, Finding, Trouble, begun, not_seen, seen

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DACE, LIGA = ("dace",), ("liga",)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


REFUSED = Finding(
    *(Trouble.LANE_REFUSED, "w", NOW, 1, "slack/T1", Lane.OPENING, "missing_scope"),
)
LATE = Finding(Trouble.RING_LATE, "w", NOW)


def test_what_is_found_is_the_same_trouble_by_its_place_and_its_way_of_sending() -> None:
    assert REFUSED.key == "w:lane_refused:slack/T1:opening"
    assert LATE.key == "w:ring_late::"
    assert replace(LATE, count=3, since=at(60), word="x").key == LATE.key


def test_what_is_found_first_is_not_told_yet() -> None:
    assert begun(REFUSED, "a", at(1)) == Alert(
        id="a",
        key="w:lane_refused:slack/T1:opening",
        workspace="w",
        trouble=Trouble.LANE_REFUSED,
        where="slack/T1",
        lane=Lane.OPENING,
        word="missing_scope",
        since=NOW,
        seen_at=at(1),
    )
    assert begun(REFUSED, "a", NOW).platform == "Slack"


class TestSeen:
    def test_what_needs_somebody_is_told_every_admin_at_once_and_once(self) -> None:
        found = begun(REFUSED, "a", NOW)
        again = replace(REFUSED, word="token_revoked")
        told, notices = seen(found, again, ("dace", "liga"), NOW)
        assert told == replace(found, word="token_revoked", told_at=NOW)
        assert notices == (
            Notice("watch.problem", "a", DACE, NOW, Priority.URGENT),
            Notice("watch.problem", "a", LIGA, NOW, Priority.URGENT),
        )
        assert seen(told, REFUSED, ("dace",), at(90)) == (
            replace(told, seen_at=at(90), word="missing_scope"),
            (),
        )

    @pytest.mark.parametrize("trouble", [Trouble.HAND_UNHEARD, Trouble.ACCESS_ENDS])
    def test_so_is_a_hand_that_nobody_heard_and_access_that_ends(self, trouble: Trouble) -> None:
        one = Finding(trouble, "w", NOW)
        alert, notices = seen(begun(one, "a", NOW), one, DACE, NOW)
        assert alert.told_at == NOW
        assert notices == (Notice("watch.problem", "a", DACE, NOW, Priority.URGENT),)

    def test_what_may_be_a_moment_s_trouble_is_told_once_it_lasts(self) -> None:
        found = begun(LATE, "a", NOW)
        assert seen(found, LATE, DACE, at(24.9)) == (replace(found, seen_at=at(24.9)), ())
        assert seen(found, LATE, DACE, at(25)) == (
            replace(found, seen_at=at(25), told_at=at(25)),
            (Notice("watch.problem", "a", DACE, at(25), Priority.URGENT),),
        )

    @pytest.mark.parametrize("trouble", [Trouble.PLANNER_LATE, Trouble.TELEPHONE_SILENT])
    def test_what_can_wait_waits_for_their_rest(self, trouble: Trouble) -> None:
        one = Finding(trouble, "w", NOW)
        _, notices = seen(begun(one, "a", NOW), one, DACE, at(25))
        assert notices == (Notice("watch.problem", "a", DACE, at(25)),)

    @pytest.mark.parametrize("trouble", MENDED)
    def test_what_is_mended_with_the_look_is_told_nobody(self, trouble: Trouble) -> None:
        one = Finding(trouble, "w", NOW)
        found = begun(one, "a", NOW)
        assert seen(found, one, DACE, at(600)) == (replace(found, seen_at=at(600)), ())


class TestNotSeen:
    def test_who_was_told_hears_that_it_is_over_once_it_was_away_for_a_while(self) -> None:
        told, _ = seen(begun(REFUSED, "a", NOW), REFUSED, DACE, NOW)
        assert not_seen(told, ("dace", "liga"), at(44.9)) == (told, ())
        assert not_seen(told, ("dace", "liga"), at(45)) == (
            replace(told, over_at=at(45)),
            (Notice("watch.over", "a", DACE, at(45)), Notice("watch.over", "a", LIGA, at(45))),
        )

    def test_it_counts_from_when_it_was_seen_last(self) -> None:
        told, _ = seen(begun(REFUSED, "a", NOW), REFUSED, DACE, at(30))
        assert not_seen(told, DACE, at(74)) == (told, ())

    def test_what_nobody_was_told_of_is_over_in_silence(self) -> None:
        found = begun(LATE, "a", NOW)
        assert not_seen(found, DACE, at(45)) == (replace(found, over_at=at(45)), ())
