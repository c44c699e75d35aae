"""What people and platforms send in forms and buttons: read, or answered with what is wrong.

A form says itself what may stand in its fields; `Filled` holds what was sent to that, field by
field. `Pressed` does the same for what a button carries, where there is no field to write at.
"""

import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import available_timezones

from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    Form,
    Line,
    NumberField,
    PeopleField,
    TextField,
    TimeField,
)
from handlers.kit.commands import Command, RefusedError, Value
from handlers.kit.once import once
from handlers.kit.people import Address, Person
from handlers.kit.ports import Texts, mark
from handlers.kit.text import BLANK, fold

if TYPE_CHECKING:  # what a handler works with is made of the kit
    from handlers.work import Context

AnyField = TypeVar("AnyField", bound=Field)
Word = TypeVar("Word", bound=str)
OfOne = TextField | NumberField | ChoiceField | DateField | TimeField
"""A field that takes one value, or may."""

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_AS_WRITTEN = re.compile(
    r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})\.?", re.ASCII
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_USER = re.compile(r"[^\s\x00-\x1f]{1,120}")
"""What a platform's id of a user looks like, as far as it has to be kept."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
_UNKEPT = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
"""Half letters and NUL: neither database keeps them."""
_UNKEPT_ONES = re.compile("[\x00\ud800-\udfff]")
_INSTANT = 40
"""Characters of an instant, as ISO 8601 has it."""
_DAY = 10
"""Characters of a day."""
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_DIGITS = 8
"""Of a number that anybody means."""
_QUOTED = 40
"""Characters of what was typed that are said back."""
_TYPED_READ = 10_000
"""Characters of what was typed behind a command that are looked at: many screens of them."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")
"""Control characters, halves of letters, and what turns the direction of what follows."""

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


