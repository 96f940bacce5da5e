"""Several things at once, where one exception means what it would mean alone."""

from __future__ import annotations

from asyncio import TaskGroup
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.matrix.answers import MatrixTrouble


@asynccontextmanager
async def side_by_side() -> AsyncIterator[TaskGroup]:
    """A TaskGroup that raises the exception itself, not a group; the hub's own before Matrix trouble."""
    try:
        async with TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as several:
        ours = [one for one in several.exceptions if not isinstance(one, MatrixTrouble)]
        raise (ours or list(several.exceptions))[0] from None
