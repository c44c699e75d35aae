"""What a vent becomes, step by step, told whole; and who may be asked again, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.availability.rest import shift_ends
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person
from handlers.vents import model
from handlers.vents.model import (
    Limits,
    Listener,
    Listens,
    Tally,
    Vent,
    VentState,
    When,
    Wish,
    few_words,
    may_listen,
    week_of,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


ASKED = Vent("v", "w", "anna", "liga", Wish.ADVICE, When.NOW, "he shouted", at(5))


def urgent(kind: str, minutes: float, *to: str) -> Notice:
    return Notice(kind, "v", to, at(minutes), Priority.URGENT)


class TestVentSteps:
    def test_the_asker_sees_it_at_once_and_the_listener_when_they_may_be_reached(self) -> None:
        assert model.ask(ASKED, at(0)) == (
            urgent(model.ASKED, 0, "anna"),
            Notice(model.REQUEST, "v", ("liga",), at(0)),
        )
        assert model.ask(replace(ASKED, awaits=False), at(0)) == (urgent(model.ASKED, 0, "anna"),)

    def test_a_yes_opens_the_conversation_for_three_quarters_of_an_hour(self) -> None:
        assert model.yes(ASKED, at(2)) == (
            replace(ASKED, state=VentState.TALKING, awaits=False, ends_at=at(47)),
            (urgent(model.ROOM, 2, "anna", "liga"),),
        )

    def test_a_yes_for_later_is_heard_at_once(self) -> None:
        assert model.agree(ASKED, at(17), at(2)) == (
            replace(ASKED, state=VentState.AGREED, awaits=False, ends_at=at(17)),
            (urgent(model.ANSWER, 2, "anna"),),
        )

    def test_a_no_changes_nothing_that_the_asker_sees(self) -> None:
        assert model.not_today(ASKED) == replace(ASKED, awaits=False)

    def test_a_tap_keeps_it_open(self) -> None:
        talking, _ = model.yes(ASKED, at(2))
        assert model.tap(talking, at(30)) == replace(talking, ends_at=at(75))

    def test_each_says_goodbye(self) -> None:
        assert model.goodbyes(ASKED, at(40)) == (
            urgent(model.TALKED, 40, "anna"),
            urgent(model.LISTENED, 40, "liga"),
        )


class TestTimeOfAVent:
    def test_unanswered_it_did_not_work_out_and_the_listener_is_among_those_tried(self) -> None:
        searching = replace(ASKED, tried=("ivo", "zane"))
        assert model.step(searching, at(5)) == (
            replace(
                searching,
                state=VentState.UNANSWERED,
                awaits=False,
                ends_at=at(50),
                tried=("ivo", "zane", "liga"),
            ),
            (urgent(model.ANSWER, 5, "anna"),),
        )

    @pytest.mark.parametrize("when", [When.NOW, When.SHIFT])
    def test_what_was_agreed_for_a_time_opens_then(self, when: When) -> None:
        agreed, _ = model.agree(replace(ASKED, when=when), at(15), at(1))
        assert model.step(agreed, at(15)) == model.yes(agreed, at(15))
        opened, notices = model.step(agreed, at(15))
        assert opened == replace(agreed, state=VentState.TALKING, ends_at=at(60))
        assert notices == (urgent(model.ROOM, 15, "anna", "liga"),)

    def test_what_was_agreed_for_a_break_opens_with_the_break_and_never_by_time(self) -> None:
        waits = at(0) + model.WAITS_FOR_BREAK
        agreed, _ = model.agree(replace(ASKED, when=When.BREAK), waits, at(1))
        assert model.step(agreed, waits) == (None, ())

    @pytest.mark.parametrize("state", [VentState.TALKING, VentState.UNANSWERED])
    def test_what_nobody_touches_ends_without_a_word(self, state: VentState) -> None:
        assert model.step(replace(ASKED, state=state), at(5)) == (None, ())


def test_the_minute_of_breathing_is_six_breaths_of_ten_seconds() -> None:
    talking, _ = model.yes(ASKED, at(0))
    vent, breaths = model.breathe(talking, at(1)), [1]
    seconds = [0.0]
    assert vent == replace(talking, breath=1, breath_at=at(1 + 1 / 6), ends_at=at(46))
    while vent.breath:
        assert vent.breath_at == vent.step_at
        stepped, notices = model.step(vent, vent.step_at)
        assert stepped is not None
        assert notices == ()
        seconds.append((vent.step_at - at(1)).total_seconds())
        breaths.append(stepped.breath)
        vent = stepped
    assert breaths == [1, 2, 3, 4, 5, 6, 0]
    assert seconds == [0, 10, 20, 30, 40, 50, 60]
    assert vent == replace(talking, ends_at=at(46)), "nothing of it is left"


@pytest.mark.parametrize(
    ("typed", "kept", "cut"),
    [
        ("one two three four five", "one two three four five", False),
        (f"{'x' * 79} y", "x" * 79, True),
        (f"{'x' * 78} y", f"{'x' * 78} y", False),
    ],
)
def test_the_edges_of_a_few_words(typed: str, kept: str, cut: bool) -> None:
    assert few_words(typed) == (kept, cut)


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ("Mon 10:00-12:00", "2026-03-02 08:00:00", "2026-03-02 10:00"),  # its first instant
        ("Mon 10:00-12:00", "2026-03-02 07:59:59", None),
        ("Mon 10:00-12:00", "2026-03-02 09:59:59.999", "2026-03-02 10:00"),
        ("Mon 10:00-12:00", "2026-03-02 10:00:00", None),
        ("Mon 10:00-12:00", "2026-03-02 08:00:30.5", "2026-03-02 10:00"),
        ("Tue 10:00-12:00", "2026-03-02 08:30:00", None),
        # Of two that overlap it is the later end; what began yesterday counts too.
        ("Mon 08:00-12:00; Mon 10:00-18:00", "2026-03-02 09:00:00", "2026-03-02 16:00"),
        ("Sun 22:00-11:00; Mon 10:00-10:30", "2026-03-02 08:10:00", "2026-03-02 09:00"),
    ],
)
def test_the_edges_of_a_shift(hours: str, now: str, ends: str | None) -> None:
    utc = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = shift_ends(Person("anna", "w", "Anna", (), hours=parse_hours(hours)), utc)
    assert found == (datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None)
    assert found is None or found.utcoffset() == timedelta(0)


class TestGuard:
    """Limits of two a day and half an hour between."""

    GLAD = Listener("liga", "w", Listens.GLADLY)
    NEVER = Tally()

    def may(
        self,
        listener: Listener = GLAD,
        today: Tally = NEVER,
        yesterday: Tally = NEVER,
        now: datetime = NOW,
    ) -> bool:
        return may_listen(listener, Limits(), today, yesterday, now)

    def test_after_one_vent_there_is_half_an_hour_of_quiet(self) -> None:
        ended = Tally(1, at(-29.9))
        assert not self.may(today=ended)
        assert self.may(today=replace(ended, at=at(-30)))

    def test_the_quiet_goes_on_over_midnight(self) -> None:
        """What ended a minute before midnight was yesterday's, and is as near as today's."""
        midnight = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        ended = Tally(2, midnight - timedelta(minutes=1))
        assert not self.may(yesterday=ended, now=midnight + timedelta(minutes=28))
        assert self.may(yesterday=ended, now=midnight + timedelta(minutes=29))

    def test_the_later_of_the_two_days_counts(self) -> None:
        assert not self.may(today=Tally(1, at(-5)), yesterday=Tally(2, at(-600)))
        assert not self.may(today=Tally(1, at(-600)), yesterday=Tally(2, at(-5)))

    def test_yesterday_s_number_is_yesterday_s(self) -> None:
        assert self.may(yesterday=Tally(9, at(-600)))

    def test_two_a_day(self) -> None:
        assert self.may(today=Tally(1, at(-60)))
        assert not self.may(today=Tally(2, at(-60)))

    @pytest.mark.parametrize(
        ("own", "listened", "may"),
        [
            (1, 0, True),
            (1, 1, False),
            (0, 0, False),
            (5, 1, True),
            (5, 2, False),  # one's own limit never goes above the workspace's
            (None, 2, False),
        ],
    )
    def test_one_s_own_limit_can_only_be_lower(
        self, own: int | None, listened: int, may: bool
    ) -> None:
        listener = replace(self.GLAD, most=own)
        assert self.may(listener, today=Tally(listened, at(-600))) is may

    @pytest.mark.parametrize(
        ("listens", "may"),
        [(Listens.GLADLY, True), (Listens.ASKED, True), (Listens.NOT_NOW, False)],
    )
    def test_not_these_days_is_a_no(self, listens: Listens, may: bool) -> None:
        assert self.may(replace(self.GLAD, listens=listens)) is may


@pytest.mark.parametrize(
    "now", ["2026-03-02 00:00:00", "2026-03-04 10:11:12.131415", "2026-03-08 23:59:59.999999"]
)
def test_a_week_begins_at_midnight_sharp(now: str) -> None:
    assert week_of(datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime(
        2026, 3, 2, tzinfo=UTC
    )
