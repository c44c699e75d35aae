"""The only place that wires things together."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from bot.desk import Desk
from bot.local.clock import MovableClock
from bot.local.inbound import Workspace
from bot.local.kept import Kept
from bot.local.outbound import Bell, LocalPlatform
from bot.metrics import Metrics
from bot.texts import texts
from handlers import router
from handlers.kit.ports import Platform
from handlers.work import Tools
from scheduling.clock import Clock
from scheduling.delivery import Delivery
from scheduling.timers import Timers
from storage.cleaning import clean
from storage.database import Database
from storage.words import WordForms
from storage.work import SqlWork


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything but the doors to the outside."""

    database: Database
    desk: Desk
    delivery: Delivery[SqlWork]
    timers: Timers[SqlWork]
    metrics: Metrics


def engine(
    database: Database, platforms: Mapping[str, Platform], clock: Clock, admins: frozenset[str]
) -> Engine:
    """Puts the engine together over the database, whose tables are there."""
    metrics = Metrics()
    tools = Tools(speaking=texts, words=WordForms(), new_id=lambda: uuid4().hex)
    delivery = Delivery(
        database,
        platforms,
        clock,
        card_of=lambda notice, work, reader, now: router.card_of(notice, work, reader, now, tools),
        on_rejected=router.rejected,
        watcher=metrics,
    )
    timers = Timers(database, clock, router.TIMERS, lambda work, now: clean(work.connection, now))
    database.on_commit += [delivery.wake, timers.wake]
    return Engine(
        database, Desk(database, platforms, clock, tools, admins), delivery, timers, metrics
    )


async def local_workspace(database: Database) -> tuple[Engine, Workspace]:
    """The engine with the demo team for its only people, and what their page needs of it."""
    kept, bell = Kept(database), Bell()
    clock = MovableClock(await kept.begin())
    platform = LocalPlatform(kept, bell, clock)
    made = engine(database, {platform.name: platform}, clock, frozenset())

    def wake() -> None:
        made.timers.wake(clock())
        made.delivery.wake()

    clock.moved = wake
    return made, Workspace(made.desk, kept, kept, clock, bell, router.ROUTES)
