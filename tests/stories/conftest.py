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
