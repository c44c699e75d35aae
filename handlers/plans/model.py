"""The rules of break reminders: what a plan says, when its reminders come, and whether it fits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import zip_longest
from typing import Protocol

from handlers.availability.rest import (
    UNSET_HOURS,
    WEEKDAYS,
    IsFree,
    Stint,
    instant,
    stints,
    usual,
    wall_time,
)
from handlers.kit.about import pack
from handlers.kit.hours import ALWAYS, Hours, Shift, minutes_into_day
from handlers.kit.notices import Notice, Priority
from handlers.kit.ports import Recurrence

REMINDER, AGAIN, LUNCH_AGAIN = "plan.reminder", "plan.again", "plan.lunch"
PROPOSAL = "plan.proposal"

AHEAD = timedelta(hours=3)
"""How far reminders are written ahead: an outage of the planner shorter than AHEAD - PLAN_EVERY
is not noticed by anybody."""

PLAN_EVERY = timedelta(hours=2)

LATER = timedelta(minutes=10)
LUNCH_LATER = timedelta(hours=1)
"""When a lunch that was skipped is offered again."""

LONGEST_BREAK = timedelta(hours=4)
"""How far back is looked for what fell into a break."""

AFTER_BREAK = timedelta(minutes=2)
"""What fell into a break comes so long after it: not in the moment in which somebody is back."""

SPREAD_BEFORE, SPREAD_AFTER = timedelta(minutes=2), timedelta(minutes=1)
"""Around the minute for which it is planned a reminder has its own second, the same each time."""

LONG_SHIFT = timedelta(hours=8)
_EXTRA_BEFORE_END = timedelta(minutes=20)
_EXTRA_MINUTES = 10

LEAST_EVERY, MOST_EVERY = 15, 8 * 60
LONGEST = 60
MOST_TIMES = 12

_LUNCH_WALL, _LUNCH_MINUTES = "12:30", 30
_BEFORE_LUNCH, _AFTER_LUNCH = timedelta(minutes=15), timedelta(minutes=45)
_APART = timedelta(minutes=15)
"""A short break that would come nearer to a long one of the same rhythm does not come."""

_DAY = timedelta(days=1)
_SKIPPED_DAYS = 3


class ReminderKind(StrEnum):
    """What a reminder is for."""

    RHYTHM = "rhythm"
    LUNCH = "lunch"
    EXTRA = "extra"


class ReminderState(StrEnum):
    """What became of a reminder. PLANNED: it comes, or came and nobody pressed anything. LEFT: a
    lunch that was skipped twice."""

    PLANNED = "planned"
    MOVED = "moved"
    SKIPPED = "skipped"
    LEFT = "left"
    TAKEN = "taken"


class Preset(StrEnum):
    """The ready-made plans."""

    HOURLY = "hourly"
    TWO_HOURS = "two_hours"
    SHORT_AND_LONG = "short_and_long"
    LUNCH = "lunch"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a plan: a break of `minutes`, `every` so many minutes from the start of the
    shift, or once a day at the wall time `wall` ("12:30"). The other of the two is None."""

    every: int | None
    wall: str | None
    minutes: int
    kind: ReminderKind = ReminderKind.RHYTHM


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody's wish to be reminded. A changed plan is a new one, with a new id.

    `days` are those of WEEKDAYS on which a shift begins; `quiet` are pairs of minutes
    after midnight between which nothing comes; all of it is wall time in `zone`. Reminders are
    written until `planned_until`, and the next are due to be at `plan_at`; None: it is stopped.
    `asked`: whether it fits has been asked once. `anew`: when their last break ended, from which
    the shortest interval begins anew in that shift; `rested`: the same for the longer ones, after a
    break that was as long as theirs. `paused_until`: nothing comes before, as its owner wished.
    """

    id: str
    person: str
    workspace: str
    zone: str
    days: tuple[str, ...]
    rules: tuple[Rule, ...]
    quiet: tuple[tuple[int, int], ...]
    planned_until: datetime
    plan_at: datetime | None
    asked: bool = False
    anew: datetime | None = None
    rested: datetime | None = None
    paused_until: datetime | None = None

    def paused(self, until: datetime | None, now: datetime) -> "Plan":
        """The plan, quiet until then; None: it goes on."""
        goes_on = until or now
        return replace(self, paused_until=until, planned_until=goes_on, plan_at=goes_on)

    def anew_from(self, now: datetime) -> "Plan":
        """The plan, of which the reminders are written anew."""
        goes_on = self.goes_on(now)
        return replace(self, planned_until=goes_on, plan_at=goes_on)

    def goes_on(self, now: datetime) -> datetime:
        """From when on it reminds: `now`, unless it is paused."""
        return max(now, self.paused_until or now)

    @property
    def intervals(self) -> tuple[Rule, ...]:
        """Its rules that go by how long somebody has worked, and not by the clock."""
        return tuple(rule for rule in self.rules if rule.every is not None)

    def is_short(self, minutes: int) -> bool:
        """Whether a break of so many minutes is the shortest of its intervals', for which any break
        will do. A longer one needs its own length: the short ones would put it off for ever."""
        return all(minutes <= rule.minutes for rule in self.intervals)

    def after_break(self, lasted: timedelta, now: datetime) -> "Plan":
        """The plan after a break: what it was long enough for begins anew."""
        longest = max((rule.minutes for rule in self.intervals), default=0)
        rested = now if lasted >= timedelta(minutes=longest) else self.rested
        goes_on = self.goes_on(now)
        return replace(self, anew=now, rested=rested, planned_until=goes_on, plan_at=goes_on)

    def is_done_by(self, one: "Reminder", lasted: timedelta) -> bool:
        """Whether a break that lasted so long stands for the reminder, which fell into it."""
        by_the_clock = f"{wall_time(one.at, self.zone):%H:%M}" in {rule.wall for rule in self.rules}
        if one.kind is not ReminderKind.RHYTHM or by_the_clock:
            return False
        return self.is_short(one.minutes) or lasted >= timedelta(minutes=one.minutes)

    def is_quiet(self, wall: datetime) -> bool:
        minute = wall.hour * 60 + wall.minute
        return any(
            start <= minute < end if start < end else minute >= start or minute < end
            for start, end in self.quiet
        )


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder. `at` is the minute it is planned for, `due` its own second near by, `until`
    when it has lost its sense; `day` is the local date on which the shift began."""

    id: str
    plan: str
    person: str
    workspace: str
    kind: ReminderKind
    minutes: int
    day: str
    at: datetime
    due: datetime
    until: datetime
    state: ReminderState = ReminderState.PLANNED

    @property
    def notice(self) -> Notice:
        return Notice(REMINDER, self.id, (self.person,), self.due, Priority.BULK)


