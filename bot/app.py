"""The only place that wires things together."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

import structlog
from aiohttp import web

from bot.calendars import NOWHERE, Addresses, Files
from bot.callers import KeyedPseudonyms
from bot.certificates import Certificates
from bot.charts import Charts
from bot.connections import Site
from bot.contacts import Contacts
from bot.desk import Desk
from bot.fetching import Fetcher
from bot.front import Front
from bot.fronts import front_for, places_of
from bot.language_model import ModelClient
from bot.learning_posts import LearningPosts
from bot.learning_store import LearningStore
from bot.metrics import Metrics
from bot.phones import READ_EVERY
from bot.refusals import refusal_in_words
from bot.server import application, runner
from bot.services import services
from bot.settings import Settings, SettingsError
from bot.shift_feeds import Calendars, FeedPort, FeedWorker
from bot.team_schedules import TeamsShifts
from bot.texts import texts
from bot.warming import Warming
from handlers import router
from handlers.drill.model import Drills
from handlers.kit.callers import Pseudonyms, nobody
from handlers.kit.delivery import Platform
from handlers.kit.language_models import LanguageModel
from handlers.kit.people import Address
from handlers.kit.ports import Links, Statuses
from handlers.shifts.feeds.model import FeedKind
from handlers.statuses.cards import text as status_text
from handlers.work import Services
from scheduling.asking import ModelWorker
from scheduling.clock import Clock, ClockKeeper, ClockReading, SteadyClock, machines, sure, uptime
from scheduling.delivery import Delivery
from scheduling.due_work import DueWork
from scheduling.following import Following
from scheduling.statuses import StatusKeeper
from scheduling.timers import Timers
from scheduling.under_way import UnderWay
from storage.cleaning import clean
from storage.database import Database, UnreachableError, reach
from storage.effects import Effects
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork

_PATIENCE = 5.0
"""Seconds that sends under way may take when Plecs stops."""

_NOTED_AT_ONCE = 20
"""Commits of drills that are written down at once."""

_LOOK_FOR_DATABASE = 1.0
"""Seconds between looks for a database that does not answer when Plecs starts."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything but the doors to the outside."""

    database: Database
    desk: Desk
    delivery: Delivery[SqlWork]
    timers: Timers[SqlWork]
    statuses: StatusKeeper[SqlWork]
    asking: ModelWorker[SqlWork]
    homes: Following
    metrics: Metrics
    services: Services
    clock: Clock
    platforms: frozenset[str]
    process: str = field(default_factory=lambda: uuid4().hex)

    async def figures(self) -> bytes:
        """What Prometheus reads, with the outbox as it is now."""
        now = self.desk.now()
        state = await self.database.read(lambda work: work.outbox_state.at(now))
        self.metrics.outbox(state, self.platforms)
        self.metrics.connections(*self.database.connections())
        return self.metrics.page()

    def clock_keeper(
        self,
        steady: SteadyClock,
        decides: Callable[[], Awaitable[ClockReading]],
        machine: Callable[[], Awaitable[ClockReading]] = machines,
        *,
        warming: Warming | None = None,
    ) -> ClockKeeper[SqlWork]:
        """What sees to it that no clock which is put right silences anything: neither the one that
        `decides`, by which `steady` goes, nor the `machine`'s own. Nothing that is due or asked
        is begun before the `warming` is over."""

        def set_by(by: timedelta) -> None:
            self.metrics.clock_set(by)
            self.statuses.wake()

        keeper = ClockKeeper(
            decides,
            steady,
            self.clock,
            self.database,
            shared=not self.database.is_sqlite,
            on_step=set_by,
            on_machines_step=self.timers.rearm,
            machine=machine,
        )
        first: Callable[[], Awaitable[None]] = keeper.catch_up
        if warming is not None:
            self.desk.ask_after(warming.over)
            first = warming.before(first)
        self.timers.look_first(first)
        self.delivery.look_first(first)
        return keeper

    async def refused(self) -> Sequence[str]:
        """What the platforms refuse, a line each."""
        refusals = await self.database.read(lambda work: work.lanes.refused())
        return [refusal_in_words(refusal) for refusal in refusals]

    async def is_ready(self) -> bool:
        """Whether the database keeps what it is given: one that hangs, is full or may only be read
        is as good as none."""
        now = self.desk.now()
        try:
            await asyncio.wait_for(
                self.database.run(lambda work: work.heartbeats.beat(self.process, now)), 2
            )
        except Exception:
            log.exception("not_ready")
            return False
        return True


