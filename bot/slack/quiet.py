"""Do-not-disturb, looked up where Slack does not tell of it by itself."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import UNREACHABLE, word_of
from bot.slack.clients import NotInstalledError, SlackClients
from bot.slack.parse import quiet_hours
from handlers.kit.people import Address

log = structlog.get_logger()

MOST_QUIET = 50
"""People in one question about do-not-disturb: Slack's own limit for dnd.teamInfo."""

_WORKSPACE = attrgetter("workspace")

_ABOUT_SOMEBODY = frozenset(
    {"invalid_users", "user_not_found", "user_not_visible", "users_not_found"}
)
"""What Slack says when one of those asked about is not there for Plecs."""


class QuietDesk(Protocol):
    """The core, as far as do-not-disturb goes."""

    def now(self) -> datetime: ...

    async def quiet_over(
        self, platform: str, limit: int, besides: Collection[str] = ()
    ) -> tuple[Address, ...]: ...

    async def quiet(
        self, address: Address, start: datetime | None, end: datetime | None, at: datetime
    ) -> None: ...


class QuietHours:
    """Asks Slack for people's do-not-disturb, and tells the desk."""

    def __init__(self, desk: QuietDesk, clients: SlackClients) -> None:
        self._desk = desk
        self._clients = clients
        self._silent: set[str] = set()  # workspaces that wait until the others were asked about

    def now(self) -> datetime:
        """The time in whole seconds, as Slack's events have it."""
        return self._desk.now().replace(microsecond=0)

    async def look_up(self, who: Address) -> None:
        """Slack tells of do-not-disturb only when it changes: so it is asked once at the start."""
        at = self.now()
        try:
            client = await self._clients.of(who.workspace)
            status = await client.dnd_info(user=who.user)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="dnd.info", error=word_of(error))
            return
        start, end = quiet_hours(status.data)
        await self._desk.quiet(who, start, end, at)

    async def look_up_again(self) -> None:
        """Asks anew about those whose do-not-disturb has ended: Slack tells only the next time."""
        over = await self._desk.quiet_over("slack", MOST_QUIET, tuple(self._silent))
        if not over:
            self._silent.clear()
        for _, people in groupby(sorted(over, key=_WORKSPACE), key=_WORKSPACE):
            await self._look_up_all(tuple(people))

    async def _look_up_apart(self, people: Sequence[Address], at: datetime) -> None:
        """One of them can't be asked about: the rest are, and that one is not asked about again."""
        if len(people) == 1:
            await self._desk.quiet(people[0], None, None, at)
            return
        middle = len(people) // 2
        await self._look_up_all(people[:middle])
        await self._look_up_all(people[middle:])

    async def _look_up_all(self, people: Sequence[Address]) -> None:
        users, at = ",".join(address.user for address in people), self.now()
        try:
            client = await self._clients.of(people[0].workspace)
            answer = await client.dnd_teamInfo(users=users)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="dnd.teamInfo", error=word_of(error))
            if isinstance(error, SlackApiError) and word_of(error) in _ABOUT_SOMEBODY:
                await self._look_up_apart(people, at)
            elif isinstance(error, NotInstalledError):  # nobody is asked about there any more
                for one in people:
                    await self._desk.quiet(one, None, None, at)
            else:
                self._silent.add(people[0].workspace)
            return
        for address in people:
            start, end = quiet_hours(answer["users"].get(address.user, {}))
            await self._desk.quiet(address, start, end, at)
