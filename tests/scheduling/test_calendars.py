"""Calendars as others read them: three libraries, and the same instants as ours."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import ics
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.kit.sheets import Entry, Sheet
from scheduling.calendars import written

RIGA, CHICAGO = "Europe/Riga", "America/Chicago"
CHANGED = datetime(2026, 2, 1, 12, tzinfo=UTC)


def entry(wall: str, zone: str = RIGA, minutes: int = 90, **also: Any) -> Entry:
    """A session that begins at that wall time."""
    starts = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    made = Entry(
        f"{zone}.{wall}", starts, starts + timedelta(minutes=minutes), zone,
        "Supervision: Nakts maiņa", "Session 1 of 8", "Zaļā telpa", 0, CHANGED,
    )  # fmt: skip
    return replace(made, **also)


Read = tuple[str, datetime, datetime]

_names = itertools.count()


def by_its_own_zones(file: bytes) -> bytes:
    """The file with zones that nobody has heard of: what they are is in its VTIMEZONEs alone."""
    for zone in set(re.findall(rb"TZID[=:]([^:\r]+)", file)):
        file = re.sub(rb"(TZID[=:])%s\b" % zone, rb"\1Nowhere-%d" % next(_names), file)
    return file


def events_of(file: bytes) -> list[Any]:
    """The events as icalendar has them: it types what is in them as anything a calendar holds."""
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def read_by_icalendar(file: bytes) -> list[Read]:
    return [
        (str(event["uid"]), event["dtstart"].dt.astimezone(UTC), event["dtend"].dt.astimezone(UTC))
        for event in events_of(file)
    ]


def read_by_ics(file: bytes) -> list[Read]:
    return [
        (event.uid, event.begin.to("utc").datetime, event.end.to("utc").datetime)
        for event in ics.Calendar(file.decode()).events
    ]


def read_by_vobject(file: bytes) -> list[Read]:
    calendar = vobject.readOne(file.decode())
    return [
        (e.uid.value, e.dtstart.value.astimezone(UTC), e.dtend.value.astimezone(UTC))
        for e in calendar.contents.get("vevent", ())
    ]


READERS = (read_by_icalendar, read_by_ics, read_by_vobject)
BY_VTIMEZONE = (read_by_icalendar, read_by_vobject)
"""Those that look at it: the ics library goes by the zones it knows, or takes UTC."""


def name_of(read: Callable[[bytes], list[Read]]) -> str:
    return read.__name__.removeprefix("read_by_")


def ours(sheet: Sheet) -> list[Read]:
    return [(f"{one.id}@plecs", one.starts_at, one.ends_at) for one in sheet.entries]


# Sessions on both sides of each change of the clock in both zones; one moved, one cancelled.
SEASONS = Sheet(
    "Plecs",
    (
        entry("2026-03-01T16:00", CHICAGO),
        entry("2026-03-08T16:00", CHICAGO),
        entry("2026-03-22T16:00"),
        entry("2026-03-29T16:00"),
        entry("2026-04-07T09:30", sequence=1),
        entry("2026-10-18T16:00", is_cancelled=True, sequence=2),
        entry("2026-10-25T16:00"),
        entry("2026-10-25T16:00", CHICAGO),
        entry("2026-11-01T16:00", CHICAGO),
        entry("2027-03-21T16:00"),
        entry("2027-03-28T16:00"),
    ),
)


@pytest.mark.parametrize("read", READERS, ids=name_of)
def test_all_readers_see_our_instants_on_both_sides_of_each_clock_change(
    read: Callable[[bytes], list[Read]],
) -> None:
    assert sorted(read(written(SEASONS))) == sorted(ours(SEASONS))


@pytest.mark.parametrize("read", BY_VTIMEZONE, ids=name_of)
def test_who_does_not_know_the_zones_is_told_them(read: Callable[[bytes], list[Read]]) -> None:
    assert sorted(read(by_its_own_zones(written(SEASONS)))) == sorted(ours(SEASONS))


def test_the_walls_stay_the_same_over_the_clock_change() -> None:
    events = events_of(written(SEASONS))
    riga = [e for e in events if e["dtstart"].params["TZID"] == RIGA and e["sequence"] == 0]
    assert {f"{event['dtstart'].dt:%H:%M}" for event in riga} == {"16:00"}
    assert {event["dtstart"].params["TZID"] for event in events} == {RIGA, CHICAGO}


def test_a_move_and_a_cancel_keep_their_id_and_raise_the_sequence() -> None:
    before = entry("2026-04-14T16:00")
    moved = replace(
        before,
        starts_at=before.starts_at + timedelta(days=1),
        ends_at=before.ends_at + timedelta(days=1),
        sequence=1,
        changed_at=CHANGED + timedelta(hours=1),
    )
    off = replace(moved, sequence=2, is_cancelled=True, changed_at=CHANGED + timedelta(hours=2))
    seen = [
        vobject.readOne(written(Sheet("", (one,))).decode()).vevent for one in (before, moved, off)
    ]
    assert {one.uid.value for one in seen} == {before.id + "@plecs"}
    assert [int(one.sequence.value) for one in seen] == [0, 1, 2]
    assert [one.status.value for one in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [one.transp.value for one in seen] == ["OPAQUE", "OPAQUE", "TRANSPARENT"]
    assert [one.last_modified.value for one in seen] == [
        CHANGED, CHANGED + timedelta(hours=1), CHANGED + timedelta(hours=2)
    ]  # fmt: skip


def test_a_whole_file() -> None:
    one = entry("2026-03-30T16:00", place="https://meet.example/a?b=c", sequence=1)
    sheet = Sheet("Plecs", (replace(one, id="s1"),))
    assert written(sheet).decode() == WHOLE.replace("\n", "\r\n")
    private = WHOLE.replace("SEQUENCE:1\n", "SEQUENCE:1\nCLASS:PRIVATE\n")
    assert written(replace(sheet, is_private=True)).decode() == private.replace("\n", "\r\n")


WHOLE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Plecs//Plecs//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Plecs
X-WR-CALNAME:Plecs
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Europe/Riga
BEGIN:DAYLIGHT
DTSTART:20250330T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20251026T040000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Supervision: Nakts maiņa
DTSTART;TZID=Europe/Riga:20260330T160000
DTEND;TZID=Europe/Riga:20260330T173000
DTSTAMP:20260201T120000Z
UID:s1@plecs
SEQUENCE:1
DESCRIPTION:Session 1 of 8
LAST-MODIFIED:20260201T120000Z
LOCATION:https://meet.example/a?b=c
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://meet.example/a?b=c
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
"""

