import ast
import json
import logging
from collections.abc import Iterator
from errno import ENOSPC
from io import StringIO
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from bot import logs


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def written() -> StringIO:
    stream = StringIO()
    logs.configure("json", stream)
    return stream


def line(written: StringIO) -> dict[str, object]:
    read: dict[str, object] = json.loads(written.getvalue())
    assert read.pop("timestamp")
    return read


def test_ids_and_numbers_are_logged(written: StringIO) -> None:
    structlog.get_logger().info("ring asked", case="c-1", ring=2, seconds=0.25, person="T1:U2")
    assert line(written) == {
        "event": "ring asked",
        "level": "info",
        "case": "c-1",
        "ring": 2,
        "seconds": 0.25,
        "person": "T1:U2",
    }


def test_what_anybody_can_cause_is_written_sixty_times_a_minute_and_then_counted() -> None:
    stream, now = StringIO(), [0.0]
    logs.configure("json", stream, lambda: now[0])
    log = structlog.get_logger()
    for number in range(1000):
        log.warning("unreadable", number=number)
        log.error("failed", number=number)
        logging.getLogger("aiohttp.server").error("Error handling request %s", number)
    now[0] = 60
    log.warning("unreadable", number=1000)
    lines = [json.loads(one) for one in stream.getvalue().splitlines()]
    events = [one["event"] for one in lines]
    assert {event: events.count(event) for event in events} == {
        "unreadable": 61,
        "failed": 1000,
        "a library reports": 60,
    }
    assert lines[-1]["unwritten"] == 940


def test_a_name_that_is_not_allowed_is_left_out_and_named(written: StringIO) -> None:
    structlog.get_logger().info("hand up", case="c-1", text="threatens", token="xoxb-1")
    assert line(written) == {
        "event": "hand up",
        "level": "info",
        "case": "c-1",
        "left_out": "text,token",
    }


@pytest.mark.parametrize(
    ("said", "written_down"),
    [
        ({"key": "vent.room:v1:p1+p2"}, {"key": "private:v1"}),
        ({"key": "vent.asked:v1:p2"}, {"key": "private:v1"}),
        ({"key": "hand.room:c1:p1+p2"}, {"key": "hand.room:c1"}),
        ({"key": "home:2026-03-02:p1"}, {"key": "home:2026-03-02"}),
        ({"key": "gone.long.ago:x:p1+p2"}, {"key": "other:x"}),
        ({"key": "p1+p2"}, {"key": "other:"}),
        ({"kind": "vent.asked", "notice": 7}, {"kind": "private", "notice": 7}),
        ({"kind": "hand.ping", "notice": 7}, {"kind": "hand.ping", "notice": 7}),
        ({"route": "vent.no"}, {"route": "private"}),
        ({"route": "voice.unlinked.send"}, {"route": "private"}),
        ({"route": "hand"}, {"route": "hand"}),
    ],
)
def test_who_is_told_what_in_private_is_in_no_log(
    written: StringIO, said: dict[str, object], written_down: dict[str, object]
) -> None:
    """A platform limits, refuses or hangs: its line names what could not be sent, and nobody."""
    structlog.get_logger().warning("slack.slow_down", **said)
    read = line(written)
    assert {name: read[name] for name in read.keys() - {"event", "level"}} == written_down


@pytest.mark.parametrize("words", ["he threatens me", "Jānis", ["a"], {"text": "a"}, b"a"])
def test_words_get_through_under_no_name(written: StringIO, words: object) -> None:
    structlog.get_logger().info("hand up", case=words)
    assert line(written) == {"event": "hand up", "level": "info", "left_out": "case"}


def test_an_exception_is_its_type_and_place_without_its_words(written: StringIO) -> None:
    try:
        raise ValueError("he threatens me")
    except ValueError:
        structlog.get_logger().exception("a handler failed", route="hand.raise")
    read = line(written)
    assert str(read.pop("where")).startswith("test_logs.py:")
    assert read == {
        "event": "a handler failed",
        "level": "error",
        "route": "hand.raise",
        "error": "ValueError",
    }


def test_a_librarys_warning_comes_without_its_message(written: StringIO) -> None:
    logging.getLogger("slack_bolt.App").warning("Unhandled request: %s", {"text": "he threatens"})
    read = line(written)
    assert str(read.pop("where")).startswith("test_logs.py:")
    assert read == {"event": "a library reports", "level": "warning", "library": "slack_bolt.App"}


def test_what_libraries_merely_mention_is_not_logged(written: StringIO) -> None:
    logging.getLogger("aiohttp.access").info("GET /")
    assert written.getvalue() == ""


def test_console_lines_are_for_people(written: StringIO) -> None:
    logs.configure("console", written)
    structlog.get_logger().info("ring asked", case="c-1")
    assert "ring asked" in written.getvalue()
    assert "case=c-1" in written.getvalue()


def test_the_code_logs_under_no_name_that_would_be_left_out() -> None:
    root = Path(logs.__file__).parent.parent
    left_out = {
        f"{path.name}:{call.lineno} {keyword.arg}"
        for folder in ("bot", "handlers", "scheduling", "storage")
        for path in (root / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).startswith("log.")
        and path.name != "logs.py"
        for keyword in call.keywords
        if keyword.arg not in logs.ALLOWED | {"exc_info", None}
    }
    assert left_out == set()


def test_the_databases_own_word_for_a_fault_is_logged(written: StringIO) -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO t VALUES (1), (1)")
    except DatabaseError:
        structlog.get_logger().exception("timer_failed", timer="climb")
    engine.dispose()
    told = line(written)
    assert (told["error"], told["code"]) == ("IntegrityError", "SQLITE_CONSTRAINT_PRIMARYKEY")


def test_what_can_not_be_written_stops_nobody() -> None:
    class Full(StringIO):
        def write(self, _text: str) -> int:
            raise OSError(ENOSPC, "No space left on device")

    logs.configure("json", Full())
    structlog.get_logger().warning("ring_failed", case="c-1")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        structlog.get_logger().exception("delivery_failed")
    logging.getLogger("aiohttp.server").error("Error handling request")
