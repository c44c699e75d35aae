"""A drill goes the way of a ping, to whoever asked for it, and says how long that took."""

from handlers.kit.cards import Card
from handlers.kit.people import Role
from tests.world import World, button_labels, lines


def report(world: World) -> str:
    return lines(world.inbox("Dace")[-1])


async def test_a_drill_reports_each_part_of_its_way(world: World) -> None:
    await world.person("Dace", Role.ADMIN)
    await world.person("Anna", Role.SUPERVISOR)
    answer = await world.says("Dace", "/plecs drill")
    assert isinstance(answer, Card)
    assert lines(answer).startswith("Drill: on its way to you\n")
    await world.forward(seconds=1)
    # In a story no time passes while anything is done.
    assert report(world) == (
        "Drill: this is only a test\n"
        "Nobody needs help, and nothing is to be done.\n"
        "Asked for: <time>\n"
        "Kept: after 0 ms\n"
        "Taken up for sending: after 0 ms\n"
        "Arrived, and written down: after 0 ms\n"
        "No hand was counted, and nobody else saw it."
    )
    assert world.inbox("Anna") == []
    assert b"plecs_hands_total 0.0" in await world.engine.figures()


async def test_one_every_week_until_it_is_taken_back(world: World) -> None:
    await world.person("Dace", Role.ADMIN)
    await world.says("Dace", "/plecs drill")
    await world.presses("Dace", "Every week")
    await world.forward(days=6, hours=23)
    assert len(world.inbox("Dace")) == 1
    await world.forward(hours=2)
    assert len(world.inbox("Dace")) == 2
    await world.presses("Dace", "No longer every week", world.inbox("Dace")[-1])
    assert button_labels(world.inbox("Dace")[-1]) == ["Every week", "Once more"]
    await world.forward(days=8)
    assert len(world.inbox("Dace")) == 2


async def test_only_admins_have_drills(world: World) -> None:
    await world.person("Anna")
    await world.says("Anna", "/plecs drill")
    assert world.inbox("Anna") == []
