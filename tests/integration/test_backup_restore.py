"""A whole hub is copied and made again: what is in a copy, what is not, what is said when it goes wrong."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import conftest
import psycopg
import pytest
from fixtures_embedded import FreshDatabase, Pair, eventually
from people import a_member
from terminal import AYNI, Done, Terminal, a_folder

from directory import profiles
from directory.core.text import Text
from directory.core.viewer import Lane, Viewer
from directory.store import members as rows
from directory.store import person_keys
from directory.store.guarded import Erased
from hub.backup import moving
from hub.backup.shape import UNFINISHED, backups_in
from hub.custody import rings, write_secret
from hub.due import CLOCK
from hub.node import Node, open_node

pytestmark = pytest.mark.timeout(300)


@dataclass
class Hub:
    """A founded hub on the run's servers, and where its backups go."""

    terminal: Terminal
    fresh: FreshDatabase
    backups: Path
    members: dict[str, str]

    async def backup(self) -> Done:
        done = await self.terminal.ayni("backup", str(self.backups))
        assert done.code == 0, done.err
        return done

    @asynccontextmanager
    async def elsewhere(self, name: str) -> AsyncIterator[Terminal]:
        """An empty data folder with an empty database."""
        self.backups.parent.mkdir(exist_ok=True)
        async with self.fresh() as url:
            data = self.backups.parent / name
            write_secret(self.backups.parent / f"{name}-database", url)
            place = {"AYNI_DATABASE__URL_FILE": str(self.backups.parent / f"{name}-database")}
            yield Terminal(data, {**self.terminal.settings, **place})

    def restore(self, *more: str) -> tuple[str, ...]:
        return (
            "restore",
            str(self.backups),
            "--key-file",
            str(self.terminal.data / "keys/archive.key"),
            *more,
        )


@asynccontextmanager
async def opened(terminal: Terminal) -> AsyncIterator[Node]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in terminal.settings.items():
            patch.setenv(name, value)
        node = await open_node(terminal.data, part="test")
    yield node
    await node.close()


async def city(node: Node, member: str) -> object:
    async with node.turn(CLOCK) as turn:
        row = await rows.load(turn.tx, member)
    assert row is not None
    return node.guard.open_fields("members", member, row.guarded)["city"]


async def a_citizen(node: Node, handle: str, where: str) -> str:
    desk = conftest.Desk(node.database, node.guard, conftest.Clock(node.clock()), home=node.home)
    member = await a_member(desk, handle)
    async with desk.turn(Viewer(Lane.PAGE, member)) as turn:
        await profiles.change(turn, member, {"city": where})
    return member


