"""PostgreSQL answers in time, or is left."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from storage.database import Database, UnreachableError, reach
from storage.postgresql import ANSWER_SECONDS, CONNECT_SECONDS
from storage.work import SqlWork

_HOLDS = """
import sys
from storage.database import Database

def hold(work):
    work.settings.put("w", "s", {"value": "theirs"})
    print("held", flush=True)
    sys.stdin.readline()

Database(sys.argv[1]).run_now(hold)
print("kept", flush=True)
"""


def put(work: SqlWork) -> None:
    work.settings.put("w", "s", {"value": "ours"})


def kept(database: Database) -> object:
    return database.run_now(lambda work: work.settings.get("w", "s"))


@pytest.fixture
def postgres(migrated_postgres: str) -> Iterator[Database]:
    opened = Database(migrated_postgres)
    opened.run_now(lambda work: work.connection.execute(text("TRUNCATE workspace_settings")))
    yield opened
    opened.close()


def test_a_process_stopped_in_the_middle_holds_nobody_up_for_five_seconds(
    postgres: Database, migrated_postgres: str
) -> None:
    command = [sys.executable, "-c", _HOLDS, migrated_postgres]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        try:
            assert other.stdout.readline() == "held\n"
            os.kill(other.pid, signal.SIGSTOP)
            # A lock is waited for 5 s at most: that it is kept says that it took less.
            postgres.run_now(put)
            assert kept(postgres) == {"value": "ours"}
            os.kill(other.pid, signal.SIGCONT)
            # Whoever was stopped lost the transaction, begins anew, and knows what is there.
            print(file=other.stdin, flush=True)
            assert other.stdout.readline() == "held\n"
            print(file=other.stdin, flush=True)
            assert other.stdout.readline() == "kept\n"
            assert kept(postgres) == {"value": "theirs"}
        finally:
            other.kill()


class Proxy:
    """A road to the server that can turn into a hole: what goes in is taken, and nothing comes."""

    def __init__(self, server: socket.socket, target: str) -> None:
        self.address = server.getsockname()
        self.is_hole = False
        self._server = server
        self._target = target

    def serve(self) -> None:
        with suppress(OSError):  # it is closed: that is the end
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far, suppress(OSError):
            far.connect(self._target)
            other = {near: far, far: near}
            while True:
                for one in select.select(list(other), [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    if not self.is_hole:
                        other[one].sendall(data)


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """A road to the database, and its address by that road."""
    there = make_url(url)
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        folder = there.query.get("host")
        proxy = Proxy(server, f"{folder}/.s.PGSQL.{there.port or 5432}")
        serving = threading.Thread(target=proxy.serve, daemon=True)
        serving.start()
        host, port = proxy.address
        near = there.set(host=host, port=port, query={"sslmode": "disable"})
        yield proxy, near.render_as_string(hide_password=False)
        server.shutdown(socket.SHUT_RDWR)
        serving.join()


def test_a_host_that_swallows_everything_is_left_and_found_again(migrated_postgres: str) -> None:
    with proxied(migrated_postgres) as (proxy, url):
        database = Database(url)
        database.run_now(put)
        proxy.is_hole = True
        began = monotonic()
        with pytest.raises(OperationalError):
            database.run_now(put)
        noticed = monotonic() - began
        with pytest.raises(UnreachableError):
            reach(url)
        proxy.is_hole = False
        database.run_now(put)
        assert kept(database) == {"value": "ours"}
        database.close()
        assert noticed < 3 * (ANSWER_SECONDS + CONNECT_SECONDS)  # 10 s on a quiet machine


def test_each_thing_that_may_hang_has_a_limit(postgres: Database) -> None:
    def limits(work: SqlWork) -> dict[str, str]:
        return {
            name: str(work.connection.execute(text(f"SHOW {name}")).scalar_one())
            for name in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")
        }

    assert postgres.run_now(limits) == {
        "idle_in_transaction_session_timeout": "4s",
        "lock_timeout": "5s",
        "statement_timeout": "6s",
    }


def test_a_statement_that_takes_too_long_is_ended(postgres: Database) -> None:
    with pytest.raises(OperationalError) as raised:
        postgres.run_now(lambda work: work.connection.execute(text("SELECT pg_sleep(60)")))
    assert getattr(raised.value.orig, "sqlstate", None) == "57014"
