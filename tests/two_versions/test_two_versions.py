"""The last release, from its wheel, beside this Plecs on one PostgreSQL with today's tables; then
alone on them, as when one goes back. PLECS_PREVIOUS names the wheel."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.chaos.counted import winners
from tests.chaos.floor import ChaosFloor, floor
from tests.chaos.replica import ServedReplica

HANDS = 8


@dataclass
class Previous(ServedReplica):
    """`plecs run` of the release whose wheel was unpacked into the folder `code`."""

    code: Path = Path()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._own: Process | None = None

    @property
    def runs(self) -> bool:
        return self._own is not None and self._own.returncode is None

    @property
    def number(self) -> int:
        assert self._own is not None
        return self._own.pid

    async def begin(self) -> None:
        with (self.folder / "previous.log").open("w") as written:
            self._own = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env={**self.settings, "PYTHONPATH": str(self.code)},
                stdout=written,
                stderr=written,
            )

    async def ended(self) -> None:
        assert self._own is not None
        with suppress(ProcessLookupError):
            await self._own.wait()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """What is in the wheel."""
    wheel = os.environ.get("PLECS_PREVIOUS", "")
    assert wheel, "say where the wheel is: make test-two-versions PREVIOUS=dist/plecs-...whl"
    ZipFile(wheel).extractall(tmp_path / "previous")
    return tmp_path / "previous"


async def test_the_release_before_goes_on_with_todays_tables(
    code: Path, postgres_url: str, tmp_path: Path
) -> None:
    async with floor(postgres_url, 1, tmp_path, HANDS, times=20) as made:
        (today,) = made.replicas
        previous = Previous(postgres_url, made.slack.api_url, tmp_path, code=code)
        made.replicas.append(previous)
        await previous.start()
        assert previous.runs, (tmp_path / "previous.log").read_text()
        made.__post_init__()  # people come to either of the two from here on
        await raised_and_taken(made, HANDS - 2)
        assert (today.runs, previous.runs) == (True, True)
        await today.kill()
        await raised_and_taken(made, 2)
        previous.signal(signal.SIGTERM)
        await previous.ended()


async def raised_and_taken(made: ChaosFloor, hands: int) -> None:
    """So many hands at once: each is heard by everybody who was asked, and one comes."""
    stories = await asyncio.gather(*(made.hand(made.next_team()) for _ in range(hands)))
    await made.slack.until(lambda: all(map(winners, stories)))
    await made.put_right(stories)
    assert [len(winners(story)) for story in stories] == [1] * hands
