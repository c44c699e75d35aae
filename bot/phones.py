"""Whom to phone while the database does not answer: kept in memory, for nothing else can be read
then."""

from datetime import timedelta
from functools import partial

from handlers import routes
from handlers.availability.shifts import with_shifts
from handlers.kit.commands import Command
from handlers.kit.people import Address, Person, Place
from scheduling.clock import Clock
from storage.database import Database
from storage.work import SqlWork

READ_EVERY = 60.0
"""Seconds between looks at who has an extension: so long an erased person may still be named."""

_KEPT = 50
"""People of a workspace who are kept: supervisors first."""

_NAMED = 5
"""The first who answers will do."""

_AT_ONCE = 50
"""Workspaces that are read in one go, between what people ask."""

_AHEAD = timedelta(days=2)
"""For how long it is read what is planned for them: no look comes while the database is gone."""


class Phones:
    """One process's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[Place, tuple[Person, ...]] = {}

    async def read(self) -> None:
        """Reads who has an extension. What was read before holds until then."""
        known: dict[Place, tuple[Person, ...]] = {}
        after: Place | None = None
        while some := await self._database.read(partial(self._read, after)):
            known |= some
            after = max(some)
        self._known = known

    def of(self, command: Command) -> tuple[Person, ...] | None:
        """Whom somebody may phone instead, who are on duty at this moment; None where what they
        ask for is not that somebody comes."""
        _, route = routes.find(command)
        if route is None or not route.calls_somebody:
            return None
        now = self._clock()
        there = [one for one in self._known.get(command.by.place, ()) if one.duty.holds(now)]
        return tuple(one for one in there if command.by not in one.addresses)[:_NAMED]

    def _read(self, after: Place | None, work: SqlWork) -> dict[Place, tuple[Person, ...]]:
        """Those of the next workspaces; nothing where there are no more."""
        return {
            place: self._of_workspace(work.workspaces.of(Address(*place, "")), work)
            for place in work.addresses.places(after, _AT_ONCE)
        }

    def _of_workspace(self, workspace: str, work: SqlWork) -> tuple[Person, ...]:
        now, found = self._clock(), work.people.to_phone(workspace, _KEPT)
        return tuple(with_shifts(found, work, now, now + _AHEAD))
