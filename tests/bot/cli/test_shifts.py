"""`plecs shifts import`, as a planner uses it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.command_line import app
from handlers.availability.shifts import DayPlan, Shifts
from handlers.kit.people import Address
from handlers.kit.rota import ShiftKind
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork

PEOPLE = "name,platform user,extension\nJānis Ozols,janis,214\nAnna Kalniņa,anna,\n"
GOOD = (
    "Person;Datums;Sākums;Beigas;Veids\n"
    "214;02.03.2026;08:00;16:00;\n"
    "214;03.03.2026;22:00;06:00;darbs\n"
    "Anna Kalnina;02.03.2026;8.00;12.00;rakstu darbi\n"
    "anna;04.03.2026;;;atvaļinājums\n"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/data/plecs.db"
    migrate(url)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    assert CliRunner().invoke(app, ["people", "import", str(people)]).exit_code == 0
    return url


def import_(tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "shifts.csv"
    file.write_text(text)
    return CliRunner().invoke(app, ["shifts", "import", str(file), *options])


def planned(url: str, user: str) -> list[tuple[str, ShiftKind, float]]:
    """Which days are planned for them, as what, and for how many hours."""
    database = Database(url)

    def read(work: SqlWork) -> Sequence[DayPlan]:
        person = work.people.at(Address("local", "demo", user))
        assert person is not None
        return work.of(Shifts).days([person.id], date(2026, 1, 1), date(2026, 12, 31))

    days = database.run_now(read)
    database.close()
    return [
        (f"{one.day:%a}", entry.kind, (entry.end - entry.start).total_seconds() / 3600)
        for one in days
        for entry in one.entries
    ]


def test_a_plan_is_shown_then_brought_in_and_once_more_changes_nothing(
    tmp_path: Path, url: str
) -> None:
    said = "from 2026-03-02 to 2026-03-04: 4 lines of 2 people. Days: "
    shown = import_(tmp_path, GOOD, "--dry-run").stdout.splitlines()[-1]
    left = "0 left as people corrected them."
    assert shown == f"Would be planned {said}6 new, 0 changed, 0 as they were, {left}"
    assert planned(url, "janis") == []
    done = import_(tmp_path, GOOD).stdout.splitlines()[-1]
    assert done == f"Planned {said}6 new, 0 changed, 0 as they were, {left}"
    assert planned(url, "janis") == [
        ("Mon", ShiftKind.WORK, 8),
        ("Tue", ShiftKind.WORK, 8),
        ("Wed", ShiftKind.FREE, 24),
    ]
    assert planned(url, "anna") == [
        ("Mon", ShiftKind.DESK, 4),
        ("Tue", ShiftKind.FREE, 24),
        ("Wed", ShiftKind.ABSENCE, 24),
    ]
    again = import_(tmp_path, GOOD.replace("08:00;16:00", "12:00;20:00")).stdout.splitlines()
    assert again[-2:] == [
        "~ Jānis Ozols 2026-03-02: 08:00-16:00 work -> 12:00-20:00 work",
        f"Planned {said}0 new, 1 changed, 5 as they were, {left}",
    ]
    bad = import_(tmp_path, GOOD.replace("214;03.03.2026", "999;03.03.2026"))
    assert bad.exit_code == 1
    assert bad.stdout.splitlines()[-1] == "Nothing was planned: 1 to put right."
