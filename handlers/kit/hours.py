"""Working hours: a weekly pattern in local wall time, as people write it, and what is planned on
dates before it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.rota import UNPLANNED, Rota
from handlers.kit.text import fold

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LATVIAN_DAYS = ("P", "O", "T", "C", "Pk", "S", "Sv")
DAYS_IN_WORDS = (
    ("monday", "pirmdien"),
    ("tuesday", "otrdien"),
    ("wednesday", "tresdien"),
    ("thursday", "ceturtdien"),
    ("friday", "piektdien"),
    ("saturday", "sestdien"),
    ("sunday", "svetdien"),
)
"""Each day's English name and its Latvian one without an ending, folded."""

_DAYS_IN_SHORT = (
    *(("p", "pr", "mo"), ("o", "ot", "tu"), ("t", "tr", "we"), ("c", "ce", "th"), ("pk", "fr")),
    *(("s", "se", "sa"), ("sv", "su")),
)
"""What else people call each; otherwise the beginning of its name will do."""

_BEGINNING = 3
LONGEST_TEXT = 200
"""Characters of working hours as they are written: a week of them fits into one field."""

_MINUTES_IN_DAY = 24 * 60
_ONE_DAY = timedelta(days=1)
_GAP = r"\s{0,9}"
_DAY = rf"\w{{1,20}}\.?(?:{_GAP}-{_GAP}\w{{1,20}}\.?)?"
_CLOCK = r"[0-9]{1,2}(?:[:.][0-9]{2})?(?:\s?[APap]\.?[Mm]\.?)?"
_TIMES = rf"{_CLOCK}{_GAP}-{_GAP}{_CLOCK}"
_PART = re.compile(
    rf"(?P<days>{_DAY}(?:{_GAP},{_GAP}{_DAY}){{0,13}})(?:{_GAP}[:,])?\s{{1,9}}"
    rf"(?P<times>{_TIMES}(?:{_GAP},{_GAP}{_TIMES}){{0,3}})"
)
"""How often anything may come is bounded, so that no text makes the search long."""

_NINE_TO_FIVE = re.compile(rf"{_GAP}(?:[6-9]|1[01]){_GAP}-{_GAP}[1-7]{_GAP}")
"""A day's work by a clock of twelve hours: nobody's lasts from nine until five in the morning."""

