"""A calendar of one's own, and what a coordinator takes out: what the cards say."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.calendars import NOWHERE
from handlers import calendars
from handlers.common.calendars import CalendarAddresses
from handlers.kit.cards import Card, Chart, Paragraph, Part
from handlers.kit.people import Role
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups.model import Groups
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import Session, Sessions, SessionState
from handlers.supervision.shared import files
from handlers.work import Context, Occasion
from scheduling.calendars import written
from storage.work import SqlWork
from tests.scheduling.test_calendars import BY_VTIMEZONE, READERS, by_its_own_zones
from tests.storage.test_supervision import TUESDAY, WEEK, a_cycle, a_group, a_session
from tests.stories.supervision import edited, group_of, planned, sessions
from tests.world import World, button_labels, lines, open_world, plain


@pytest.fixture
async def hidden(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A world without a public address."""
    file = tmp_path / "hidden.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}", NOWHERE) as opened:
        yield opened


async def card(world: World, user: str, typed: str) -> Card:
    found = await world.says(user, typed)
    assert isinstance(found, Card)
    return found


async def test_the_address_is_made_once_and_shown_again(world: World) -> None:
    await world.person("Anna")
    first = await card(world, "Anna", "/supervision calendar")
    assert button_labels(first) == ["Make a new address"]
    await world.presses("Anna", "Make a new address")
    made = world.replies["Anna"][-1]
    assert isinstance(made, Card)
    assert "https://plecs.example/calendar/" in lines(made)
    assert lines(await card(world, "Anna", "/supervision kalendārs")) == lines(made)


async def test_without_a_public_address_nobody_is_shown_a_dead_one(hidden: World) -> None:
    await hidden.person("Anna")
    await hidden.person("Mara", Role.ADMIN)
    for press in ("supervision.calendar", "supervision.calendar.renew"):
        await hidden.ask(hidden.command("Anna", press))
        reply = hidden.replies["Anna"][-1]
        assert isinstance(reply, Card)
        assert lines(reply) == (
            "Calendars can't reach Plecs here yet\n"
            "Plecs has no public address, so a calendar can't read it.\n"
            "Mara can change that. Until then Plecs reminds you here."
        )
        assert button_labels(reply) == []
    assert "PUBLIC_URL" in lines(await card(hidden, "Mara", "/supervision calendar"))
    await hidden.ask(hidden.command("Mara", "supervision.export"))
    reply = hidden.replies["Mara"][-1]
    assert isinstance(reply, Card)
    assert "plecs supervision export" in lines(reply)


async def test_a_coordinator_gets_links_and_an_agent_does_not(world: World) -> None:
    await world.person("Anna")
    await world.person("Mara", Role.COORDINATOR)
    await world.ask(world.command("Mara", "supervision.export"))
    await world.ask(world.command("Anna", "supervision.export"))
    maras, annas = world.replies["Mara"][-1], world.replies["Anna"][-1]
    assert isinstance(maras, Card)
    assert isinstance(annas, Card)
    assert "Table (CSV)" in lines(maras)
    assert "role coordinator" in lines(annas)


async def weeks(world: World, *sessions: Session) -> Part:
    mara = await world.person("Mara", Role.COORDINATOR)

    def look(work: SqlWork) -> Part:
        work.of(Groups).put(a_group())
        work.of(Cycles).put(a_cycle())
        work.of(Sessions).put(sessions)
        return exports.coming_weeks(Context(work, world.now, world.engine.services, mara))

    return await world.engine.database.run(look)


