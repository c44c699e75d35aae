"""Which workspaces get a week report by itself, and when the next."""

from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, delete

from handlers.reports.model import WeekReport, WeekReports
from storage.mapping import Record
from storage.schema import CODE, DUE, ID, Instant, Retention, metadata, put_all, rows_due
from storage.work import SqlWork, repository

week_reports: Table = Table(
    "week_reports",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("next_at", Instant, nullable=False, index=True, info=DUE),
    info={"retention": Retention(why="Until a coordinator stops it. Names nobody.")},
)

_REPORT = Record(WeekReport, week_reports)


class SqlWeekReports:
    """`handlers.reports.model.WeekReports` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, workspace: str) -> WeekReport | None:
        return _REPORT.load(self._connection, workspace)

    def put(self, report: WeekReport) -> None:
        put_all(self._connection, week_reports, [_REPORT.row(report)])

    def remove(self, workspace: str) -> None:
        self._connection.execute(delete(week_reports).where(week_reports.c.workspace == workspace))

    def due(self, now: datetime, limit: int) -> tuple[WeekReport, ...]:
        rows = rows_due(self._connection, week_reports.c.next_at, now, limit)
        return tuple(map(_REPORT.value, rows))


@repository(WeekReports)
def week_reports_of(work: SqlWork) -> SqlWeekReports:
    return SqlWeekReports(work.connection)
