"""Logs: what happened to which id. Words that people wrote, names and secrets have no way in.

    log = structlog.get_logger()
    log.info("ring asked", case=case.id, ring=2, people=3)

The event is a fixed phrase of ours. What comes with it must have an allowed name and look like an
id or a number; anything else is left out, and the line says so by name. What is private has no name
here, either, and who is told of it none at all.
"""

import logging
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from handlers import features
from handlers.routes import BY_NAME
from storage.database import code_of

ALLOWED = frozenset(
    {
        *("about", "attempt", "bot", "case", "channel", "code", "count", "delivery", "error"),
        *("event_type", "key", "kind", "lane", "library", "method", "notice", "number", "people"),
        *("person", "platform", "port", "priority", "reason", "result", "ring", "route"),
        *("seconds", "signal", "status", "timer", "user", "version", "where", "workspace"),
    }
)
"""The names that a log line may carry."""

MOST_A_MINUTE = 60
"""Lines that say the same, where anybody may cause them."""

_OURS = {"event", "level", "timestamp"}
_ID = re.compile(r"[\w.:+/<\[\]-]{1,200}", re.ASCII)


def configure(
    log_format: Literal["console", "json"],
    stream: TextIO = sys.stderr,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Sends all logs to the stream: ours from INFO up, the libraries' warnings and errors. `clock`:
    seconds, by which it is told what says the same too often."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_its_words,
            _only_ids,
            _nothing_private,
            _NotTooOften(clock),
            structlog.processors.JSONRenderer()
            if log_format == "json"
            else structlog.dev.ConsoleRenderer(colors=stream.isatty(), sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_names: _Writes(stream),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)
    # It warns when a look at the clock takes longer than the pause between two: nothing is lost.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _Writes(structlog.PrintLogger):
    """Writes lines as long as there is room: nothing else stops because a log can't be written."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class _Libraries(logging.Handler):
    """A library's warning, without its message: that may quote a request, and so a person."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "a library reports",
            library=record.name,
            where=f"{Path(record.pathname).name}:{record.lineno}",
            exc_info=record.exc_info,
        )


def _exception_without_its_words(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> EventDict:
    """An exception becomes its type and where it was raised: its message may quote anything,
    a database error even the values of the statement."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        if code := code_of(getattr(error, "orig", None)):
            event["code"] = code
        event["where"] = "<".join(
            f"{Path(frame.filename).name}:{frame.lineno}"
            for frame in reversed(traceback.extract_tb(error.__traceback__)[-6:])
        )
    return event


def _only_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    left_out = [
        name
        for name, value in event.items()
        if name not in _OURS and not (name in ALLOWED and _is_id(value))
    ]
    for name in left_out:
        del event[name]
    if left_out:
        event["left_out"] = ",".join(left_out)
    return event


def _nothing_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A notice's key without its people, for two of them tell who talks with whom; and instead of
    the name of what is private that it is, as in the figures."""
    if isinstance(key := event.get("key"), str):
        kind, _, about = key.rpartition(":")[0].partition(":")
        event["key"] = f"{features.label_of(kind)}:{about}"
    notice, route = features.NOTICES.get(event.get("kind", "")), BY_NAME.get(event.get("route", ""))
    if notice is not None and notice.private:
        event["kind"] = features.PRIVATE
    if route is not None and route.private:
        event["route"] = features.PRIVATE
    return event


class _NotTooOften:
    """Leaves out a warning, or whatever a library reports, that said the same too often in a
    minute: anybody can cause some by sending junk. The next one says how many were left out. What
    Plecs itself calls an error is always written: a person may have read its number."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minute = 0
        self._said: Counter[tuple[object, ...]] = Counter()
        self._unwritten: Counter[tuple[object, ...]] = Counter()

    def __call__(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if method != "warning" and "library" not in event:
            return event
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute = minute
            self._said.clear()
        what = (event.get("event"), event.get("library"), event.get("where"))
        if self._said[what] >= MOST_A_MINUTE:
            self._unwritten[what] += 1
            raise structlog.DropEvent
        self._said[what] += 1
        if unwritten := self._unwritten.pop(what, 0):
            event["unwritten"] = unwritten
        return event


def _is_id(value: object) -> bool:
    if value is None or isinstance(value, int | float):
        return True
    return isinstance(value, str) and _ID.fullmatch(value) is not None
