"""`plecs calls` and `plecs callers`, against a Plecs that runs; and the page's own example."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.callers import KeyedPseudonyms
from bot.command_line import app
from handlers.callers.model import Callers, CallNote
from scheduling.clock import system_clock
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork
from tests.e2e.served import Served
from tests.webhooks import SECRET

KEY = "0123456789abcdef" * 2
NUMBER = "+371 2000 0001"
PAGE = Path(__file__).parents[3] / "docs" / "calls.md"


def test_a_running_plecs_says_what_became_of_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path, contact_secrets=SecretStr(SECRET))
    address = f"http://127.0.0.1:{served.port}"
    try:
        tried = CliRunner().invoke(app, ["calls", "try", "--url", address])
        assert tried.exit_code == 1
        assert tried.stderr.startswith("CONTACT_SECRETS is not set")
        monkeypatch.setenv("CONTACT_SECRETS", SECRET)
        kept = CliRunner().invoke(app, ["calls", "try", "--url", address])
        assert (kept.exit_code, kept.stdout) == (0, "202: It is kept.\n")
        nobody = CliRunner().invoke(app, ["calls", "try", "--url", address, "--agent", "214"])
        assert nobody.stdout.startswith("202: It is kept, but nobody here has this extension")
        wrong = CliRunner().invoke(app, ["calls", "try", "--url", address, "--type", "call.sung"])
        assert (wrong.exit_code, wrong.stderr.split(":")[0]) == (1, "400")
        (script,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
        shown = subprocess.run(  # noqa: S603 - the page's own lines
            ["/bin/sh", "-c", script],
            env={**os.environ, "PLECS": address, "CONTACT_SECRETS": SECRET},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(shown.stdout) == {"result": "nobodys"}
    finally:
        served.stop()


def test_a_caller_is_given_what_is_kept_and_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    migrate(url)
    now = system_clock()
    caller = KeyedPseudonyms(KEY)(NUMBER, now)
    assert caller is not None

    def write(work: SqlWork) -> None:
        note = CallNote(
            "c1", "local-demo", "p1", caller.remembering[0], now, "bills", "naming the next step"
        )
        work.of(Callers).put_note(note)

    database = Database(url, Seal(KEY))
    database.run_now(write)
    database.close()
    given = CliRunner().invoke(app, ["callers", "export", NUMBER])
    (row,) = json.loads(given.stdout)["call_notes"]
    assert (row["helped"], row["topic"], row.get("author")) == (
        "naming the next step",
        "bills",
        None,
    )
    refused = CliRunner().invoke(app, ["callers", "erase", "12", "--yes"])
    assert (refused.exit_code, refused.stderr) == (1, "That is no valid number.\n")
    erased = CliRunner().invoke(app, ["callers", "erase", NUMBER, "--objects", "--yes"])
    assert erased.stdout == ("The caller is erased: 1 rows, and nothing is kept from now on.\n")
    kept = json.loads(CliRunner().invoke(app, ["callers", "export", NUMBER]).stdout)
    assert list(kept) == ["caller_objections"]
    for said in ("The caller may be remembered again.\n", "There was no objection.\n"):
        assert CliRunner().invoke(app, ["callers", "allow", NUMBER]).stdout == said
