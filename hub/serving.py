"""What a process of the hub does: opens keys, runs its role, gives signs of life, until asked to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from hub import log
from hub.custody import handing
from hub.loading import settled
from hub.node import Node, open_node
from hub.pulse import Pulse

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
    settled()
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
