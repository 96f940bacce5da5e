"""The first start of a hub that brings its own database and homeserver: killed half-way, and begun anew."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest
from conftest import TECHNICIAN, Clock, Desk
from fixtures_embedded import Pair
from terminal import Terminal

from hub import logins
from hub.chance import chance, random_id
from hub.custody import write_secret
from hub.embedded.ports import Ports
from hub.logins import BotNameTaken, Name
from hub.supervise_folder import claim


@pytest.mark.timeout(300)
async def test_a_first_start_killed_anywhere_is_finished_by_the_next(tmp_path: Path, clock: Clock) -> None:
    data = claim(tmp_path / "hub", clock)
    write_secret(data / "word", "quetzal river stone")
    terminal = Terminal(data, {"AYNI_DISK__RESERVE_MIB": "1"})
    init = ("init", "--name", "Red Prueba", "--handle", "marisol", "--word-file", str(data / "word"))
    init += ("--second", "the notary")
    for reached in ("Making the database", "Making the network's keys"):
        async with terminal.staying(*init) as killed:
            await killed.until(reached)
            os.kill(killed.program.pid, signal.SIGKILL)
            await killed.program.wait()
    done = await terminal.ayni(*init)
    assert done.code == 0, done.err
    assert done.said("Red Prueba is ready", "evaluation hub")
    assert done.said("For your second person", "Second person: the notary", "8. ")
    port = Ports(data).remembered()["synapse client"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        taken = await terminal.ayni("up")
    assert taken.code == 1
    assert taken.said(f"Port {port}, which synapse client of this data folder needs", "and start Ayni again")


async def test_an_account_made_just_before_a_power_cut_is_found_again(desk: Desk, homeservers: Pair) -> None:
    server, name = homeservers.a, Name("bot", f"bot-{random_id()[:8]}")
    with pytest.raises(RuntimeError, match="power cut"):
        async with desk.turn(TECHNICIAN) as turn:
            lost = await logins.make(turn, server.admin, name, chance)
            raise RuntimeError("power cut")
    async with desk.turn(TECHNICIAN) as turn:
        found = await logins.make(turn, server.admin, name, chance)
    assert found.user_id == lost.user_id
    assert found.device_id != lost.device_id
    async with desk.turn(TECHNICIAN) as turn:
        assert await logins.make(turn, server.admin, name, chance) == found


async def test_an_account_of_somebody_else_is_not_taken(desk: Desk, homeservers: Pair) -> None:
    server = homeservers.a
    theirs = await server.a_person("bot")
    local = theirs.user_id.partition(":")[0][1:]
    with pytest.raises(BotNameTaken, match=local):
        async with desk.turn(TECHNICIAN) as turn:
            await logins.make(turn, server.admin, Name("bot", local), chance)
