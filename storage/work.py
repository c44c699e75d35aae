"""One transaction, with every repository on it."""

from collections.abc import Callable
from functools import cached_property

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.breaks import SqlBreaks
from storage.calendars import SqlCalendarAddresses
from storage.cases import SqlCases
from storage.deliveries import SqlDeliveries
from storage.effects import Effects
from storage.local import SqlLocalMessages
from storage.outbox.claims import SqlClaims
from storage.outbox.digests import SqlDigests
from storage.outbox.notices import SqlOutbox
from storage.people.addresses import SqlAddresses
from storage.people.duty import SqlDuty
from storage.people.people import SqlPeople
from storage.people.workspaces import SqlWorkspaces
from storage.plans import SqlPlans
from storage.policies import SqlPolicies
from storage.sealed import Seal
from storage.settings import SqlSettings
from storage.statuses import SqlStatuses
from storage.supervision import SqlSupervision
from storage.supervision_members import SqlSupervisionLife
from storage.teams import SqlTeams
from storage.vents import SqlVents

log = structlog.get_logger()


class SqlWork:
    """`handlers.work.Work` over a connection. Made by the database for each transaction."""

    def __init__(
        self, connection: Connection, seal: Seal | None = None, *, writes: bool = True
    ) -> None:
        self.connection = connection
        self.writes = writes
        self.effects = Effects()
        self._seal = seal

    def apart(self, do: Callable[[], None]) -> bool:
        try:
            with self.connection.begin_nested():
                do()
        except DBAPIError:
            raise  # the transaction itself is in trouble: it may be begun anew
        except Exception:
            log.exception("left_out")
            return False
        return True

    @property
    def seal(self) -> Seal:
        """What is kept sealed is opened with it. The database must have been given one."""
        assert self._seal is not None, "this Database was opened without a Seal"
        return self._seal

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self.connection)

    @cached_property
    def addresses(self) -> SqlAddresses:
        return SqlAddresses(self.connection)

    @cached_property
    def workspaces(self) -> SqlWorkspaces:
        return SqlWorkspaces(self.connection)

    @cached_property
    def duty(self) -> SqlDuty:
        return SqlDuty(self.connection)

    @cached_property
    def settings(self) -> SqlSettings:
        return SqlSettings(self.connection)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self.connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection, self.effects)

    @cached_property
    def claims(self) -> SqlClaims:
        return SqlClaims(self.connection, self.effects)

    @cached_property
    def digests(self) -> SqlDigests:
        return SqlDigests(self.connection, self.outbox, self.effects)

    @cached_property
    def cases(self) -> SqlCases:
        return SqlCases(self.connection, self.effects, writes=self.writes)

    @cached_property
    def policies(self) -> SqlPolicies:
        return SqlPolicies(self.connection)

    @cached_property
    def vents(self) -> SqlVents:
        return SqlVents(self.connection, self.effects, lambda: self.seal, writes=self.writes)

    @cached_property
    def breaks(self) -> SqlBreaks:
        return SqlBreaks(self.connection, self.people, self.duty, self.effects)

    @cached_property
    def plans(self) -> SqlPlans:
        return SqlPlans(self.connection, self.effects)

    @cached_property
    def supervision(self) -> SqlSupervision:
        return SqlSupervision(self.connection, self.effects)

    @cached_property
    def supervision_life(self) -> SqlSupervisionLife:
        return SqlSupervisionLife(
            self.connection, self.effects, lambda: self.seal, writes=self.writes
        )

    @cached_property
    def calendars(self) -> SqlCalendarAddresses:
        return SqlCalendarAddresses(self.connection, self.seal)

    @cached_property
    def statuses(self) -> SqlStatuses:
        return SqlStatuses(self.connection, self.people, self.effects, lambda: self.seal)

    @cached_property
    def local_messages(self) -> SqlLocalMessages:
        """The local workspace's own; no handler knows of it."""
        return SqlLocalMessages(self.connection)

    @cached_property
    def teams(self) -> SqlTeams:
        """Teams' own; no handler knows of it."""
        return SqlTeams(self.connection, self.seal)