def every(minutes: int, break_minutes: int) -> Rule:
    """A break of so many minutes each time so many have passed since the shift began."""
    return Rule(minutes, None, break_minutes)


def at_time(wall: str, break_minutes: int, kind: ReminderKind = ReminderKind.RHYTHM) -> Rule:
    return Rule(None, wall, break_minutes, kind)


def preset_rules(preset: Preset, hours: Hours) -> tuple[Rule, ...]:
    match preset:
        case Preset.HOURLY:
            return (every(60, 5),)
        case Preset.TWO_HOURS:
            return (every(120, 15),)
        case Preset.SHORT_AND_LONG:
            return (every(30, 5), every(90, 15))
        case Preset.LUNCH:
            return (at_time(_lunch_wall(hours), _LUNCH_MINUTES, ReminderKind.LUNCH),)


def with_preset(rules: Sequence[Rule], preset: Preset, hours: Hours) -> tuple[Rule, ...]:
    """The rules with the preset in them: lunch and the rhythm of a day don't replace each other."""
    new = preset_rules(preset, hours)
    keep = ReminderKind.RHYTHM if preset is Preset.LUNCH else ReminderKind.LUNCH
    return (*(rule for rule in rules if rule.kind is keep), *new)


def preset_in(rules: Sequence[Rule]) -> Preset | None:
    """The ready-made plan that the rules are, lunch aside; None for one's own."""
    rhythm = tuple(rule for rule in rules if rule.kind is ReminderKind.RHYTHM)
    if not rhythm:
        return Preset.LUNCH
    return next((p for p in Preset if preset_rules(p, ALWAYS) == rhythm), None)


