"""Who is there when a story begins."""

import pytest

from handlers.kit.people import Role
from tests.stories.supervision import PEOPLE
from tests.world import World


@pytest.fixture
async def people(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR)
    for name in PEOPLE:
        await world.person(name)


@pytest.fixture
async def office(world: World) -> World:
    """Two agents on the line, and a supervisor who isn't counted."""
    await world.person("Anna")
    await world.person("Janis")
    await world.person("Liga", Role.SUPERVISOR)
    return world
