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
        _, why, _ = record.exc_info or (None, None, None)
        return line if why is None else f"{line} {told(why)}"


def told(why: BaseException) -> str:
    """An exception by its type and the last places it came through, each of a group, and what caused it."""
    if isinstance(why, BaseExceptionGroup):
        return " / ".join(told(each) for each in why.exceptions)
    places = (f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(why.__traceback__, limit=-4))
    here = f"{type(why).__name__} in {' > '.join(places)}"
    cause = why.__cause__ or (None if why.__suppress_context__ else why.__context__)
    return here if cause is None else f"{here} from {type(cause).__name__}"