def another(rules: Sequence[Rule]) -> Preset:
    """What might fit somebody better for whom these came too often."""
    match preset_in(rules):
        case Preset.SHORT_AND_LONG:
            return Preset.HOURLY
        case Preset.TWO_HOURS:
            return Preset.LUNCH
        case _:
            return Preset.TWO_HOURS


def usual_days(hours: Hours) -> tuple[str, ...]:
    """The days on which somebody with these hours works."""
    shifts = hours.shifts or UNSET_HOURS.shifts
    return tuple(day for number, day in enumerate(WEEKDAYS) if _works_on(shifts, number))


def reminders(
    plan: Plan,
    hours: Hours,
    recurrence: Recurrence,
    is_free: IsFree,
    until: datetime,
) -> tuple[Reminder, ...]:
    """The plan's reminders after `planned_until` up to `until`, in order.

    However the time is cut into such stretches, each reminder is in exactly one of them.
    """
    after = plan.planned_until
    first = wall_time(after, plan.zone).date() - 2 * _DAY
    last = wall_time(until, plan.zone).date() + _DAY
    midnight = datetime.combine(first - first.weekday() * _DAY, time())
    end = datetime.combine(last + _DAY, time())
    weekly = f"FREQ=WEEKLY;BYDAY={','.join(plan.days)}"
    days = {wall.date() for wall in recurrence.walls(weekly, midnight, midnight, end)}
    found: list[Reminder] = []
    for stint in stints(usual(hours), plan.zone, first, last, is_free):
        if stint.start.date() in days and stint.ends > after and stint.begins < until:
            found += [one for one in _of_shift(plan, stint, recurrence) if after < one.at <= until]
    return tuple(sorted(found, key=lambda one: one.at))


def doesnt_fit(recent: Sequence[Reminder]) -> bool:
    """Whether on each of the last three days that had reminders some were skipped and none was
    taken; `recent` are those that came."""
    days = sorted({one.day for one in recent})[-_SKIPPED_DAYS:]
    states = [{one.state for one in recent if one.day == day} for day in days]
    return len(days) == _SKIPPED_DAYS and all(
        {ReminderState.SKIPPED, ReminderState.LEFT} & of_day and ReminderState.TAKEN not in of_day
        for of_day in states
    )


def clock_times(text: str) -> tuple[str, ...]:
    """Reads "10:30, 15.00". Raises ValueError with what is no time of day."""
    pieces = [piece for piece in re.split(r"[,;\s]+", text.strip()) if piece]
    return tuple(_clock(piece) for piece in pieces)


def quiet_times(text: str) -> tuple[tuple[int, int], ...]:
    """Reads "11:00-12:00, 15.00-15.30" as minutes after midnight. Raises ValueError with the part
    that is no such stretch."""
    stretches = []
    for piece in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        start, dash, end = (side.strip() for side in piece.replace("–", "-").partition("-"))
        try:
            stretch = (minutes_into_day(_clock(start)), minutes_into_day(_clock(end)))
        except ValueError:
            raise ValueError(piece) from None
        if not dash or stretch[0] == stretch[1]:
            raise ValueError(piece)
        stretches.append(stretch)
    return tuple(stretches)


