"""Engines for SQLite and for PostgreSQL, with the settings that durability and speed depend on."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

POOL = 8
"""Connections a process holds to PostgreSQL. PostgreSQL's own default allows 100 in all."""

_STATEMENTS = 512
"""Statements that a connection to SQLite keeps as they were parsed; the driver's own 128 are fewer
than a process has in a minute."""

BUSY_WAIT = 10_000
"""Milliseconds that one process waits for another's transaction in the same SQLite file."""


def engine_for(url: str, *, patient: bool = False) -> Engine:
    """An engine with the settings that durability and speed here depend on. `patient`: for what
    takes its time, like a migration."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            _for_its_owner_alone(Path(parsed.database))
        arguments = {"isolation_level": None, "cached_statements": _STATEMENTS}
        engine = create_engine(parsed, connect_args=arguments)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    from storage.postgresql import postgresql_engine  # noqa: PLC0415 - its driver is large

    return postgresql_engine(parsed, POOL * 2, patient=patient)


@contextmanager
def opened(url: str, *, patient: bool = False) -> Iterator[Engine]:
    """An engine for what is soon over; its connections are closed at the end."""
    engine = engine_for(url, patient=patient)
    try:
        yield engine
    finally:
        engine.dispose()


def of_one_state(engine: Engine) -> Engine:
    """The engine for who reads: each transaction sees one state from its first look to its last.
    With SQLite it does so from its BEGIN on, which is the caller's."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _for_its_owner_alone(file: Path) -> None:
    """Makes the file, and the folder it is in, so that nobody else on this machine may read them.
    A folder that was there already may hold other things, and stays as it is; SQLite makes what
    it keeps beside the file (its log) with the file's own permissions."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    if _may_be_ours(file):
        with suppress(PermissionError):  # another's file, which they let us use
            file.chmod(0o600)


def _may_be_ours(file: Path) -> bool:
    """Whether it is a database, or an empty file. What else somebody named by mistake stays as it
    is, for SQLite says that it is none. Raises OSError for what SQLite would write to: a device."""
    if file.is_dir():
        return False
    if not file.is_file():
        raise OSError(EINVAL, "It is no file", str(file))
    with file.open("rb") as content:
        return content.read(len(_SQLITE)) in (b"", _SQLITE)


_SQLITE = b"SQLite format 3\0"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a power cut must not take a raised hand back
        "foreign_keys=ON",
        f"busy_timeout={BUSY_WAIT}",
        "secure_delete=ON",  # what is deleted is overwritten, not only forgotten
        # What one statement would take back lies in a file otherwise, made for it and deleted.
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
