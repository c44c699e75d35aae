"""Every card and form of the boundaries, in both languages, within what each platform can show."""

import pytest

from bot.rendering import RenderContext
from bot.slack.cards import home, message, modal
from bot.slack.forms import form
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.people import Address, Role
from tests.fakes.block_kit import message_problems, view_problems
from tests.world import World, buttons, plain


async def tour(world: World, user: str) -> list[Reply]:
    """Presses everything once, from the list of boundaries on."""
    seen: dict[tuple[str, str], Reply] = {}
    everything = await world.says(user, "/policy")
    ways = [everything, await world.says(user, "/policy edit"), await world.says(user, "/policy -")]
    while ways:
        way = ways.pop()
        if not isinstance(way, Card):
            continue
        for button in buttons(way):
            told = {name: one for name, one in button.values.items() if name != "card"}
            key = (button.does, repr(sorted(told.items())))
            if key in seen or not button.does.startswith("policy"):
                continue
            address = Address("paper", "T1", user)
            seen[key] = await world.ask(Command(button.does, address, "", dict(button.values)))
            ways.append(seen[key])
    return [everything, *seen.values(), *world.inbox("Marta")]


@pytest.mark.parametrize("locale", ["lv", "en"])
async def test_everything_can_be_shown(world: World, locale: str) -> None:
    await world.person("Zane", Role.COORDINATOR, locale=locale)
    await world.person("Marta", Role.SUPERVISOR, locale=locale)
    seen = await tour(world, "Zane")
    forms = [one for one in seen if isinstance(one, Form)]
    cards = [one for one in seen if isinstance(one, Card)]
    assert (len(forms), len(cards) > 60) == (11, True)
    context = RenderContext("T1", Reader(locale, "Europe/Riga"))
    for asked in forms:
        assert view_problems(form(asked, context, {})) == []
    for card in cards:
        assert message_problems(message(card, context)) == [], plain(card.title)
        assert view_problems(modal(card, context, {})) == [], plain(card.title)
        assert view_problems(home(card, context)) == [], plain(card.title)
