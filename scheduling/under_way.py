"""Work under way: so much at once, each a task of its own, let end when the process stops."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from datetime import timedelta
from weakref import WeakValueDictionary


class UnderWay:
    """At most `most` tasks at once, in one event loop. `ended` is called when one ends."""

    def __init__(self, most: int, ended: Callable[[], None] = lambda: None) -> None:
        self._most = most
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """How many more may begin."""
        return self._most - len(self._tasks)

    def begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def room(self) -> None:
        """Comes back when one has ended."""
        await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, begin_due: Callable[[], Awaitable[int]]) -> int:
        """Begins what is due and lets it end, until nothing is; answers how much it was."""
        count = 0
        while (begun := await begin_due()) or self._tasks:
            count += begun
            if self._tasks:
                await asyncio.wait(self._tasks)
        return count

    async def finish(self, seconds: float) -> None:
        """Lets all of it end, for so long at most, and gives up the rest."""
        if self._tasks:
            _, slow = await asyncio.wait(self._tasks, timeout=seconds)
            for task in slow:
                task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended()


class FewOfEach:
    """Of each kind at most `most` at once, in one event loop; who comes later waits."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._doors = WeakValueDictionary[Hashable, asyncio.Semaphore]()

    def of(self, kind: Hashable) -> asyncio.Semaphore:
        """The door to go through, as a context. It is there as long as somebody holds it."""
        return self._doors.setdefault(kind, asyncio.Semaphore(self._most))


def back_off(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to the longest."""
    return min(first * (1 << min(attempts, 12)), longest)
