"""Which workspace a platform's own belongs to."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, String, Table, bindparam, select

from handlers.kit.people import Address
from storage.people.tables import people
from storage.schema import ID, Retention, metadata, put_all

workspace_places = Table(
    "workspace_places",
    metadata,
    Column("platform", String(16), primary_key=True, info=ID),
    Column("external", String(80), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    info={"retention": Retention(why="As long as the workspace uses Plecs; names nobody.")},
)
"""Which workspace a platform's own belongs to, where it was joined with another platform's. What
isn't here is a workspace by itself."""

_OF = select(workspace_places.c.workspace).where(
    workspace_places.c.platform == bindparam("platform"),
    workspace_places.c.external == bindparam("external"),
)


def _by_itself(place: Address) -> str:
    """What a place is called that is a workspace by itself."""
    return f"{place.platform}-{place.workspace}"


def own_place(workspace: str) -> Address:
    """The place that the workspace is called by, without a user."""
    platform, _, external = workspace.partition("-")
    return Address(platform, external, "")


class SqlWorkspaces:
    """`handlers.kit.ports.Workspaces` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, address: Address) -> str:
        found = self._connection.execute(
            _OF, {"platform": address.platform, "external": address.workspace}
        ).scalar_one_or_none()
        return found or _by_itself(address)

    def join(self, places: Sequence[Address]) -> tuple[Address, ...]:
        """Makes the platforms' workspaces one here, with one list of people. Answers those that
        can't be: somebody is known there already, and somebody else in the one they would join.
        """
        known = {place: self._is_known(self.of(place)) for place in places}
        home = self.of(next((p for p in places if known[p]), places[0]))
        apart = tuple(p for p in places if known[p] and self.of(p) != home)
        rows = [
            {"platform": place.platform, "external": place.workspace, "workspace": home}
            for place in places
            if place not in apart
        ]
        put_all(self._connection, workspace_places, rows)
        return apart

    def joined(self, workspace: str) -> tuple[Address, ...]:
        """The platforms' workspaces that were joined into this one, as addresses without a
        user."""
        rows = self._connection.execute(
            select(workspace_places.c.platform, workspace_places.c.external)
            .where(workspace_places.c.workspace == workspace)
            .order_by(workspace_places.c.platform, workspace_places.c.external)
        )
        return tuple(Address(platform, external, "") for platform, external in rows)

    def places(self, workspace: str) -> tuple[Address, ...]:
        """The platforms' workspaces that are this one, as addresses without a user."""
        return self.joined(workspace) or (own_place(workspace),)

    def _is_known(self, workspace: str) -> bool:
        anybody = select(people.c.id).where(people.c.workspace == workspace).limit(1)
        return self._connection.execute(anybody).one_or_none() is not None
