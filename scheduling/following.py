"""What follows a change where nobody who made the change waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

log = structlog.get_logger()


class Following:
    """Has `follow` catch up with what has changed, in one go for all that changed while it was
    under way: a hundred changes in one instant are followed twice at most. Where it fails, it is
    tried again with whatever is told next, be that nothing new."""

    def __init__(self, follow: Callable[[Collection[str]], Awaitable[None]]) -> None:
        self._follow = follow
        self._changed: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def follow(self, changed: Collection[str]) -> None:
        """These have changed. Comes back at once."""
        self._changed.update(changed)
        if self._changed and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    async def finish(self, seconds: float) -> None:
        """Lets what is under way end, for so long at most."""
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=seconds)

    async def _catch_up(self) -> None:
        changed: set[str] = set()
        try:
            while self._changed:
                changed, self._changed = self._changed, set()
                await self._follow(changed)
        except Exception as error:  # noqa: BLE001 - whatever it was: it is tried again
            self._changed |= changed
            log.warning("not_followed", error=type(error).__name__)
        finally:
            self._task = None
