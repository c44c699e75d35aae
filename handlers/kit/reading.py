"""What people and platforms send in forms and buttons: read, or answered with what is wrong.

A form says itself what may stand in its fields; `Filled` holds what was sent to that, field by
field. `Reading` does the same for values whose bounds stand nowhere else, and `Pressed` for those
of buttons, where there is no field to write at.
"""

import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import available_timezones

from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    Form,
    Line,
    NumberField,
    Option,
    PeopleField,
    TextField,
    TimeField,
)
from handlers.kit.commands import Command, RefusedError, Value
from handlers.kit.people import Address, Person
from handlers.kit.ports import Texts, mark
from handlers.kit.text import fold

if TYPE_CHECKING:  # what a handler works with is made of the kit
    from handlers.work import Context

AnyField = TypeVar("AnyField", bound=Field)
Word = TypeVar("Word", bound=str)

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
_DIGITS = 8
"""Of a number that anybody means."""
_QUOTED = 40
"""Characters of what was typed that are said back."""

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
    """Reads values one by one, and gathers in `errors` what is wrong, by field.

    What can't be read comes as a value that fits anywhere: look at `errors` before using any.
    """

    def __init__(self, command: Command, t: Texts) -> None:
        self._command = command
        self.t = t
        self.errors: dict[str, Line] = {}

    def words(self, name: str, limit: int, *, required: bool = True) -> str:
        """What was typed, without what nobody sees. Emoji are words like any other."""
        typed = self._one(name)
        text = seen(typed[: 4 * limit])
        length = len(text) if len(typed) <= 4 * limit else len(typed)
        if length > limit:
            self.errors[name] = self.t(
                "At most {n} characters, please; this has {count}.", n=limit, count=length
            )
        elif required and not shows(text):
            self.errors[name] = self.t("Please fill this in.")
        return text[:limit]

    def line(self, name: str, limit: int, *, required: bool = True) -> str:
        """Words on one line."""
        return " ".join(self.words(name, limit, required=required).split())

    def whole(self, name: str, least: int, most: int) -> int:
        number = _number(self._one(name))
        if number is None or not least <= number <= most:
            self.errors[name] = self.t(
                "A whole number from {least} to {most}.", least=least, most=most
            )
            return least
        return number

    def choice(self, name: str, options: tuple[Option, ...]) -> str:
        chosen = self._one(name)
        if chosen not in {option.value for option in options}:
            self.errors[name] = self.t("Please choose.")
            return options[0].value
        return chosen

    def day(self, name: str) -> date:
        """A day as a picker sends it, or as people write it: 24.11.2026."""
        text = self._one(name).strip()
        found = _ISO.fullmatch(text) or _AS_WRITTEN.fullmatch(text)
        if found is None:
            self.errors[name] = self.t(
                "I can't read “{part}” as a day. Write it like 2026-11-24.", part=said(text)
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
        text = self._one(name).strip()
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
        text = self._one(name)[: 2 * _QUOTED].strip()
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

    def _one(self, name: str) -> str:
        """The value of something that takes one."""
        if len(self._command.many(name)) > 1:
            self.errors[name] = self.t("One answer, please.")
        return self._command.one(name)


class Filled(Reading):
    """A form of ours, filled in: what stands in a field keeps to what the form says of it."""

    def __init__(self, form: Form, command: Command, ctx: "Context") -> None:
        super().__init__(command, ctx.t)
        self._form = form
        self._ctx = ctx
        self._had = {
            field.name: _as_sent(field)
            for field in form.fields
            if field.required and not isinstance(field, PeopleField)
        }

    def again(self) -> Form:
        """The form once more, with what is wrong. What was typed is put into it on its way."""
        return replace(self._form, errors=self.errors)

    def number(self, name: str) -> int:
        field = self._field(name, NumberField)
        return self.whole(name, field.least, field.most)

    def text(self, name: str) -> str:
        """Words, on one line where the field has one."""
        field = self._field(name, TextField)
        read = self.words if field.multiline else self.line
        return read(name, field.limit, required=field.required)

    def chosen(self, name: str) -> str:
        """The one that was chosen; empty where nothing need be."""
        field = self._field(name, ChoiceField)
        if not field.required and not self._command.many(name):
            return ""
        return self.choice(name, field.options)

    def switch(self, name: str) -> bool:
        """Whether "yes" was chosen."""
        return self.chosen(name) == "yes"

    def several(self, name: str) -> tuple[str, ...]:
        """Those that were chosen, in the form's order, as many as there may be."""
        field, values = self._field(name, ChoiceField), frozenset(self._command.many(name))
        chosen = tuple(option.value for option in field.options if option.value in values)
        if len(chosen) < len(values) or (field.required and not chosen):
            self.errors[name] = self.t("Please choose.")
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

    def _one(self, name: str) -> str:
        """The field's one value. What has to be there and was not sent stays as the form has it:
        no platform of ours leaves it out."""
        if name not in self._command.values:
            return self._had.get(name, "")
        return super()._one(name)

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

    def id(self, name: str) -> str:
        """An id of ours; empty for anything else."""
        text = self._command.one(name)
        return text if _ID.fullmatch(text) else ""

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
    """The command without what neither database keeps: NUL, and halves of letters."""
    values = {_kept(name): _kept_value(value) for name, value in command.values.items()}
    return replace(command, text=_kept(command.text), values=values)


def refilled(form: Form, command: Command, known: Sequence[Address]) -> Form:
    """The form with what was typed into it, as far as it can show that. `known` are those of the
    chosen people who are somebody."""
    return replace(form, fields=tuple(_with_value(one, command, known) for one in form.fields))


def nobody_there(t: Texts) -> Line:
    """What is said of people whom the platform doesn't know."""
    return t("I can't find that person. Please choose a colleague from the list.")


def seen(text: str) -> str:
    """The text without what nobody sees, and with single spaces."""
    kept = "".join(letter for letter in text if letter in "\n\t" or _is_seen(letter))
    return re.sub(r"[ \t]+", " ", kept).strip()


def shows(text: str) -> bool:
    """Whether something is to be seen of it."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


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


def _number(text: str) -> int | None:
    text = text.strip() if len(text) < 100 else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _kept(text: str) -> str:
    return text.translate(_UNKEPT) if _UNKEPT_ONES.search(text) else text


def _kept_value(value: Value) -> Value:
    return _kept(value) if isinstance(value, str) else tuple(_kept(one) for one in value)


def _as_sent(field: TextField | NumberField | ChoiceField | DateField | TimeField) -> str:
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


def _is_seen(letter: str) -> bool:
    """Not a control character nor half a letter, nor one that turns the direction of what
    follows."""
    return (
        unicodedata.category(letter) not in {"Cc", "Cs"}
        and letter not in "\u202a\u202b\u202c\u202d\u202e"
    )
