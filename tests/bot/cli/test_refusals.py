"""What this machine refuses is one line with what to do about it, and never a traceback."""

import gc
import os
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import __main__
from bot.command_line import main
from storage.migrate import migrate


def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """The one line that the command ends with; its exit status is 2."""
    monkeypatch.setattr(sys, "argv", ["plecs", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    return said


def test_a_port_in_use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        Path(".env").write_text(f"PORT={port}\n")
        said = refused(monkeypatch, capsys, "run")
    assert str(port) in said
    assert said.endswith("Stop what listens there, or set another PORT.\n")


def test_a_host_that_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slack = "SLACK_BOT_TOKEN=xoxb-1\nSLACK_SIGNING_SECRET=8f742231b10e8888abcd99yyyzzz85a5\n"
    Path(".env").write_text(f"{slack}HOST=nobody.invalid\n")
    said = refused(monkeypatch, capsys, "run")
    assert said.startswith("HOST and PORT can't be listened on: ")
    assert said.endswith(". Set others.\n")


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_folder_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    Path("data").write_text("a file where the folder should be")
    said = refused(monkeypatch, capsys, command)
    assert said.startswith("data can't be used: File exists. Let whoever runs Plecs write there")


def test_a_file_that_is_a_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data/plecs.db").mkdir(parents=True)
    before = Path("data/plecs.db").stat().st_mode
    said = refused(monkeypatch, capsys, "migrate")
    assert Path("data/plecs.db").stat().st_mode == before
    assert said == "DATABASE_URL leads to no database that answers: unable to open database file\n"


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_file_that_is_no_database_stays_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    notes = Path("notes.txt")
    notes.write_text("What I must not forget, in more than a hundred signs. " * 20)
    notes.chmod(0o664)
    before = notes.read_bytes()
    Path(".env").write_text("DATABASE_URL=sqlite:///notes.txt\n")
    said = refused(monkeypatch, capsys, command)
    assert said == "DATABASE_URL leads to no database that answers: file is not a database\n"
    assert (notes.stat().st_mode & 0o777, notes.read_bytes()) == (0o664, before)


def test_what_is_no_file_at_all_stays_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who may do everything would take it from everybody else."""
    os.mkfifo("pipe")
    Path("pipe").chmod(0o664)
    Path(".env").write_text("DATABASE_URL=sqlite:///pipe\n")
    said = refused(monkeypatch, capsys, "migrate")
    assert said.startswith("pipe can't be used: It is no file. Let whoever runs Plecs")
    assert Path("pipe").stat().st_mode & 0o777 == 0o664


def test_no_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text(
        f"DATABASE_URL=postgresql://nobody@127.0.0.1:1/plecs\nSECRET_KEY={'first' * 8}\n"
    )
    said = refused(monkeypatch, capsys, "migrate")
    assert said.startswith("DATABASE_URL leads to no database that answers: ")


@pytest.mark.parametrize("command", ["run", "check"])
def test_settings_in_another_encoding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    Path(".env").write_bytes("ADMINS=U012AB".encode("utf-16"))
    monkeypatch.setattr(sys, "argv", ["plecs", command])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert (said.out + said.err).endswith(".env is not UTF-8: save it anew as UTF-8.\n")


def test_a_setting_whose_name_is_mistyped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be as if it were not there; what is nothing of ours may stand there."""
    Path(".env").write_text("COMPOSE_PROJECT_NAME=plecs\n\nslack_signin_secret=0123\n")
    assert refused(monkeypatch, capsys, "migrate") == (
        ".env, line 3: there is no SLACK_SIGNIN_SECRET. Is SLACK_SIGNING_SECRET meant?\n"
    )


def test_a_setting_that_stands_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once it is as good as once more; and what is nothing of ours is nobody's business here."""
    Path(".env").write_text("PORT=8080\nA=1\nA=2\nport='8080'\n\nexport PORT=8081\n")
    assert refused(monkeypatch, capsys, "migrate") == (
        ".env, line 6: PORT has another value above. Leave one of them.\n"
    )


def test_it_is_stopped_while_it_still_loads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class PressesCtrlC:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "bot.command_line":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "bot.command_line")
    monkeypatch.setattr(sys, "meta_path", [PressesCtrlC(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "")
    assert gc.isenabled()


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_tables_of_a_newer_plecs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    _, known = migrate("sqlite:///data/plecs.db")
    with closing(sqlite3.connect("data/plecs.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    said = refused(monkeypatch, capsys, command)
    assert said == (
        f"The database is at version 9999, and this Plecs knows it up to {known}: start the newer "
        "Plecs, or put the backup from before it back.\n"
    )
