"""Writes the migration from the newest version to the present tables:
`python -m storage.migrations "what changed"`. Read it before you keep it."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import engine_for
from storage.migrate import config_for, migrate

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{Path(folder) / 'newest.db'}"
    _, newest = migrate(url)
    with engine_for(url).connect() as connection:
        command.revision(
            config_for(connection),
            sys.argv[1],
            autogenerate=True,
            rev_id=f"{int(newest or 0) + 1:04}",
        )
