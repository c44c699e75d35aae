"""What a plan says, when its reminders come, and what people write when they make one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.availability.rest import WEEKDAYS
from handlers.kit.hours import ALWAYS, parse_hours
from handlers.kit.notices import Notice, Priority
from handlers.plans import model
from handlers.plans.model import Plan, Preset, Reminder, ReminderKind, ReminderState, Rule
from scheduling.recurrence import RruleRecurrence

RECURRENCE = RruleRecurrence()
OFFICE = "Mon-Fri 09:00-17:00"
EVERY_DAY = WEEKDAYS
MONDAY = "2026-03-02"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def never_free(_day: date) -> bool:
    return False


def plan(*rules: Rule, **also: object) -> Plan:
    """Anna's, in Riga, of which nothing was written before that Monday. Her own second is 115.4
    before the minute."""
    return replace(
        Plan("p", "anna", "w", "Europe/Riga", EVERY_DAY, rules, (), utc("2026-03-01 22:00"), None),
        **also,  # type: ignore[arg-type] # fields by name, as each test has them
    )


def written(
    one: Plan,
    hours: str = OFFICE,
    until: str = "2026-03-02 22:00",
    is_free: Callable[[date], bool] = never_free,
) -> tuple[Reminder, ...]:
    return model.reminders(one, parse_hours(hours), RECURRENCE, is_free, utc(until))


def times(found: tuple[Reminder, ...]) -> list[tuple[str, ReminderKind, int]]:
    """When by the clock in Riga, in winter, what for and how long."""
    return [(f"{one.at + timedelta(hours=2):%a %H:%M}", one.kind, one.minutes) for one in found]


def clocks(found: tuple[Reminder, ...]) -> list[str]:
    return [clock for clock, _, _ in times(found)]


class TestRules:
    def test_how_they_are_kept(self) -> None:
        assert model.every(50, 5) == Rule(50, None, 5, ReminderKind.RHYTHM)
        assert model.at_time("10:30", 7) == Rule(None, "10:30", 7, ReminderKind.RHYTHM)
        assert model.at_time("12:30", 30, ReminderKind.LUNCH).kind is ReminderKind.LUNCH

    @pytest.mark.parametrize(
        ("hours", "days"),
        [
            ("Mon 08:00-12:00; Mon 13:00-17:00; Thu 08:00-12:00; Sun 22:00-06:00", "MO,TH,SU"),
            ("", "MO,TU,WE,TH,FR"),
        ],
    )
    def test_whose_hours_are_known_has_their_days(self, hours: str, days: str) -> None:
        assert ",".join(model.usual_days(parse_hours(hours))) == days


class TestAfterABreak:
    BOTH = (model.every(30, 5), model.every(90, 15))
    NOON = utc("2026-03-02 08:20")  # twenty past ten in Riga

    def after(self, lasted: int, *rules: Rule) -> Plan:
        return plan(*rules).after_break(timedelta(minutes=lasted), self.NOON)

    def test_a_short_one_begins_the_short_interval_anew_and_leaves_the_long_one(self) -> None:
        short = self.after(5, *self.BOTH)
        assert (short.anew, short.rested) == (self.NOON, None)
        assert (short.planned_until, short.plan_at) == (self.NOON, self.NOON)
        assert [one[4:] for one in clocks(written(short))][:7] == [
            *("10:30", "10:50", "11:20"),
            "12:00",  # and not ten before it
            *("12:20", "12:50", "13:30"),
        ]

    def test_a_long_one_begins_both_anew(self) -> None:
        long = self.after(15, *self.BOTH)
        assert long.rested == self.NOON
        found = [(clock[4:], minutes) for clock, _, minutes in times(written(long))]
        assert found[:4] == [("10:50", 5), ("11:20", 5), ("11:50", 15), ("12:20", 5)]
        assert self.after(14, *self.BOTH).rested is None

    def test_in_the_middle_of_a_minute_it_begins_with_that_minute(self) -> None:
        back = self.NOON + timedelta(seconds=27.5)
        one = plan(model.every(45, 5)).after_break(timedelta(minutes=5), back)
        assert written(one)[0].at == self.NOON + timedelta(minutes=45)

    def test_without_intervals_any_break_is_long_enough(self) -> None:
        assert self.after(0, model.at_time("11:00", 5)).rested == self.NOON

    def test_beside_an_interval_what_has_its_time_of_day_keeps_it(self) -> None:
        mixed = self.after(5, model.every(60, 5), model.at_time("11:00", 5))
        assert [one[4:] for one in clocks(written(mixed))][:3] == ["11:00", "11:20", "12:20"]

    @pytest.mark.parametrize(
        ("at", "minutes", "kind", "lasted", "done"),
        [
            ("08:10", 5, ReminderKind.RHYTHM, 1, True),
            ("08:10", 15, ReminderKind.RHYTHM, 14, False),
            ("08:10", 15, ReminderKind.RHYTHM, 15, True),
            ("09:00", 5, ReminderKind.RHYTHM, 60, False),  # eleven, which has its time of day
            ("08:10", 30, ReminderKind.LUNCH, 60, False),
            ("08:10", 10, ReminderKind.EXTRA, 60, False),
        ],
    )
    def test_what_fell_into_it_is_done_with_where_it_was_long_enough(
        self, at: str, minutes: int, kind: ReminderKind, lasted: int, done: bool
    ) -> None:
        mine = plan(*self.BOTH, model.at_time("11:00", 5))
        when = utc(f"2026-03-02 {at}")
        one = Reminder("r", "p", "anna", "w", kind, minutes, MONDAY, when, when, when)
        assert mine.is_done_by(one, timedelta(minutes=lasted)) is done


class TestPresets:
    LUNCH = model.at_time("12:30", 30, ReminderKind.LUNCH)

    @pytest.mark.parametrize(
        ("preset", "rules"),
        [
            (Preset.HOURLY, (model.every(60, 5),)),
            (Preset.TWO_HOURS, (model.every(120, 15),)),
            (Preset.SHORT_AND_LONG, (model.every(30, 5), model.every(90, 15))),
            (Preset.LUNCH, (LUNCH,)),
        ],
    )
    def test_what_each_is(self, preset: Preset, rules: tuple[Rule, ...]) -> None:
        assert model.preset_rules(preset, parse_hours(OFFICE)) == rules

    @pytest.mark.parametrize(
        ("hours", "lunch"),
        [
            ("", "12:30"),
            ("Mon 12:29-12:31", "12:30"),
            ("Tue 18:00-22:00; Wed 08:00-17:00", "12:30"),
            ("Mon 08:00-12:30", "10:00"),  # it ends then: the middle, to the half hour below
            ("Mon 12:30-20:00", "16:00"),
            ("Mon 22:00-06:00", "02:00"),
            ("Mon 14:00-21:00; Tue 15:00-23:00", "17:30"),
        ],
    )
    def test_lunch_is_at_half_past_twelve_or_in_the_middle_of_the_first_shift(
        self, hours: str, lunch: str
    ) -> None:
        (rule,) = model.preset_rules(Preset.LUNCH, parse_hours(hours))
        assert rule == Rule(None, lunch, 30, ReminderKind.LUNCH)

    def test_lunch_and_the_rhythm_stand_side_by_side(self) -> None:
        own = model.at_time("10:00", 5)
        assert model.with_preset((own, self.LUNCH), Preset.HOURLY, ALWAYS) == (
            self.LUNCH,
            model.every(60, 5),
        )
        later = model.at_time("13:00", 45, ReminderKind.LUNCH)
        assert model.with_preset((own, later), Preset.LUNCH, ALWAYS) == (own, self.LUNCH)

    @pytest.mark.parametrize("preset", list(Preset))
    def test_it_is_known_again(self, preset: Preset) -> None:
        rules = model.preset_rules(preset, ALWAYS)
        assert model.preset_in(rules) is preset
        assert model.preset_in((self.LUNCH, *rules)) is preset

    def test_one_s_own_is_none_of_them(self) -> None:
        assert model.preset_in((model.every(45, 5),)) is None
        assert model.preset_in((model.every(60, 10),)) is None

    @pytest.mark.parametrize(
        ("now", "instead"),
        [
            (Preset.SHORT_AND_LONG, Preset.HOURLY),
            (Preset.HOURLY, Preset.TWO_HOURS),
            (Preset.TWO_HOURS, Preset.LUNCH),
            (Preset.LUNCH, Preset.TWO_HOURS),
        ],
    )
    def test_what_came_too_often_could_come_less_often(self, now: Preset, instead: Preset) -> None:
        assert model.another(model.preset_rules(now, ALWAYS)) is instead
        assert model.another((model.every(15, 5),)) is Preset.TWO_HOURS


class TestQuiet:
    @pytest.mark.parametrize(
        ("clock", "quiet"), [("10:59", False), ("11:00", True), ("11:59", True), ("12:00", False)]
    )
    def test_it_is_quiet_from_its_first_minute_until_before_its_last(
        self, clock: str, quiet: bool
    ) -> None:
        one = plan(quiet=((11 * 60, 12 * 60), (15 * 60, 15 * 60 + 1)))
        assert one.is_quiet(datetime.fromisoformat(f"{MONDAY} {clock}")) is quiet

    @pytest.mark.parametrize(
        ("clock", "quiet"),
        [("21:59", False), ("22:00", True), ("00:00", True), ("05:59", True), ("06:00", False)],
    )
    def test_it_runs_over_midnight(self, clock: str, quiet: bool) -> None:
        one = plan(quiet=((22 * 60, 6 * 60),))
        assert one.is_quiet(datetime.fromisoformat(f"{MONDAY} {clock}")) is quiet

    def test_without_quiet_times_it_never_is(self) -> None:
        assert not plan().is_quiet(datetime.fromisoformat(f"{MONDAY} 00:00"))


class TestReminders:
    def test_one_told_whole(self) -> None:
        first, second = written(plan(model.every(180, 5)))
        assert first == Reminder(
            id="p.2603021000",
            plan="p",
            person="anna",
            workspace="w",
            kind=ReminderKind.RHYTHM,
            minutes=5,
            day="2026-03-02",
            at=utc("2026-03-02 10:00"),
            due=utc("2026-03-02 09:58:04.600"),
            until=utc("2026-03-02 12:58"),
        )
        assert second == replace(
            first,
            id="p.2603021300",
            at=utc("2026-03-02 13:00"),
            due=utc("2026-03-02 12:58:04.600"),
            until=utc("2026-03-02 15:00"),
        )
        assert first.notice == Notice(
            model.REMINDER, "p.2603021000", ("anna",), first.due, Priority.BULK
        )

    def test_none_at_the_shift_s_very_start_or_end(self) -> None:
        assert clocks(written(plan(model.every(120, 15)))) == [
            "Mon 11:00", "Mon 13:00", "Mon 15:00",
        ]  # fmt: skip

    def test_a_time_of_its_own_comes_where_the_shift_has_it(self) -> None:
        own = plan(model.at_time("08:30", 5), model.at_time("16:59", 5), model.at_time("17:00", 5))
        assert clocks(written(own)) == ["Mon 16:59"]
        night = plan(model.at_time("23:00", 5), model.at_time("01:00", 5))
        assert clocks(written(night, "Mon 22:00-06:00", "2026-03-03 22:00")) == [
            "Mon 23:00", "Tue 01:00",
        ]  # fmt: skip

    def test_lunch_keeps_others_away_a_quarter_before_and_three_quarters_after(self) -> None:
        around = ("12:14", "12:15", "12:16", "12:30", "13:14", "13:15", "13:16")
        one = plan(
            model.at_time("12:30", 30, ReminderKind.LUNCH),
            *(model.at_time(each, 40) for each in around),
        )
        assert times(written(one)) == [
            ("Mon 12:14", ReminderKind.RHYTHM, 40),
            ("Mon 12:15", ReminderKind.RHYTHM, 40),
            ("Mon 12:30", ReminderKind.LUNCH, 30),
            ("Mon 13:15", ReminderKind.RHYTHM, 40),
            ("Mon 13:16", ReminderKind.RHYTHM, 40),
        ]

    def test_of_two_at_one_time_the_longer_comes(self) -> None:
        for rules in (
            (model.every(240, 5), model.every(120, 15)),
            (model.every(120, 15), model.every(240, 5)),
        ):
            assert times(written(plan(*rules))) == [
                ("Mon 11:00", ReminderKind.RHYTHM, 15),
                ("Mon 13:00", ReminderKind.RHYTHM, 15),
                ("Mon 15:00", ReminderKind.RHYTHM, 15),
            ]

    @pytest.mark.parametrize(
        ("end", "extra"), [("16:19", []), ("16:20", ["Mon 16:00"]), ("18:00", ["Mon 16:00"])]
    )
    def test_a_long_shift_has_one_more_after_eight_hours(self, end: str, extra: list[str]) -> None:
        found = written(plan(), f"Mon 08:00-{end}")
        assert clocks(found) == extra
        assert {(one.kind, one.minutes) for one in found} <= {(ReminderKind.EXTRA, 10)}

    def test_the_extra_one_has_its_sense_until_the_shift_ends(self) -> None:
        (one,) = written(plan(), "Mon 08:00-18:00")
        assert (one.at, one.until) == (utc("2026-03-02 14:00"), utc("2026-03-02 16:00"))

    def test_the_extra_one_is_no_second_where_a_longer_comes_anyway(self) -> None:
        hours = "Mon 08:00-18:00"
        assert times(written(plan(model.every(480, 15)), hours)) == [
            ("Mon 16:00", ReminderKind.RHYTHM, 15)
        ]
        assert times(written(plan(model.every(480, 5)), hours)) == [
            ("Mon 16:00", ReminderKind.EXTRA, 10)
        ]
        assert times(written(plan(model.every(480, 10)), hours)) == [
            ("Mon 16:00", ReminderKind.RHYTHM, 10)
        ]

    def test_lunch_has_its_sense_all_day_and_a_rhythm_until_before_the_next(self) -> None:
        one = plan(
            model.at_time("11:00", 5),
            model.at_time("12:30", 30, ReminderKind.LUNCH),
            model.at_time("15:00", 5),
            model.at_time("15:02", 5),
        )
        assert [(clock, f"{each.until:%H:%M}") for clock, each in zip(
            clocks(written(one)), written(one), strict=True
        )] == [
            ("Mon 11:00", "10:28"),
            ("Mon 12:30", "15:00"),
            ("Mon 15:00", "13:01"),  # a minute at least, however near the next is
            ("Mon 15:02", "15:00"),
        ]  # fmt: skip

    def test_in_quiet_times_nothing_comes_and_nothing_early(self) -> None:
        """Anna's second is before the minute: where that is still quiet, she waits for it."""
        one = plan(model.every(60, 5), quiet=((11 * 60, 12 * 60),))
        found = written(one, "Mon 09:00-14:00")
        assert clocks(found) == ["Mon 10:00", "Mon 12:00", "Mon 13:00"]
        assert [each.at - each.due for each in found] == [
            timedelta(seconds=115.4), timedelta(0), timedelta(seconds=115.4),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("person", "clock", "late"),
        [
            ("anna", "09:01", 0),  # her second is before the shift
            ("anna", "09:02", -115.4),
            ("ivo", "09:01", -37.5),
            ("liga", "16:59", 53.6),
            ("eva", "16:59", 21.0),
        ],
    )
    def test_everybody_has_a_second_of_their_own_inside_the_shift(
        self, person: str, clock: str, late: float
    ) -> None:
        (one,) = written(plan(model.at_time(clock, 5), person=person))
        assert (one.due - one.at).total_seconds() == late

    def test_on_days_off_and_holidays_nothing_comes(self) -> None:
        one = plan(model.at_time("13:00", 5), days=("MO", "WE", "TH", "SA"))
        found = written(one, until="2026-03-09 00:00", is_free=lambda day: day == date(2026, 3, 4))
        assert clocks(found) == ["Mon 13:00", "Thu 13:00"]

    def test_a_plan_goes_on_over_the_end_of_a_week(self) -> None:
        one = plan(model.at_time("13:00", 5), days=("SU", "MO"))
        found = written(one, "Mon-Sun 09:00-17:00", until="2026-03-09 22:00")
        assert clocks(found) == ["Mon 13:00", "Sun 13:00", "Mon 13:00"]

    def test_whose_hours_nobody_set_works_from_nine_to_five(self) -> None:
        found = written(plan(model.every(240, 5)), "", "2026-03-08 22:00")
        assert clocks(found) == ["Mon 13:00", "Tue 13:00", "Wed 13:00", "Thu 13:00", "Fri 13:00"]

    def test_a_night_counts_as_the_day_on_which_it_began(self) -> None:
        one = plan(model.every(240, 5), days=("SU",))
        found = written(one, "Sat-Mon 22:00-06:00", "2026-03-09 22:00")
        # Of Sunday's night before this Monday the second half, and the next whole one.
        assert clocks(found) == ["Mon 02:00", "Mon 02:00"]
        assert [each.day for each in found] == ["2026-03-01", "2026-03-08"]

    def test_what_was_written_before_is_not_written_again_and_the_end_belongs_to_it(self) -> None:
        one = plan(model.every(60, 5), planned_until=utc("2026-03-02 08:00"))
        assert clocks(written(one, until="2026-03-02 10:00")) == ["Mon 11:00", "Mon 12:00"]

    def test_the_hour_that_the_clock_skips_shortens_the_night(self) -> None:
        """On 29 March three o'clock is four: half past three is half past four."""
        one = plan(
            model.at_time("02:30", 5), model.at_time("03:30", 5),
            planned_until=utc("2026-03-28 12:00"),
        )  # fmt: skip
        until = "2026-03-29 12:00"
        assert [each.at for each in written(one, "Sat 22:00-06:00", until)] == [
            utc("2026-03-29 00:30"), utc("2026-03-29 01:30"),
        ]  # fmt: skip
        shorter = replace(one, rules=one.rules[::-1])
        assert [each.at for each in written(shorter, "Sat 22:00-04:00", until)] == [
            utc("2026-03-29 00:30"),
        ]  # fmt: skip

    def test_where_the_clock_makes_two_times_one_lunch_is_what_comes(self) -> None:
        """On 29 March half past three is half past four, and that is when they eat."""
        lunch, longer = model.at_time("04:30", 30, ReminderKind.LUNCH), model.at_time("03:30", 40)
        for rules in ((lunch, longer), (longer, lunch)):
            one = plan(*rules, planned_until=utc("2026-03-28 12:00"))
            (only,) = written(one, "Sat 22:00-06:00", "2026-03-29 12:00")
            assert (only.at, only.kind) == (utc("2026-03-29 01:30"), ReminderKind.LUNCH)


