"""One owner for each bot's device: a standby waits, takes over at once, and the one before cannot write any
more.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import psycopg
import pytest
from conftest import only_tables
from matrix_parts import utc_now

from hub.store.crypto_rows import LostDevice, PostgresRows
from hub.store.ownership import owned

OWNER = """
import asyncio, sys
from datetime import UTC, datetime
from hub.store.ownership import owned
async def main():
    async with owned(sys.argv[1], "bot", clock=lambda: datetime.now(UTC)) as owner:
        print(owner.fence, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"


@pytest.fixture
async def url(fresh_database: Callable[..., AbstractAsyncContextManager[str]]) -> AsyncIterator[str]:
    async with fresh_database(only_tables) as url:
        yield url


async def _own(url: str, owns: asyncio.Event, end: asyncio.Event) -> int:
    async with owned(url, "bot", clock=utc_now) as owner:
        owns.set()
        await end.wait()
        return owner.fence


async def test_a_standby_waits_and_takes_over_when_the_owner_is_killed(url: str) -> None:
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, url, stdout=asyncio.subprocess.PIPE
    )
    assert owner.stdout is not None
    assert await owner.stdout.readline() == b"1\n"
    owns, end = asyncio.Event(), asyncio.Event()
    standby = asyncio.create_task(_own(url, owns, end))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(owns.wait(), 0.5)
    owner.send_signal(signal.SIGKILL)
    await asyncio.wait_for(owns.wait(), 5)
    end.set()
    assert await standby == 2
    await owner.wait()


async def test_another_accounts_device_is_free_meanwhile(url: str) -> None:
    async with owned(url, "bot", clock=utc_now), owned(url, "envoy", clock=utc_now) as envoy:
        assert envoy.fence == 1


async def test_an_owner_whose_lock_is_gone_is_told(url: str) -> None:
    async with owned(url, "bot", clock=utc_now) as owner:
        lost = asyncio.create_task(owner.lost())
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
            await db.execute(END, ("ayni owner bot",))
        async with asyncio.timeout(60):
            await lost


async def test_the_owner_before_cannot_write_over_the_ratchets_and_the_new_one_can(url: str) -> None:
    async with owned(url, "bot", clock=utc_now) as first:
        old = PostgresRows(url, "bot", first.fence)
        old.put("olm", b"k", b"one")
        await asyncio.to_thread(old.flush)
    async with owned(url, "bot", clock=utc_now) as second:
        new = PostgresRows(url, "bot", second.fence)
        assert new.get("olm", b"k") == b"one"
        old.put("olm", b"k", b"stale")
        with pytest.raises(LostDevice):
            await asyncio.to_thread(old.flush)
        new.put("olm", b"k", b"two")
        new.flush()
        assert PostgresRows(url, "bot", second.fence).get("olm", b"k") == b"two"
        for rows in (old, new):
            rows.close()


async def test_rows_are_read_as_written_before_and_after_the_flush(url: str) -> None:
    async with owned(url, "bot", clock=utc_now) as owner:
        with contextlib.closing(PostgresRows(url, "bot", owner.fence)) as rows:
            rows.put("olm", b"a", b"1")
            rows.put("olm", b"b", b"2")
            rows.put("meta", b"a", b"3")
            assert dict(rows.iterate("olm")) == {b"a": b"1", b"b": b"2"}
            rows.flush()
            rows.delete("olm", b"a")
            assert rows.get("olm", b"a") is None
            assert dict(rows.iterate("olm")) == {b"b": b"2"}
            rows.flush()
        with contextlib.closing(PostgresRows(url, "bot", owner.fence)) as again:
            assert (again.get("olm", b"a"), again.get("meta", b"a")) == (None, b"3")


async def test_a_broken_connection_loses_nothing_that_was_put(url: str) -> None:
    async with owned(url, "bot", clock=utc_now) as owner:
        with contextlib.closing(PostgresRows(url, "bot", owner.fence)) as rows:
            rows.put("olm", b"a", b"1")
            rows.flush()
            rows.put("olm", b"a", b"2")
            with psycopg.connect(url, autocommit=True) as db:
                db.execute(END, ("ayni ratchets",))
            with pytest.raises(psycopg.OperationalError):
                rows.flush()
            assert rows.get("olm", b"a") == b"2"
            rows.flush()
        with contextlib.closing(PostgresRows(url, "bot", owner.fence)) as again:
            assert again.get("olm", b"a") == b"2"
