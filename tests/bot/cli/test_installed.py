"""Plecs as it is installed: from its wheel, with no checkout around it."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot import settings

ROOT = Path(__file__).parents[3]
PACKAGES = ("bot", "handlers", "scheduling", "storage")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder into which the wheel was unpacked."""
    source, built = tmp_path / "source", tmp_path / "built"
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "uv", "--quiet", "build", "--wheel", "--no-build-isolation"),
            *("--out-dir", str(built), str(source)),
        ],
        check=True,
    )
    [wheel] = built.glob("*.whl")
    assert wheel.name == f"plecs-{version('plecs')}-py3-none-any.whl"
    folder = tmp_path / "installed"
    ZipFile(wheel).extractall(folder)
    return folder


def test_it_brings_every_file_and_keeps_what_it_keeps_in_its_user_s_folder(
    installed: Path, tmp_path: Path
) -> None:
    assert files_in(installed) == files_in(ROOT)
    home, anywhere = tmp_path / "home", tmp_path / "anywhere"
    home.mkdir()
    anywhere.mkdir()

    def plecs(*said: str) -> str:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "bot", *said],
            cwd=anywhere,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "PYTHONPATH": str(installed),
                "COLUMNS": "80",
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert re.fullmatch(r"The database went from nothing to version \d+\.\n", plecs("migrate"))
    [database] = home.rglob("plecs.db")
    assert (database.parent.name, list(anywhere.iterdir())) == ("plecs", [])
    # However long the folder's name is, a setting's name stands whole beside what it means.
    overview = plecs("check")
    assert [one.variable for one in settings.described() if one.variable not in overview] == []
    assert "meaning, and what to do" in overview.splitlines()[0]


def files_in(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for package in PACKAGES
        for file in (folder / package).rglob("*.*")
        if file.is_file() and file.suffix != ".pyc"
    }
