"""Structured logs from an allow-list of fields. A field that is not listed here never reaches a file.

There is no access log, no message text, no name, no Matrix id and no network name in any line.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import structlog

from hub.embedded.quiet import Quiet

FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "part",
        "role",
        "kind",
        "state",
        "count",
        "seconds",
        "tries",
        "stream",
        "seq",
        "status",
        "reason",
        "error",
        "pid",
        "port",
        "version",
        "dropped_fields",
    }
)
"""Everything a log line may carry. `error` is the name of an exception class, never its message."""


def keep_listed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what is not listed, and say how many fields were dropped."""
    strays = [name for name in line if name not in FIELDS]
    for name in strays:
        del line[name]
    if strays:
        line["dropped_fields"] = len(strays)
    return line


def configure(role: str, to: TextIO | None = None) -> None:
    """Log JSON lines to standard error or to `to`, each marked with the process's role."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_listed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(role=role)


def name_no_words() -> None:
    """Errors nobody expected are told by their type and place, never by their words: those hold values."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Quiet())
    logging.basicConfig(handlers=[handler], level=logging.ERROR, force=True)
    sys.excepthook = lambda kind, why, trace: logging.getLogger("ayni").critical(
        "ended", exc_info=(kind, why, trace)
    )


def file_in(data: Path, name: str) -> TextIO:
    """Where a command that talks to a person logs instead: data/logs/<name>.log, closed to others."""
    folder = data / "logs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", 1)


def event(name: str, /, **fields: object) -> None:
    """Something happened. `name` is a fixed phrase; fields come from the allow-list."""
    with suppress(OSError):  # a full disk must not end what it is about
        structlog.get_logger().info(name, **fields)


def trouble(name: str, /, **fields: object) -> None:
    """Something went wrong that a technician should see."""
    with suppress(OSError):
        structlog.get_logger().warning(name, **fields)
