"""The week report: asked for, on Mondays by itself, and as a table."""

from datetime import UTC, datetime

import pytest

from handlers.kit.cards import Card
from handlers.kit.people import Role
from handlers.kit.weeks import next_weekday
from handlers.reports import commands as reports
from handlers.reports.model import AT, ON
from handlers.work import Occasion
from tests.world import World, button_labels, card, lines, plain, title


@pytest.fixture
async def office(world: World) -> World:
    """On a Monday at ten somebody comes after 40 seconds, and to the next hand nobody."""
    await world.person("Māra", roles=(Role.COORDINATOR,))
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=40)
    await world.presses("Jānis", "I'm coming")
    await world.presses("Anna", "Solved")
    await world.says("Jānis", "/plecs away")
    await world.says("Anna", "/hand")
    await world.forward(minutes=5)
    await world.says("Anna", "/hand down")
    return world


def sent(world: World, user: str) -> list[Card]:
    """The reports among what Plecs sent."""
    return [one for one in world.inbox(user) if plain(one.title).startswith("Week from")]


async def test_a_coordinator_reads_the_week_and_nobody_else_does(office: World) -> None:
    before = card(await office.says("Māra", "/plecs report"))
    assert button_labels(before) == ["Week before", "Week after", "Every Monday at 8:00"]
    assert lines(before).splitlines()[:3] == [
        "Week from <time> to <time>",
        "Hands raised: 0",
        "To a human, half of them within: –",
    ]
    now = card(await office.presses("Māra", "Week after", before))
    assert lines(now).splitlines() == [
        "Week from <time> to <time>",
        "Hands raised: 2",
        "To a human, half of them within: 40 seconds",
        "To a human, 95 of 100 within: 40 seconds",
        "Nobody came: 1",
        "Breaks that had to wait: 0",
        "Supervision sessions held: 0",
        "Table (CSV)",
        "Counts of all together. Nobody is named, compared or ranked.",
    ]
    refused = await office.says("Anna", "/plecs report")
    assert title(refused) == "This is for people with the role coordinator"


async def test_on_mondays_it_comes_by_itself_until_that_is_stopped(office: World) -> None:
    await office.person("Ilze", roles=(Role.COORDINATOR,))
    report = card(await office.says("Māra", "/plecs report"))
    await office.presses("Māra", "Every Monday at 8:00", report)
    await office.forward(days=6, hours=21)
    assert sent(office, "Māra") == []
    await office.forward(hours=1)
    for reader in ("Māra", "Ilze"):
        [report] = sent(office, reader)
        assert "Hands raised: 2" in lines(report)
    await office.presses("Ilze", "No longer by itself", report)
    await office.forward(days=8)
    assert (len(sent(office, "Māra")), len(sent(office, "Ilze"))) == (1, 1)


async def test_a_break_that_has_to_wait_is_counted_once(world: World) -> None:
    await world.person("Māra", Role.COORDINATOR, manager="Liga")
    await world.person("Anna", manager="Liga")
    for user in ("Anna", "Māra", "Māra"):
        await world.says(user, "/break 10")
    report = card(await world.says("Māra", "/plecs report"))
    week = card(await world.presses("Māra", "Week after", report))
    assert "Breaks that had to wait: 1" in lines(week)


async def test_the_table_is_the_card_in_rows(office: World) -> None:
    mara = await office.known("Māra")

    def made(work):  # type: ignore[no-untyped-def] # the world's own, not the house's
        services = office.engine.services
        monday = str(int(datetime(2026, 3, 1, 22, tzinfo=UTC).timestamp()))
        return reports.file(monday, mara, Occasion(work, office.now, services))

    table = await office.engine.database.read(made)
    assert table.decode("utf-8-sig").splitlines() == [
        "What,How many (or seconds)",
        "Monday,2026-03-02",
        "Sunday,2026-03-08",
        "Hands raised,2",
        '"To a human, half of them within",40',
        '"To a human, 95 of 100 within",40',
        "Nobody came,1",
        *(
            f'"Hands raised, by day, {day}",{2 if day == "Mo" else 0}'
            for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
        ),
        "Breaks that had to wait,0",
        "Supervision sessions held,0",
    ]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-02T05:59", "2026-03-02T06:00"),  # 7:59 in Riga
        ("2026-03-02T06:00", "2026-03-09T06:00"),
        ("2026-03-08T21:59", "2026-03-09T06:00"),
        # The clocks go forward between them.
        ("2026-03-24T12:00", "2026-03-30T05:00"),
    ],
)
def test_the_next_monday_at_eight(now: str, then: str) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert next_weekday(utc(now), "Europe/Riga", ON, AT) == utc(then)
