"""The key to the records goes from a file to a passphrase to sheets and back; nothing is lost on the way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import conftest
import pytest
from conftest import Clock
from fixtures_embedded import eventually
from people import a_member
from terminal import Terminal, a_folder

from directory import profiles
from directory.core.viewer import Lane, Viewer
from directory.crypto import CannotOpen
from directory.store import members as rows
from directory.store.guarded import RingKey
from hub.chance import chance
from hub.custody import Kind, daily, handing, kind_of, open_rings, rings, rotating, sheets
from hub.custody.locked import WrongKey, by_sheets
from hub.custody.slots import SlotFile
from hub.due import CLOCK
from hub.node import Node, open_node

CHILD = Path(__file__).parents[1] / "killed_rotation.py"
PEOPLE = 700
CHANGE = ("custody", "change", "--to")


@dataclass
class Hub:
    """A hub that serves one member while somebody changes how its key is kept."""

    terminal: Terminal
    node: Node
    member: str

    @property
    def keys(self) -> Path:
        return self.node.data / "keys"

    async def reads(self, node: Node | None = None) -> object:
        """What the member's city is."""
        node = node or self.node
        async with node.turn(CLOCK) as turn:
            row = await rows.load(turn.tx, self.member)
        assert row is not None
        return node.guard.open_fields("members", self.member, row.guarded)["city"]

    def paper(self, number: int) -> str:
        return str(self.node.data / "paper" / f"sheet-{number}.txt")

    def sheet(self, number: int) -> sheets.Sheet:
        return sheets.read(Path(self.paper(number)).read_text())

    def killed_while_finishing(self, archive: RingKey) -> int:
        """`ayni custody rotate` in a process that dies among people's keys; what it ended with."""
        secret = self.secret("archive", f"{archive.kid} {archive.key.hex()}")
        child = subprocess.run(
            [sys.executable, str(CHILD), str(self.node.data), secret],
            check=False,
            capture_output=True,
            text=True,
            cwd=CHILD.parents[1],
            env={**self.terminal.environment, "PYTHONPATH": str(CHILD.parents[1])},
        )
        return child.returncode

    def secret(self, name: str, text: str) -> str:
        rings.write_secret(self.node.data / name, text)
        return str(self.node.data / name)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answers on its socket, as a running role does."""
        task = asyncio.create_task(handing.answering(self.node.guard, self.node.data, "door"))

        async def answers() -> bool:
            return handing.running(self.node.data) == ("door",)

        await eventually(answers)
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def hub(
    tmp_path: Path,
    clock: Clock,
    fresh_database: Callable[..., AbstractAsyncContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Hub]:
    async with fresh_database(conftest.with_tables) as url:
        terminal = a_folder(tmp_path / "hub", url)
        for name, value in terminal.settings.items():
            monkeypatch.setenv(name, value)
        node = await open_node(terminal.data, clock=clock, part="door")
        desk = conftest.Desk(node.database, node.guard, clock, home=node.home)
        member = await a_member(desk, "Luz")
        async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
            await profiles.change(turn, member, {"city": "Cobán"})
        yield Hub(terminal, node, member)
        await node.close()


@pytest.mark.timeout(180)
async def test_custody_goes_from_file_to_passphrase_to_sheets_and_back_while_the_hub_serves(hub: Hub) -> None:
    by_file = open_rings(hub.keys, chance).archive
    assert by_file is not None
    phrase = hub.secret("phrase", "five plain words of dice")
    paper = str(hub.node.data / "paper")
    async with hub.serving():
        done = await hub.terminal.ayni(
            *(
                "custody",
                "change",
                "--to",
                "passphrase",
                "--new-passphrase-file",
                phrase,
                "--sheets-to",
                paper,
            )
        )
        assert done.said("It can be read.", "The key is kept as passphrase now: 1 people")
        assert not (hub.keys / "archive.key").exists()
        assert open_rings(hub.keys, chance).sealed
        assert await hub.reads() == "Cobán"
        early = [hub.sheet(number) for number in (1, 2)]
        done = await hub.terminal.ayni(
            *(*CHANGE, "sheets", "--passphrase-file", phrase, "--sheets-to", paper)
        )
        assert done.said("The key is kept as sheets now")
        assert await hub.reads() == "Cobán"
        held = rings.lock_of(hub.keys)
        assert held is not None
        with pytest.raises(sheets.OtherSheets):
            by_sheets(held, *early)
        two = ("--sheet", hub.paper(1), "--sheet", hub.paper(3))
        assert (await hub.terminal.ayni("custody", "change", "--to", "file", *two)).said("kept as file now")
    assert kind_of(hub.keys) is Kind.FILE
    guard = open_rings(hub.keys, chance)
    assert guard.archive is not None
    with pytest.raises(WrongKey):
        rings.unseal(guard, hub.keys, by_file)
    later = await open_node(hub.node.data, part="door")
    assert await hub.reads(later) == "Cobán"
    await later.close()


async def test_the_old_custody_stays_until_one_sheet_was_read_back(hub: Hub) -> None:
    before = (hub.keys / "archive.lock").read_bytes(), (hub.keys / "archive.key").read_bytes()
    typed = "Sheet 2 of 3, set ABCDEF\n" + "0000 0000 0000 0 00\n" * 4
    stopped = await hub.terminal.ayni("custody", "change", "--to", "sheets", typed=typed)
    assert stopped.code != 0
    assert stopped.said("Line 1 of this sheet is missing or was read wrongly. Nothing was changed")
    assert before == ((hub.keys / "archive.lock").read_bytes(), (hub.keys / "archive.key").read_bytes())
    assert await hub.reads() == "Cobán"


async def test_a_key_file_left_by_a_change_cut_short_is_overwritten_and_not_used(hub: Hub) -> None:
    old = (hub.keys / "archive.key").read_text()
    ring = open_rings(hub.keys, chance).archive
    assert ring is not None
    fresh = rotating.replace_key(hub.keys, ring, chance, kind=Kind.SHEETS)
    rings.write_secret(hub.keys / "archive.key", old)  # the power failed before it was overwritten
    assert open_rings(hub.keys, chance).sealed
    assert not (hub.keys / "archive.key").exists()
    node = await open_node(hub.node.data, part="door", archive=fresh.archive)
    assert await hub.reads(node) == "Cobán"
    again = await hub.terminal.ayni("custody", "change", "--to", "file")
    assert again.said("was being replaced when that was cut short. Everything is still read. Finish it first")
    doctor = await hub.terminal.ayni("doctor")
    assert doctor.said("was being replaced when that was cut short")
    assert await daily.finish_rotation(node)
    assert not rotating.unfinished(hub.keys)
    assert await hub.reads(node) == "Cobán"
    await node.close()


async def test_a_rotation_killed_among_peoples_keys_is_finished_by_the_next_start_while_people_come_and_go(
    hub: Hub,
) -> None:
    old = hub.node.guard.archive
    assert old is not None
    file = SlotFile(hub.keys, chance)
    with file._held() as handle:
        epoch = file._newest((old,))
        for slot in range(100, 100 + PEOPLE):
            file._write(handle, slot, chance(32), epoch)
    sealed = {n: hub.node.guard.seal("x", "y", str(n), f"city {n}", person=n) for n in (100, 400, 750)}
    fresh = rotating.replace_key(hub.keys, old, chance)
    assert hub.killed_while_finishing(fresh.archive) == -9
    assert rotating.unfinished(hub.keys)
    node = await open_node(hub.node.data, part="door")
    assert all(_city(node, n, value) == f"city {n}" for n, value in sealed.items())
    going = asyncio.create_task(daily.finish_rotation(node))
    node.guard.slots.destroy(400)
    node.guard.new_person(900)
    late = node.guard.seal("x", "y", "900", "city 900", person=900)
    assert await going
    assert not rotating.unfinished(hub.keys)
    assert _city(node, 900, late) == "city 900"
    assert _city(node, 750, sealed[750]) == "city 750"
    assert _gone(node, 400, sealed[400])
    assert await hub.reads(node) == "Cobán"
    await node.close()


def _city(node: Node, slot: int, value: bytes) -> str:
    return node.guard.open("x", "y", str(slot), value).decode()


def _gone(node: Node, slot: int, value: bytes) -> bool:
    try:
        _city(node, slot, value)
    except CannotOpen:
        return True
    return False
