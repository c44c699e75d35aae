"""Whatever is given where a command reads a file: it says in a line or two what to do, ends with a
status of its own, and nothing is a traceback."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.command_line import app, main

LIBRARIES = (
    *("answers import", "calm import", "competences import", "learn import"),
    *("offers rules import", "policy import", "practice import"),
)
"""They read alike, by one function: of each but the first a few are tried."""

DOORS = {
    **dict.fromkeys(LIBRARIES, "yaml"),
    **dict.fromkeys(("offers codes", "people import", "shifts import"), "csv"),
    "practice check": "yaml",
    "db restore": "db",
}
"""Every command that reads a file, and how its files are called."""

_GROWS = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{one}'] * 8)}]\n"
    for one, after in itertools.pairwise("abcdefghij")
)

ODD: dict[str, bytes] = {
    "empty": b"",
    "blank lines": b"\r\n\r\n   \n\t\n",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "half of a UTF-16 character": b"\xff\xfea",
    "UTF-16 without its mark": "name;day\nĀ;1".encode("utf-16-le"),
    "UTF-16": "name;day\nĀ;1".encode("utf-16"),
    "cp1257": "vārds;diena\nĢirts;1".encode("cp1257"),
    "NUL bytes": b"name,day\x00\nx,1",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a ZIP, as .xlsx is": b"PK\x03\x04" + b"\x00" * 500,
    "sep= alone": b"sep=;",
    "sep= and nothing it parts": b"sep=\n",
    "a quote that never ends": b'name,day\n"Anna,2.3.\n' * 30,
    "one line without end": b"x" * 300_000,
    "many brackets": b"[" * 50_000,
    "many mappings": b"{a: " * 20_000,
    "aliases that grow": _GROWS.encode(),
    "a Python object": b"!!python/object/apply:os.system ['true']",
    "a date that no calendar has": b"a: 2026-02-30\n",
    "a number without end": b"a: " + b"9" * 10_000,
    "a key that is a list": b"? [a, b]\n: c\n",
    "a list": b"- a\n- b\n",
    "a word": b"hello",
    "two documents": b"a: 1\n---\nb: 2\n",
    "a calendar that is cut off": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026",
    "a calendar of nonsense": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nan\r\n"
    b"RRULE:FREQ=X\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "a database of another": b"SQLite format 3\x00" + b"\x00" * 4000,
}


def commands(group: typer.Typer, before: str = "") -> Iterator[tuple[str, object]]:
    for one in group.registered_commands:
        assert one.callback is not None
        name = one.name or one.callback.__name__.replace("_", "-")
        yield f"{before}{name}", one.callback
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, f"{before}{inner.name} ")


def test_every_command_that_reads_a_file_is_tried() -> None:
    reads = {
        name
        for name, callback in commands(app)
        for hint in getattr(callback, "__annotations__", {}).values()
        if any(getattr(one, "exists", False) for one in getattr(hint, "__metadata__", ()))
    }
    assert reads == set(DOORS)


def ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, list[str]]:
    """The status, and the lines that were said."""
    monkeypatch.setattr(sys, "argv", ["plecs", *words])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, (said.out + said.err).splitlines()


FEW = ("empty", "UTF-16", "cp1257", "a picture", "many brackets", "a list")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("door", "suffix"), [*DOORS.items(), ("shifts import", "ics")])
def test_what_stands_in_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], door: str, suffix: str
) -> None:
    wrong = []
    for number, what in enumerate(FEW if door in LIBRARIES[1:] else ODD):
        file = Path(f"odd{number}.{suffix}")
        file.write_bytes(ODD[what])
        try:
            status, said = ended(monkeypatch, capsys, *door.split(), str(file))
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            wrong.append(f"{what}: {error!r:.150}")
            continue
        if status not in (1, 2) or not said or len(said) > 40 or "Traceback" in "".join(said):
            wrong.append(f"{what}: {status} {said[:3]}"[:300])
    assert wrong == []


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("content", [b"", b"\n", b" , ,\n", b"\xff\xfea\x00", b"\x00" * 32])
def test_a_file_of_keys_that_holds_none_is_said_and_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """What the key in it sealed would be lost, if another were made in its place."""
    file = Path("data/secret_key")
    file.write_bytes(content)
    for command in ("people list out.csv", "keys rotate", "run", "check"):
        status, said = ended(monkeypatch, capsys, *command.split())
        assert (status, "Traceback" in repr(said)) == (2, False), command
        assert "secret_key" in said[-1]
        assert "Put back the file that was there" in said[-1]
    assert file.read_bytes() == content