@pytest.fixture(scope="module")
async def founded(
    fresh_database: FreshDatabase, homeservers: Pair, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    """A hub on the run's second homeserver, for all tests here."""
    place = tmp_path_factory.mktemp("backup")
    async with fresh_database() as url:
        terminal = a_folder(place / "hub", url, homeserver=homeservers.b.url)
        write_secret(place / "registration", homeservers.b.part.registration_secret)
        write_secret(place / "word", "quetzal river stone")
        named = {"AYNI_HOMESERVER__REGISTRATION_SECRET_FILE": str(place / "registration")}
        terminal = Terminal(terminal.data, {**terminal.settings, **named})
        init = ("init", "--name", "Red Prueba", "--handle", "marisol", "--word-file", str(place / "word"))
        done = await terminal.ayni(*init)
        assert done.code == 0, done.err
        yield terminal


@pytest.fixture
async def hub(founded: Terminal, fresh_database: FreshDatabase, tmp_path: Path) -> Hub:
    async with opened(founded) as node:
        members = {
            who: await a_citizen(node, f"{who}{tmp_path.name[-4:]}", where) for who, where in PEOPLE.items()
        }
    return Hub(founded, fresh_database, tmp_path / "stick" / "ayni", members)


PEOPLE = {"Ixchel": "Cobán", "Tomas": "Livingston"}


async def test_a_hub_made_again_from_a_copy_is_the_same_and_whoever_was_erased_stays_erased(hub: Hub) -> None:
    first = await hub.backup()
    assert first.said("What opens it is keys/archive.key, and that is not in it")
    async with opened(hub.terminal) as node, node.turn(CLOCK) as turn:
        slot = await person_keys.slot_for(turn.tx, node.guard, hub.members["Tomas"])
        node.guard.slots.destroy(slot)
    await hub.backup()
    names = backups_in(hub.backups)
    assert len(names) == 2
    whole = b"".join(file.read_bytes() for file in hub.backups.rglob("*") if file.is_file())
    for secret in ("Cobán", "Ixchel", "marisol", "watch.key"):
        assert secret.encode() not in whole
    assert (hub.terminal.data / "keys" / "archive.key").read_bytes() not in whole
    async with hub.elsewhere("again") as place:
        done = await place.ayni(*hub.restore("--at", names[0]))
        assert done.code == 0, done.err
        assert done.said("stays erased", "The old machine must", "Next: ayni up")
        async with opened(place) as node, opened(hub.terminal) as before:
            assert node.home == before.home
            assert await city(node, hub.members["Ixchel"]) == "Cobán"
            with pytest.raises(Erased):
                await city(node, hub.members["Tomas"])
            await a_citizen(node, "Luz", "Río Dulce")
        async with place.staying("up") as up:
            await up.until("The pages:", within=150)
            well = await place.ayni("doctor", "--quick")
            assert well.code == 0, well.out
        full = await place.ayni(*hub.restore())
        assert (full.code, full.said("There is a hub in", "Nothing was changed")) == (2, True)


async def test_a_wrong_key_a_missing_one_and_a_changed_file_restore_nothing_and_say_so(hub: Hub) -> None:
    await hub.backup()
    other = hub.backups.parent / "other"
    a_folder(other, "postgresql://nowhere/")
    async with hub.elsewhere("again") as place:
        wrong = await place.ayni("restore", str(hub.backups), "--key-file", str(other / "keys/archive.key"))
        assert (wrong.code, wrong.said("This key is not the one of this hub")) == (2, True)
        none = await place.ayni("restore", str(hub.backups))
        assert (none.code, none.said("that file is in no backup", "--key-file")) == (2, True)
        nothing = await place.ayni("restore", str(other))
        assert (nothing.code, nothing.said("There is no finished backup in")) == (2, True)
        assert not place.data.exists()
        files = hub.backups / backups_in(hub.backups)[0] / "ayni.dump"
        whole = files.read_bytes()
        for spoilt in (whole[:-1], whole[:100] + bytes((whole[100] ^ 1,)) + whole[101:]):
            files.write_bytes(spoilt)
            refused = await place.ayni(*hub.restore())
            assert (refused.code, refused.said("cut short or was changed", "Take another")) == (1, True)
            assert (await place.ayni("up")).said("A restore into", "was cut short", "begins anew")
        files.write_bytes(whole)
        people = hub.backups / "people"
        kept = people.read_bytes()
        end = 4 + int.from_bytes(kept[:4])
        head = kept[4:end].replace(b'"kind":"file"', b'"kind":"passphrase"')
        people.write_bytes(len(head).to_bytes(4) + head + kept[end:])
        refused = await place.ayni(*hub.restore())
        assert refused.said("The file people of this backup", "was changed"), (
            "how the key is kept is no open word"
        )
        people.write_bytes(kept)
        assert (await place.ayni(*hub.restore())).code == 0


async def test_a_backup_and_a_restore_that_are_killed_leave_what_was_there_and_are_done_again(
    hub: Hub,
) -> None:
    await hub.backup()
    (before,) = backups_in(hub.backups)
    async with hub.terminal.staying("backup", str(hub.backups)) as killed:

        async def begun() -> bool:
            return any(each.name.endswith(UNFINISHED) for each in hub.backups.iterdir())

        await eventually(begun, within=30)
        os.kill(killed.program.pid, signal.SIGKILL)
        await killed.program.wait()
    assert before in backups_in(hub.backups)
    async with hub.elsewhere("again") as place:
        async with place.staying(*hub.restore()) as restoring:
            await restoring.until("Filling the database")
            os.kill(restoring.program.pid, signal.SIGKILL)
            await restoring.program.wait()
        assert (await place.ayni("up")).said("The hub does not start on half of a backup")
        again = await place.ayni(*hub.restore())
        assert again.code == 0, again.err
    await hub.backup()
    assert not list(hub.backups.glob(f"*{UNFINISHED}"))


async def test_on_a_full_disk_the_older_backup_stays_and_a_restore_can_be_done_again(hub: Hub) -> None:
    await hub.backup()
    before = backups_in(hub.backups)
    full = await small(hub.terminal, 16, "backup", str(hub.backups))
    assert (full.code, full.said("The disk of", "was removed; the older ones are as they")) == (1, True)
    assert backups_in(hub.backups) == before
    assert not list(hub.backups.glob(f"*{UNFINISHED}"))
    async with hub.elsewhere("again") as place:
        full = await small(place, 16, *hub.restore())
        assert (full.code, full.said("The restore was not finished; the backup is as it was")) == (1, True)
        assert (await place.ayni(*hub.restore())).code == 0
    inside = await hub.terminal.ayni("backup", str(hub.terminal.data / "copies"))
    assert (inside.code, inside.said("Name a folder on another disk")) == (2, True)


async def small(terminal: Terminal, blocks: int, *words: str) -> Done:
    """The same command where no file may grow beyond some KiB: as near to a full disk as one gets unasked."""
    shell = f"ulimit -f {blocks}; exec {AYNI} " + " ".join(words)
    run = await asyncio.create_subprocess_exec(
        *("bash", "-c", shell),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=terminal.environment,
    )
    out, err = await run.communicate()
    assert b"Traceback" not in err, err.decode()
    return Done(run.returncode or 0, out.decode(), err.decode())


async def test_a_bots_store_without_its_owners_keys_or_of_another_device_is_refused_with_a_sentence(
    hub: Hub,
) -> None:
    url = (hub.terminal.data / "database").read_text()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute("create table kept as select * from crypto_rows where account = 'bot'")
        await db.execute("delete from crypto_rows where account = 'bot'")
        try:
            await hub.backup()
        finally:
            await db.execute("insert into crypto_rows select * from kept")
            await db.execute("drop table kept")
    async with hub.elsewhere("again") as place:
        refused = await place.ayni(*hub.restore())
        assert refused.code == 1
        assert refused.said('The bot account "bot" cannot be used as it was restored: its store is empty')
        assert (await place.ayni("up")).said("does not start on half of a backup")


class PowerCut(Exception):
    """In the middle of the copy."""


async def cut_short(hub: Hub, stick: Path) -> None:
    """The network begins to move out; the machine stops before the last part is written."""

    def stops(text: Text) -> None:
        if "files.tar" in str(text):
            raise PowerCut

    with pytest.MonkeyPatch.context() as patch:
        for name, value in hub.terminal.settings.items():
            patch.setenv(name, value)
        archive = rings.archive_file(hub.terminal.data / "keys")
        assert archive is not None
        await moving.move_out(hub.terminal.data, stick, archive, stops)


async def test_a_network_moves_house_goes_on_where_it_was_cut_and_never_runs_twice(hub: Hub) -> None:
    stick = hub.backups.parent / "moving"
    out = ("network", "move-out", str(stick))
    hub.backups.parent.mkdir(exist_ok=True)
    with pytest.raises(PowerCut):
        await cut_short(hub, stick)
    (begun,) = stick.glob(f"*{UNFINISHED}")
    first = (begun / "ayni.dump").stat()
    assert (await hub.terminal.ayni("up")).said("does not start any more", "--stay")

    done = await hub.terminal.ayni(*out)
    assert done.code == 0, done.err
    assert done.said("sealed", "carry it there by another way", "does not start any more")
    (name,) = backups_in(stick)
    kept = (stick / name / "ayni.dump").stat()
    assert (kept.st_ino, kept.st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    assert (await hub.terminal.ayni(*out)).said("nothing is left to copy", "move-in")

    async with hub.elsewhere("new-house") as place:
        key = str(hub.terminal.data / "keys" / "archive.key")
        entered = await place.ayni("network", "move-in", str(stick), "--key-file", key)
        assert entered.code == 0, entered.err
        async with opened(place) as node, opened(hub.terminal) as before:
            assert node.home == before.home
            assert await city(node, hub.members["Ixchel"]) == "Cobán"
        assert not (place.data / "moved").exists()
    assert (await hub.terminal.ayni("network", "move-out", "--stay")).said("starts again")
    assert (await hub.terminal.ayni("network", "move-out", "--stay")).said("is not moving out")