# The second of a repeated hour, a summer time that is the exception of winter, one that Ramadan
# interrupts, one that moved its rule, offsets of half an hour, none at all.
ZONES = sorted(
    {
        zone
        for zone in available_timezones()
        if zone.partition("/")[0] in ("Africa", "America", "Asia", "Australia", "Europe", "Pacific")
    }
    | {"UTC"}
)
NEW_YEAR, QUARTER = datetime(2025, 1, 1, tzinfo=UTC), timedelta(minutes=15)


def is_ever_at_utc(zone: str, around: list[datetime]) -> bool:
    days = (at + timedelta(days=day) for at in around for day in range(-400, 400))
    return any(day.astimezone(ZoneInfo(zone)).utcoffset() == timedelta() for day in days)


@given(
    zone=st.sampled_from(ZONES),
    starts=st.lists(
        st.integers(0, 7 * 365 * 24 * 4).map(lambda quarters: NEW_YEAR + quarters * QUARTER),
        min_size=1,
        max_size=4,
    ),
    minutes=st.integers(60, 120),
)
@example(RIGA, [datetime(2026, 10, 25, 1, 30, tzinfo=UTC)], 60)
@example(RIGA, [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)], 60)
@example("Africa/Casablanca", [datetime(2026, 2, 16, tzinfo=UTC)], 60)
@example("Asia/Jerusalem", [datetime(2026, 3, 27, 0, 30, tzinfo=UTC)], 60)
@example("Europe/Dublin", [datetime(2026, 1, 27, 10, tzinfo=UTC)], 60)
@example("America/Nuuk", [datetime(2026, 3, 29, 1, tzinfo=UTC)], 60)
@example("Europe/London", [datetime(2025, 3, 30, tzinfo=UTC)], 60)
@example("Africa/El_Aaiun", [datetime(2031, 1, 26, 1, tzinfo=UTC)], 60)
def test_our_instants_are_read_in_any_zone_at_any_time(
    zone: str, starts: list[datetime], minutes: int
) -> None:
    made = tuple(
        replace(
            entry("2026-01-01T10:00", zone),
            id=f"s{number}",
            starts_at=at,
            ends_at=at + timedelta(minutes=minutes),
        )
        for number, at in enumerate(starts)
    )
    file = written(Sheet("Plecs", made))
    # By the zones' names vobject goes by what it read first, and ics by another edition of the
    # world's zones where the system has none.
    assert sorted(read_by_icalendar(file)) == sorted(ours(Sheet("", made)))
    for read in BY_VTIMEZONE:
        if read is read_by_vobject and is_ever_at_utc(zone, starts):
            continue  # it takes a zone that is at UTC for part of the year to be there all year
        told = by_its_own_zones(file)
        assert sorted(read(told)) == sorted(ours(Sheet("", made))), name_of(read)


HOSTILE = st.text(
    st.characters(codec=None) | st.sampled_from('\r\n\t\x00,;:\\"=\u2028\u0085\ud800🙂'),
    max_size=200,
)


@given(title=HOSTILE, details=HOSTILE, place=HOSTILE, name=HOSTILE)
@example("C:\\New", "", "\\N", "")
@example("END:VEVENT\r\nBEGIN:VEVENT", "a\\nb", "https://x\r\nATTACH:y", "BEGIN:VALARM")
def test_nothing_that_people_write_becomes_a_property(
    title: str, details: str, place: str, name: str
) -> None:
    one = replace(entry("2026-03-30T16:00"), title=title, details=details, place=place)
    file = written(Sheet(name, (one,)))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n", file)
    calendar = icalendar.Calendar.from_ical(file)
    assert [part.name for part in calendar.walk()].count("VEVENT") == 1
    assert {part.name for part in calendar.walk()} == {
        "VCALENDAR", "VTIMEZONE", "DAYLIGHT", "STANDARD", "VEVENT"
    }  # fmt: skip
    (event,) = events_of(file)
    allowed = {name.upper() for name in re.findall(r"^([A-Z-]+)[:;]", WHOLE, re.MULTILINE)}
    assert set(event) <= allowed
    assert readable(str(event["summary"])) == readable(title)
    assert readable(str(event.get("description", ""))) == readable(details)
    assert readable(str(event.get("location", ""))) == readable(place)


def readable(text: str) -> str:
    """What is left of words where nothing but line breaks may control anything."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = lines.replace("\\N", "\n")  # icalendar takes it for the escape of one
    kept = "".join(one for one in lines if one == "\n" or (one >= " " and one != "\x7f"))
    return kept.encode("utf-8", "ignore").decode()