class Filled:
    """A form of ours, filled in: what stands in a field keeps to what the form says of it.

    What is wrong is gathered in `errors`, by field. What can't be read comes as a value that fits
    anywhere: look at `errors` before using any.
    """

    def __init__(self, form: Form, command: Command, ctx: "Context") -> None:
        self._form = form
        self._command = command
        self._ctx = ctx
        self.t = ctx.t
        self.errors: dict[str, Line] = {}

    def again(self, **wrong: Line) -> Form:
        """The form once more, with what is wrong, by field. What was typed is put into it on its
        way."""
        return replace(self._form, errors={**self.errors, **wrong})

    def text(self, name: str) -> str:
        """What was typed, without what nobody sees; on one line where the field has one. Emoji are
        words like any other."""
        field = self._field(name, TextField)
        typed = self._one(field)
        text = seen(typed[: 4 * field.limit])
        length = len(text) if len(typed) <= 4 * field.limit else len(typed)
        if length > field.limit:
            self.errors[name] = self.t(
                "At most {n} characters, please; this has {count}.", n=field.limit, count=length
            )
        elif field.required and not shows(text):
            self.errors[name] = self.t("Please fill this in.")
        text = text[: field.limit]
        return text if field.multiline else " ".join(text.split())

    def number(self, name: str) -> int:
        """A whole number within the field's bounds."""
        field = self._field(name, NumberField)
        number = _number(self._one(field))
        if number is None or not field.least <= number <= field.most:
            self.errors[name] = self.t(
                "A whole number from {least} to {most}.", least=field.least, most=field.most
            )
            return field.least
        return number

    def chosen(self, name: str) -> str:
        """The one that was chosen; empty where nothing need be."""
        field = self._field(name, ChoiceField)
        if not field.required and not self._command.many(name):
            return ""
        chosen = self._one(field)
        if chosen not in {option.value for option in field.options}:
            self.errors[name] = self.t("Please choose.")
            return field.options[0].value
        return chosen

    def switch(self, name: str) -> bool:
        """Whether "yes" was chosen."""
        return self.chosen(name) == "yes"

    def several(self, name: str) -> tuple[str, ...]:
        """Those that were chosen, in the form's order, as many as there may be."""
        field, values = self._field(name, ChoiceField), frozenset(self._command.many(name))
        chosen = tuple(option.value for option in field.options if option.value in values)
        if len(chosen) < len(values) or (field.required and not chosen):
            self.errors[name] = self.t("Please choose.")
        elif len(chosen) > field.most:
            self.errors[name] = self.t("At most {n}.", n=field.most)
        return chosen[: field.most]

    def people(self, name: str) -> tuple[Person, ...]:
        """Those that were chosen, in that order. Raises StrangerError for those not known yet;
        whom the platform doesn't know either is nobody."""
        field = self._field(name, PeopleField)
        users = tuple(dict.fromkeys(self._command.many(name)))
        if len(users) > field.most:
            self.errors[name] = self.t("At most {n}.", n=field.most)
            return ()
        found = self._ctx.find(self._command.by, [one for one in users if _USER.fullmatch(one)])
        if len(found) < len(users):
            self.errors[name] = nobody_there(self.t)
        elif field.required and not found:
            self.errors[name] = self.t("Please choose.")
        return tuple(found.values())

    def day(self, name: str) -> date:
        """A day as a picker sends it, or as people write it: 24.11.2026."""
        text = self._one(self._field(name, DateField)).strip()
        found = _ISO.fullmatch(text) or _AS_WRITTEN.fullmatch(text)
        if found is None or not 1 <= int(found["year"]) <= 9998:
            self.errors[name] = self.t(
                "I can't read “{part}” as a day. Write it like 2026-11-24.", part=said(text)
            )
            return date.max
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        if not 1 <= month <= 12:
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
        text = self._one(self._field(name, TimeField)).strip()
        found = _CLOCK.fullmatch(text)
        if found is None:
            self.errors[name] = self.t(
                "I can't read “{part}” as a time. Write it like 16:00.", part=said(text)
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
        text = self._one(self._field(name, TextField))[: 2 * _QUOTED].strip()
        found = _zones().get(fold(text).replace(" ", "_"))
        if found is not None:
            return found
        near = nearest_zone(text)
        self.errors[name] = (
            self.t("I know no time zone “{part}”. Do you mean {zone}?", part=said(text), zone=near)
            if near
            else self.t("I know no time zone “{part}”. Write it like Europe/Riga.", part=said(text))
        )
        return "UTC"

    def _one(self, field: OfOne) -> str:
        """The field's one value. What has to be there and was not sent stays as the form has it:
        no platform of ours leaves it out."""
        if field.required and field.name not in self._command.values:
            return _as_sent(field)
        if len(self._command.many(field.name)) > 1:
            self.errors[field.name] = self.t("One answer, please.")
        return self._command.one(field.name)

    def _field(self, name: str, kind: type[AnyField]) -> AnyField:
        found = next(one for one in self._form.fields if one.name == name)
        assert isinstance(found, kind), "the form is ours"
        return found


class Pressed:
    """What a button carries. One of ours carries nothing odd; what is odd in another is no number
    or, where something has to be chosen, refused with a kind word."""

    def __init__(self, command: Command, t: Texts) -> None:
        self._command = command
        self.t = t

    def number(self, name: str, most: int) -> int:
        """A whole number, `most` at most; 0 where the button carries none."""
        return min(_number(self._command.one(name)) or 0, most)

    def instant(self, name: str) -> datetime | None:
        """An instant as `isoformat` writes it; None for anything else."""
        try:
            at = datetime.fromisoformat(self._command.one(name)[:_INSTANT])
        except ValueError:
            return None
        return at if at.tzinfo is not None and _EARLIEST < at < _LATEST else None

    def day(self, name: str) -> date:
        """A day as `isoformat` writes it; the calendar's first for anything else."""
        try:
            return date.fromisoformat(self._command.one(name)[:_DAY])
        except ValueError:
            return date.min

    def id(self, name: str) -> str:
        """An id of ours; empty for anything else."""
        text = self._command.one(name)
        return text if _ID.fullmatch(text) else ""

    def ids(self, name: str, most: int) -> Sequence[str]:
        """Ids of ours with spaces between them, `most` at most; without anything else."""
        return [one for one in self._command.one(name).split()[:most] if _ID.fullmatch(one)]

    def choice(self, name: str, options: Iterable[Word]) -> Word:
        """One of the options. Raises RefusedError."""
        text = self._command.one(name)
        found = next((option for option in options if option == text), None)
        if found is None:
            raise RefusedError(
                self.t("This button is from an earlier day. Nothing was changed: please ask anew.")
            )
        return found


def keepable(command: Command) -> Command:
    """The command without what neither database keeps, NUL and halves of letters, and without
    what nobody reads: of what was typed behind it, the first ten thousand characters."""
    values = {_kept(name): _kept_value(value) for name, value in command.values.items()}
    text = _kept(command.text[:_TYPED_READ])
    if (text, values) == (command.text, command.values):
        return command
    return replace(command, text=text, values=values)


def refilled(form: Form, command: Command, known: Sequence[Address]) -> Form:
    """The form with what was typed into it, as far as it can show that. `known` are those of the
    chosen people who are somebody."""
    return replace(form, fields=tuple(_with_value(one, command, known) for one in form.fields))


def nobody_there(t: Texts) -> Line:
    """What is said of people whom the platform doesn't know."""
    return t("I can't find that person. Please choose a colleague from the list.")


def seen(text: str) -> str:
    """The text without what nobody sees, and with single spaces."""
    return re.sub(r"[ \t]+", " ", _UNSEEN.sub("", text)).strip()


def shows(text: str) -> bool:
    """Whether something is to be seen of it."""
    return any(unicodedata.category(letter)[0] in "LNPS" and letter not in BLANK for letter in text)


def said(text: str) -> str:
    """The beginning of what was typed, to say it back."""
    return seen(text[:_QUOTED])


def picked_day(text: str) -> str:
    """The day as a picker wants it, or nothing where it can't show what was typed."""
    try:
        return text if date.fromisoformat(text).isoformat() == text else ""
    except ValueError:
        return ""


def picked_time(text: str) -> str:
    """The time as a picker wants it, or nothing."""
    return text if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII) else ""


