"""Plecs as `plecs run` serves it, in a thread of its own."""

import asyncio
import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

from bot.app import running
from bot.local.kept import LocalStore
from bot.settings import Settings
from storage.database import Database
from tests.empty import empty_in
from tests.patience import LIMIT
from tests.ports import free_port


class Served:
    """Plecs over the database in `folder`, on a free port that it keeps when it is started again.
    It is the local workspace, or what `settings` make of it. `begins`: what the local workspace's
    clock says first; else it is the machine's."""

    def __init__(self, folder: Path, begins: datetime | None = None, **settings: object) -> None:
        if not (folder / "plecs.db").exists():
            empty_in(folder)
        self._begins = begins
        self._settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/plecs.db",
            host="127.0.0.1",
            port=free_port(),
        ).model_copy(update=settings)
        self.address = self._settings.own_url
        self.port = self._settings.port
        self.start()

    def start(self) -> None:
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        self._thread.start()
        ready.result(LIMIT)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._enough.set)
        self._thread.join(LIMIT)

    async def _serve(self, ready: "Future[None]") -> None:
        self._loop, self._enough = asyncio.get_running_loop(), asyncio.Event()
        try:
            if self._begins is not None:
                await self._set_clock(self._begins)
                self._begins = None
            async with running(self._settings) as plecs:
                self.answers_to = plecs.answers_to
                ready.set_result(None)
                await self._enough.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    async def _set_clock(self, begins: datetime) -> None:
        database = Database(self._settings.database_url)
        await LocalStore(database).keep_clock(begins - datetime.now(UTC))
        await asyncio.to_thread(database.close)
