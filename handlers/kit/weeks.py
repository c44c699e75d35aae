"""A week, and what a feature counts in one: for reports in which nobody is named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.kit.cards import Line
from handlers.kit.ports import Texts

if TYPE_CHECKING:  # what a feature counts with is made of the kit
    from handlers.work import Occasion

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """From one midnight to the next somewhere; aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """From Monday's midnight to the next one in `zone`; instants are aware UTC."""

    start: datetime
    end: datetime
    zone: str

    @property
    def monday(self) -> date:
        return self.start.astimezone(ZoneInfo(self.zone)).date()

    @property
    def days(self) -> tuple[CalendarDay, ...]:
        """The seven of them, Monday first."""
        monday = datetime.combine(self.monday, time(), ZoneInfo(self.zone))
        nights = [(monday + timedelta(days=day)).astimezone(_UTC) for day in range(8)]
        return tuple(map(CalendarDay, nights, nights[1:]))


def week_around(now: datetime, zone: str, back: int) -> CalendarWeek:
    """The week that is now, or so many before it."""
    local = now.astimezone(ZoneInfo(zone))
    monday = (local - timedelta(days=local.weekday(), weeks=back)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    following = monday + timedelta(days=7)
    return CalendarWeek(monday.astimezone(_UTC), following.astimezone(_UTC), zone)


def next_weekday(now: datetime, zone: str, weekday: int, wall: time) -> datetime:
    """The first such day (0 is Monday) at the wall time after `now`, by the zone's clocks."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    at = datetime.combine(day, wall, ZoneInfo(zone))
    if at <= now:
        at = datetime.combine(day + timedelta(days=7), wall, ZoneInfo(zone))
    return at.astimezone(_UTC)


def day_names(t: Texts) -> tuple[Line, ...]:
    """From Monday on, as short as can be."""
    return (t("Mo"), t("Tu"), t("We"), t("Th"), t("Fr"), t("Sa"), t("Su"))


class Unit(Enum):
    """What a figure counts."""

    TIMES = auto()
    SECONDS = auto()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a week. `label` is a message id; `value` None where there was nothing to
    measure."""

    label: str
    value: float | None
    unit: Unit = Unit.TIMES


@dataclass(frozen=True, slots=True)
class ByDay:
    """How often something happened on each day from Monday on; `title` is a message id."""

    title: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InWeek:
    """A feature's share of a week."""

    figures: tuple[Figure, ...]
    by_day: ByDay | None = None


CountsWeek = Callable[["Occasion", str, CalendarWeek], InWeek]
"""What a feature counts in a workspace's week."""

CountsWeeks = Sequence[CountsWeek]


def figure_rows(figures: Sequence[Figure], t: Texts) -> tuple[tuple[Line, Line], ...]:
    """The figures as a card has them."""
    return tuple((t(figure.label), _in_words(figure, t)) for figure in figures)


def _in_words(figure: Figure, t: Texts) -> Line:
    if figure.value is None:
        return ("–",)
    return duration(figure.value, t) if figure.unit is Unit.SECONDS else (str(int(figure.value)),)


def duration(seconds: float, t: Texts) -> Line:
    """A while as short as it can be said: in seconds below a minute and a half."""
    if seconds < 90:
        return t.many("{n} second", "{n} seconds", round(seconds))
    return t.many("{n} minute", "{n} minutes", round(seconds / 60))
