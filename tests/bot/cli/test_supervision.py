import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ics
from typer.testing import CliRunner, Result

from bot.command_line import app
from handlers.supervision.cycles.model import Cycles
from handlers.supervision.groups.model import Groups
from handlers.supervision.sessions.model import Sessions
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.storage.test_supervision import a_cycle, a_group, a_session


def export(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["supervision", "export", str(file), *options])


def test_groups_and_dates_go_to_a_file_by_its_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/plecs.db"
    migrate(url)
    database = Database(url)

    wall = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0, tzinfo=None)
    soon = a_session(1, wall + timedelta(days=7))

    def fill(work: SqlWork) -> None:
        work.of(Groups).put(a_group(workspace="local-demo", name="Rīta maiņa"))
        work.of(Cycles).put(a_cycle())
        work.of(Sessions).put([replace(soon, workspace="local-demo")])

    database.run_now(fill)
    database.close()
    table, sheet = tmp_path / "groups.csv", tmp_path / "groups.ics"
    assert export(table, "--language", "lv").exit_code == 0
    rows = csv.reader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";")
    assert [row[0] for row in rows] == ["Grupa", "Rīta maiņa"]
    assert export(sheet).exit_code == 0
    (event,) = ics.Calendar(sheet.read_text("utf-8")).events
    assert (event.uid, event.begin.datetime) == (soon.uid, soon.starts_at)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    refused = export(tmp_path / "groups.xlsx")
    assert refused.exit_code == 2
    assert "must end in .csv or .ics" in refused.output
    assert list(tmp_path.iterdir()) == []
