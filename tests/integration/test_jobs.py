"""Background work is tried again when its worker dies, and never happens for a turn that was undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import psycopg
import pytest
from conftest import migrated

from directory.store.database import Database
from hub import jobs
from hub.store import work

Fresh = Callable[..., AbstractAsyncContextManager[str]]


async def test_a_job_of_a_worker_that_died_is_done_by_the_next_one(
    fresh_database: Fresh, tmp_path: Path
) -> None:
    done = asyncio.Event()
    async with fresh_database(migrated) as url:
        app = jobs.make_app(url, tmp_path)

        @app.task(name="note", queue="work", retry=jobs.TRIES)
        async def note() -> None:
            done.set()

        async with app.open_async():
            await note.defer_async()
            dead = await app.job_manager.fetch_job(
                queues=["work"], worker_id=await app.job_manager.register_worker()
            )
            assert dead is not None
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(
                    "update procrastinate_workers set last_heartbeat = now() - interval '1 hour'"
                )
            await jobs.rescue(app)
            worker = asyncio.create_task(
                app.run_worker_async(queues=["work"], install_signal_handlers=False, wait=True)
            )
            await asyncio.wait_for(done.wait(), 20)
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)


async def test_work_asked_for_in_a_turn_that_is_undone_never_happens(
    fresh_database: Fresh, tmp_path: Path
) -> None:
    async with fresh_database(migrated) as url:
        database = Database(url)
        with pytest.raises(ZeroDivisionError):
            async with database.transaction() as tx:
                await work.defer(tx, "reach")
                raise ZeroDivisionError
        async with database.transaction() as tx:
            await work.defer(tx, "reach")
            await work.defer(tx, "reach")
        await database.close()
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "select task_name, queue_name, status from procrastinate_jobs"
            ).fetchall()
    assert rows == [("reach", "work", "todo")], "asked for twice while it waits, it is done once"
