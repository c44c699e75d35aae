"""A folder of answers is read whole, or each of its files that can't be is named."""

import os
from pathlib import Path

import pytest

from bot.cli.answers import read
from handlers.library.model import InvalidLibraryError

FRONT = (
    "---\nname: A bill\nowner: Dace\nexamples: [a bill]\nreview: 2027-01-01\n---\nIt is right.\n"
)


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(InvalidLibraryError) as caught:
        read(folder)
    return caught.value.problems


def test_it_is_read_as_any_editor_saves_it(tmp_path: Path) -> None:
    (tmp_path / "bill.lv.md").write_bytes(f"\ufeff{FRONT}".replace("\n", "\r\n").encode())
    (tmp_path / "bill.en.md").write_text(FRONT)
    found = read(tmp_path)
    assert isinstance(found, dict)
    [answer] = found["answers"].values()
    assert answer["text"] == {"lv": "It is right.", "en": "It is right."}


def test_each_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.lv.md").mkdir()
    os.mkfifo(tmp_path / "b.lv.md")
    (tmp_path / "c.lv.md").symlink_to("/dev/zero")
    (tmp_path / "d.lv.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "e.lv.md").write_bytes(b"\xff\xfe")
    (tmp_path / "f.lv.md").write_text(f"Read this as well.\n{FRONT}")
    (tmp_path / "g.lv.md").write_text("---\nreview: 2026-13-45\n---\nx")
    assert problems(tmp_path) == (
        *(f"{one}.lv.md: this is no file: give one" for one in "abcd"),
        "e.lv.md: this is not UTF-8",
        "f.lv.md: it should begin with front matter between two lines of ---",
        "g.lv.md: line 1: can't be read as what it looks like: put it in quotes",
    )
