"""Background work that is due now: imports, releases of reach. procrastinate keeps it; we only say what runs.

Anything over 50 ms of CPU runs in a niced process of its own (hub/background.py): `care` and `door` never
wait for it. Jobs of a worker that was killed are found and tried again.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from procrastinate import App, PsycopgConnector, RetryStrategy

from directory.turn import Turn
from hub import background, log
from hub.store import work as work_rows

STALLED_AFTER = timedelta(seconds=30)
LOOK_FOR_STALLED_EVERY = timedelta(seconds=15)
TRIES = RetryStrategy(max_attempts=5, exponential_wait=2)


class WorkFailed(Exception):
    """Work in the background ended early. It is tried again; `ayni doctor` says when it keeps failing."""


def make_app(url: str, data: Path) -> App:
    """The procrastinate app with our tasks. `url` is a libpq address."""
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=3))

    @app.task(name="reach", queue="work", retry=TRIES)
    async def reach() -> None:
        """Make today's release of the reach tables."""
        if await background.run(["reach"], data) != 0:
            raise WorkFailed

    @app.task(name="import", queue="work", retry=TRIES)
    async def read_tables() -> None:
        """Import the tables that wait on the page."""
        if await background.run(["imports"], data) != 0:
            raise WorkFailed

    return app


async def later(turn: Turn, kind: str) -> None:
    """Put a piece of background work into the turn: it is done once the turn is committed, or never was."""
    await work_rows.defer(turn.tx, kind)


async def work(app: App) -> None:
    """Work until cancelled, and look for jobs whose worker died."""
    async with app.open_async(), asyncio.TaskGroup() as group:
        group.create_task(_rescue_for_ever(app))
        group.create_task(
            app.run_worker_async(queues=["work"], concurrency=1, install_signal_handlers=False, wait=True)
        )


async def rescue(app: App) -> int:
    """Give jobs of workers that died back to the queue; how many there were."""
    stalled = list(
        await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds())
    )
    for job in stalled:
        log.trouble("job of a dead worker tried again", kind=job.task_name)
        await app.job_manager.retry_job(job)
    return len(stalled)


async def _rescue_for_ever(app: App) -> None:
    while True:
        await rescue(app)
        await asyncio.sleep(LOOK_FOR_STALLED_EVERY.total_seconds())
