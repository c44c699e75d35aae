"""Working hours: a weekly pattern in local wall time, as people write it."""

import re
from dataclasses import dataclass
from datetime import datetime

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LATVIAN = ("P", "O", "T", "C", "Pk", "S", "Sv")
LONGEST_TEXT = 200
"""Characters of working hours as they are written: a week of them fits into one field."""

_MINUTES_IN_DAY = 24 * 60
_DAY = r"\w{1,20}(?:\s{0,9}-\s{0,9}\w{1,20})?"
_PART = re.compile(
    rf"(?P<days>{_DAY}(?:\s{{0,9}},\s{{0,9}}{_DAY}){{0,13}})\s{{1,9}}"
    r"(?P<start>[0-9]{1,2}[:.][0-9]{2})\s{0,9}-\s{0,9}(?P<end>[0-9]{1,2}[:.][0-9]{2})"
)
"""How often anything may come is bounded, so that no text makes the search long."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


@dataclass(frozen=True, slots=True)
class Shift:
    """Work that begins on a weekday (0 is Monday) at `start` and ends at `end`, both minutes
    after that day's midnight. `end` above 1440 runs into the next day."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works in an ordinary week. No shifts: whenever they are there."""

    shifts: tuple[Shift, ...] = ()

    def cover(self, local: datetime) -> bool:
        """Whether the wall time `local` is inside working hours."""
        if not self.shifts:
            return True
        minute = local.hour * 60 + local.minute
        today, yesterday = local.weekday(), (local.weekday() - 1) % 7
        return any(
            (shift.weekday == today and shift.start <= minute < shift.end)
            or (shift.weekday == yesterday and minute < shift.end - _MINUTES_IN_DAY)
            for shift in self.shifts
        )

    def __str__(self) -> str:
        groups: list[tuple[int, int, Shift]] = []
        for shift in self.shifts:
            if groups and groups[-1][1] == shift.weekday - 1 and _same(groups[-1][2], shift):
                groups[-1] = (groups[-1][0], shift.weekday, groups[-1][2])
            else:
                groups.append((shift.weekday, shift.weekday, shift))
        return "; ".join(
            f"{DAY_NAMES[first]}{'' if first == last else '-' + DAY_NAMES[last]} "
            f"{_clock(shift.start)}-{_clock(shift.end % _MINUTES_IN_DAY)}"
            for first, last, shift in groups
        )


ALWAYS = Hours()


def parse_hours(text: str) -> Hours:
    """Reads "Mon-Fri 08:00-17:00; Sat 22:00-06:00" (also P-Pk, Sv in Latvian, and "Mon–Fri
    8.00–17.00", as programs and Latvians write it); empty is ALWAYS.

    An end not after its start is on the next day. Raises ValueError naming the part it can't read;
    all of it, where it would be longer than LONGEST_TEXT.
    """
    shifts: list[Shift] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        found = _PART.fullmatch(part.translate(_DASHES))
        if found is None:
            raise ValueError(part)
        start, end = _minutes(found["start"], part), _minutes(found["end"], part)
        if end <= start:
            end += _MINUTES_IN_DAY
        shifts += [Shift(day, start, end) for day in _days(found["days"], part)]
    hours = Hours(tuple(sorted(set(shifts), key=lambda shift: (shift.weekday, shift.start))))
    if len(str(hours)) > LONGEST_TEXT:
        raise ValueError(text)
    return hours


def _days(text: str, part: str) -> list[int]:
    days: list[int] = []
    for piece in text.split(","):
        first, _, last = (name.strip() for name in piece.partition("-"))
        begin = _day(first, part)
        finish = _day(last, part) if last else begin
        days += [(begin + step) % 7 for step in range((finish - begin) % 7 + 1)]
    return days


def _day(name: str, part: str) -> int:
    for names in (DAY_NAMES, _LATVIAN):
        for number, known in enumerate(names):
            if name.casefold() == known.casefold():
                return number
    raise ValueError(part)


def _minutes(text: str, part: str) -> int:
    hour, minute = (int(number) for number in text.replace(".", ":").split(":"))
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(part)
    return hour * 60 + minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _same(one: Shift, other: Shift) -> bool:
    return (one.start, one.end) == (other.start, other.end)
