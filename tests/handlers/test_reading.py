"""What a form says of its fields holds, whatever is sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import texts
from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Form,
    NumberField,
    Option,
    TextField,
    TimeField,
)
from handlers.kit.commands import Command, Value
from handlers.kit.people import Address, Person
from handlers.kit.reading import Filled, Pressed, keepable, nearest_zone
from handlers.kit.text import plain
from handlers.work import Context, Services

FORM = Form(
    ("A form",),
    "x",
    ("Save",),
    (
        DateField("day", ("Day",), "2026-03-12"),
        TimeField("at", ("At",), "14:00"),
        TextField("zone", ("Zone",), "Europe/Riga"),
        NumberField("n", ("How many",), 2, 1, 4),
        TextField("words", ("Words",), "Labi", limit=8),
        TextField("lines", ("Lines",), limit=8, multiline=True, required=False),
        ChoiceField("one", ("One",), (Option("a", ("A",)), Option("b", ("B",))), ("a",)),
        ChoiceField(
            "some", ("Some",), tuple(Option(one, (one,)) for one in "abc"), most=2, required=False
        ),
    ),
)


def filled(typed: Mapping[str, Value], locale: str = "en") -> Filled:
    nothing: Any = None  # what has no people in it asks for nothing else
    services = Services(texts, nothing, nothing, nothing, nothing, nothing, hearers={})
    me = Person("p1", "w", "Anna", (Address("p", "w", "u"),), platform_locale=locale)
    context = Context(nothing, datetime(2026, 3, 2, tzinfo=UTC), services, me)
    return Filled(FORM, Command("x", me.addresses[0], values=typed), context)


def read(form: Filled) -> dict[str, object]:
    return {
        "day": form.day("day"),
        "at": form.clock("at"),
        "zone": form.zone("zone"),
        "n": form.number("n"),
        "words": form.text("words"),
        "lines": form.text("lines"),
        "one": form.chosen("one"),
        "some": form.several("some"),
    }


USUAL = read(filled({}))


def test_what_is_not_sent_stands_as_it_stood() -> None:
    form = filled({})
    assert read(form) == {
        "day": date(2026, 3, 12),
        "at": "14:00",
        "zone": "Europe/Riga",
        "n": 2,
        "words": "Labi",
        "lines": "",
        "one": "a",
        "some": (),
    }
    assert form.errors == {}


@pytest.mark.parametrize(
    ("name", "typed", "is_read"),
    [
        ("day", " 24.11.2026. ", date(2026, 11, 24)),
        ("day", "2026-3-1", date(2026, 3, 1)),
        ("at", "8.05", "08:05"),
        ("at", "23:59", "23:59"),
        ("zone", "riga", "Europe/Riga"),
        ("n", " 4 ", 4),
        ("n", ("1",), 1),
        ("words", "a  b\tc\u200b", "a b c\u200b"),
        ("words", "a\nb", "a b"),
        ("words", "ā" * 8, "ā" * 8),
        ("lines", "a\nb", "a\nb"),
        ("one", "b", "b"),
        ("some", ("c", "a"), ("a", "c")),
    ],
)
def test_what_fits_is_read(name: str, typed: Value, is_read: object) -> None:
    form = filled({name: typed})
    assert read(form) == {**USUAL, name: is_read}
    assert form.errors == {}


WHOLE = "A whole number from 1 to 4."


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        *(("n", odd, WHOLE) for odd in ("", "2.5", "-3", "1e9", "0", "5", "٣", "1_0", "9" * 90)),
        ("n", ("1", "2"), "One answer, please."),
        ("day", "31.2.2027", "There is no day 31 in February 2027: it has 28 days."),
        ("day", "2027-13-01", "There is no month 13: a year has twelve."),
        ("day", "0000-05-01", "I can't read “0000-05-01” as a day. Write it like 2026-11-24."),
        ("day", "9999-05-01", "I can't read “9999-05-01” as a day. Write it like 2026-11-24."),
        ("at", "24:00", "There is no 24:00: a day goes from 00:00 to 23:59."),
        ("at", "08:60", "There is no 08:60: a day goes from 00:00 to 23:59."),
        ("at", "noon", "I can't read “noon” as a time. Write it like 16:00."),
        ("zone", "Eurpoe/Riga", "I know no time zone “Eurpoe/Riga”. Do you mean Europe/Riga?"),
        ("words", " \t ", "Please fill this in."),
        ("words", "\u200b", "Please fill this in."),
        ("words", "ā" * 9, "At most 8 characters, please; this has 9."),
        ("words", "ļ" * 500_000, "At most 8 characters, please; this has 500000."),
        ("lines", "ā" * 9, "At most 8 characters, please; this has 9."),
        ("one", "c", "Please choose."),
        ("one", "", "Please choose."),
        ("some", ("a", "x"), "Please choose."),
        ("some", ("a", "b", "c"), "At most 2."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(name: str, typed: Value, said: str) -> None:
    form = filled({name: typed})
    read(form)
    assert {field: plain(line) for field, line in form.errors.items()} == {name: said}
    assert form.again() == replace(FORM, errors=form.errors)


@settings(max_examples=40)
@given(st.text(max_size=12))
def test_anything_typed_is_read_or_answered(typed: str) -> None:
    for locale in ("en", "lv"):
        reading = filled(dict.fromkeys(("day", "at", "zone", "n", "words"), typed), locale)
        day, at, zone = reading.day("day"), reading.clock("at"), reading.zone("zone")
        number, words = reading.number("n"), reading.text("words")
        assert "day" in reading.errors or day < date.max
        assert time.fromisoformat(at) < time.max
        assert ZoneInfo(zone).key == zone
        assert 1 <= number <= 4
        assert len(words) <= 8
        assert all(
            line and all(isinstance(span_, str) for span_ in line)
            for line in (*reading.errors.values(),)
        )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Rgia", "Europe/Riga"),
        ("Eurpoe/Riga", "Europe/Riga"),
        ("Rīga", "Europe/Riga"),
        ("london", "Europe/London"),
        ("New York", "America/New_York"),
        ("xyzzy", None),
    ],
)
def test_a_zone_s_typo_has_a_nearest(typed: str, meant: str | None) -> None:
    assert nearest_zone(typed) == meant


@pytest.mark.parametrize(
    ("carried", "number"), [("3", 3), ("9", 5), ("", 0), ("-3", 0), ("2.5", 0), ("1e9", 0)]
)
def test_a_button_carries_a_number_or_none(carried: str, number: int) -> None:
    command = Command("x", Address("p", "w", "u"), values={"n": carried})
    assert Pressed(command, texts("en")).number("n", 5) == number


@pytest.mark.parametrize(
    ("carried", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T10:00", date(2026, 3, 2)),
        ("2026-02-30", date.min),
        ("2.3.2026.", date.min),
        ("", date.min),
    ],
)
def test_a_button_carries_a_day_or_the_first_there_is(carried: str, day: date) -> None:
    command = Command("x", Address("p", "w", "u"), values={"day": carried})
    assert Pressed(command, texts("en")).day("day") == day


def test_of_what_is_typed_many_screens_are_looked_at() -> None:
    """A megabyte took a tenth of a second to be compared with our words, several times."""
    typed = Command("x", Address("p", "w", "u"), "a\x00b\ud83d" + "w" * 1_000_000)
    assert keepable(typed).text == "a\ufffdb\ufffd" + "w" * 9_996
