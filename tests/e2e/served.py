"""Plecs as `plecs run` serves it where nothing is set, in a thread of its own."""

import asyncio
import socket
import threading
from concurrent.futures import Future
from pathlib import Path

from bot.app import running
from bot.settings import Settings


class Served:
    """The local workspace over a database in `folder`, on a free port that it keeps when it is
    started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self._settings = Settings(
            _env_file=None, database_url=f"sqlite:///{folder}/plecs.db", host="127.0.0.1", port=port
        )
        self.address = self._settings.own_url
        self.start()

    def start(self) -> None:
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        self._thread.start()
        ready.result(60)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._enough.set)
        self._thread.join(60)

    async def _serve(self, ready: "Future[None]") -> None:
        self._loop, self._enough = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with running(self._settings):
                ready.set_result(None)
                await self._enough.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise
