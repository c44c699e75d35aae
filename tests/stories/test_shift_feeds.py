"""Shifts are fetched from an address: planned, changed, told of when they don't come, taken out."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.fetching import Fetcher
from bot.shift_feeds import Calendars, FeedWorker
from bot.team_schedules import TeamsShifts
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Role
from handlers.shifts.feeds.model import FeedKind
from tests.fakes import team_schedule
from tests.fakes.calendar_server import FakeCalendarServer, calendar_server
from tests.fakes.team_schedule import FakeSchedule
from tests.stories.shifts import planned
from tests.world import World, button_labels, card, form, lines, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")


@pytest.fixture
async def server() -> AsyncIterator[FakeCalendarServer]:
    async with calendar_server() as fake:
        yield fake


@pytest.fixture
async def schedule() -> AsyncIterator[FakeSchedule]:
    fake = FakeSchedule()
    app = web.Application()
    app.add_routes(fake.routes())
    async with TestServer(app, host="127.0.0.1") as running:
        fake.url = str(running.make_url("/")).rstrip("/")
        yield fake


def event(day: str, clocks: str, more: str = "SUMMARY:Early") -> str:
    """ "0302", "08-16"."""
    start, end = clocks.split("-")
    zone = "TZID=Europe/Riga:2026"
    return f"DTSTART;{zone}{day}T{start}0000|DTEND;{zone}{day}T{end}0000|{more}"


async def fetched(world: World, fetcher: Fetcher | None = None) -> None:
    """What is due is fetched, with what follows."""
    calendars = Calendars(fetcher or Fetcher({"127.0.0.1"}))
    worker = FeedWorker(
        world.engine.database,
        world.engine.services,
        lambda: world.now,
        {FeedKind.CALENDAR: calendars},
    )
    await worker.drain()
    await world.settle()


async def test_a_person_sets_the_address_of_their_own_calendar(
    world: World, server: FakeCalendarServer
) -> None:
    await world.person("Anna", hours=OFFICE)
    server.events = [event("0303", "12-20"), event("0305", "06-14")]
    shown = card(await world.says("Anna", "/plecs shift calendar"))
    asked = form(await world.presses("Anna", "Set its address", shown))
    address = f"{server.url}/calendars/s3cret.ics"
    saved = card(await world.fills("Anna", asked, address=address))
    assert title(saved) == "The address is set"
    assert "s3cret" not in lines(saved)
    await fetched(world)
    # Between the first shift and the last a day without one is free; around them nothing is said.
    days = [await planned(world, "Anna", f"{day}.3.") for day in (2, 3, 4, 5, 6)]
    assert days == [
        [],
        ["12:00-20:00 work"],
        ["00:00-00:00 free"],
        ["06:00-14:00 work"],
        [],
    ]
    again = card(await world.presses("Anna", "Look again", saved))
    assert "Fetched last: <time>" in lines(again)

    world.platform.now += timedelta(minutes=40)
    await fetched(world)
    assert [one.status for one in server.asked] == [200, 304]

    # The planner changes it; what Anna corrected herself stays.
    week = card(await world.says("Anna", "/plecs shift Thursday"))
    corrected = form(await world.presses("Anna", "Correct", week))
    await world.fills("Anna", corrected, kind="free")
    server.events = [event("0303", "13-21")]
    world.platform.now += timedelta(minutes=40)
    await fetched(world)
    assert [await planned(world, "Anna", f"{day}.3.") for day in (3, 4, 5)] == [
        ["13:00-21:00 work"],
        [],
        [],
    ]
    await world.presses("Anna", "Stop fetching", again)
    assert await planned(world, "Anna", "3.3.") == []
    gone = await world.presses("Anna", "Fetch now", again)
    assert title(gone) == "This address is not there any more."


async def test_a_bad_event_fails_no_other(world: World, server: FakeCalendarServer) -> None:
    await world.person("Dace", Role.COORDINATOR)
    for name in ("Anna", "Ilze"):
        await world.person(name, hours=OFFICE)
    server.events = [
        event("0303", "12-20", "SUMMARY:Anna - early"),
        event("0303", "12-20", "SUMMARY:Nobody - early"),
        event("0304", "12-20", "SUMMARY:Anna - early|RRULE:FREQ=SECONDLY"),
        event("0304", "20-12", "SUMMARY:Anna - ends first"),
        "SUMMARY:Anna - no start",
        "DTSTART:when|SUMMARY:Anna - odd",
        "DTSTART:00010101T080000Z|DTEND:00010101T160000Z|RRULE:FREQ=DAILY|SUMMARY:Anna",
        "DTSTART:20260305T080000Z|DTEND:20260308T080000Z|SUMMARY:Anna - too long",
        event("0303", "14-22", "SUMMARY:Anna - overlaps"),
        event("0305", "08-16", "SUMMARY:Ilze - mācības"),
        "DTSTART;VALUE=DATE:20260309|DTEND;VALUE=DATE:20260311|SUMMARY:Ilze - atvaļinājums",
    ]
    await world.says("Dace", "/plecs shift calendar")
    asked = form(await world.presses("Dace", "Add an address"))
    await world.fills("Dace", asked, address=f"{server.url}/calendars/s3cret.ics")
    await fetched(world)
    assert await planned(world, "Anna", "3.3.") == ["12:00-20:00 work"]
    assert await planned(world, "Ilze", "5.3.") == ["08:00-16:00 training"]
    # An absence beyond the last shift says nothing of the days before it.
    assert [await planned(world, "Ilze", f"{day}.3.") for day in (6, 9, 10)] == [
        [],
        ["00:00-00:00 absence"],
        ["00:00-00:00 absence"],
    ]
    shown = card(await world.says("Dace", "/plecs shift calendar"))
    seen = card(await world.presses("Dace", "Look", shown))
    assert "8 events in it could not be taken; the others are." in lines(seen)


async def test_what_does_not_come_is_told_to_whoever_set_it_and_tried_later_and_later(
    world: World, server: FakeCalendarServer
) -> None:
    await world.person("Anna", hours=OFFICE)
    server.events = [event("0303", "12-20")]
    shown = card(await world.says("Anna", "/plecs shift calendar"))
    asked = form(await world.presses("Anna", "Set its address", shown))
    await world.fills("Anna", asked, address=f"{server.url}/calendars/s3cret.ics")
    await fetched(world)
    server.status, server.headers = 503, {"Retry-After": "7200"}
    for waits in (timedelta(minutes=40), timedelta(hours=1), timedelta(hours=2, minutes=6)):
        world.platform.now += waits
        await fetched(world)
    # Asked for two hours, it was not asked after one.
    assert [one.status for one in server.asked] == [200, 503, 503]
    assert world.inbox("Anna") == [], "this may pass by itself"
    world.platform.now += timedelta(hours=3)
    await fetched(world)
    [told] = world.inbox("Anna")
    assert lines(told).splitlines()[:3] == [
        "Shifts can't be fetched",
        "Anna: 127.0.0.1",
        "Its server has too much to do. Plecs goes on trying.",
    ]
    assert button_labels(told) == ["Fetch now", "Look again", "Stop fetching"]
    assert await planned(world, "Anna", "3.3.") == ["12:00-20:00 work"]
    server.status = 200
    await world.presses("Anna", "Fetch now", told)
    await fetched(world)
    assert world.titles("Anna") == ["Shifts are fetched again"]
    server.secret = "another"
    world.platform.now += timedelta(days=1)
    await fetched(world)
    assert "There is nothing at this address any more." in lines(world.inbox("Anna")[-1])


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x.ics",
        "https://[::1]/x.ics",
        "https://10.0.0.8/x.ics",
        "https://169.254.169.254/latest",
        "https://[::ffff:192.168.1.1]/x.ics",
        "https://100.64.0.1/x.ics",
        "http://example.com/x.ics",
    ],
)
async def test_an_address_in_ones_own_network_is_refused(world: World, address: str) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/plecs shift kalendārs"))
    asked = form(await world.presses("Anna", "Set its address", shown))
    await world.fills("Anna", asked, address=address)
    await fetched(world, Fetcher())
    [told] = world.inbox("Anna")
    assert "The address leads into a network of your own" in lines(told)


async def test_what_is_no_address_is_said_at_the_field(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/plecs shift calendar"))
    asked = form(await world.presses("Anna", "Set its address", shown))
    teams = f"https://teams.microsoft.com/l/team/x?groupId={team_schedule.TEAM}"
    for address in ("my calendar", "ftp://x.lv/a.ics", "https://me@x.lv/a", "https://:1", teams):
        again = form(await world.fills("Anna", asked, address=address))
        assert list(again.errors) == ["address"], address


async def test_a_teams_schedule_is_read_page_by_page(world: World, schedule: FakeSchedule) -> None:
    await world.person("Dace", Role.COORDINATOR)
    people = {name: await world.person(name, hours=OFFICE) for name in ("Anna", "Ilze")}
    for day in (3, 4, 5):
        for name in people:
            schedule.shift(name, f"2026-03-0{day}T06:00:00Z", f"2026-03-0{day}T14:00:00Z")
    schedule.shift("Anna", "2026-03-06T06:00:00Z", "2026-03-06T14:00:00Z", shared=False)
    schedule.shift("Ilze", "2026-03-02T20:00:00Z", "2026-03-03T04:00:00Z")
    schedule.time_off("Anna", "2026-02-22T22:00:00Z", "2026-03-02T22:00:00Z")
    schedule.throttles = 1

    class AtTeams(TeamsShifts):
        """The story's workspace is the fake organisation's."""

        async def bring(self, feed, _places, today, /):  # type: ignore[no-untyped-def] # as there
            places = [Address("teams", team_schedule.TENANT, "")]
            return await super().bring(feed, places, today)

    port = AtTeams(
        team_schedule.APP_ID,
        team_schedule.SECRET,
        url=f"{schedule.url}/graph",
        login_url=f"{schedule.url}/login",
    )
    worker = FeedWorker(
        world.engine.database, world.engine.services, lambda: world.now, {FeedKind.TEAMS: port}
    )
    shown = card(await world.says("Dace", "/plecs shift calendar"))
    asked = form(await world.presses("Dace", "Add an address", shown))
    link = f"https://teams.microsoft.com/l/team/19%3Ax/conversations?groupId={team_schedule.TEAM}"
    await world.fills("Dace", asked, address=link)
    await worker.drain()
    assert await planned(world, "Anna", "2.3.") == ["00:00-00:00 absence"]
    assert [await planned(world, "Anna", f"{day}.3.") for day in (3, 5, 6)] == [
        ["08:00-16:00 work"],
        ["08:00-16:00 work"],
        [],
    ]
    assert await planned(world, "Ilze", "2.3.") == ["22:00-06:00 work"]
    assert schedule.pages > 3

    schedule.grants = ()
    world.platform.now += timedelta(hours=1)
    await worker.drain()
    await world.settle()
    assert "an administrator grants Schedule.Read.All" in lines(world.inbox("Dace")[-1])
    schedule.grants, schedule.leads_away = ("Schedule.Read.All",), True
    world.platform.now += timedelta(days=1)
    await worker.drain()
    await world.settle()
    assert "What is there is no calendar." in lines(world.inbox("Dace")[-1])