@given(st.text(min_size=1, max_size=12))
def test_nobody_s_second_is_far_off(person: str) -> None:
    (one,) = written(plan(model.at_time("13:00", 5), person=person))
    assert timedelta(minutes=-2) <= one.due - one.at < timedelta(minutes=1)


@given(st.lists(st.integers(0, 3 * 24 * 60), max_size=5), st.sampled_from([0, 1, 2]))
def test_however_the_time_is_cut_each_reminder_comes_once(cuts: list[int], number: int) -> None:
    hours = (OFFICE, "Mon-Sun 22:00-06:00", "Mon-Sun 06:00-22:00")[number]
    one = plan(model.every(45, 5), model.at_time("12:30", 30, ReminderKind.LUNCH))
    start, whole = one.planned_until, written(one, hours, "2026-03-04 22:00")
    found: tuple[Reminder, ...] = ()
    for cut in [*sorted(cuts), 3 * 24 * 60]:
        until = start + timedelta(minutes=cut)
        found += model.reminders(one, parse_hours(hours), RECURRENCE, never_free, until)
        one = replace(one, planned_until=until)
    assert found == whole


class TestDoesntFit:
    def day(self, number: int, *states: ReminderState) -> list[Reminder]:
        return [
            Reminder(
                str(place), "p", "anna", "w", ReminderKind.RHYTHM, 5, f"2026-03-{number:02}",
                at=utc(MONDAY), due=utc(MONDAY), until=utc(MONDAY), state=state,
            )
            for place, state in enumerate(states)
        ]  # fmt: skip

    def test_three_days_on_which_some_were_skipped_and_none_taken(self) -> None:
        skipped, left = (
            (ReminderState.SKIPPED,),
            (ReminderState.PLANNED, ReminderState.LEFT, ReminderState.MOVED),
        )
        recent = [*self.day(2, *skipped), *self.day(3, *left), *self.day(6, *skipped)]
        assert model.doesnt_fit(recent)
        assert model.doesnt_fit([*self.day(1, ReminderState.TAKEN), *recent]), (
            "the last three count"
        )

    @pytest.mark.parametrize(
        "third",
        [
            (ReminderState.SKIPPED, ReminderState.TAKEN),
            (ReminderState.PLANNED,),
            (ReminderState.MOVED, ReminderState.PLANNED),
        ],
    )
    def test_a_day_of_another_kind_and_it_fits(self, third: tuple[ReminderState, ...]) -> None:
        two = [*self.day(2, ReminderState.SKIPPED), *self.day(3, ReminderState.SKIPPED)]
        assert not model.doesnt_fit([*two, *self.day(4, *third)])

    def test_two_days_are_too_few_to_say(self) -> None:
        assert not model.doesnt_fit(
            [*self.day(2, ReminderState.SKIPPED), *self.day(3, ReminderState.SKIPPED)]
        )
        assert not model.doesnt_fit([])


def test_a_paused_plan_is_quiet_until_then_and_a_woken_one_goes_on_at_once() -> None:
    now, until = utc("2026-03-02 08:00"), utc("2026-03-02 10:00")
    paused = plan().paused(until, now)
    assert paused == plan(paused_until=until, planned_until=until, plan_at=until)
    assert paused.paused(None, now) == plan(paused_until=None, planned_until=now, plan_at=now)


def test_reminders_are_written_anew_from_now_on_or_from_the_end_of_a_pause() -> None:
    now, until = utc("2026-03-02 08:00"), utc("2026-03-02 10:00")
    anew = plan().anew_from(now)
    assert anew == plan(planned_until=now, plan_at=now)
    assert plan(paused_until=until).anew_from(now) == plan(
        paused_until=until, planned_until=until, plan_at=until
    )
    later = utc("2026-03-02 11:00")
    assert plan(paused_until=until).anew_from(later) == plan(
        paused_until=until, planned_until=later, plan_at=later
    )
