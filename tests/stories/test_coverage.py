"""Hours of the coming week in which a hand would find nobody are told while there is still time."""

from datetime import UTC, datetime, timedelta

from handlers.kit.cards import ToType
from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from tests.world import World, button_labels, card, lines, title

DAYS, LATE = parse_hours("Mon-Fri 08:00-18:00"), parse_hours("Mon-Sat 12:00-20:00")


async def looks(world: World, at: datetime) -> None:
    """Time passes until then, and what is looked after every half a minute is done once."""
    world.platform.now = world.other.now = at
    await world.look()


async def a_team(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR, helps=False)
    await world.person("Anna", hours=LATE, helps=False)
    await world.person("Jānis", hours=DAYS, topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR, hours=parse_hours("Mon-Sat 08:00-20:00"))


async def test_coordinators_hear_of_it_on_friday_and_once(world: World) -> None:
    await a_team(world)
    await looks(world, world.now + timedelta(seconds=30))
    friday = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
    await looks(world, friday - timedelta(minutes=1))
    assert world.inbox("Dace") == []
    for minutes in (0, 1, 60):
        await looks(world, friday + timedelta(minutes=minutes))
    [told] = world.inbox("Dace")
    said = lines(told)
    assert said.startswith(
        "Nobody on duty in the week of 9.3.\n"
        "Somebody works then, and would find nobody who is on duty for this:\n"
    )
    assert "contracts: Mo–Fr 18:00–20:00, Sa 08:00–20:00" in said
    assert "Supervisors" not in said
    assert world.inbox("Līga") == []

    off = card(await world.presses("Dace", "No longer every week", told))
    assert off.title == ("No more messages about it. ", ToType("hand", "gaps"), " shows it.")
    for minutes in (-60, 0, 60):
        await looks(world, friday + timedelta(days=7, minutes=minutes))
    assert len(world.inbox("Dace")) == 1


async def test_who_is_away_all_week_covers_nothing_and_a_holiday_is_nobodys(world: World) -> None:
    await a_team(world)
    world.platform.now = datetime(2026, 4, 28, 9, 0, tzinfo=UTC)
    await world.says("Līga", "/plecs away until 12.5.")
    shown = lines(card(await world.says("Dace", "/hand gaps")))
    assert shown.startswith("Nobody on duty in the week of 4.5.")
    assert "Supervisors: Tu–Fr 08:00–20:00, Sa 12:00–20:00" in shown, "4 May is a public holiday"


async def test_the_week_stands_behind_whom_a_hand_would_ask(world: World) -> None:
    await a_team(world)
    await world.says("Līga", "/hand who")
    shown = card(await world.presses("Līga", "The coming week"))
    assert title(shown) == "Nobody on duty in the week of 9.3."
    assert button_labels(shown) == [], "a coordinator sets it"
    refused = card(await world.says("Anna", "/hand gaps"))
    assert title(refused) == "This is for supervisors and coordinators."


async def test_where_nobody_has_hours_nothing_can_be_told(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR)
    shown = card(await world.says("Dace", "/hand gaps"))
    assert "Nobody has working hours set, so I can't tell." in lines(shown)
    await looks(world, datetime(2026, 3, 6, 6, 59, tzinfo=UTC))
    await looks(world, datetime(2026, 3, 6, 8, 0, tzinfo=UTC))
    assert world.inbox("Dace") == []
