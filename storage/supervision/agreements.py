"""Who agreed to what stays in a group."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, select

from handlers.supervision.agreement.model import Agreements
from storage.schema import HAPPENED, Instant, Retention, insert_new, metadata
from storage.supervision.cycles import cycles
from storage.supervision.groups import groups
from storage.supervision.sessions import person_key
from storage.work import SqlWork, repository

_A_DAY = timedelta(days=1)

agreements: Table = Table(
    "supervision_agreements",
    metadata,
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), primary_key=True),
    Column("cycle", ForeignKey(cycles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    person_key(),
    Column("at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="Two years: who agreed to which version of what stays in the group.",
            ended=lambda now: agreements.c.at < now - 731 * _A_DAY,
        )
    },
)


class SqlAgreements:
    """`handlers.supervision.agreement.model.Agreements` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def agreed(self, group: str, cycle: str, version: int) -> frozenset[str]:
        found = self._connection.scalars(
            select(agreements.c.person).where(
                agreements.c.group == group,
                agreements.c.cycle == cycle,
                agreements.c.version == version,
            )
        )
        return frozenset(found)

    def agree(self, group: str, cycle: str, version: int, person: str, now: datetime) -> None:
        row = {"group": group, "cycle": cycle, "version": version, "person": person, "at": now}
        insert_new(self._connection, agreements, [row])


@repository(Agreements)
def agreements_of(work: SqlWork) -> SqlAgreements:
    return SqlAgreements(work.connection)
