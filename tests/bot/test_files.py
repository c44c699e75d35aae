"""A file that somebody names is read whole, or it is said why not."""

import os
from pathlib import Path

import pytest

from bot.files import BadContentError, content_of, write_for_owner


def test_what_stands_in_a_file_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_bytes(b"a;b")
    (tmp_path / "newest").symlink_to(tmp_path / "plan.csv")
    assert content_of(tmp_path / "newest", most=3) == b"a;b"
    with pytest.raises(BadContentError, match="more than"):
        content_of(tmp_path / "newest", most=2)


@pytest.mark.parametrize("what", ["folder", "pipe", "device", "nothing", "loop"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, what: str) -> None:
    there = tmp_path / "there"
    match what:
        case "folder":
            there.mkdir()
        case "pipe":
            os.mkfifo(there)
        case "device":
            there.symlink_to("/dev/zero")
        case "loop":
            there.symlink_to(there)
        case _:
            assert not there.exists()
    with pytest.raises(BadContentError, match="is no file"):
        content_of(there)


def test_what_tells_of_people_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    old.write_bytes(b"longer than what comes")
    old.chmod(0o644)
    for file in (new, old):
        write_for_owner(file, b"Anna")
        assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"Anna", 0o600)
