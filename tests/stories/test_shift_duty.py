"""A shift on a date goes before the weekly hours, wherever it matters who is on duty."""

from datetime import UTC, datetime, timedelta

from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from tests.stories.shifts import plans
from tests.world import World, card, lines, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")


async def test_a_hand_asks_who_has_a_shift_and_not_who_is_usually_there(world: World) -> None:
    await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    await world.person("Ilze", Role.SUPERVISOR, hours=parse_hours("Mon-Fri 20:00-23:00"))
    await world.person("Zane", Role.SUPERVISOR, hours=OFFICE)
    await plans(world, "Līga", "2.3. 14:00-22:00")
    await plans(world, "Ilze", "2.3. 06:00-14:00")
    await plans(world, "Zane", "2.3. 06:00-14:00", "2.3. 10:00-11:00 training")
    await world.says("Anna", "/hand")
    await world.forward(minutes=2)
    assert [bool(world.inbox(one)) for one in ("Līga", "Ilze", "Zane")] == [False, True, False]


async def test_a_shift_on_a_public_holiday_is_worked(world: World) -> None:
    world.platform.now += timedelta(days=63)  # 4 May
    await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    await world.person("Ilze", Role.SUPERVISOR, hours=OFFICE)
    await plans(world, "Ilze", "4.5. 08:00-16:00")
    await world.says("Anna", "/hand")
    await world.forward(minutes=2)
    assert [bool(world.inbox(one)) for one in ("Līga", "Ilze")] == [False, True]


async def test_what_is_not_urgent_waits_for_the_next_shift_and_rest(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.person("Ilze", hours=OFFICE)
    await plans(world, "Ilze", "1.3. 20:00-04:00", "2.3. 15:00-23:00")
    await world.says("Anna", "/thanks Ilze for staying")
    await world.forward(hours=5, minutes=59)
    assert world.inbox("Ilze") == []
    await world.forward(minutes=1)  # twelve hours after 4:00
    assert world.titles("Ilze") == ["Anna thanks you"]


async def test_breaks_leave_those_on_the_line_who_have_a_shift_there(world: World) -> None:
    """Jānis has a late shift and Zane works at a desk: Anna and Ilze are the line."""
    for name in ("Anna", "Ilze", "Jānis", "Zane"):
        await world.person(name, manager="Līga", hours=OFFICE)
    await plans(world, "Jānis", "2.3. 12:00-20:00")
    await plans(world, "Zane", "2.3. 09:00-17:00 desk")
    assert title(await world.says("Anna", "/break 10")) == "Your break, until <time>"
    assert "until" not in title(await world.says("Ilze", "/break 10"))


async def test_reminders_come_in_the_shift_of_the_day(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await plans(world, "Anna", "2.3. 14:00-22:00")
    await world.says("Anna", "/plan")
    await world.presses("Anna", "15 minutes every 2 hours")
    await world.forward(hours=5, minutes=50)
    assert world.inbox("Anna") == []
    await world.forward(minutes=15)
    assert len(world.inbox("Anna")) == 1


async def test_gaps_and_a_time_for_all_are_found_by_shifts(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR, helps=False)
    await world.person("Anna", hours=OFFICE, helps=False)
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE, topics=("contracts",))
    week = [f"{day}.3. 09:00-17:00" for day in (9, 10, 11)]
    await plans(world, "Līga", *week, "12.3. 12:00-20:00", "13.3. free")
    said = lines(card(await world.says("Dace", "/hand gaps")))
    assert "contracts: Th 09:00–12:00, Fr 09:00–17:00" in said


async def test_reminders_follow_a_shift_that_is_changed(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plan")
    await world.presses("Anna", "5 minutes each hour")
    await world.forward(minutes=1)  # those of the next three hours are written
    later = {"day": "2026-03-02", "kind": "work", "start": "12:30", "end": "20:30"}
    await world.ask(world.command("Anna", "shift.day.save", "", later))
    await world.forward(hours=3, minutes=20)
    assert world.inbox("Anna") == [], "the shift has not gone on for an hour"
    await world.forward(minutes=15)
    assert len(world.inbox("Anna")) == 1


async def test_a_night_that_begins_before_a_holiday_goes_on_into_it(world: World) -> None:
    night = parse_hours("Sun 22:00-06:00; Mon 22:00-06:00")
    await world.person("Anna")
    await world.person("Dace", Role.COORDINATOR, helps=False)
    await world.person("Līga", Role.SUPERVISOR, hours=night)
    world.platform.now = datetime(2026, 5, 3, 23, 0, tzinfo=UTC)  # two in the morning of 4 May
    await world.says("Anna", "/hand")
    assert world.inbox("Līga") != []
    await world.presses("Anna", "Take my hand down")
    asked = len(world.inbox("Līga"))
    world.platform.now += timedelta(hours=21)  # the night that begins on the holiday
    await world.says("Anna", "/hand")
    assert len(world.inbox("Līga")) == asked