def decider(database: Database) -> Callable[[], Awaitable[ClockReading]]:
    """The clock that decides: PostgreSQL's, by which all replicas go; with a file the machine's."""

    async def databases() -> ClockReading:
        return ClockReading(*await database.time(uptime))

    return machines if database.is_sqlite else databases


def engine(
    database: Database,
    platforms: Mapping[str, Platform],
    clock: Clock,
    admins: frozenset[str],
    links: Links = NOWHERE,
    *,
    statuses: Mapping[str, Statuses] = MappingProxyType({}),
    caller: Pseudonyms = nobody,
    model: LanguageModel | None = None,
    tells_learning: bool = False,
) -> Engine:
    """Puts the engine together over the database, whose tables are there. `statuses`: the platforms
    where people's status can be set. `model` writes, where one is set. `tells_learning`: a learning
    record store is told of it."""
    metrics = Metrics()
    place = model.place if model is not None else None
    used = services(links, statuses, caller, place, tells_learning=tells_learning)
    delivery = Delivery(
        database,
        platforms,
        clock,
        card_of=lambda notice, work, reader, now: router.card_of(notice, work, reader, now, used),
        digest_of=lambda cards, reader: router.digest_of(cards, reader, used),
        waits_of=lambda notices, work, now: router.waits_of(notices, work, now, used),
        on_rejected=lambda notice, work, now: router.rejected(notice, work, now, used),
        on_delivered=lambda notice, work, now: router.delivered(notice, work, now, used),
        watcher=metrics,
    )
    timers = Timers(
        database,
        clock,
        router.timers(used),
        lambda work, now, limit: clean(work.connection, now, limit),
        looks=router.looks(used),
        ticked=metrics.ticked,
    )

    keeper = StatusKeeper(
        database,
        statuses,
        clock,
        text_of=lambda wanted, person: status_text(wanted.until, texts(person.locale)),
    )

    asking = ModelWorker(
        database,
        model,
        clock,
        prompt_of=lambda question, work, now: router.prompt_of(question, work, now, used),
        answered=lambda question, answer, work, now: router.answered(
            question, answer, work, now, used
        ),
    )

    async def follow(workspaces: Collection[str]) -> None:
        now = clock()
        await database.run(lambda work: router.homes_changed(work, workspaces, now))

    homes = Following(follow)
    noting = UnderWay(_NOTED_AT_ONCE)

    async def note(drill: str, at: datetime) -> None:
        await database.run(lambda work: work.of(Drills).kept(drill, at))

    def committed(effects: Effects) -> None:
        for drill in effects.drills:
            noting.begin(note(drill, clock()))
        delivery.wake(*effects.sends)
        if effects.found is not None:
            metrics.found(effects.found)
            for trouble, count in effects.found.items():
                if count:
                    log.warning("trouble_found", kind=trouble, count=count)
        if effects.statuses:
            keeper.wake()
        if effects.questions:
            asking.wake()
        homes.follow(effects.moved)
        timers.wake(*effects.steps)
        metrics.committed(
            effects.hands,
            effects.waits,
            adopted=effects.adopted,
            repeated=effects.repeated,
        )

    database.on_commit.append(committed)
    database.on_error.append(metrics.database_refused)
    desk = Desk(database, platforms, clock, used, admins=admins, metrics=metrics)
    served = frozenset(platforms)
    return Engine(
        database, desk, delivery, timers, keeper, asking, homes, metrics, used, clock, served
    )


