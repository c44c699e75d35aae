from collections.abc import AsyncIterator

import pytest

from tests.bot.slack.house import SlackDoor, house_over


@pytest.fixture(params=["http", "socket"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[SlackDoor]:
    """Plecs with a desk of ours, over each of the two ways in."""
    async with house_over(request.param) as house:
        yield house


@pytest.fixture
async def served() -> AsyncIterator[SlackDoor]:
    """The same, over HTTP alone."""
    async with house_over("http") as house:
        yield house
