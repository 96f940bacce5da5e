"""Wait until something that just started answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hub.embedded.child import Child, ProgramSlow

INTERVAL = 0.03


async def until_ready(child: Child, answers: Callable[[], Awaitable[bool]], *, within: float) -> None:
    """Ask again and again until `answers` says yes.

    Raises ProgramEnded as soon as the child is gone, ProgramSlow after `within` seconds (the child is
    then stopped).
    """
    try:
        async with asyncio.timeout(within):
            while not await answers():
                if not child.running:
                    raise child.why_ended()
                await asyncio.sleep(INTERVAL)
    except TimeoutError:
        await child.stop(within=1)
        raise ProgramSlow(name=child.program.name, seconds=round(within), log=child.log.path) from None