async def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Runs Plecs until it is told to stop (SIGTERM, Ctrl-C), and says where it is."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if not await reached(settings.database_url, stop, say):
        return
    async with running(settings) as plecs:
        for line in plecs.greeting:
            say(line)
        await plecs.loaded()
        gc.freeze()  # it stays, and each look for garbage in it took a tenth of a second
        await stop.wait()
        say("Finishing what is under way...")


async def reached(url: str, stop: asyncio.Event, say: Callable[[str], None]) -> bool:
    """Waits until the database answers, and says in one line that it does. False: it was told to
    stop before. Raises UnreachableError for a file, which no waiting mends."""
    told = False
    while not stop.is_set():
        try:
            await asyncio.to_thread(reach, url)
        except UnreachableError as error:
            if url.startswith("sqlite"):
                raise
            if not told:
                reason, *_ = str(error).splitlines()
                say(f"The database does not answer yet, Plecs waits for it: {reason}")
                told = True
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_FOR_DATABASE)
        else:
            return True
    return False


async def _join(settings: Settings, database: Database) -> Sequence[str]:
    """Makes the workspaces of several platforms, set together, one organisation with one list of
    people. Answers what to tell where they can't be."""
    if not settings.is_one_organisation:
        return ()
    try:
        places = await places_of(settings)
    except SettingsError:
        teams = Address("teams", settings.teams_tenant_id, "")
        joined = await database.read(lambda work: work.workspaces.joined(work.workspaces.of(teams)))
        if len(joined) < 2:
            raise
        log.warning("joined_as_before: Slack did not say which workspace it is")
        return ()
    apart = await database.run(lambda work: work.workspaces.join(places))
    return [
        f"The people in {place.platform.title()} were known before and stay a list of their own: "
        "nobody is made one with somebody else by guessing."
        for place in apart
    ]


def _opened(settings: Settings) -> Database:
    """The database with today's tables. Raises SettingsError when another Plecs uses the file."""
    migrate(settings.database_url)
    database = Database(settings.database_url, Seal(*settings.secrets()))
    if database.is_sqlite and not database.claim_sole_use():
        database.close()
        busy = f"Another Plecs is using {settings.sqlite_file}: stop it first, or set "
        raise SettingsError((busy + "DATABASE_URL to PostgreSQL, which many may share.",))
    return database


def _where_kept(settings: Settings) -> Sequence[str]:
    if settings.sqlite_file is None:
        return ()
    return (f"What it keeps is in {settings.sqlite_file.absolute().parent}.",)


