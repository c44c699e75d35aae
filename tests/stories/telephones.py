"""A telephone system that tells of calls, for stories."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.calls.model import CallEvent, Happened, Taken
from tests.world import World

NUMBER = "+371 2000 0001"
"""Whoever calls, unless a story says otherwise."""


@dataclass
class PretendTelephones:
    """What it tells is told at once, as of the world's time. Agents are known by their extension,
    which is their name."""

    world: World
    ids: Iterator[int] = field(default_factory=itertools.count)

    async def tells(
        self,
        kind: Happened,
        call: str,
        agent: str = "",
        *,
        number: str = "",
        at: datetime | None = None,
        **also: Any,
    ) -> Taken:
        """Something happened to the call."""
        delivery = also.pop("delivery", f"event-{next(self.ids)}")
        source = also.pop("source", "contacts")
        event = CallEvent(
            delivery,
            source,
            kind,
            call,
            at or self.world.now,
            (agent,) if agent else (),
            self.world.engine.services.caller(number, self.world.now) if number else None,
            **also,
        )
        taken = await self.world.engine.desk.hear(event)
        await self.world.settle()
        return taken

    async def answered(self, call: str, agent: str, number: str = NUMBER, **also: Any) -> None:
        """The agent is on the telephone from now on."""
        await self.tells(Happened.ANSWERED, call, agent, number=number, **also)

    async def transferred(self, call: str, agent: str, **also: Any) -> None:
        """The call goes on to somebody else."""
        await self.tells(Happened.TRANSFERRED, call, agent, **also)

    async def ended(self, call: str, agent: str = "", **also: Any) -> None:
        await self.tells(Happened.ENDED, call, agent, **also)
