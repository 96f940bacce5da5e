"""One role of the hub as a process of its own: `python -m hub.process care FOLDER`.

`ayni run` and the supervisor start it; it imports nothing that only the command line needs.
"""

from __future__ import annotations

import asyncio
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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ended = 0
    try:
        asyncio.run(serve(name, data))
    except* Trouble as troubles:
        sys.stderr.write("".join(f"{each}\n" for each in leaves(troubles)))
        ended = 1
    return ended


def leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """What really happened, out of the groups that tasks wrap it in."""
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from leaves(each)
        else:
            yield each


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