def quiet_text(quiet: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{_wall(start)}-{_wall(end)}" for start, end in quiet)


class Plans(Protocol):
    """Everybody's plan, and its reminders."""

    def of(self, person: str) -> Plan | None: ...

    def put(self, plan: Plan, now: datetime) -> None:
        """Replaces the person's plan; reminders of the old one that are not due yet are gone."""
        ...

    def stop(self, person: str) -> None:
        """Deletes the person's plan and its reminders."""
        ...

    def save(self, plans: Sequence[Plan]) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[Plan, ...]:
        """Plans whose next reminders are due to be written, not held by another process."""
        ...

    def add(self, reminders: Sequence[Reminder]) -> None:
        """Keeps those that are not kept yet."""
        ...

    def reminder(self, reminder: str) -> Reminder | None: ...

    def answer(self, reminder: str, state: ReminderState) -> None: ...

    def recent(self, person: str, start: datetime, end: datetime) -> tuple[Reminder, ...]:
        """The person's reminders that were planned for the time between, oldest first."""
        ...


def _of_shift(plan: Plan, stint: Stint, recurrence: Recurrence) -> list[Reminder]:
    """The shift's reminders: one an instant, none at its very start or in quiet times, none
    beside lunch."""
    start, end = stint.start, stint.end
    walls = [
        (wall, rule)
        for rule in plan.rules
        for wall in _walls(rule, plan, stint, recurrence)
        if wall > start
    ]
    if end - start > LONG_SHIFT and start + LONG_SHIFT + _EXTRA_BEFORE_END <= end:
        walls.append((start + LONG_SHIFT, Rule(None, None, _EXTRA_MINUTES, ReminderKind.EXTRA)))
    lunches = [wall for wall, rule in walls if rule.kind is ReminderKind.LUNCH]
    long = [wall for wall, rule in walls if rule.every and not plan.is_short(rule.minutes)]
    chosen: dict[datetime, Rule] = {}
    for wall, rule in walls:
        if plan.is_quiet(wall) or (
            rule.kind is not ReminderKind.LUNCH
            and any(-_BEFORE_LUNCH < wall - lunch < _AFTER_LUNCH for lunch in lunches)
        ):
            continue
        if (
            rule.every
            and plan.is_short(rule.minutes)
            and any(abs(wall - one) < _APART for one in long)
        ):
            continue
        at = instant(wall, stint.zone)
        # Where the clock skips an hour inside the shift, the shift is shorter by it.
        if not stint.begins < at < stint.ends:
            continue
        if at not in chosen or _weight(rule) > _weight(chosen[at]):
            chosen[at] = rule
    ordered = sorted(chosen)
    return [
        _reminder(plan, stint, chosen[at], at, following)
        for at, following in zip_longest(ordered, ordered[1:])
    ]


def _walls(rule: Rule, plan: Plan, stint: Stint, recurrence: Recurrence) -> tuple[datetime, ...]:
    first = stint.start
    anew = plan.anew if plan.is_short(rule.minutes) else plan.rested
    if anew is not None and stint.begins <= anew < stint.ends:
        first = wall_time(anew, stint.zone).replace(second=0, microsecond=0)
    rrule = f"FREQ=MINUTELY;INTERVAL={rule.every}"
    if rule.wall is not None:
        first = datetime.combine(first.date(), time.fromisoformat(rule.wall))
        rrule = "FREQ=DAILY"
    return recurrence.walls(rrule, first, stint.start, stint.end)


def _reminder(
    plan: Plan, stint: Stint, rule: Rule, at: datetime, following: datetime | None
) -> Reminder:
    ends = stint.ends
    until = ends
    if rule.kind is ReminderKind.RHYTHM and following is not None:
        until = max(at + SPREAD_AFTER, following - SPREAD_BEFORE)
    due = at + _own_second(plan.person)
    if due < stint.begins or due >= ends or plan.is_quiet(wall_time(due, plan.zone)):
        due = at
    return Reminder(
        id=pack(plan.id, f"{at:%y%m%d%H%M}"),
        plan=plan.id,
        person=plan.person,
        workspace=plan.workspace,
        kind=rule.kind,
        minutes=rule.minutes,
        day=stint.start.date().isoformat(),
        at=at,
        due=due,
        until=until,
    )


def _own_second(person: str) -> timedelta:
    """The person's place between SPREAD_BEFORE and SPREAD_AFTER, to the tenth of a second."""
    width = (SPREAD_BEFORE + SPREAD_AFTER) // timedelta(milliseconds=100)
    number = int.from_bytes(sha256(person.encode()).digest()[:8])
    return timedelta(milliseconds=100) * (number % width) - SPREAD_BEFORE


def _weight(rule: Rule) -> tuple[bool, int]:
    return rule.kind is ReminderKind.LUNCH, rule.minutes


def _works_on(shifts: Iterable[Shift], weekday: int) -> bool:
    return any(shift.weekday == weekday for shift in shifts)


def _lunch_wall(hours: Hours) -> str:
    """Half past twelve where somebody works then, else the middle of their first shift, to the
    half hour."""
    shifts = hours.shifts or UNSET_HOURS.shifts
    noon = minutes_into_day(_LUNCH_WALL)
    if any(shift.start < noon < shift.end for shift in shifts):
        return _LUNCH_WALL
    middle = (shifts[0].start + shifts[0].end) // 60 * 30
    return _wall(middle % (24 * 60))


def _clock(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(text)
    return f"{int(found[1]):02}:{found[2]}"


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
