from pathlib import Path

import pytest

from bot import settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, with no settings from this machine."""
    monkeypatch.chdir(tmp_path)
    for one in settings.described():
        monkeypatch.delenv(one.variable, raising=False)
