"""One role of the hub as a process of its own: `python -m hub.process care FOLDER`.

`ayni run` and the supervisor start it; it imports nothing that only the command line needs.
"""

from __future__ import annotations

import asyncio
import ctypes
import resource
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hub import log
from hub.custody import handing
from hub.node import Node, open_node
from hub.pulse import Pulse
from hub.trouble import Trouble

_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of <sys/prctl.h>."""
Role = Callable[[Node, Pulse], Coroutine[Any, Any, None]]


def _role(name: str) -> Role:
    """Only the modules of one role are loaded."""
    if name == "care":
        from hub import care

        return care.run_role
    from hub import door

    return door.run_role


async def serve(name: str, data: Path) -> None:
    """Run one role until SIGTERM or SIGINT."""
    log.configure(name)
    log.name_no_words()
    role = _role(name)
    node = await open_node(data, part=name)
    pulse = Pulse(data, name, node.clock)
    running = asyncio.create_task(role(node, pulse))
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, running.cancel)
    try:
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(pulse.beat())
            keys = group.create_task(handing.answering(node.guard, data, name))
            with suppress(asyncio.CancelledError):
                await running
            beating.cancel()
            keys.cancel()
    finally:
        await node.close()


def main(name: str, data: Path) -> int:
    """The exit code. A trouble somebody can mend is one sentence on standard error, the part's log."""
    keep_memory()
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
