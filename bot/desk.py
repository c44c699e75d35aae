"""Where every platform's commands arrive: one transaction each, and the answer when it is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TypeVar

import structlog

from bot.metrics import Metrics
from bot.phones import Phones
from handlers import profiles, router, routes
from handlers.calls import hearing
from handlers.calls.model import CallEvent, Calls, Taken
from handlers.kit.callers import Pseudonyms
from handlers.kit.commands import Command, StrangerError
from handlers.kit.delivery import Platform, Reader
from handlers.kit.facts import Fact
from handlers.kit.feature import Ahead
from handlers.kit.people import Address, Kind, Person, Profile, Role
from handlers.router import Answered, NothingKeptError, WritesError
from handlers.work import Occasion, Services
from scheduling.clock import Clock, nothing
from scheduling.under_way import FewOfEach
from storage.database import Database
from storage.work import SqlWork

_ASK_ABOUT = 2.0
"""Seconds that another platform has to say who somebody is there."""

_ASK_AGAIN_AFTER = timedelta(minutes=10)
"""Between two questions to a platform about the same person."""

_MOST_LOOKED_UP = 20
"""People about whom a platform is asked at the same time, beside what they do."""

_REMEMBERED = 10_000
"""People of whom a process remembers that their platform need not be asked."""

_ROUNDS = 3
"""How often a command may name somebody for the first time: its sender, and then all in its
form."""

_AT_ONCE = 16
"""Commands of one place that are done at once, of those that write and of those that read. As many
are kept in one commit; and however many more come, another place's is answered after these few."""

log = structlog.get_logger()

K = TypeVar("K")
V = TypeVar("V")