@dataclass(frozen=True, slots=True)
class Running:
    """Plecs as it serves: what to tell whoever started it, a line each, and what it answers to,
    each by its method and address. `loaded` waits until all that is read once is there."""

    greeting: Sequence[str]
    answers_to: Sequence[tuple[str, str]]
    loaded: Callable[[], Awaitable[None]]


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Plecs, serving. Raises SettingsError when another Plecs uses the same SQLite file."""
    database = await asyncio.to_thread(_opened, settings)
    try:
        apart = await _join(settings, database)
    except SettingsError:
        await asyncio.to_thread(database.close)
        raise
    elsewhere = settings.slack or settings.teams
    charts = Charts(settings.public_url or None, *settings.secrets())
    # The workspace in the browser, which is alone, has a clock of its own, ahead of the machine's.
    decides = decider(database) if elsewhere else machines
    steady = SteadyClock(await sure(decides))
    front: Front = await front_for(settings, database, charts.url, steady)
    addresses = Addresses(settings.reachable_url, *settings.secrets())
    made = engine(
        database,
        front.platforms,
        front.clock,
        frozenset(settings.admins),
        addresses,
        statuses=front.statuses,
        caller=KeyedPseudonyms(*settings.secrets()),
        model=_model(settings),
        tells_learning=bool(settings.xapi_url),
    )
    files = Files(addresses, database, made.services, front.clock)
    await made.desk.phones.read()  # before anybody can ask: it is for when nothing can be read
    warming = Warming()
    clock_keeper = made.clock_keeper(steady, decides, warming=warming)
    await clock_keeper.begin()
    front.open(made.desk, made.timers, made.delivery)
    certificates = Certificates(addresses, database, made.services, front.clock)
    routes = [
        *(*front.routes(), *charts.routes(), *files.routes(), *certificates.routes()),
        *_posts(settings, made),
    ]
    app = application(
        routes,
        made.is_ready,
        made.figures,
        refused=made.refused,
        metrics_token=settings.figures_token(),
        only_here=settings.believes_whoever_asks,
    )
    app.on_shutdown.append(front.closing)
    server = runner(app, _PATIENCE)
    await server.setup()
    try:
        await Site(server, settings.host, settings.port).start()
    except OSError:  # the port is taken, say: the file is left to whoever comes next
        await server.cleanup()
        await front.stop()
        await asyncio.to_thread(database.close)
        raise
    for seconds, job in ((READ_EVERY, made.desk.phones.read), *front.jobs()):
        made.timers.every(seconds, job)
    made.timers.start()
    workers = made.statuses, made.asking, *_asking_others(settings, made)
    working = [
        asyncio.create_task(made.delivery.run()),
        asyncio.create_task(clock_keeper.run()),
        *(asyncio.create_task(worker.run()) for worker in workers),
    ]
    await front.start()
    try:
        yield Running(
            [*front.greeting, *_where_kept(settings), *apart], _answers_to(app), warming.over
        )
    finally:
        await server.cleanup()
        await made.timers.finish(_PATIENCE)
        made.timers.stop()
        for task in working:
            task.cancel()
        await asyncio.gather(
            made.delivery.finish(_PATIENCE),
            *(worker.finish(_PATIENCE) for worker in workers),
            made.homes.finish(_PATIENCE),
            made.desk.finish(_PATIENCE),
        )
        await front.stop()  # last: a send needs its connection, and would be given up without
        await warming.over()
        await asyncio.to_thread(database.close)


def _model(settings: Settings) -> ModelClient | None:
    """Whom drafts are written by, where one is set."""
    if not settings.llm_url:
        return None
    return ModelClient(settings.llm_url, settings.model_key(), settings.llm_model)


def _asking_others(settings: Settings, made: Engine) -> Sequence[DueWork]:
    """What fetches shifts, and what tells a learning record store where one is set; each woken by
    whoever has written something for it."""
    feeds, learning = _fetches_shifts(settings, made), _tells_learning(settings, made)

    def committed(effects: Effects) -> None:
        if effects.feeds:
            feeds.wake()
        if effects.learned and learning is not None:
            learning.wake()

    made.database.on_commit.append(committed)
    return (feeds,) if learning is None else (feeds, learning)


def _fetches_shifts(settings: Settings, made: Engine) -> DueWork:
    """What fetches shifts: from calendars, and from Microsoft Teams where Plecs serves it."""
    ports: dict[FeedKind, FeedPort] = {
        FeedKind.CALENDAR: Calendars(Fetcher(settings.calendar_hosts))
    }
    if settings.teams_app_password is not None:
        secret = settings.teams_app_password.get_secret_value()
        ports[FeedKind.TEAMS] = TeamsShifts(settings.teams_app_id, secret)
    return FeedWorker(made.database, made.services, made.clock, ports)


def _posts(settings: Settings, made: Engine) -> Sequence[web.RouteDef]:
    """Where other systems tell something."""
    database, clock = made.database, made.clock
    contacts = Contacts(made.desk, database, clock, settings.signing_secrets(), counts=made.metrics)
    learning = LearningPosts(database, made.services, clock, settings.learning_signing_secrets())
    return [*contacts.routes(), *learning.routes()]


def _tells_learning(settings: Settings, made: Engine) -> DueWork | None:
    """What tells a learning record store, where one is set."""
    if not settings.xapi_url:
        return None
    return LearningStore(
        made.database,
        made.services,
        made.clock,
        url=settings.xapi_url,
        key=settings.xapi_key,
        secret=settings.store_secret(),
        home=settings.public_url,
        inside=settings.xapi_inside,
    )


def _answers_to(app: web.Application) -> Sequence[tuple[str, str]]:
    return [(one.method, one.resource.canonical) for one in app.router.routes() if one.resource]