def nearest_zone(text: str) -> str | None:
    """The zone whose name, or whose city's, is nearest to what was typed; None: nothing is."""
    near = difflib.get_close_matches(fold(text).replace(" ", "_"), _zones(), n=1, cutoff=0.6)
    return _zones()[near[0]] if near else None


@once
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


def _number(text: str) -> int | None:
    text = text.strip() if len(text) < 100 else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _kept(text: str) -> str:
    return text.translate(_UNKEPT) if _UNKEPT_ONES.search(text) else text


def _kept_value(value: Value) -> Value:
    return _kept(value) if isinstance(value, str) else tuple(_kept(one) for one in value)


def _as_sent(field: OfOne) -> str:
    """What a platform sends of the field when nobody touched it."""
    if isinstance(field, ChoiceField):
        return next(iter(field.value), "")
    return "" if field.value is None else str(field.value)


def _with_value(there: Field, command: Command, known: Sequence[Address]) -> Field:
    if there.name not in command.values:
        return there
    text = command.one(there.name)
    match there:
        case ChoiceField():
            options = {option.value for option in there.options}
            chosen = tuple(one for one in command.many(there.name) if one in options)
            return replace(there, value=chosen[: there.most])
        case PeopleField():
            chosen = command.many(there.name)
            return replace(there, value=tuple(one for one in known if one.user in chosen))
        case NumberField():
            return replace(there, value=_number(text))
        case TextField():
            return replace(there, value=seen(text[: 4 * there.limit])[: there.limit])
        case DateField():
            return replace(there, value=picked_day(text))
        case TimeField():
            return replace(there, value=picked_time(text))
