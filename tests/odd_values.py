"""What nobody should send, and somebody does: values that are not what a field asks for."""

from collections.abc import Iterator
from typing import assert_never

from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    NumberField,
    PeopleField,
    TextField,
    TimeField,
)
from handlers.kit.commands import Value

MEGABYTE = "ļ" * 500_000

IDS = ("", "U0INVENTED", "s1.0", "-1", "a\x00b", "\ud83d", MEGABYTE, ("one", "two"))
"""In place of what a button carries."""

TYPED = (
    *("2.5", "-3", "1e3", "NaN", "٣", "@", "@nobody x", "/", "'; --", "\u202etxet", "\x07"),
    *("a\x00b", "\ud800", "<!channel> **x** {n} %s", "🦉" * 400, "&" * 3000, "\n" * 400, MEGABYTE),
)
"""Behind a command."""

_NUMBERS = (
    *("", " ", "x", "2.5", "2,5", "-0", "-3", "+-1", "NaN", "inf", "1e3", "0x10", "1_0", "٣", "²"),
    *("99999999999999", "9" * 400, "5\x00", "\ud83d", MEGABYTE),
)
_DAYS = (
    "x",
    "0",
    "2026-02-30",
    "2026-13-01",
    "31.2.2026",
    "٢٠٢٦-٠٣-١٢",
    "9" * 400,
    "\x00",
    MEGABYTE,
)
_CLOCKS = ("x", "24:01", "25:00", "8:60", "1e3", "٠٨:٣٠", "-1:00", "12:30\x00", MEGABYTE)


def wrong(field: Field) -> Iterator[Value]:
    """What has to be answered at the field."""
    if field.required and not isinstance(field, ChoiceField | PeopleField):
        yield from ("", " ", "\u200b", ())
    match field:
        case NumberField():
            yield from (*_NUMBERS, str(field.least - 1), str(field.most + 1))
            yield (str(field.least), str(field.most))
        case TextField():
            yield from ("w" * (field.limit + 1), MEGABYTE, ("one", "two"))
        case ChoiceField():
            yield from ("\x00", "xyz", MEGABYTE, ("xyz",))
            if field.required:
                yield from ("", ())
            if field.most == 1 and len(field.options) > 1:
                yield tuple(option.value for option in field.options[:2])
        case PeopleField():
            yield from ("U0INVENTED", ("U0INVENTED", "U1INVENTED"), "a b", "\x00", MEGABYTE)
            yield tuple(f"U{number}" for number in range(field.most + 1))
        case DateField():
            yield from _DAYS
        case TimeField():
            yield from _CLOCKS
        case _:
            assert_never(field)


def at_the_edge(field: Field) -> Iterator[Value]:
    """What may be kept, and then has to be shown: the widest, and what looks like markup."""
    match field:
        case TextField():
            for letter in ("W", "&", "<", "*", "🦉", "ļ ", "a\n", "\u202e", "_"):
                yield (letter * field.limit)[: field.limit]
            yield from (
                "<!channel> <@U1> {n} %s **x** {{DATE(2026)}}",
                "a\x00b\ud800c",
                "  x\t\x07 ",
            )
        case NumberField():
            yield from (str(field.least), str(field.most), f" {field.least} ", (str(field.least),))
        case ChoiceField():
            yield from (option.value for option in field.options)
            yield tuple(option.value for option in field.options)
        case PeopleField():
            yield ()
        case DateField():
            yield from ("0001-01-01", "9998-12-31", "1.1.2027.", "2026-03-20")
        case TimeField():
            yield from ("0:00", "00.00", "23:59")
        case _:
            assert_never(field)


KEPT: tuple[object, ...] = (
    *(None, True, "", "x", "5", -3, 10**15, 2.5, float("nan"), [], [1], [[]], {}, {"after": -1}),
    *("ļ" * 5000, ["everybody"], [["a", "b", "c"]], [["a", "l" * 80, "e" * 80]] * 200),
    [
        [f"t{number}", f"tēma{number} " + "ļ" * 30, f"topic{number} " + "w" * 30]
        for number in range(65)
    ],
    [{"after": 0, "members": ["nobody"], "size": 900}],
    [{"after": 0, "members": ["everybody"], "size": 5}] * 40,
)
"""In place of a setting's value, as JSON has it."""
