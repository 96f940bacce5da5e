"""Wait until something that just started answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from hub.embedded.child import Log, ProgramSlow
from hub.trouble import Trouble

INTERVAL = 0.03


class Starting(Protocol):
    """What was just started: a Child, or a process that grew from a stem."""

    @property
    def log(self) -> Log:
        """Where it writes."""

    @property
    def name(self) -> str:
        """The part it is."""

    @property
    def running(self) -> bool:
        """Has it not ended yet?"""

    def why_ended(self) -> Trouble:
        """Its end as a sentence."""

    async def stop(self, *, within: float) -> None:
        """End it."""


async def until_ready(child: Starting, answers: Callable[[], Awaitable[bool]], *, within: float) -> None:
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
        raise ProgramSlow(name=child.name, seconds=round(within), log=child.log.path) from None
