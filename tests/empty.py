"""An empty database, as a first start makes it: made once by each process, and copied since."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from storage.migrate import migrate


@cache
def empty_sqlite() -> Path:
    """A SQLite file with every table and nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="plecs-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder}/empty.db")
    return folder / "empty.db"


def empty_in(folder: Path) -> None:
    """Puts such a file into the folder, where `plecs run` keeps its own."""
    shutil.copy(empty_sqlite(), folder / "plecs.db")
