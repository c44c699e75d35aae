"""What this machine refuses is one line with what to do about it, and never a traceback."""

import socket
import sys
from pathlib import Path

import pytest

from bot.__main__ import main


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
    said = refused(monkeypatch, capsys, "migrate")
    assert said == "DATABASE_URL leads to no database that answers: unable to open database file\n"


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
