"""Imports every module of storage: so every table and every repository is known, and a new one is
by being there."""

from importlib import import_module
from pkgutil import walk_packages

import storage

_THEMSELVES = (
    *("storage.database", "storage.migrate", "storage.migrations", "storage.moving"),
    *("storage.engines", "storage.writers"),
    "storage.postgresql",  # its driver is large, and SQLite does without
    "storage.policy_search",  # so is the search's library, and who starts waits for no search
)
"""They import this one, or hold no tables."""

for _module in walk_packages(storage.__path__, "storage."):
    if not _module.name.startswith(_THEMSELVES):
        import_module(_module.name)