async def test_the_coming_eight_weeks_as_a_picture(world: World) -> None:
    many = [a_session(number, TUESDAY + timedelta(weeks=number - 1)) for number in range(1, 11)]
    extra = a_session(11, TUESDAY + timedelta(weeks=2, days=5, hours=7))
    off = replace(a_session(12, TUESDAY + WEEK + timedelta(days=1)), state=SessionState.CANCELLED)
    chart = await weeks(world, *many, extra, off)
    assert isinstance(chart, Chart)
    assert chart.bars == (
        ("2.3.", 1), ("9.3.", 1), ("16.3.", 2), ("23.3.", 1),
        ("30.3.", 1), ("6.4.", 1), ("13.4.", 1), ("20.4.", 1),
    )  # fmt: skip
    said = plain(chart.alt)
    assert said == "9 sessions in eight weeks; the week of <time> has the most: 2"


async def test_eight_weeks_with_nothing_in_them_are_said_in_words(world: World) -> None:
    part = await weeks(world)
    assert isinstance(part, Paragraph)
    assert plain(part.line) == "No session is planned in the coming eight weeks."


async def test_a_card_may_carry_the_dates_as_a_file(world: World, hidden: World) -> None:
    anna = await world.person("Anna", locale="lv")
    link = files.dates_link("c1", anna, world.now, world.engine.services)
    assert link is not None
    assert link.text == "Tikšanās laiki failā jūsu kalendāram"
    assert link.url.startswith("https://plecs.example/calendar/")
    assert link.url.endswith("/sessions.ics")
    assert files.dates_link("c1", anna, world.now, hidden.engine.services) is None


async def test_only_who_sits_in_sessions_is_offered_a_calendar(world: World) -> None:
    anna, dace = await world.person("Anna"), await world.person("Dace", Role.COORDINATOR)

    def found(work: SqlWork) -> None:
        work.of(Groups).put(a_group(owner=dace.id, open_for_asking=True))
        work.of(Members).put(GroupMember("g1", anna.id, Standing.JOINED, world.now))

    await world.engine.database.run(found)
    assert "In my calendar" in button_labels(await card(world, "Anna", "/supervision"))
    daces = button_labels(await card(world, "Dace", "/supervision"))
    assert "In my calendar" not in daces
    assert "Ask to join" not in daces, "the group is theirs"


@pytest.mark.parametrize("zone", ["Europe/Riga", "America/Chicago"])
async def test_others_read_our_instants_after_a_move_and_a_cancel_over_both_clock_changes(
    world: World, zone: str
) -> None:
    await world.person("Dace", Role.COORDINATOR)
    anna = await world.person("Anna")
    group = await group_of(world, "Anna")
    before = await planned(world, group, first="2026-03-05", weeks="4", count="10", zone=zone)
    assert {one.wall.hour for one in before} == {14}
    assert len({one.starts_at.hour for one in before}) == 2, "in summer it is another instant"
    secret = await world.engine.database.run(
        lambda work: work.of(CalendarAddresses).renew(anna.id, world.now)
    )
    assert await feed(world, secret) == {one.uid: (one.starts_at, one.ends_at) for one in before}

    day = f"{before[1].wall + timedelta(days=1):%Y-%m-%d}"
    await edited(world, "Move it", before[1], day=day, start="09:30", end="11:00")
    await world.presses("Dace", "Move")
    await edited(world, "Cancel it", before[2], reason="Inventory")
    await world.presses("Dace", "Cancel the session")
    after = await sessions(world, group)
    assert [one.sequence for one in after] == [0, 1, 1, *[0] * 7]
    assert after[1].starts_at != before[1].starts_at
    assert await feed(world, secret) == {one.uid: (one.starts_at, one.ends_at) for one in after}


async def feed(world: World, secret: str) -> dict[str, tuple[datetime, datetime]]:
    """When each session is, as three libraries agree on."""
    sheet = await world.engine.database.read(
        lambda work: calendars.feed(secret, Occasion(work, world.now, world.engine.services))
    )
    assert sheet is not None
    file = written(sheet)
    seen = [{uid: (start, end) for uid, start, end in read(file)} for read in READERS]
    told = [
        {uid: (start, end) for uid, start, end in read(by_its_own_zones(file))}
        for read in BY_VTIMEZONE
    ]
    assert all(one == seen[0] for one in (*seen, *told))
    return seen[0]
