"""How the homeserver's log is written: where and which kind of error, never its words.

Its messages name people, rooms, devices and addresses; the place in the code is enough to look it up.
Loaded by the homeserver's own process: nothing but the standard library here.
"""

from __future__ import annotations

import logging
import traceback


class Quiet(logging.Formatter):
    """`time level logger:line`, and for an exception its type and the places it came through."""

    def format(self, record: logging.LogRecord) -> str:
        """One line per record."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}:{record.lineno}"
        kind, _, trace = record.exc_info or (None, None, None)
        if kind is None:
            return line
        places = (f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace, limit=-4))
        return f"{line} {kind.__name__} in {' > '.join(places)}"
