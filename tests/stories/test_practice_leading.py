"""For whoever leads a team: an exercise for a meeting, and one indicator a week on request."""

from dataclasses import replace
from datetime import UTC, datetime

from structlog.testing import capture_logs

from handlers import router
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.practice.leading.commands import PROMPT
from storage.work import SqlWork
from tests.world import MONDAY_TEN, World, button_labels, card, lines, title

OFFICE = parse_hours("Mon-Fri 08:00-18:00")
NEXT_MONDAY = datetime(2026, 3, 9, 6, 0, 1, tzinfo=UTC)  # eight in Riga
MONDAY_PROMPT = "One thing to explain this week"


async def test_an_exercise_is_ready_to_be_read_out_and_there_is_always_another(
    world: World,
) -> None:
    await world.person("Anna")
    first = card(await world.says("Anna", "/practice team"))
    assert title(first) == "Ten minutes for a meeting"
    assert "One a week, on Mondays" not in button_labels(first)
    assert lines(first).count("Why: ") == 3
    second = card(await world.presses("Anna", "Another exercise", first))
    assert lines(second) != lines(first)


async def test_a_supervisor_gets_one_indicator_a_week_until_they_have_enough(world: World) -> None:
    await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    await world.says("Līga", "/practice team")
    for _ in range(2):
        await world.presses("Līga", "One a week, on Mondays")
        page = card(await world.says("Līga", "/practice team"))
        assert "No longer every week" in button_labels(page)
    await world.forward(seconds=(NEXT_MONDAY - MONDAY_TEN).total_seconds())
    assert world.titles("Līga") == [MONDAY_PROMPT]
    await world.forward(days=7)
    first, second = world.inbox("Līga")
    assert lines(first) != lines(second), "another indicator each week"
    await world.presses("Līga", "No longer every week", second)
    page = card(await world.says("Līga", "/practice team"))
    assert "One a week, on Mondays" in button_labels(page)
    await world.forward(days=14)
    assert world.titles("Līga") == [MONDAY_PROMPT] * 2
    await world.presses("Līga", "One a week, on Mondays", page)
    await world.forward(days=8)  # that Monday is Easter's
    assert world.titles("Līga") == [MONDAY_PROMPT] * 3


async def test_who_leads_no_longer_gets_no_more(world: World) -> None:
    liga = await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    await world.says("Līga", "/practice team")
    await world.presses("Līga", "One a week, on Mondays")
    leads_nobody = replace(liga, roles=frozenset())
    await world.engine.database.run(lambda work: work.people.save(leads_nobody))
    await world.forward(days=15)
    assert world.titles("Līga") == []


async def test_what_follows_of_a_message_may_fail_and_it_is_not_sent_again(world: World) -> None:
    """Whoever writes down that it was sent writes it down all the same."""
    liga = await world.person("Līga", Role.SUPERVISOR, hours=OFFICE)
    # Such as no table keeps: when the next one comes can't be reckoned.
    broken = Notice(PROMPT, "2026-03-02", (liga.id,), None)  # type: ignore[arg-type] # that is wrong

    def settle(work: SqlWork) -> None:
        router.delivered(broken, work, world.now, world.engine.services)
        work.people.save(replace(liga, position="It was sent"))

    with capture_logs() as logged:
        await world.engine.database.run(settle)
    assert [one["event"] for one in logged] == ["left_out"]
    assert (await world.known("Līga")).position == "It was sent"
