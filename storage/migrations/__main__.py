"""Writes the migration from the newest version to the present tables:
`python -m storage.migrations "what changed"`. It comes in the linter's shape; read it before you
keep it, and until the first release put its lines into 0001."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.engines import engine_for
from storage.migrate import config_for, migrate

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{Path(folder) / 'newest.db'}"
    _, newest = migrate(url, whole=False)
    with engine_for(url).connect() as connection:
        config = config_for(connection)
        config.set_section_option("post_write_hooks", "hooks", "tidy, format")
        for name, does in (("tidy", "check --fix --quiet"), ("format", "format --quiet")):
            config.set_section_option("post_write_hooks", f"{name}.type", "module")
            config.set_section_option("post_write_hooks", f"{name}.module", "ruff")
            config.set_section_option(
                "post_write_hooks", f"{name}.options", f"{does} REVISION_SCRIPT_FILENAME"
            )
        command.revision(
            config,
            sys.argv[1],
            autogenerate=True,
            rev_id=f"{int(newest or 0) + 1:04}",
        )
