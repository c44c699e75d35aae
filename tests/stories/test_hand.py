"""Raised hands, told as the days on which they happened."""


from handlers.kit.cards import Card
from handlers.kit.people import Role
from tests.world import World, lines, plain


async def test_a_specialist_comes_at_once(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)

    reply = await world.says("Anna", "/hand contracts he threatens me")
    assert isinstance(reply, Card)
    assert plain(reply.title) == "Your hand is up"
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert "he threatens me" in lines(world.inbox("Jānis")[0])
    assert world.titles("Līga") == []

    await world.presses("Jānis", "I'm coming")
    assert world.titles("Anna") == ["Jānis is on the way"]
    assert world.titles("Jānis") == ["You are on the way to Anna"]
    assert world.titles("Anna", "Jānis") == ["Anna and Jānis"]

    await world.forward(minutes=10)
    assert world.titles("Līga") == []
    await world.presses("Anna", "Solved")
    assert world.titles("Jānis") == ["Solved. Thank you for being there."]
