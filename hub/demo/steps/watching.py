"""Waiting for something to be observed, and finding it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from hub.demo.stage import NetworkOnStage

LOOK_EVERY_S = 0.1


class NotObserved(Exception):
    """What the step promises was not seen in time."""


async def observed(what: str, look: Callable[[], Awaitable[Any]], within_s: float = 30.0) -> Any:
    """Look again and again until it is there; what was seen. Raises NotObserved."""
    until = time.monotonic() + within_s
    while True:
        seen = await look()
        if seen:
            return seen
        if time.monotonic() > until:
            raise NotObserved(what)
        await asyncio.sleep(LOOK_EVERY_S)


async def link_of(network: NetworkOnStage) -> dict[str, Any]:
    """The one link of a network of the story."""
    links: Any = (await network.ask("Links"))["links"]
    return dict(links[0]) if links else {}


def must(condition: object, what: str) -> None:
    """A promise of the step that has to hold now."""
    if not condition:
        raise NotObserved(what)
