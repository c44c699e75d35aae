"""A calendar of shifts is read as a file of them, or every bad event is named."""

from datetime import date

import pytest

from bot.csv_file import BadLine
from bot.shift_events import read_calendar
from bot.shift_list import ShiftList
from handlers.kit.people import Person

ANNA, JANIS = Person("anna", "w", "Anna Kalniņa", ()), Person("janis", "w", "Jānis Ozols", ())
KNOWN = {"anna@x.lv": ANNA, "Anna Kalniņa": ANNA, "janis@x.lv": JANIS}
MONDAY = date(2026, 3, 2)


def read(*events: str, owner: Person | None = None) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
    """Each event's lines, with blanks between them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//planner//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z"]
        lines += [*event.split("|"), "END:VEVENT"]
    content = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    return read_calendar(content, KNOWN.get, owner, MONDAY)


def told(found: ShiftList | None, person: str) -> list[str]:
    assert found is not None
    return [
        f"{one.start:%d.%m. %H:%M}-{one.end:%H:%M} {one.kind}" for one in found.by_person[person]
    ]


EARLY = "DTSTART;TZID=Europe/Riga:20260323T080000|DTEND;TZID=Europe/Riga:20260323T160000"


def test_what_comes_again_is_planned_each_time_by_the_clock_on_the_wall() -> None:
    found, bad = read(
        f"{EARLY}|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;TZID=Europe/Riga:20260406T080000"
        "|SUMMARY:Early|ATTENDEE:mailto:anna@x.lv|ATTENDEE:mailto:janis@x.lv"
    )
    assert bad == ()
    # Over the change to summer time, 29 March.
    assert told(found, "anna") == ["23.03. 06:00-14:00 work", "30.03. 05:00-13:00 work"]
    assert told(found, "janis") == told(found, "anna")


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "FREQ=DAILY;INTERVAL=2",
            "FREQ=DAILY;BYDAY=MO,TU;COUNT=9",
            "FREQ=WEEKLY;BYDAY=MO;WKST=MO",
        ),
        *("FREQ=MONTHLY;BYDAY=-1MO", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY"),
        *("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23"),
        "FREQ=WEEKLY;UNTIL=20260601T000000Z;INTERVAL=4",
    ],
)
def test_rules_by_which_shifts_come_again(rule: str) -> None:
    found, bad = read(f"{EARLY}|RRULE:{rule}", owner=ANNA)
    assert bad == ()
    assert found is not None
    assert found.by_person["anna"] != ()


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=3"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=999999"),
        *("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        *("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=YEARLY;BYYEARDAY=366", "FREQ=YEARLY;BYWEEKNO=53"),
        *("FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "FREQ=NEVER"),
        *("FREQ=YEARLY;BYMONTH=13", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=5MO", "xyz"),
    ],
)
def test_a_rule_that_comes_too_often_or_never_is_not_reckoned(rule: str) -> None:
    """It would be looked for until the calendar's last year, or made millions of."""
    found, (bad,) = read(f"{EARLY}|RRULE:{rule}", owner=ANNA)
    assert found is None
    assert bad.reason.startswith("has an event whose")


@pytest.mark.parametrize(
    "event",
    [
        *("SUMMARY:Early", f"{EARLY}|DTSTART:20260310T080000Z", f"{EARLY}|EXDATE:yesterday"),
        "DTSTART:00010101T080000|DTEND:00010101T090000|RRULE:FREQ=DAILY",
    ],
)
def test_an_event_that_is_none_is_not_left_out_in_silence(event: str) -> None:
    found, (bad,) = read(EARLY, event, owner=ANNA)
    assert found is None
    assert bad.reason.startswith("has an event")


def test_what_a_file_says_is_told_on_one_line() -> None:
    found, (bad,) = read_calendar(b"\x1b[2J\x1b]0;x\x07\r\nEND:\r\n", KNOWN.get, ANNA, MONDAY)
    assert found is None
    assert bad.reason.isprintable()


def test_kinds_are_read_from_categories_and_titles() -> None:
    found, bad = read(
        f"{EARLY}|SUMMARY:Anna Kalniņa - mācības",
        "DTSTART:20260324T080000|DTEND:20260324T160000|SUMMARY:Anna Kalniņa: x|CATEGORIES:Desk",
        "DTSTART;VALUE=DATE:20260325|DTEND;VALUE=DATE:20260327|SUMMARY:Anna Kalniņa (atvaļinājums)",
        "DTSTART:20260328T080000Z|DTEND:20260328T160000Z|SUMMARY:Anna Kalniņa|STATUS:CANCELLED",
    )
    assert bad == ()
    assert told(found, "anna") == [
        "23.03. 06:00-14:00 training",
        "24.03. 06:00-14:00 desk",
        "24.03. 22:00-22:00 absence",
        "25.03. 22:00-22:00 absence",
    ]


def test_a_calendar_of_one_person_needs_no_names() -> None:
    found, bad = read(f"{EARLY}|SUMMARY:Early", owner=JANIS)
    assert bad == ()
    assert told(found, "janis") == ["23.03. 06:00-14:00 work"]


def test_every_bad_event_is_named() -> None:
    found, bad = read(
        f"{EARLY}|SUMMARY:Zane Liepa - early",
        "DTSTART;VALUE=DATE:20260324|SUMMARY:Anna Kalniņa - early",
        "DTSTART:20260325T080000Z|DTEND:20260327T080000Z|SUMMARY:Anna Kalniņa",
    )
    assert found is None
    assert [f"{one.number}: {one.reason}" for one in bad] == [
        "1: 'Zane Liepa' is nobody here, or several: an e-mail address, extension, ID or name",
        "2: is a whole day (2026-03-24), and neither absence nor free: shifts have times",
        "3: is longer than 24 hours; only an absence may be",
    ]


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (b"Dear all, here is the plan.", "is no calendar"),
        (b"", "is no calendar"),
        (
            (
                b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260301T000000Z\r\n"
                b"RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            ),
            "has an event whose rule no shift has: FREQ",
        ),
    ],
)
def test_what_is_no_calendar_of_shifts(content: bytes, begins: str) -> None:
    found, (bad,) = read_calendar(content, KNOWN.get, None, MONDAY)
    assert found is None
    assert bad.reason.startswith(begins)