_BETWEEN_PARTS = re.compile(r"[;\n]|(?:(?<=[0-9])|(?<=[ap]m)|(?<=[AP]M)),(?=\s{0,9}[^\W\d])")
_FROM = re.compile(r"(?:^|(?<=\s))(?:no|from)\s", re.IGNORECASE)
_TO = re.compile(r"\s(?:to|till|until|through|līdz)\s", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|un|&)\s|/", re.IGNORECASE)
_MANY_DAYS = (
    (
        re.compile(r"^(?:darba ?dien[āa]s|weekdays|working days)(?=[:,\s])", re.IGNORECASE),
        "Mon-Fri",
    ),
    (re.compile(r"^(?:katru dienu|ik dienu|every day|daily)(?=[:,\s])", re.IGNORECASE), "Mon-Sun"),
    (
        re.compile(
            r"^(?:weekends?|brīvdienās|nedēļas nogal[eē]s?|nedēļas nogalē)(?=[:,\s])", re.IGNORECASE
        ),
        "Sat-Sun",
    ),
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~", "-"))


@dataclass(frozen=True, slots=True)
class Shift:
    """Work that begins on a weekday (0 is Monday) at `start` and ends at `end`, both minutes
    after that day's midnight. `end` above 1440 runs into the next day."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works in an ordinary week, and what is `planned` on dates, as far as it was
    asked for (`handlers.availability.shifts.with_shifts`). No shifts: on other days whenever they
    are there."""

    shifts: tuple[Shift, ...] = ()
    planned: Rota = UNPLANNED

    def cover(self, local: datetime) -> bool:
        """Whether the wall time `local` is inside working hours; aware, where anything is
        planned."""
        if not self.planned:
            return self._weekly(local, _any_day)
        said = self.planned.says(local)
        return self._weekly(local, self._is_ordinary) if said is None else said

    def by_week(self, local: datetime) -> bool:
        """Whether it is the ordinary week that covers that moment, and nothing that is planned."""
        return not self.planned or self.planned.says(local) is None

    def by_week_on(self, local: datetime, works_on: Callable[[date], bool]) -> bool:
        """Whether a shift of the ordinary week covers that moment that began on such a day: what
        began the evening before a holiday goes on into it."""
        return self._weekly(local, lambda day: self._is_ordinary(day) and works_on(day))

    def _is_ordinary(self, day: date) -> bool:
        return not self.planned.plans(day)

    def _weekly(self, local: datetime, begun_on: Callable[[date], bool]) -> bool:
        """Whether a shift of the ordinary week covers it that begins on one of such days."""
        if not self.shifts:
            return begun_on(local.date())
        minute = local.hour * 60 + local.minute
        today, yesterday = local.weekday(), (local.weekday() - 1) % 7
        return any(
            (
                shift.weekday == today
                and shift.start <= minute < shift.end
                and begun_on(local.date())
            )
            or (
                shift.weekday == yesterday
                and minute < shift.end - _MINUTES_IN_DAY
                and begun_on(local.date() - _ONE_DAY)
            )
            for shift in self.shifts
        )

    def __str__(self) -> str:
        return self._written(DAY_NAMES, "-")

    def in_language(self, locale: str) -> str:
        """As who reads `locale` writes them; parse_hours reads it back."""
        return self._written(_LATVIAN_DAYS, "–") if locale == "lv" else str(self)

    def _written(self, days: Sequence[str], to: str) -> str:
        of_day: dict[int, list[str]] = {}
        for shift in self.shifts:
            stretch = f"{_clock(shift.start)}{to}{_clock(shift.end % _MINUTES_IN_DAY)}"
            of_day.setdefault(shift.weekday, []).append(stretch)
        groups: list[tuple[int, int, list[str]]] = []
        for day, stretches in of_day.items():
            if groups and groups[-1][1:] == (day - 1, stretches):
                groups[-1] = (groups[-1][0], day, stretches)
            else:
                groups.append((day, day, stretches))
        return "; ".join(
            f"{days[first]}{'' if first == last else to + days[last]} {stretch}"
            for first, last, stretches in groups
            for stretch in stretches
        )


ALWAYS = Hours()


def parse_hours(text: str) -> Hours:
    """Reads "Mon-Fri 08:00-17:00; Sat 22:00-06:00" (also P-Pk, Sv in Latvian, whole names, several
    times of one day, and "Mon–Fri 8.00–17.00", "darba dienās no 8 līdz 17" or "weekdays 9am-5pm",
    as programs and people write it); empty is ALWAYS.

    An end not after its start is on the next day. Raises ValueError naming the part it can't read;
    all of it, where it would be longer than LONGEST_TEXT.
    """
    shifts: list[Shift] = []
    for part in filter(None, (piece.strip() for piece in _BETWEEN_PARTS.split(text))):
        found = _PART.fullmatch(_spelt_as_usual(part.rstrip(" .")))
        if found is None:
            raise ValueError(part)
        for stretch in found["times"].split(","):
            start, end = (_minutes(one.strip(), part) for one in stretch.split("-"))
            if end <= start:
                end += _MINUTES_IN_DAY // 2 if _NINE_TO_FIVE.fullmatch(stretch) else _MINUTES_IN_DAY
            shifts += [Shift(day, start, end) for day in _days(found["days"], part)]
    hours = Hours(tuple(sorted(set(shifts), key=lambda shift: (shift.weekday, shift.start))))
    if len(str(hours)) > LONGEST_TEXT:
        raise ValueError(text)
    return hours


def minutes_into_day(wall: str) -> int:
    """How many minutes after midnight a wall time is; "14:20", two digits each."""
    return int(wall[:2]) * 60 + int(wall[3:])


def _any_day(_day: date) -> bool:
    return True


def _spelt_as_usual(part: str) -> str:
    """The part with signs in place of the words that people write for them."""
    written = _TO.sub("-", _FROM.sub("", part.translate(_DASHES)))
    for words, days in _MANY_DAYS:
        written = words.sub(days, written)
    return _AND.sub(", ", written)


def _days(text: str, part: str) -> list[int]:
    days: list[int] = []
    for piece in text.split(","):
        first, _, last = (name.strip() for name in piece.partition("-"))
        begin = _day(first, part)
        finish = _day(last, part) if last else begin
        days += [(begin + step) % 7 for step in range((finish - begin) % 7 + 1)]
    return days


def _day(name: str, part: str) -> int:
    said = fold(name).rstrip(".")
    for number, (english, latvian) in enumerate(DAYS_IN_WORDS):
        begins = len(said) >= _BEGINNING and (
            f"{english}s".startswith(said) or latvian.startswith(said) or said.startswith(latvian)
        )
        if begins or said in _DAYS_IN_SHORT[number]:
            return number
    raise ValueError(part)


def _minutes(text: str, part: str) -> int:
    numbers = re.findall(r"[0-9]+", text)
    hour, minute = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    if text[-1] in "Mm.":
        if not 1 <= hour <= 12:
            raise ValueError(part)
        hour = hour % 12 + (12 if "p" in text.lower() else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(part)
    return hour * 60 + minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
