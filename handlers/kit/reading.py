"""What people and platforms send in forms and buttons: read, or answered with what is wrong."""

import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from handlers.kit.cards import Line, Option
from handlers.kit.commands import Command
from handlers.kit.ports import Texts, mark
from handlers.kit.text import fold

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_AS_WRITTEN = re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})\.?")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")

_MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)


class Reading:
    """Reads a form's fields one by one, and gathers in `errors` what is wrong, by field.

    What can't be read comes as a value that fits anywhere: look at `errors` before using any.
    """

    def __init__(self, command: Command, t: Texts) -> None:
        self._command = command
        self.t = t
        self.errors: dict[str, Line] = {}

    def words(self, name: str, limit: int, *, required: bool = True) -> str:
        """What was typed, without what nobody sees. Emoji are words like any other."""
        typed = self._command.one(name)
        kept = "".join(letter for letter in typed if letter in "\n\t" or _is_seen(letter))
        text = re.sub(r"[ \t]+", " ", kept).strip()
        if len(text) > limit:
            self.errors[name] = self.t(
                "At most {n} characters, please; this has {count}.", n=limit, count=len(text)
            )
        elif required and not any(_shows(letter) for letter in text):
            self.errors[name] = self.t("Please fill this in.")
        return text[:limit]

    def line(self, name: str, limit: int, *, required: bool = True) -> str:
        """Words on one line."""
        return " ".join(self.words(name, limit, required=required).split())

    def whole(self, name: str, least: int, most: int) -> int:
        text = self._command.one(name).strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
        if number is None or not least <= number <= most:
            self.errors[name] = self.t(
                "A whole number from {least} to {most}.", least=least, most=most
            )
            return least
        return number

    def choice(self, name: str, options: tuple[Option, ...]) -> str:
        chosen = self._command.one(name)
        if chosen not in {option.value for option in options}:
            self.errors[name] = self.t("Please choose.")
            return options[0].value
        return chosen

    def day(self, name: str) -> date:
        """A day as a picker sends it, or as people write it: 24.11.2026."""
        text = self._command.one(name).strip()
        found = _ISO.fullmatch(text) or _AS_WRITTEN.fullmatch(text)
        if found is None:
            self.errors[name] = self.t(
                "I can't read “{part}” as a day. Write it like 2026-11-24.", part=text[:40]
            )
            return date.max
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        if not 1 <= month <= 12 or not 1 <= year <= 9998:
            self.errors[name] = self.t("There is no month {n}: a year has twelve.", n=month)
            return date.max
        last = monthrange(year, month)[1]
        if not 1 <= day <= last:
            self.errors[name] = self.t(
                "There is no day {day} in {month} {year}: it has {n} days.",
                day=day,
                month=self.t(_MONTHS[month - 1]),
                year=str(year),
                n=last,
            )
            return date.max
        return date(year, month, day)

    def clock(self, name: str) -> str:
        """A time of day, as "16:00"."""
        text = self._command.one(name).strip()
        found = _CLOCK.fullmatch(text)
        if found is None:
            self.errors[name] = self.t(
                "I can't read “{part}” as a time. Write it like 16:00.", part=text[:40]
            )
            return "00:00"
        if int(found[1]) > 23 or int(found[2]) > 59:
            self.errors[name] = self.t(
                "There is no {time}: a day goes from 00:00 to 23:59.", time=text
            )
            return "00:00"
        return f"{int(found[1]):02}:{found[2]}"

    def zone(self, name: str) -> str:
        """A time zone by its name, or by its city's alone."""
        text = self._command.one(name).strip()
        found = _zones().get(fold(text).replace(" ", "_"))
        if found is not None:
            return found
        near = nearest_zone(text)
        self.errors[name] = (
            self.t("I know no time zone “{part}”. Do you mean {zone}?", part=text[:40], zone=near)
            if near
            else self.t("I know no time zone “{part}”. Write it like Europe/Riga.", part=text[:40])
        )
        return "UTC"


def picked_day(text: str) -> str:
    """The day as a picker wants it, or nothing where it can't show what was typed."""
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""


def picked_time(text: str) -> str:
    """The time as a picker wants it, or nothing."""
    return text if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) else ""


def nearest_zone(text: str) -> str | None:
    """The zone whose name, or whose city's, is nearest to what was typed; None: nothing is."""
    near = difflib.get_close_matches(fold(text).replace(" ", "_"), _zones(), n=1, cutoff=0.6)
    return _zones()[near[0]] if near else None


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Every zone by its name, folded; and by its city's, where only one continent has it."""
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    places = [name for name in names if name.partition("/")[0] in _CONTINENTS]
    cities = [fold(name.rpartition("/")[2]) for name in places]
    by_city = {
        city: name for city, name in zip(cities, places, strict=True) if cities.count(city) == 1
    }
    return by_city | {fold(name): name for name in names}


_CONTINENTS = {
    *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
}


def _is_seen(letter: str) -> bool:
    """Not a control character, nor one that turns the direction of what follows."""
    return unicodedata.category(letter) != "Cc" and letter not in "\u202a\u202b\u202c\u202d\u202e"


def _shows(letter: str) -> bool:
    """Whether something is to be seen of it by itself."""
    return unicodedata.category(letter)[0] in "LNPS"
