"""When an address is fetched again: soon, and less and less often where nothing comes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.shifts.feeds.model import Feed, FeedKind, FeedTrouble, address_in

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FEED = Feed("f1", "w", "dace", None, FeedKind.CALENDAR, "https://a.example/s.ics", NOW)
OWN = timedelta(seconds=36)
"""What this one is spread by: its id's SHA-256 begins with 3f524cdc."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_what_came_is_fetched_again_after_half_an_hour_and_its_own_seconds() -> None:
    before = replace(FEED, fails=4, trouble=FeedTrouble.SLOW, etag="old", skipped=7)
    came = before.came(NOW, etag='"1"', modified="Mon", skipped=2)
    assert came == replace(
        FEED,
        etag='"1"',
        modified="Mon",
        skipped=2,
        fetched_at=NOW,
        due_at=NOW + minutes(30) + OWN,
    )
    other = replace(FEED, id="f2").came(NOW, etag="", modified="", skipped=0)
    assert NOW + minutes(30) <= other.due_at < NOW + minutes(35)
    assert other.due_at != came.due_at


@pytest.mark.parametrize(
    ("fails", "after", "pause"),
    [
        (0, None, minutes(5)),
        (1, None, minutes(10)),
        (3, None, minutes(40)),
        (7, None, minutes(640)),
        (8, None, timedelta(hours=12)),
        (500, None, timedelta(hours=12)),
        (0, minutes(7), minutes(7)),  # its server asks for that
        (2, minutes(7), minutes(20)),
        (0, timedelta(hours=23), timedelta(hours=23)),
        (0, timedelta(days=90), timedelta(hours=24)),  # it may ask for much
    ],
)
def test_what_failed_is_tried_less_and_less_and_no_sooner_than_its_server_likes(
    fails: int, after: timedelta | None, pause: timedelta
) -> None:
    failed = replace(FEED, fails=fails).failed(NOW, FeedTrouble.BUSY, after)
    assert failed == replace(
        FEED, fails=fails + 1, trouble=FeedTrouble.BUSY, due_at=NOW + pause + OWN
    )


@pytest.mark.parametrize(
    ("trouble", "fails", "told"),
    [
        (None, 0, False),
        (FeedTrouble.SLOW, 2, False),
        (FeedTrouble.SLOW, 3, True),
        (FeedTrouble.UNREACHABLE, 1, False),
        (FeedTrouble.BUSY, 9, True),
        (FeedTrouble.GONE, 1, True),
        (FeedTrouble.GARBLED, 1, True),
    ],
)
def test_what_may_pass_is_told_after_the_third_time_and_the_rest_at_once(
    trouble: FeedTrouble | None, fails: int, *, told: bool
) -> None:
    assert replace(FEED, trouble=trouble, fails=fails).is_told is told


def test_webcal_is_an_address_as_well() -> None:
    assert address_in("  webcal://A.example/s.ics ") == (
        FeedKind.CALENDAR,
        "https://A.example/s.ics",
    )


@pytest.mark.parametrize(
    ("typed", "kind", "address"),
    [
        ("https://a.example/s.ics", FeedKind.CALENDAR, "https://a.example/s.ics"),
        ("http://a.example:8080/s.ics?a=b", FeedKind.CALENDAR, "http://a.example:8080/s.ics?a=b"),
        (
            "https://teams.microsoft.com/l/team/19%3Ax/c?groupId=0A1b2c3d-0000-4000-8000-00000000000F",
            FeedKind.TEAMS,
            "0a1b2c3d-0000-4000-8000-00000000000f",
        ),
        (
            "https://teams.cloud.microsoft/l/team/x?tenantId=t&groupId=0a1b2c3d-0000-4000-8000-00000000000f",
            FeedKind.TEAMS,
            "0a1b2c3d-0000-4000-8000-00000000000f",
        ),
    ],
)
def test_an_address_is_a_calendar_s_or_leads_to_a_team(
    typed: str, kind: FeedKind, address: str
) -> None:
    assert address_in(typed) == (kind, address)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a.example/s.ics",
        "ftp://a.example/s.ics",
        "https://",
        "https://[a.example/s.ics",
        "https://a.example:0/s.ics",
        "https://a.example:99999/s.ics",
        "https://anna:word@a.example/s.ics",
        "https://a.example/s .ics",
        "https://a.example/<s>.ics",
        "https://a.example/s.ics#top",
        "https://teams.microsoft.com/l/team/x",
        "https://teams.microsoft.com/l/team/x?groupId=none",
        "https://teams.live.com/l/team/x?groupId=0a1b2c3d-0000-4000-8000-00000000000f0",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        address_in(typed)
