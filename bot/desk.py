"""Where every platform's commands arrive: one transaction each, and the answer when it is kept."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter

import structlog

from bot.metrics import Metrics
from handlers import router
from handlers.kit.commands import Command, StrangerError
from handlers.kit.people import Address, Kind, Profile
from handlers.kit.ports import Platform
from handlers.router import Answer, NothingKeptError
from handlers.statuses import commands as statuses
from handlers.work import Tools
from scheduling.clock import Clock
from storage.database import Database

_ASK_ABOUT = 2.0
"""Seconds that another platform has to say who somebody is there."""

_MOST_STRANGERS = 8
"""People a command may name for the first time: a form's people field holds fewer."""

log = structlog.get_logger()


class Desk:
    """Takes commands from the platforms. `admins` are the user ids that ADMINS names."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        tools: Tools,
        *,
        admins: frozenset[str],
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._tools = tools
        self._admins = admins

    async def ask(self, command: Command) -> Answer:
        """Answers the command when what it does is committed. Whoever is in it and not known yet
        is introduced first, with what their platform tells of them."""
        begun = perf_counter()
        try:
            return await self._ask_until_all_are_known(command)
        finally:
            self._metrics.asked(command.name, perf_counter() - begun)

    async def _ask_until_all_are_known(self, command: Command) -> Answer:
        for _ in range(_MOST_STRANGERS):
            try:
                return await self._ask(command)
            except StrangerError as stranger:
                await self._introduce(stranger.address)
        return await self._ask(command)

    async def shown(self, by: Address, key: str) -> Answer | None:
        """The card of the notice under `key` as things stand, for one of those it was sent to;
        None when there is none, or it is somebody else's."""
        now, tools = self._clock(), self._tools
        return await self._database.read(lambda work: router.shown(work, by, key, now, tools))

    def now(self) -> datetime:
        """The time by which Plecs acts."""
        return self._clock()

    async def learn(self, profile: Profile) -> None:
        """Takes over what a platform says has changed about one of its users."""
        now = self._clock()
        await self._database.run(lambda work: router.learn(work, profile, now))

    async def quiet(self, address: Address, start: datetime | None, end: datetime | None) -> None:
        """Takes over somebody's do-not-disturb, from `start` to `end`; None: there is none."""
        now = self._clock()
        await self._database.run(lambda work: router.quiet(work, address, start, end, now))

    async def quiet_over(self, platform: str, limit: int) -> tuple[Address, ...]:
        """Whose do-not-disturb on the platform has ended: when it holds next has to be asked."""
        now = self._clock()
        return await self._database.read(
            lambda work: work.addresses.quiet_over(platform, now, limit)
        )

    async def is_first_use(self, platform: str, number: str) -> bool:
        """Whether something that may be used once is used for the first time."""
        now = self._clock()
        return await self._database.run(lambda work: work.deliveries.is_new(platform, number, now))

    async def permit_status(self, address: Address, token: str) -> bool:
        """Keeps somebody's permission to set their status; false when nobody known is there."""
        now = self._clock()
        return await self._database.run(lambda work: statuses.permit(work, address, token, now))

    async def permissions_gone(
        self, platform: str, workspace: str, users: Sequence[str] | None, before: datetime
    ) -> None:
        """The platform ended what these users permitted until `before`; None: everybody's."""
        await self._database.run(
            lambda work: statuses.taken_back(work, platform, workspace, users, before)
        )

    async def _ask(self, command: Command) -> Answer:
        _, route = router.find(command)
        door = self._database.read if route is None or route.reads else self._database.run
        now, kept = self._clock(), door == self._database.run
        try:
            answer = await door(partial(router.answer, command, now=now, tools=self._tools))
        except NothingKeptError as nothing_kept:
            answer, kept = nothing_kept.answer, False
        if answer.moved and not kept:
            await self._database.run(lambda work: work.addresses.used(command.by, now))
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
                other = await asyncio.wait_for(platform.by_email(email), _ASK_ABOUT)
            except TimeoutError:  # a hand must go up all the same; the people list can join them
                log.warning("not_asked_in_time", platform=place.platform)
                continue
            if other is not None and other.active and other.kind is Kind.MEMBER:
                found += [other.address] if other.address.place == place.place else []
        return tuple(found)

    async def _introduce(self, address: Address) -> None:
        profile = await self._platforms[address.platform].profile(address)
        if profile is None:  # the platform is slow or has no name: a hand must go up all the same
            profile = Profile(address, name=address.user)
        known, now = profile, self._clock()
        others = await self._same(profile)
        await self._database.run(
            lambda work: router.introduce(work, known, self._admins, now, others)
        )
        log.info("introduced", platform=address.platform, bot=profile.is_bot)
