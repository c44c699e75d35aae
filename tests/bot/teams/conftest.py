import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.teams.gate import Gate, open_gate
from tests.e2e.teams_house import TeamsHouse, house_in_teams


@pytest.fixture
async def house(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """A whole Plecs in a Teams of tests."""
    file = tmp_path / "teams.db"
    shutil.copy(empty_sqlite, file)
    async with house_in_teams(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """The door with a desk of ours behind it."""
    async with open_gate() as opened:
        yield opened
