"""The embedded homeserver: it dies with us, starts again under its name, and says what is in its way."""

from __future__ import annotations

import os
import socket
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixtures_embedded import FreshDatabase, Pair, eventually

from hub.chance import chance, random_id
from hub.embedded.ports import Ports, PortTaken
from hub.embedded.synapse import NameCannotChange, SynapsePart
from hub.matrix.admin import HomeserverUnreachable, NameTaken, SecretRefused, SignInRefused

ROOT = Path(__file__).parents[2]
HOLDER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from hub.chance import chance
from hub.embedded.synapse import SynapsePart

async def hold():
    part = SynapsePart(Path(sys.argv[1]), database=lambda: sys.argv[2], chance=chance,
                       clock=lambda: datetime.now(UTC), bcrypt_rounds=4)
    await part.start()
    print(part.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


def a_homeserver(data: Path, database: str = "postgresql:///none", domain: str | None = None) -> SynapsePart:
    return SynapsePart(
        data,
        database=lambda: database,
        chance=chance,
        clock=lambda: datetime.now(UTC),
        domain=domain,
        bcrypt_rounds=4,
    )


def state_of(pid: int) -> str:
    """The kernel's letter; Z for ended but not yet buried, empty for gone."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.read_text().rsplit(")", 1)[1].split()[0] if stat.exists() else ""


async def test_a_killed_hub_takes_its_homeserver_along_and_the_next_start_knows_everybody(
    tmp_path: Path, fresh_database: FreshDatabase, homeservers: Pair
) -> None:
    async with fresh_database() as url:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        holder = await create_subprocess_exec(
            sys.executable, "-c", HOLDER, str(tmp_path), url, stdout=PIPE, env=environment
        )
        assert holder.stdout is not None
        old = int(await holder.stdout.readline())
        part = a_homeserver(tmp_path, url)
        server = type(homeservers.a)(part, homeservers.a.http)
        name, password = "ana", random_id()
        before = await server.admin.register(name, password)
        holder.kill()
        await holder.wait()

        async def old_one_is_gone() -> bool:
            return state_of(old) in "Z"

        await eventually(old_one_is_gone)
        await part.start()
        assert await part.healthy()
        assert (await server.admin.login(name, password)).user_id == before.user_id
        await part.stop()
        assert not await part.healthy()


async def test_a_taken_port_is_named_and_a_freed_one_is_used_again(tmp_path: Path) -> None:
    part = a_homeserver(tmp_path)
    name = part.server_name
    with socket.socket() as other:
        other.bind(("127.0.0.1", part.federation_port))
        other.listen()
        with pytest.raises(PortTaken, match=str(part.federation_port)):
            await part.start()
    Ports(tmp_path).check("synapse federation")
    assert a_homeserver(tmp_path).server_name == name


async def test_two_folders_choose_ports_that_differ(tmp_path: Path) -> None:
    first = Ports(tmp_path / "a").choose(("x", "y"))
    second = Ports(tmp_path / "b").choose(("x", "y"))
    assert len({*first.values(), *second.values()}) == 4
    assert Ports(tmp_path / "a").choose(("y", "x", "z")).items() >= first.items()


async def test_the_name_of_a_homeserver_cannot_change(tmp_path: Path) -> None:
    part = a_homeserver(tmp_path, domain="ayni.example")
    part._write_name()
    with pytest.raises(NameCannotChange, match=r"ayni\.example.*other\.example"):
        a_homeserver(tmp_path, domain="other.example")._write_name()
    part._write_name()


async def test_registration_says_what_is_wrong(homeservers: Pair) -> None:
    server = homeservers.a
    ana = await server.a_person("ana")
    local = ana.user_id.split(":")[0][1:]
    with pytest.raises(NameTaken, match=local):
        await server.admin.register(local, random_id())
    wrong = type(server.admin)(server.url, server.http, secret="wrong")
    with pytest.raises(SecretRefused):
        await wrong.register("ben", random_id())
    with pytest.raises(SignInRefused, match=local):
        await server.admin.login(local, "wrong")
    nowhere = type(server.admin)("http://127.0.0.1:9", server.http)
    with pytest.raises(HomeserverUnreachable, match=":9"):
        await nowhere.login(local, "x")


async def test_an_administrator_lifts_the_limits_of_a_bot(homeservers: Pair) -> None:
    server = homeservers.a
    admin, bot = await server.a_person("admin", admin=True), await server.a_person("bot")
    await server.admin.lift_limits(bot.user_id, admin.token)
    address = f"{server.url}/_synapse/admin/v1/users/{bot.user_id}/override_ratelimit"
    async with server.http.get(address, headers={"Authorization": f"Bearer {admin.token}"}) as answer:
        assert await answer.json() == {"messages_per_second": 0, "burst_count": 0}


async def test_its_files_are_for_its_account_only(homeservers: Pair) -> None:
    state = homeservers.a.part._state
    secrets = [state / name for name in ("homeserver.yaml", "signing.key", "registration.key", "tls.key")]
    assert {file.stat().st_mode & 0o777 for file in secrets} == {0o600}
    assert state.stat().st_mode & 0o777 == 0o700