class Desk:
    """Takes commands from the platforms. `admins` are the user ids that ADMINS names."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        services: Services,
        *,
        admins: frozenset[str],
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._services = services
        self._admins = admins
        self.phones = Phones(database, clock)
        self._vouched: dict[Address, None] = {}
        self._asked_about: dict[Address, datetime] = {}
        self._emails: dict[tuple[str, str], datetime] = {}
        self._lookups: set[asyncio.Task[None]] = set()
        self._under_way = FewOfEach(_AT_ONCE)
        self._first: Callable[[], Awaitable[None]] = nothing

    def ask_after(self, first: Callable[[], Awaitable[None]]) -> None:
        """Has that waited for before anything is asked: what is read from files is read, say."""
        self._first = first

    async def ask(self, command: Command) -> Answered:
        """Answers the command when what it does is committed. Whoever is in it and not known yet
        is introduced first, with what their platform tells of them."""
        begun = perf_counter()
        await self._first()
        try:
            answer = await self._ask_until_all_are_known(command)
            if answer.turned_away and await self._is_welcome_after_all(command.by):
                answer = await self._ask_until_all_are_known(command)
            if not routes.leaves_no_trace(command):
                self._see_that_it_is_vouched(command.by)
            return answer
        finally:
            self._metrics.asked(routes.label_of(command), perf_counter() - begun)

    def phoned(self, command: Command) -> Sequence[Person] | None:
        """Whom somebody may phone where what they ask for can't be kept; None where they don't ask
        that somebody comes."""
        return self.phones.of(command)

    async def _ask_until_all_are_known(self, command: Command) -> Answered:
        nobodys: frozenset[Address] = frozenset()
        for _ in range(_ROUNDS):
            try:
                return await self._ask(command, nobodys)
            except StrangerError as strangers:
                asked = strangers.addresses
                met = await asyncio.gather(
                    *(self._introduce(one, sends=one == command.by) for one in asked)
                )
                nobodys |= {one for one, is_there in zip(asked, met, strict=True) if not is_there}
        return await self._ask(command, nobodys)

    async def shown(self, by: Address, key: str) -> Answered | None:
        """The card of the notice under `key` as things stand, for one of those it was sent to;
        None when there is none, or it is somebody else's."""
        now, services = self._clock(), self._services
        return await self._database.read(
            lambda work: router.shown(work, by, key, now, services), by.place
        )

    async def not_changed(self, key: str) -> None:
        """The message under this key could not be changed with an answer: it is changed as the
        others are."""
        await self._database.run(lambda work: work.outbox.look_at(key, self._clock()))

    async def stood(self, key: str, by: Address, ref: str) -> None:
        """An answer that goes on changing (`Answer.stands_for`) is there, and this is the
        platform's name for it."""
        await self._database.run(
            lambda work: work.outbox.stood(key, ref, by.place, self._clock()), by.place
        )

    async def ahead(self, by: Address, locales: Sequence[str]) -> Mapping[str, Ahead]:
        """What happens next by itself where the address is, told in each of the languages."""
        now, services = self._clock(), self._services
        return await self._database.read(
            lambda work: router.ahead(work, by, locales, now, services), by.place
        )

    async def finish(self, patience: float) -> None:
        """Waits up to `patience` seconds for what is being looked up, and gives the rest up."""
        if self._lookups:
            _, late = await asyncio.wait(self._lookups, timeout=patience)
            for task in late:
                task.cancel()

    def now(self) -> datetime:
        """The time by which Plecs acts."""
        return self._clock()

    async def learn(self, profile: Profile) -> None:
        """Takes over what a platform says has changed about one of its users."""
        now = self._clock()
        await self._database.run(
            lambda work: profiles.learn(work, profile, now, self._services), profile.address.place
        )

    async def quiet(
        self, address: Address, start: datetime | None, end: datetime | None, at: datetime
    ) -> None:
        """Takes over somebody's do-not-disturb, from `start` to `end` (None: there is none), as
        it was at `at` by the platform's clock."""
        now = self._clock()
        await self._database.run(
            lambda work: profiles.quiet(work, address, start, end, now, at=at), address.place
        )

    async def quiet_over(
        self, platform: str, limit: int, besides: Collection[str] = ()
    ) -> tuple[Address, ...]:
        """Whose do-not-disturb on the platform has ended: when it holds next has to be asked. Of
        the workspaces `besides`, nobody."""
        now = self._clock()
        return await self._database.read(
            lambda work: work.addresses.quiet_over(platform, now, limit, besides)
        )

    async def is_first_use(self, platform: str, number: str) -> bool:
        """Whether something that may be used once is used for the first time."""
        now = self._clock()
        return await self._database.run(lambda work: work.deliveries.is_new(platform, number, now))

    async def knows(self, address: Address) -> bool:
        """Whether somebody known, and still here, is at the address."""

        def is_here(work: SqlWork) -> bool:
            person = work.people.at(address)
            return person is not None and person.belongs

        return await self._database.read(is_here)

    async def meet(self, address: Address) -> None:
        """Somebody has the app now: they can be asked before they ever wrote, if their platform
        vouches for them."""
        if not await self._database.read(lambda work: work.people.at(address) is not None):
            await self._introduce(address, sends=False)

    async def make_admin(self, address: Address) -> None:
        """Whoever installed Plecs where nobody is its admin yet is that, unless they are known."""
        profile = await self._platforms[address.platform].profile(address)
        known, now = profile or _unvouched(address), self._clock()

        def know(work: SqlWork) -> None:
            there = work.people.with_role(work.workspaces.of(address), Role.ADMIN)
            admins = self._admins if there else self._admins | {address.user}
            profiles.introduce(work, known, admins, now, self._services)

        await self._database.run(know)

    async def reader(self, address: Address) -> Reader:
        """In what language and zone the person there reads; English where nobody is known."""
        person = await self._database.read(lambda work: work.people.at(address))
        return Reader(person.locale, person.zone) if person else Reader("en", "UTC")

    async def tell(self, fact: Fact) -> None:
        """Something happened on a platform: whoever hears of it acts, in one transaction."""
        now = self._clock()
        await self._database.run(lambda work: router.tell(fact, work, now, self._services))

    @property
    def caller(self) -> Pseudonyms:
        """Who has a number, under pseudonyms."""
        return self._services.caller

    async def hear(self, event: CallEvent, workspace: str = "") -> Taken:
        """A telephone system tells something; answers when what follows is committed. `workspace`:
        whose it is, where that is known."""
        await self._first()
        for agent in event.agents:
            if "@" in agent:
                await self._see_whose_email(agent, workspace)
        now = self._clock()
        return await self._database.run(
            lambda work: hearing.take(event, Occasion(work, now, self._services), workspace),
            workspace,
        )

    async def _see_whose_email(self, email: str, workspace: str) -> None:
        """Asks the platforms whose address it is in the workspace, where nobody is known there by
        it; not more often than somebody may be looked up."""
        now, before = self._clock(), self._emails.get((workspace, email))
        if before is not None and before <= now < before + _ASK_AGAIN_AFTER:
            return
        _remember(self._emails, (workspace, email), now)
        known, places = await self._database.read(
            lambda work: (
                work.of(Calls).known_as(email, workspace),
                work.workspaces.places(workspace) if workspace else (),
            )
        )
        if known is not None:
            return
        asked = {place.platform: place.workspace for place in places}
        for name, platform in self._platforms.items():
            if workspace and name not in asked:
                continue
            try:
                looking = platform.by_email(email, asked.get(name, ""))
                profile = await asyncio.wait_for(looking, _ASK_ABOUT)
            except TimeoutError:  # the call goes on; it is asked anew in a while
                continue
            if profile is not None:
                know = partial(profiles.know_email, profile=profile, email=email)
                await self._database.run(know)
                return

    async def _ask(self, command: Command, nobodys: frozenset[Address]) -> Answered:
        _, route = routes.find(command)
        kept = route is not None and not route.reads

        def answered(work: SqlWork) -> Answered:
            return router.answer(
                command, work, now=self._clock(), services=self._services, nobodys=nobodys
            )

        place = command.by.place
        try:
            async with self._under_way.of((place, kept)):
                if kept:
                    answer = await self._database.run(answered, place)
                else:
                    answer = await self._database.read(answered, place)
        except WritesError as writes:
            return await self._ask(writes.command, nobodys)
        except NothingKeptError as nothing_kept:
            answer, kept = nothing_kept.answer, False
        if answer.moved and not kept:
            await self._database.run(lambda work: work.addresses.used(command.by, self._clock()))
        return answer

    async def _same(self, profile: Profile) -> tuple[Address, ...]:
        """Where else in the organisation the same person is: the other platforms that were joined
        are asked for the e-mail address that this one vouches for."""
        email = profile.email
        if not email or profile.kind is not Kind.MEMBER:
            return ()
        places = await self._database.read(
            lambda work: work.workspaces.joined(work.workspaces.of(profile.address))
        )
        found: list[Address] = []
        for place in places:
            platform = self._platforms.get(place.platform)
            if platform is None or place.platform == profile.address.platform:
                continue
            try:
                looking = platform.by_email(email, place.workspace)
                other = await asyncio.wait_for(looking, _ASK_ABOUT)
            except TimeoutError:  # a hand must go up all the same; the people list can join them
                log.warning("not_asked_in_time", platform=place.platform)
                continue
            if other is not None and other.active and other.kind is Kind.MEMBER:
                found += [other.address] if other.address.place == place.place else []
        return tuple(found)

    async def _is_welcome_after_all(self, address: Address) -> bool:
        """Asks the platform anew about somebody who was turned away: what it tells when that
        changes may have come while Plecs was not there."""
        return self._may_ask_about(address) and await self._look_up(address)

    def _see_that_it_is_vouched(self, address: Address) -> None:
        """Has the platform asked, beside all else, about somebody it has not told of yet: it was
        slow when they first came, or they come from a list. A guest is not let in for that."""
        if address in self._vouched or len(self._lookups) >= _MOST_LOOKED_UP:
            return
        task = asyncio.create_task(self._vouch(address))
        self._lookups.add(task)
        task.add_done_callback(self._lookups.discard)

    async def _vouch(self, address: Address) -> None:
        try:
            vouched = await self._database.read(lambda work: work.addresses.is_vouched(address))
        except Exception as error:  # noqa: BLE001 - nobody waits for this; it is tried again
            log.warning("not_looked_up", platform=address.platform, error=type(error).__name__)
            return
        if vouched:
            _remember(self._vouched, address, None)
        elif self._may_ask_about(address):
            await self._look_up(address)

    def _may_ask_about(self, address: Address) -> bool:
        """Whether nobody asked the platform about them a short while ago."""
        now, before = self._clock(), self._asked_about.get(address)
        if before is not None and before <= now < before + _ASK_AGAIN_AFTER:
            return False
        _remember(self._asked_about, address, now)
        return True

    async def _look_up(self, address: Address) -> bool:
        """Takes over what the platform tells of somebody known; whether Plecs is for them. False
        where it doesn't say."""
        try:
            platform = self._platforms[address.platform]
            profile = await asyncio.wait_for(platform.profile(address), _ASK_ABOUT)
            if profile is None or not profile.vouched:
                return False
            await self.learn(profile)
        except Exception as error:  # noqa: BLE001 - what was asked is answered all the same
            log.warning("not_looked_up", platform=address.platform, error=type(error).__name__)
            return False
        return profile.belongs

    async def _introduce(self, address: Address, *, sends: bool) -> bool:
        """Makes somebody known with what their platform tells of them; whether anybody is there.

        Who `sends` a command is, whatever their platform can say now: a hand must go up all the
        same. Whom somebody only names is not, until their platform vouches for them.
        """
        profile = await self._platforms[address.platform].profile(address)
        if not sends and (profile is None or not profile.vouched or _is_nobody(profile)):
            return False
        known, now = profile or _unvouched(address), self._clock()
        others = await self._same(known)
        await self._database.run(
            lambda work: profiles.introduce(
                work, known, self._admins, now, self._services, others=others
            ),
            address.place,
        )
        log.info("introduced", platform=address.platform, bot=known.is_bot)
        return True


def _unvouched(address: Address) -> Profile:
    """What is known of the sender of a command of whom the platform can't tell now."""
    return Profile(address, name=address.user, vouched=False)


def _is_nobody(profile: Profile) -> bool:
    """Whether the platform knows nobody there: it has no more of them than the id."""
    return not profile.active and profile.name == profile.address.user


def _remember(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= _REMEMBERED:
        kept.pop(next(iter(kept)))
    kept[key] = value
