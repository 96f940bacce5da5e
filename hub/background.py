"""Heavy work in a niced process of its own, which dies with us: from a stem if there is one, or by name."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub import growing

NICENESS = 10
MODULE = "hub.work"
Wait = Callable[[], Coroutine[Any, Any, int]]


@dataclass(frozen=True, slots=True)
class Working:
    """Work that runs. `ended` waits for its exit code, negative for a signal; `kill` ends it now."""

    ended: Wait
    kill: Callable[[], None]


@asynccontextmanager
async def working(
    arguments: Sequence[str],
    data: Path,
    handles: tuple[int, ...] = (1, 2),
    *,
    line: growing.Line | None = None,
) -> AsyncIterator[Working]:
    """Run `python -m hub.work …`; what still runs when the block ends is killed.

    `handles` are its input, output and errors; of two, the input is empty. `line` leads to a stem; a role
    that grew has one of its own. Raises StemGone.
    """
    line = line or growing.ours
    env = {**os.environ, "AYNI_DATA": str(data)}
    begin = _by_name(arguments, env, handles) if line is None else _grown(line, arguments, env, handles)
    run = await begin
    ended = asyncio.ensure_future(run.ended())
    try:
        yield Working(lambda: _shielded(ended), run.kill)
    finally:
        if not ended.done():
            run.kill()
        await ended


async def _shielded(ended: asyncio.Future[int]) -> int:
    return await asyncio.shield(ended)


async def _grown(
    line: growing.Line, arguments: Sequence[str], env: dict[str, str], handles: tuple[int, ...]
) -> Working:
    grown = await line.grow(MODULE, arguments, handles, env=env, cwd=Path.cwd(), nice=NICENESS)
    return Working(grown.ended, lambda: grown.send(signal.SIGKILL))


async def _by_name(arguments: Sequence[str], env: dict[str, str], handles: tuple[int, ...]) -> Working:
    stdin, stdout, stderr = (asyncio.subprocess.DEVNULL, *handles)[-3:]
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", MODULE, *arguments),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=env,
        start_new_session=True,  # Ctrl-C reaches only us, and we end it
        preexec_fn=lambda: os.nice(NICENESS) and None,
    )
    return Working(child.wait, lambda: None if child.returncode is not None else child.kill())


async def run(arguments: Sequence[str], data: Path, *, line: growing.Line | None = None) -> int:
    """Run it to its end; the exit code."""
    async with working(arguments, data, line=line) as work:
        return await work.ended()
