"""What people say themselves of when they are there, and what a plan leaves too little rest for."""

from datetime import UTC, datetime, timedelta

from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from tests.stories.shifts import planned, plans
from tests.world import World, button_labels, card, form, lines, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")


async def two(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)


async def is_asked(world: World) -> bool:
    """Whether a hand of Anna's now asks Līga; it is taken down again."""
    before = len(world.inbox("Līga"))
    await world.says("Anna", "/hand")
    asked = len(world.inbox("Līga")) > before
    await world.presses("Anna", "Take my hand down")
    return asked


async def test_away_ahead_holds_then_and_not_before(world: World) -> None:
    await two(world)
    await world.person("Dace", Role.COORDINATOR, helps=False)
    said = card(await world.says("Līga", "/plecs away 9.3.-10.3."))
    assert title(said) == "You are away then"
    assert await planned(world, "Līga", "9.3.") == ["00:00-00:00 absence"]
    assert await is_asked(world)
    gaps = lines(card(await world.says("Dace", "/hand gaps")))
    assert "Supervisors: Mo–Tu 09:00–17:00" in gaps
    world.platform.now += timedelta(days=7)
    assert not await is_asked(world)
    await world.says("Līga", "/plecs back")
    assert await planned(world, "Līga", "9.3.") == []
    assert await is_asked(world)
    assert await planned(world, "Līga", "10.3.") == []


async def test_an_absence_ahead_is_taken_back(world: World) -> None:
    await two(world)
    await plans(world, "Līga", "10.3. 08:00-16:00")
    await world.says("Līga", "/plecs away 9.3.-10.3.")
    await world.presses("Līga", "Not away after all")
    assert await planned(world, "Līga", "9.3.") == []
    assert await planned(world, "Līga", "10.3.") == ["08:00-16:00 work"]


async def test_here_until_goes_before_the_day_both_ways(world: World) -> None:
    await two(world)
    assert title(await world.says("Līga", "/plecs here until 20:00")) == "You are here until <time>"
    world.platform.now += timedelta(hours=9)  # seven in the evening
    assert await is_asked(world)
    world.platform.now += timedelta(hours=1)
    assert not await is_asked(world)
    world.platform.now += timedelta(hours=14)  # ten the next day
    await world.says("Līga", "/plecs klāt līdz 12:00")
    world.platform.now += timedelta(hours=2)
    assert not await is_asked(world), "she leaves early"
    refused = card(await world.says("Līga", "/plecs here"))
    assert title(refused) == "Until when today? Write it like /plecs here until 20:00."


async def test_reminders_are_quiet_for_as_long_as_one_wishes(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plan")
    await world.presses("Anna", "5 minutes each hour")
    await world.presses("Anna", "Quiet for an hour")
    paused = card(await world.says("Anna", "/plecs plan"))
    assert "Remind me again" in button_labels(paused)
    await world.forward(minutes=59)
    assert world.inbox("Anna") == []
    await world.forward(minutes=70)
    assert len(world.inbox("Anna")) == 1
    await world.says("Anna", "/plecs plan pause until 17:00")
    await world.presses("Anna", "Remind me again")
    await world.forward(minutes=60)
    assert len(world.inbox("Anna")) == 2
    refused = await world.says("Anna", "/plecs plan pause for ever")
    assert title(refused).startswith("I can't tell how long that is.")


async def test_whose_hours_an_admin_changed_is_told(world: World) -> None:
    await world.person("Admin", Role.ADMIN)
    anna = await world.person("Anna", hours=OFFICE)
    await world.says("Admin", "/plecs people Anna")
    asked = form(await world.presses("Admin", "Change"))
    await world.fills("Admin", asked, hours="Mon-Fri 10:00-18:00")
    [told] = world.inbox("Anna")
    assert title(told) == "Admin changed your working hours"
    assert "Mon-Fri 10:00-18:00" in lines(told)
    await world.fills("Admin", asked, position="Senior", hours="Mon-Fri 10:00-18:00")
    assert len(world.inbox("Anna")) == 1
    assert anna.hours == OFFICE


async def test_too_little_rest_is_told_to_coordinators_before_it_comes(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR)
    await world.person("Anna", hours=OFFICE)
    await world.person("Ilze", hours=OFFICE)
    await plans(world, "Anna", "4.3. 14:00-22:00")
    await plans(world, "Ilze", "4.3. 09:00-17:00", "5.3. 06:00-14:00")
    asked = form(await world.says("Anna", "/plecs shift @Ilze"))
    await world.fills("Anna", asked, colleague=("Ilze",), gives="2026-03-04")
    await world.presses("Ilze", "Agree")
    told = next(one for one in world.inbox("Dace") if "too little rest" in title(one))
    assert lines(told).splitlines()[:2] == [
        "Shifts are planned with too little rest",
        "Ilze, Th 5.3.: 8 h before the shift, 12 h are due",
    ]
    assert title(await world.says("Dace", "/plecs shift rest")) == title(told)
    refused = title(await world.says("Anna", "/plecs shift rest"))
    assert refused == "This is for people with the role coordinator"
    world.platform.now = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    enough = await world.says("Dace", "/plecs shift rest")
    assert title(enough) == "Everybody's shifts leave them rest enough"
