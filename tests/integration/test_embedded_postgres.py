"""The embedded PostgreSQL: it starts twice, dies with us, recovers, and lets nobody in without a password."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import psycopg
import pytest
from fixtures_embedded import eventually

from hub.chance import chance
from hub.embedded.account import account_for
from hub.embedded.leftovers import inhabitants
from hub.embedded.postgres import KeyLost, PostgresPart
from hub.embedded.postgres_binaries import OtherMajor
from hub.trouble import Trouble

ROOT = Path(__file__).parents[2]
HOLDER = """
import asyncio, sys
from pathlib import Path
from hub.chance import chance
from hub.embedded.postgres import PostgresPart

async def hold():
    part = PostgresPart(Path(sys.argv[1]), chance=chance)
    await part.start()
    print(part.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


async def a_holder(data: Path) -> asyncio.subprocess.Process:
    """Another process that starts PostgreSQL on `data`, prints its pid and stays."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(data), stdout=PIPE, env=environment
    )


async def one(url: str, words: str) -> object:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        row = await (await db.execute(words)).fetchone() if words.startswith(("SELECT", "SHOW")) else None
        if row is None:
            await db.execute(words)
        return row and row[0]


def about(pid: int) -> str:
    """What the kernel says of a process; empty when it is gone, or ended and only not yet buried."""
    place = Path(f"/proc/{pid}")
    words = (place / "status").read_text() + (place / "limits").read_text() if place.exists() else ""
    return "" if "State:\tZ" in words else words


async def test_a_second_start_finds_what_the_first_wrote(tmp_path: Path) -> None:
    part = PostgresPart(tmp_path, chance=chance)
    await part.start()
    await one(part.url(), "CREATE TABLE alarm AS SELECT 1 AS n")
    assert await one(part.url(), "SHOW fsync") == "on"
    await part.stop()
    assert not await part.healthy()
    again = PostgresPart(tmp_path, chance=chance)
    await again.start()
    assert await again.healthy()
    assert await one(again.url(), "SELECT n FROM alarm") == 1
    await again.stop()


async def test_a_killed_hub_takes_its_database_along_and_the_next_start_has_every_row(tmp_path: Path) -> None:
    holder = await a_holder(tmp_path)
    assert holder.stdout is not None
    server = int(await holder.stdout.readline())
    part = PostgresPart(tmp_path, chance=chance)
    await one(part.url(), "CREATE TABLE alarm AS SELECT 7 AS n")
    holder.kill()
    await holder.wait()
    await part.start()  # at once: it waits for the old server to be gone
    assert not about(server)
    assert await one(part.url(), "SELECT n FROM alarm") == 7
    await part.stop()


async def test_a_start_killed_half_way_is_begun_anew(tmp_path: Path) -> None:
    holder = await a_holder(tmp_path)
    unfinished = tmp_path / "postgres" / "unfinished"

    async def half_way() -> bool:
        return (unfinished / "base").exists()

    await eventually(half_way)
    holder.kill()
    await holder.wait()
    assert not (tmp_path / "postgres" / "cluster").exists()
    part = PostgresPart(tmp_path, chance=chance)
    await part.start()
    assert await part.healthy()
    assert not unfinished.exists()
    await part.stop()


async def test_a_server_that_outlived_its_hub_is_ended_first(tmp_path: Path) -> None:
    part = PostgresPart(tmp_path, chance=chance)
    await part.start()
    old = part.pid
    assert old is not None
    os.kill(old, signal.SIGSTOP)  # does not hear that its hub is gone
    again = PostgresPart(tmp_path, chance=chance)
    starting = asyncio.create_task(again.start())
    os.kill(old, signal.SIGCONT)
    await starting
    assert isinstance(await part.ended(), Trouble)
    assert await again.healthy()
    await again.stop()
    assert inhabitants(again.cluster) == set()


async def test_notes_that_name_some_other_program_of_the_same_account_stop_nothing(tmp_path: Path) -> None:
    """After a power cut numbers are given anew: PostgreSQL would take that program for a running server."""
    part = PostgresPart(tmp_path, chance=chance)
    await part.start()
    await part.stop()
    account = account_for(part.cluster)
    mine = {"user": account.uid} if account.drop else {}
    other = await asyncio.create_subprocess_exec("cat", stdin=PIPE, cwd="/", **mine)
    for note in (part.cluster / "postmaster.pid", part.sockets / f".s.PGSQL.{part.port}.lock"):
        note.write_text(f"{other.pid}\n{part.cluster}\n")
        note.chmod(0o644)
    await part.start()
    assert await part.healthy()
    await part.stop()
    await other.communicate(b"")


async def test_nobody_enters_without_the_password_and_each_role_only_its_own(
    postgres_cluster: PostgresPart,
) -> None:
    for role in ("postgres", "ayni", "synapse"):
        right = postgres_cluster.url(role, "ayni")
        for wrong in ("", "0" * 64):
            with pytest.raises(psycopg.OperationalError):
                await one(right.replace(postgres_cluster.password(role), wrong), "SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        await one(postgres_cluster.url("synapse", "ayni"), "SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        await one(postgres_cluster.url("ayni", "synapse_a"), "SELECT 1")
    assert await one(postgres_cluster.url("ayni", "ayni"), "SELECT 1") == 1
    assert await one(postgres_cluster.url("synapse", "synapse_a"), "SELECT 1") == 1
    assert await one(postgres_cluster.url(), "SELECT rolsuper FROM pg_roles WHERE rolname = 'ayni'") is False


async def test_it_listens_on_no_network_and_keeps_what_it_was_told(postgres_cluster: PostgresPart) -> None:
    url = postgres_cluster.url()
    assert await one(url, "SHOW listen_addresses") == ""
    assert await one(url, "SHOW data_checksums") == "on"
    assert await one(url, "SELECT lower('ÑANDÚ')") == "ñandú"
    assert postgres_cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert postgres_cluster.pid is not None
    words = about(postgres_cluster.pid)
    assert "Uid:\t0" not in words
    assert "NoNewPrivs:\t1" in words
    assert "Max core file size 0 0 bytes" in " ".join(words.split())


async def test_its_log_holds_no_words_of_a_refused_statement(postgres_cluster: PostgresPart) -> None:
    url = postgres_cluster.url()
    await one(url, "CREATE TABLE secretly (name text PRIMARY KEY)")
    await one(url, "INSERT INTO secretly VALUES ('Rosalia')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        await one(url, "INSERT INTO secretly VALUES ('Rosalia')")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        await one(url, "SELECT 'Rosalia'::int")
    assert "Rosalia" not in postgres_cluster._log.path.read_text()


async def test_a_folder_of_another_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    part = PostgresPart(tmp_path, chance=chance)
    part.cluster.mkdir(parents=True)
    (part.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(OtherMajor, match=r"PostgreSQL 12.*pg_dump"):
        await part.start()


async def test_a_lost_password_is_named_and_a_found_one_opens(tmp_path: Path) -> None:
    part = PostgresPart(tmp_path, chance=chance)
    await part.start()
    await part.stop()
    key = tmp_path / "keys" / "postgres-postgres"
    kept = key.rename(tmp_path / "elsewhere")
    with pytest.raises(KeyLost, match="postgres-postgres"):
        await part.start()
    kept.rename(key)
    await part.start()
    assert await part.healthy()
    await part.stop()


async def test_a_very_long_path_works_too(tmp_path: Path) -> None:
    data = tmp_path / ("long-" * 30)
    data.mkdir()
    part = PostgresPart(data, chance=chance)
    await part.start()
    assert await part.healthy()
    await part.stop()
    assert not part.sockets.is_relative_to(data)
    part.sockets.rmdir()


async def test_keys_are_for_their_owner_only(postgres_cluster: PostgresPart) -> None:
    keys = postgres_cluster._keys
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in keys.iterdir()} == {0o600}
