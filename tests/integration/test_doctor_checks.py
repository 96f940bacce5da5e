"""The doctor's checks that need a database or a homeserver, each beside the same thing when it is well."""

from __future__ import annotations

import asyncio
import traceback
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from conftest import NOON, Desk, migrated
from fixtures_embedded import FreshDatabase, Pair
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from terminal import a_folder

from directory.store.database import Database
from directory.store.tables import members
from hub import migrations
from hub.doctor import database, homeserver
from hub.doctor.check import State
from hub.doctor.examine import examine
from hub.doctor.homeserver import Addresses, HomeserverAway, Known
from hub.store import due, letters
from hub.store.tables import rooms

LONG_AGO = NOON - timedelta(minutes=10)


def a_homeserver(pair: Pair, letter: str) -> Addresses:
    """Where one of the run's homeservers shows itself."""
    part = getattr(pair, letter).part
    return Addresses(part.client_url, f"https://127.0.0.1:{part.federation_port}", verify=False)


async def test_a_migrated_schema_is_ours_an_older_and_a_newer_one_are_named(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as url:
        store = Database(url)
        async with store.engine.connect() as tx:
            assert "older Ayni" in str((await database.look_at_schema(tx)).text)
        await asyncio.to_thread(migrations.upgrade, url)
        async with store.transaction() as tx:
            assert (await database.look_at_schema(tx)).state is State.OK
            await tx.execute(text("update alembic_version set version_num = 'from-the-future'"))
            assert "newer Ayni" in str((await database.look_at_schema(tx)).text)
        await store.close()


async def test_letters_and_due_times_that_wait_too_long_are_counted(desk: Desk) -> None:
    async with desk.turn() as turn:
        assert [check.state for check in await database.look_at_waiting(turn.tx, NOON)] == [State.OK] * 2
        room = {"id": "r", "account": "bot", "purpose": "direct", "state": "open", "since": NOON}
        await turn.tx.execute(rooms.insert().values(**room))
        letter = {"room": "r", "account": "bot", "urgency": 1, "event_type": "m.room.message", "content": b""}
        for number, written in (("a", LONG_AGO), ("b", NOON)):
            await letters.add(turn.tx, id=number, not_before=written, written_at=written, **letter)
        await due.put(turn.tx, "alarm", "x", LONG_AGO)
        await due.put(turn.tx, "alarm", "y", NOON + timedelta(hours=1))
        late, overdue = await database.look_at_waiting(turn.tx, NOON)
        assert "1 letters wait, the oldest for 10 minutes" in str(late.text)
        assert "1 due times were not looked at, the oldest for 10 minutes" in str(overdue.text)


async def test_an_error_of_the_database_names_no_parameters(desk: Desk) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with desk.turn() as turn:
            row = {"id": "one", "kind": "person", "state": "active", "handle": "quetzal", "since": NOON}
            for number in ("one", "two"):
                await turn.tx.execute(
                    members.insert().values(**{**row, "id": number, "handle_key": "quetzal"})
                )
    said = "".join(traceback.format_exception(refused.value))
    assert "handle_key" in said
    assert "'quetzal'" not in said


async def test_the_homeserver_met_first_is_known_again_and_another_or_another_key_is_not(
    homeservers: Pair, tmp_path: Path
) -> None:
    first, other = a_homeserver(homeservers, "a"), a_homeserver(homeservers, "b")
    assert (await homeserver.look_at_identity(tmp_path, first)).state is State.OK
    again = await homeserver.look_at_identity(tmp_path, first)
    assert (again.state, homeservers.a.name in str(again.text)) == (State.OK, True)
    strange = await homeserver.look_at_identity(tmp_path, other)
    assert strange.state is State.TROUBLE
    assert (
        f"answers the homeserver {homeservers.b.name}, but this hub belongs to {homeservers.a.name}"
        in str(strange.text)
    )
    kept = tmp_path / homeserver.KEPT
    known = msgspec.json.decode(kept.read_bytes(), type=Known)
    kept.write_bytes(msgspec.json.encode(Known(known.server_name, {"ed25519:a_old": "AAAA"})))
    replaced = await homeserver.look_at_identity(tmp_path, first)
    assert replaced.state is State.TROUBLE
    assert f"remove {kept}" in str(replaced.text)


async def test_keys_that_do_not_sign_what_shows_them_are_nobodys(homeservers: Pair) -> None:
    shown = await homeserver.shown(a_homeserver(homeservers, "a"))
    assert shown is not None
    ((key_id, key),) = shown.keys.items()
    forged = {
        "server_name": shown.server_name,
        "verify_keys": {key_id: {"key": key}},
        "signatures": {shown.server_name: {key_id: "A" * 86}},
    }
    assert homeserver._read(forged) is None
    assert homeserver._read({"server_name": 1}) is None
    assert homeserver._read(["nothing"]) is None


async def test_a_homeserver_tells_its_time_and_a_closed_port_that_nobody_is_there(homeservers: Pair) -> None:
    assert await homeserver.ask(a_homeserver(homeservers, "a")) is not None
    with pytest.raises(HomeserverAway, match="Is it running"):
        await homeserver.ask(Addresses("http://127.0.0.1:9", "http://127.0.0.1:9"))


async def test_a_hub_that_was_never_founded_is_told_to_begin(
    fresh_database: FreshDatabase, homeservers: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_database(migrated) as url:
        terminal = a_folder(tmp_path / "hub", url, homeserver=homeservers.a.url)
        for name, value in terminal.settings.items():
            monkeypatch.setenv(name, value)
        checks = await examine(terminal.data, terminal.settings, lambda: NOON)
        told = {check.name: str(check.text) for check in checks}
        assert "Run: ayni init" in told["bots' devices"]
        assert "not running" in told["parts"]
