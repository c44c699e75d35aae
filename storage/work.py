"""One transaction, with every repository on it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.deliveries import SqlDeliveries
from storage.effects import Effects
from storage.heartbeats import SqlHeartbeats
from storage.instants import SqlInstants
from storage.local import SqlLocalMessages
from storage.outbox.claims import SqlClaims
from storage.outbox.digests import SqlDigests
from storage.outbox.lanes import SqlLanes
from storage.outbox.notices import SqlOutbox
from storage.outbox.state import SqlOutboxState
from storage.people.addresses import SqlAddresses
from storage.people.duty import SqlDuty
from storage.people.people import SqlPeople
from storage.people.workspaces import SqlWorkspaces
from storage.sealed import Seal
from storage.settings import SqlSettings
from storage.slack import SqlSlackInstallations
from storage.teams import SqlTeams

T = TypeVar("T")

log = structlog.get_logger()

_REPOSITORIES: dict[type[Any], Callable[["SqlWork"], Any]] = {}


def repository(kind: type[T]) -> Callable[[Callable[["SqlWork"], T]], Callable[["SqlWork"], T]]:
    """Marks the function of a feature's module that makes what keeps `kind`: the protocol by
    which handlers, or the clock, ask for it."""

    def mark(make: Callable[["SqlWork"], T]) -> Callable[["SqlWork"], T]:
        _REPOSITORIES[kind] = make
        return make

    return mark


class SqlWork:
    """`handlers.work.Work` over a connection. Made by the database for each transaction."""

    def __init__(
        self, connection: Connection, seal: Seal | None = None, *, writes: bool = True
    ) -> None:
        self.connection = connection
        self.writes = writes
        self.effects = Effects()
        # What every command begins with; the others are made when they are asked for.
        self.addresses = SqlAddresses(connection)
        self.settings = SqlSettings(connection)
        self.lanes = SqlLanes(connection, self.effects)
        self.people = SqlPeople(connection, self.addresses, self.settings, self.lanes)
        self._seal = seal
        self._asked_for: dict[type[Any], Any] = {}

    def of(self, kind: type[T]) -> T:
        """The repository that keeps this, over the same connection."""
        repository: T | None = self._asked_for.get(kind)
        if repository is None:
            repository = self._asked_for[kind] = _made_by(kind)(self)
        return repository

    def savepoint(self, do: Callable[[], None]) -> bool:
        try:
            with self.connection.begin_nested():
                do()
        except DBAPIError:
            raise  # the transaction itself is in trouble: it may be begun anew
        except Exception:
            log.exception("left_out")
            self.people.forget()
            self.settings.forget()
            return False
        return True

    @property
    def seal(self) -> Seal:
        """What is kept sealed is opened with it. The database must have been given one."""
        assert self._seal is not None, "this Database was opened without a Seal"
        return self._seal

    @cached_property
    def workspaces(self) -> SqlWorkspaces:
        return SqlWorkspaces(self.connection)

    @cached_property
    def duty(self) -> SqlDuty:
        return SqlDuty(self.connection)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self.connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection, self.effects)

    @cached_property
    def claims(self) -> SqlClaims:
        return SqlClaims(self.connection, self.effects, lambda: self.seal)

    @cached_property
    def digests(self) -> SqlDigests:
        return SqlDigests(self.connection, self.outbox, self.effects)

    @cached_property
    def outbox_state(self) -> SqlOutboxState:
        """For the metrics; no handler knows of it."""
        return SqlOutboxState(self.connection)

    @cached_property
    def instants(self) -> SqlInstants:
        """The program's own; no handler knows of it."""
        return SqlInstants(self.connection, self.effects)

    @cached_property
    def heartbeats(self) -> SqlHeartbeats:
        """The program's own; no handler knows of it."""
        return SqlHeartbeats(self.connection)

    @cached_property
    def local_messages(self) -> SqlLocalMessages:
        """The local workspace's own; no handler knows of it."""
        return SqlLocalMessages(self.connection)

    @cached_property
    def slack(self) -> SqlSlackInstallations:
        """Slack's own; no handler knows of it."""
        return SqlSlackInstallations(self.connection, self.seal)

    @cached_property
    def teams(self) -> SqlTeams:
        """Teams' own; no handler knows of it."""
        return SqlTeams(self.connection, self.seal)


def _made_by(kind: type[T]) -> Callable[[SqlWork], T]:
    make: Callable[[SqlWork], T] | None = _REPOSITORIES.get(kind)
    if make is None:
        raise LookupError(
            f"Nothing keeps {kind.__name__}: mark what makes it with @repository({kind.__name__}) "
            "in a module of storage"
        )
    return make
