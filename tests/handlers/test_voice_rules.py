"""What is said with a name and without: codes, when it goes out, and what becomes of a letter."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from handlers.voice.model import VoiceKind, day_of, kind_called
from handlers.voice.named.model import Letter, LetterState
from handlers.voice.unlinked.model import (
    code_of,
    is_morning,
    may_go_out,
    new_form,
    next_morning,
    read_code,
    receipt_of,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""


def riga(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Of March, by Riga's clocks in winter."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=2)


class TestCode:
    CODE = "HAD5-JC4R-2M9T-7AB8"

    def test_a_form_has_one_and_the_same_code_and_each_form_another(self) -> None:
        assert code_of("form") == self.CODE
        assert code_of("another form") != self.CODE
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", self.CODE)
        assert re.fullmatch(r"[0-9a-f]{32}", new_form())
        assert new_form() != new_form()

    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("0123-4567-89AB-CDEF", "0123-4567-89AB-CDEF"),
            (" 0123 4567-89ab.cdef ", "0123-4567-89AB-CDEF"),
            # letters that are like a digit, and the one that is none
            ("OIL1-oil1-GHJK-MNPQ", "0111-0111-GHJK-MNPQ"),
            ("RSTU-VWXY-Zuuu-rstv", "RSTV-VWXY-ZVVV-RSTV"),
            ("0123-4567-89AB-CDE", None),
            ("0123-4567-89AB-CDEF0", None),
            ("0123-4567-89AB-CDEĀ", None),
            ("", None),
        ],
    )
    def test_it_is_read_however_it_was_typed(self, typed: str, read: str | None) -> None:
        assert read_code(typed) == read

    def test_what_is_kept_of_it_is_one_hash_for_however_it_was_typed(self) -> None:
        assert read_code(self.CODE.lower()) == self.CODE
        assert receipt_of(self.CODE) == sha256(b"receipt HAD5-JC4R-2M9T-7AB8").hexdigest()


class TestGoingOut:
    @pytest.mark.parametrize(
        ("now", "at"),
        [
            (riga(2, 3), riga(2, 12)),
            (riga(2, 2) - timedelta(minutes=30), riga(2, 12)),  # when in UTC it is still Sunday
            (riga(2, 11, 59, 59), riga(2, 12)),
            (riga(2, 12), riga(2, 16)),
            (riga(2, 15, 59, 59), riga(2, 16)),
            (riga(2, 16), riga(3, 8)),
            (riga(2, 23, 59), riga(3, 8)),
        ],
    )
    def test_at_noon_at_four_or_the_next_morning(self, now: datetime, at: datetime) -> None:
        assert may_go_out(now, "Europe/Riga") == at

    def test_by_the_clocks_of_those_who_read_it_whatever_they_do(self) -> None:
        assert may_go_out(NOW, "America/New_York") == datetime(2026, 3, 2, 17, tzinfo=UTC)
        before_summer = datetime(2026, 3, 28, 15, tzinfo=UTC)
        assert may_go_out(before_summer, "Europe/Riga") == datetime(2026, 3, 29, 5, tzinfo=UTC)

    def test_the_next_morning_is_tomorrow_s(self) -> None:
        assert next_morning(riga(2, 2) - timedelta(minutes=30), "Europe/Riga") == riga(3, 8)
        assert next_morning(riga(2, 23), "Europe/Riga") == riga(3, 8)
        assert is_morning(riga(3, 8), "Europe/Riga")
        assert not is_morning(riga(3, 12), "Europe/Riga")
        assert not is_morning(riga(3, 8), "UTC")


def test_of_a_time_the_day_alone_is_kept() -> None:
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # half past midnight in Riga
    assert day_of(late, "Europe/Riga") == datetime(2026, 3, 2, tzinfo=UTC)
    assert day_of(late, "UTC") == datetime(2026, 3, 1, tzinfo=UTC)


class TestLetter:
    LETTER = Letter(
        *("l", "w", "anna", "dace", "liga", "Why so late?", LetterState.OPEN, NOW),
        due_at=NOW + timedelta(days=7),
        step_at=NOW + timedelta(days=3),
    )

    def test_an_answer_is_the_end_of_it(self) -> None:
        answered = self.LETTER.answered("Because of the snow.")
        assert answered == replace(
            self.LETTER, state=LetterState.ANSWERED, answer="Because of the snow.", step_at=None
        )
        assert (self.LETTER.is_open, answered.is_open) == (True, False)

    def test_without_one_it_is_over_where_it_goes_on_to_nobody(self) -> None:
        over = self.LETTER.over()
        assert over == replace(self.LETTER, state=LetterState.UNANSWERED, step_at=None)
        assert not over.is_open

    def test_else_it_is_whom_the_author_named_with_the_same_time_and_goes_on_no_further(
        self,
    ) -> None:
        remind_at, due_at = NOW + timedelta(days=10), NOW + timedelta(days=14)
        hers = self.LETTER.went_on(remind_at, due_at)
        assert hers == replace(
            self.LETTER,
            receiver="liga",
            then=None,
            passed_on=True,
            step_at=remind_at,
            due_at=due_at,
        )
        assert hers.went_on(remind_at, due_at) == hers


def test_a_button_s_kind_is_one_of_the_kinds_or_another() -> None:
    assert [kind_called(one, VoiceKind.LESSON) for one in (*VoiceKind, "", "other")] == [
        *VoiceKind,
        VoiceKind.LESSON,
        VoiceKind.LESSON,
    ]
