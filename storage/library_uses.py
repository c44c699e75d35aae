"""How many people use which entry of a library."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Column, String, Table, func, select

from handlers.library.uses import USES_FROM, USES_KEPT, Uses
from storage.schema import CODE, ID, STATED, Instant, Retention, insert_new, metadata
from storage.work import SqlWork, repository

library_uses: Table = Table(
    "library_uses",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("library", String(16), primary_key=True, info=CODE),
    Column("entry", String(40), primary_key=True, info=ID),
    Column("week", String(10), primary_key=True, info=CODE),
    Column("mark", String(64), primary_key=True, info=ID),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    info={
        "retention": Retention(
            why="Eight weeks: how many people used a technique or an answer, or practised, in a "
            "week. Who it was stands there as a mark, another one for each entry and week, which "
            "nobody can read back.",
            ended=lambda now: library_uses.c.ends_at <= now,
        )
    },
)


class SqlUses:
    """`handlers.library.uses.Uses` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def used(self, workspace: str, library: str, entry: str, person: str, now: datetime) -> None:
        today = now.astimezone(UTC).date()
        monday = today - timedelta(days=today.weekday())
        week = monday.isoformat()
        row = {
            "workspace": workspace,
            "library": library,
            "entry": entry,
            "week": week,
            "mark": self._work.seal.mark(f"uses {library} {entry} {week} {person}"),
            "ends_at": datetime.combine(monday, time(), UTC) + USES_KEPT,
        }
        insert_new(self._work.connection, library_uses, [row])

    def most_in_a_week(self, workspace: str, library: str, now: datetime) -> Mapping[str, int]:
        used = library_uses.c
        people = func.count(used.mark)
        rows = self._work.connection.execute(
            select(used.entry, people.label("people"))
            .where(used.workspace == workspace, used.library == library, used.ends_at > now)
            .group_by(used.entry, used.week)
            .having(people >= USES_FROM)
        )
        most: dict[str, int] = {}
        for row in rows:
            most[row.entry] = max(most.get(row.entry, 0), row.people)
        return most


@repository(Uses)
def uses_of(work: SqlWork) -> SqlUses:
    return SqlUses(work)
