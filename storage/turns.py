"""Whose turn it is: one of each line after the other, however many stand in one of them."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, in a line for each `whose` it is. `at_once`: so many of one line are under way at
    most, until somebody says that one is done. Any thread may ask."""

    def __init__(self, at_once: int | None = None) -> None:
        self._lines: dict[Hashable, deque[T]] = {}  # whose turn is next stands first
        self._under_way: Counter[Hashable] = Counter()
        self._at_once = at_once
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, whose: Hashable, one: T) -> None:
        """Has it wait in that line."""
        with self._changed:
            self._lines.setdefault(whose, deque()).append(one)
            self._changed.notify()

    def take(self) -> tuple[Hashable, T] | None:
        """Whose turn it is now; None where nobody waits, or only who has enough under way."""
        with self._changed:
            return self._take()

    def wait(self, seconds: float | None) -> tuple[Hashable, T] | None:
        """The same, waiting so long for it. None: that was all that will ever come. Raises
        queue.Empty where nobody came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._lines or self._is_closed, seconds):
                raise Empty
            return self._take()

    def done(self, whose: Hashable) -> None:
        """What one of them had begun is over."""
        with self._changed:
            self._under_way[whose] -= 1
            if not self._under_way[whose]:
                del self._under_way[whose]

    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not self._lines

    def close(self) -> None:
        """Nothing more will come."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _take(self) -> tuple[Hashable, T] | None:
        for whose, line in self._lines.items():
            if self._at_once is None or self._under_way[whose] < self._at_once:
                one = line.popleft()
                del self._lines[whose]
                if line:
                    self._lines[whose] = line
                self._under_way[whose] += 1
                return whose, one
        return None


class TurnTakers(Generic[T]):
    """Threads that `do` what waits, whose turn it is. `left_to_others`: so many of them one line
    never has, for what it does may take long."""

    def __init__(
        self, threads: int, left_to_others: int, name: str, do: Callable[[T], None]
    ) -> None:
        self._waiting = Turns[T](threads - left_to_others)
        self._do = do
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def put(self, whose: Hashable, one: T) -> None:
        """Has it done in that line. What `do` raises nobody hears."""
        self._waiting.put(whose, one)
        self._threads.submit(self._work)

    def close(self) -> None:
        """Does what waits, and ends the threads."""
        self._threads.shutdown()

    def _work(self) -> None:
        """Does whose turn it is. Who waits because their line has enough under way is next for
        whoever ends one of that."""
        while (turn := self._waiting.take()) is not None:
            whose, one = turn
            try:
                self._do(one)
            finally:
                self._waiting.done(whose)
