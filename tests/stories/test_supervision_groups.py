"""Supervision groups as those who look after them live it."""

from handlers.kit.cards import Card, Reply
from tests.world import World, button_labels, lines, plain


def card(reply: Reply) -> Card:
    assert isinstance(reply, Card)
    return reply


def title(reply: Reply) -> str:
    return plain(card(reply).title)


async def test_the_front_card_says_what_it_is_about(world: World) -> None:
    await world.person("Anna", locale="lv")
    assert title(await world.says("Anna", "/supervision")) == "Supervīzijas grupas"
    reply = await world.says("Anna", "/plecs supervīzija")
    assert "Šobrīd neesat nevienā grupā." in lines(card(reply))
    home = await world.says("Anna", "/home")
    assert "Supervīzijas grupas" in button_labels(card(home))
