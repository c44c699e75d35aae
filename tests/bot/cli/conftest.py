import shutil
from pathlib import Path

import pytest

from bot import settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, with no settings from this machine."""
    monkeypatch.chdir(tmp_path)
    for one in settings.described():
        monkeypatch.delenv(one.variable, raising=False)


@pytest.fixture
def kept(empty_sqlite: Path, tmp_path: Path) -> str:
    """The address of the database that Plecs has where nothing is set, with nothing in it."""
    (tmp_path / "data").mkdir()
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'data' / 'plecs.db')}"
