"""A plan of shifts is read as planners export it, or every bad line is named."""

import pytest

from bot.csv_file import BadLine
from bot.shift_list import ShiftList, read_shifts
from handlers.kit.people import Person

JANIS = Person("janis", "w", "Jānis", ())


def read(text: str) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
    return read_shifts(text.encode(), {"214": JANIS}.get)


def test_every_bad_line_is_named_and_nothing_is_planned() -> None:
    rows = (
        "person,start,end,kind",
        "214,2026-03-02 08:00,2026-03-02 16:00,work",
        "999,2026-03-02 08:00,2026-03-02 16:00,work",
        "214,2026-03-02 15:00,2026-03-02 18:00,",
        "214,2026-02-30 08:00,2026-03-02 16:00,work",
        "214,2026-03-03 08:00,2026-03-03 08:00,work",
        "214,2026-03-03 08:00,2026-03-05 09:00,work",
        "214,2026-03-03 08:00,2026-03-03 25:00,work",
        "214,2026-03-03 08:00,2026-03-03 16:00,juggling",
        "214,08:00,16:00,work",
        ",2026-03-03 08:00,2026-03-03 16:00,work",
        "214,2026-03-02 08:00,2026-03-02 16:00,work",
    )
    planned, bad = read("\n".join(rows))
    assert planned is None
    assert [f"line {one.number}: {one.reason}" for one in bad] == [
        "line 3: '999' is nobody here, or several: an e-mail address, extension, ID or name",
        "line 4: overlaps line 2, of the same kind",
        "line 5: cannot read the day '2026-02-30': 2026-12-24, or 24.12.2026",
        "line 6: ends before it begins",
        "line 7: is longer than 24 hours; only an absence may be",
        "line 8: there is no 25:00: a day goes from 00:00 to 24:00",
        (
            "line 9: 'juggling' is no kind of shift. There are: work, desk work, training, "
            "absence, free"
        ),
        "line 10: start '08:00' has no day, and there is no column date",
        "line 11: person is empty",
        "line 12: says what line 2 says already",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("person,start\n214,x\n", "line 1: has no column end. Columns: person, date, start, end, "),
        ("person,e-mail,start,end\n", "line 1: has more than one column for person"),
        ("person,start,end\n", "line 1: has no line behind it: there is nothing to plan"),
        (
            "person,start,end\n214,2026-03-02,2026-03-02\n214,2027-09-02,2027-09-02\n",
            "line 1: plans from 2026-03-02 to 2027-09-02: more than 400 days are a mistyped year",
        ),
    ],
)
def test_a_file_that_is_no_plan(text: str, reason: str) -> None:
    planned, (bad, *_) = read(text)
    assert planned is None
    assert f"line {bad.number}: {bad.reason}".startswith(reason)


def test_times_are_read_as_planners_write_them() -> None:
    """By the clock of where the person is, but for those with an offset."""
    rows = (
        "extension\tday\tbegin\tto\tactivity",
        "214\t2026-03-28\t22:00\t6:00\tshift",  # the night is an hour shorter
        "214\t\t2026-03-30T06:00:00Z\t2026-03-30T16:00+03:00\tphone",
        "214\t\t31.03.2026 9.30\t31/03/2026 24:00\tcoaching",
        "214\t\t2026-04-01\t2026-04-02\tsick leave",
    )
    planned, bad = read("\n".join(rows))
    assert bad == ()
    assert planned is not None
    assert [
        f"{one.start:%d %H:%M} {one.end:%d %H:%M} {one.day:%d} {one.kind}"
        for one in planned.by_person["janis"]
    ] == [
        "28 20:00 29 03:00 28 work",
        "30 06:00 30 13:00 30 work",
        "31 06:30 31 21:00 31 training",
        "31 21:00 01 21:00 01 absence",
        "01 21:00 02 21:00 02 absence",
    ]
