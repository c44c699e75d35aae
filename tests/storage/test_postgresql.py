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

from handlers.escalation.model import Case, Cases
from storage.database import Database, UnreachableError, reach
from storage.engines import engine_for
from storage.migrate import migrate
from storage.postgresql import ANSWER_SECONDS, CONNECT_SECONDS
from storage.work import SqlWork
from storage.writers import UncertainError
from tests.storage.made import NOW, raised, somebody

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


def test_a_hand_that_goes_up_waits_for_nothing_that_happens_to_others(postgres: Database) -> None:
    """What asks a ring holds each hand that it looks at, and whom it asks, until the last is done:
    seconds, on a busy machine. An agent who is asked there had their own hand refused for it."""

    def raise_hand(work: SqlWork) -> tuple[tuple[Case, ...], int]:
        work.duty.mark_asked((colleague.id,), NOW)
        return work.of(Cases).raising(colleague.id, "paper-T1", NOW)

    colleague = somebody(postgres, "Jānis")
    case = raised("anna", (colleague.id,))
    postgres.run_now(lambda work: work.of(Cases).add(case))
    with postgres.engine.connect() as connection:
        ring = SqlWork(connection, None)
        assert ring.of(Cases).get(case.id) == case
        ring.duty.mark_asked((colleague.id,), NOW)
        assert postgres.run_now(raise_hand) == ((), 0)
        connection.commit()
    assert postgres.run_now(raise_hand) == ((case,), 0)


class Proxy:
    """A road to the server that can turn into a hole: what goes in is taken, and nothing comes."""

    def __init__(self, server: socket.socket, target: str) -> None:
        self.address = server.getsockname()
        self.is_hole = False
        self.is_pooler = False
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
                    if self.is_pooler:
                        data = self._pooled(near, data)
                    if not self.is_hole:
                        other[one].sendall(data)

    def _pooled(self, near: socket.socket, data: bytes) -> bytes:
        """As PgBouncer has it: it knows no options, and calls its connection a process of its own.
        Raises OSError when it hangs up."""
        if data[4:6] == b"\0\3" and b"options\0" in data:  # it introduces itself
            said = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
            near.sendall(b"E" + (len(said) + 4).to_bytes(4, "big") + said)
            raise OSError
        key = data.find(b"K\0\0\0\x0c")
        return data if key < 0 else data[: key + 5] + b"\0\0\0\x01" + data[key + 9 :]


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


LIMITS = {
    "idle_in_transaction_session_timeout": "4s",
    "lock_timeout": "5s",
    "statement_timeout": "6s",
}


def limits(work: SqlWork) -> dict[str, str]:
    return {
        name: str(work.connection.execute(text(f"SHOW {name}")).scalar_one()) for name in LIMITS
    }


def test_each_thing_that_may_hang_has_a_limit(postgres: Database) -> None:
    assert postgres.run_now(limits) == LIMITS


def test_behind_a_pooler_each_transaction_has_the_limits_and_nothing_is_prepared(
    migrated_postgres: str,
) -> None:
    prepared = text("SELECT count(*) FROM pg_prepared_statements")
    with proxied(migrated_postgres) as (proxy, url):
        proxy.is_pooler = True
        migrate(url)
        database = Database(url)
        for _ in range(20):
            assert database.run_now(limits) == LIMITS
        assert database.run_now(lambda work: work.connection.scalar(prepared)) == 0
        database.close()


def test_a_statement_that_takes_too_long_is_ended(postgres: Database) -> None:
    with pytest.raises(OperationalError) as raised:
        postgres.run_now(lambda work: work.connection.execute(text("SELECT pg_sleep(60)")))
    assert getattr(raised.value.orig, "sqlstate", None) == "57014"


def _end_connections(url: str) -> None:
    """What a server does to all others when it stops, or hands over to another one."""
    outside = engine_for(url)
    with outside.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    outside.dispose()


def test_a_connection_lost_in_the_middle_costs_nobody_their_command(
    postgres: Database, migrated_postgres: str
) -> None:
    tries: list[int] = []

    def count(work: SqlWork) -> None:
        before = work.settings.get("w", "s") or {"value": 0}
        work.settings.put("w", "s", {"value": before["value"] + 1})  # type: ignore[operator] # ours
        tries.append(1)
        if len(tries) == 1:
            _end_connections(migrated_postgres)
            work.settings.get("w", "s")

    postgres.run_now(count)
    assert len(tries) == 2
    assert kept(postgres) == {"value": 1}


async def test_a_look_whose_connection_is_lost_is_taken_again(
    postgres: Database, migrated_postgres: str
) -> None:
    postgres.run_now(put)
    tries: list[int] = []

    def look(work: SqlWork) -> object:
        tries.append(1)
        if len(tries) == 1:
            _end_connections(migrated_postgres)
        return work.settings.get("w", "s")

    assert await postgres.read(look) == {"value": "ours"}
    assert len(tries) == 2


def test_a_server_that_hands_over_is_left_for_the_one_that_writes(
    postgres: Database, migrated_postgres: str
) -> None:
    """Connections from before stay with what is a standby now, which takes no writes."""
    postgres.run_now(put)

    def write(work: SqlWork) -> None:
        if not tries:
            work.connection.execute(text("SET TRANSACTION READ ONLY"))
        tries.append(work.connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        work.settings.put("w", "s", {"value": "theirs"})

    tries: list[int] = []
    postgres.run_now(write)
    assert len(set(tries)) == 2, "by another connection"
    assert kept(postgres) == {"value": "theirs"}


def test_whether_a_lost_commit_was_kept_is_not_guessed(
    postgres: Database, migrated_postgres: str
) -> None:
    tries: list[int] = []

    def then_lost(work: SqlWork) -> None:
        put(work)
        tries.append(1)
        _end_connections(migrated_postgres)

    with pytest.raises(UncertainError):
        postgres.run_now(then_lost)
    assert len(tries) == 1
