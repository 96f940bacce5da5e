"""One role of the hub as a process of its own: `python -m hub.process care FOLDER`.

`ayni run` and the supervisor start it; it imports nothing that only the command line needs.
"""

from __future__ import annotations

import asyncio
import ctypes
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from hub.loading import loading
from hub.trouble import Trouble

_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of <sys/prctl.h>."""


def main(name: str, data: Path) -> int:
    """The exit code. A trouble somebody can mend is one sentence on standard error, the part's log."""
    keep_memory()
    loading()
    from hub.serving import serve

    ended = 0
    try:
        asyncio.run(serve(name, data))
    except* Trouble as troubles:
        sys.stderr.write("".join(f"{each}\n" for each in leaves(troubles)))
        ended = 1
    return ended


def keep_memory() -> None:
    """Our memory holds keys and open text: the kernel writes none of it into a core file, nor hands it to a
    program that collects them, and no other process of our account may look into it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """What really happened, out of the groups that tasks wrap it in."""
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from leaves(each)
        else:
            yield each


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
