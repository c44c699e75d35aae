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
    await world.person("Anna", manager="Liga")
    await world.person("Janis", manager="Liga")
    await world.person("Liga", Role.SUPERVISOR)
    return world


@pytest.fixture
async def centre(world: World) -> World:
    """Dace has adopted the rules; Anna and Jānis answer calls, Līga and Ilze may sign."""
    await world.person("Dace", Role.COORDINATOR)
    for name in ("Anna", "Jānis"):
        await world.person(name)
    for name in ("Līga", "Ilze"):
        await world.person(name, Role.SUPERVISOR)
    await world.says("Dace", "/offer rules")
    await world.presses("Dace", "Adopt all drafts")
    return world


@pytest.fixture
async def floor(world: World) -> World:
    """Anna and Liene answer calls, Marta is told of endings, Karlis has adopted the boundaries."""
    await world.person("Anna")
    await world.person("Liene", locale="lv")
    await world.person("Marta", Role.SUPERVISOR)
    await world.person("Karlis", Role.COORDINATOR)
    await world.says("Karlis", "/policy adopt")
    await world.presses("Karlis", "Adopt all drafts")
    return world
