"""When things are wrong (the foundation's last section), through the real commands: a sentence that says what
and what to do, an exit code, no traceback, and the next start recovers."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fixtures_embedded import FreshDatabase, Pair
from terminal import Terminal, a_folder_on

from hub.custody import write_secret
from hub.doctor.check import State
from hub.doctor.examine import examine
from hub.embedded.ports import Ports

pytestmark = pytest.mark.timeout(300)
INIT = ("init", "--name", "Red Prueba", "--language", "es", "--handle", "marisol", "--word-file")


@pytest.fixture(scope="module")
async def hub(
    fresh_database: FreshDatabase, homeservers: Pair, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    """A founded hub on the run's database and homeserver. Tests here leave it as they found it."""
    data = tmp_path_factory.mktemp("front") / "hub"
    async with fresh_database() as url:
        terminal = a_folder_on(homeservers.a, data, url)
        write_secret(data / "word", "quetzal river stone")
        founded = await terminal.ayni(*INIT, str(data / "word"))
        assert founded.code == 0, founded.err
        assert founded.said("Red Prueba is ready", "@bot-", "Next: ayni up")
        yield terminal


async def states(hub: Terminal, *, off: timedelta = timedelta(0)) -> dict[str, tuple[State, str]]:
    """The doctor's checks by name, with a clock that may be off."""
    environment = {**os.environ, **hub.settings}
    checks = await examine(hub.data, environment, lambda: datetime.now(UTC) + off)
    return {check.name: (check.state, str(check.text)) for check in checks}


async def test_a_homeserver_that_is_away_is_named(hub: Terminal) -> None:
    away = {"AYNI_HOMESERVER__URL": "http://127.0.0.1:9"}
    async with hub.staying("up", **away) as up:
        assert "✓ care" not in await up.until("The homeserver at http://127.0.0.1:9 does not answer")
        doctor = await hub.ayni("doctor", **away)
        assert doctor.said("The homeserver at http://127.0.0.1:9 does not answer. Is it running")


async def test_the_next_start_knows_new_keys_of_a_bot_names_a_taken_port_recovers_and_judges_the_clock(
    hub: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _new_keys_of_a_bot(hub)
    for name, value in hub.settings.items():
        monkeypatch.setenv(name, value)
    port = Ports(hub.data).choose(("door",))["door"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        async with hub.staying("up", AYNI_DISK__RESERVE_MIB="100000000") as up:
            said = await up.until(f"Port {port}")
            assert "Ayni keeps 100000000 MiB in reserve for alarms. Free some space" in said
            assert "✓ care" in said
            other.close()
            await up.until("The pages:")
            await _is_well(hub, up.program.pid)
            await _asks_others(hub)
            up.program.terminate()
            assert await up.program.wait() == 0
    down = await hub.ayni("doctor")
    assert (down.code, down.said("The hub is not running. Start it: ayni up")) == (1, True)
    assert (await hub.ayni("member", "list")).code == 3


async def _new_keys_of_a_bot(hub: Terminal) -> None:
    """Loud, and only with the sentence; each time other ones."""
    refused = await hub.ayni("bots", "reset", "bot", typed="yes\n")
    assert refused.code == 4
    assert refused.said("Every member's app warns", "type: new keys for bot", "Nothing was changed.")
    done = await hub.ayni("bots", "reset", "bot", typed="new keys for bot\n")
    assert done.code == 0, done.err
    first = done.out.partition("Owner's key")[2].split()[0]
    again = await hub.ayni("bots", "reset", "bot", "--type", "new keys for bot")
    assert again.code == 0 and first not in again.out


async def _asks_others(hub: Terminal) -> None:
    """What the machine alone does not decide, and what it prints for handing over."""
    named = await hub.ayni("second", "name", "the notary", "--outside")
    assert (named.code, named.said("One more person has to say the same")) == (0, True), named.err
    assert (await hub.ayni("second", "list")).said("the notary", "No custodian is named")
    made = await hub.ayni("member", "invite")
    assert made.said("Two words to say aloud, never beside the code", "/join"), made.err
    assert (await hub.ayni("member", "invite", "--role", "administrator")).said(
        "Nobody comes in as administrator"
    )
    assert (await hub.ayni("member", "sign-ins", "marisol")).said("Nowhere.")
    assert (await hub.ayni("audit")).said("replaced the bot's own keys")


async def _is_well(hub: Terminal, pid: int) -> None:
    """Held by one process, nothing for the doctor to say, and a clock that is off by an hour is noticed."""
    second = await hub.ayni("up")
    assert (second.code, second.said(f"Ayni already runs on {hub.data}: process {pid}")) == (3, True)
    well = await hub.ayni("doctor", "--json")
    report = json.loads(well.out)
    assert [one for one in report["checks"] if one["state"] == "trouble"] == []
    assert (well.code, report["well"]) == (0, True)
    assert "Signed by its owner, and the one we made" in well.out
    ahead = await states(hub, off=timedelta(hours=1))
    for name in ("database", "homeserver"):
        assert ahead[name][0] is State.TROUBLE
        assert "Set it right" in ahead[name][1]


async def test_a_database_that_is_away_is_named(hub: Terminal) -> None:
    elsewhere = hub.data / "elsewhere"
    write_secret(elsewhere, "postgresql://ayni@127.0.0.1:9/ayni?connect_timeout=2")
    away = {"AYNI_DATABASE__URL_FILE": str(elsewhere)}
    up = await hub.ayni("up", **away)
    assert up.code == 1
    assert up.said("does not answer", "could not be brought up to date; nothing was changed")
    doctor = await hub.ayni("doctor", **away)
    assert (doctor.code, doctor.said("The database does not answer", "Needs this first: database")) == (
        1,
        True,
    )


async def test_a_folder_of_another_version_is_refused_and_left_alone(hub: Terminal) -> None:
    marker = hub.data / "ayni.json"
    ours = marker.read_text()
    marker.write_text('{"format": 99}')
    for command in (("up",), (*INIT, str(hub.data / "word"))):
        refused = await hub.ayni(*command)
        assert refused.code == 1
        assert refused.said("was made by another version of Ayni (format 99")
    assert marker.read_text() == '{"format": 99}'
    marker.write_text(ours)


async def test_a_folder_of_another_owner_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    if os.geteuid() == 0:
        theirs.mkdir(mode=0o755)
        os.chown(theirs, 65534, 65534)
    else:
        theirs = Path("/usr/share")
    before = sorted(theirs.iterdir())
    refused = await Terminal(theirs).ayni("up")
    assert refused.code == 1
    assert refused.said(f"The folder {theirs} belongs to", "or name another data folder")
    assert sorted(theirs.iterdir()) == before


async def test_nothing_there_yet_says_how_to_begin_and_leaves_nothing(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    refused = await Terminal(nothing).ayni("up")
    assert (refused.code, refused.said("There is no network in", "Run: ayni init")) == (2, True)
    assert not nothing.exists()
    half = await Terminal(nothing, {"AYNI_DATABASE__URL_FILE": "/some/file"}).ayni("up")
    assert (half.code, half.said("the hub starts both itself, or neither")) == (2, True)


async def test_a_setting_that_does_not_exist_is_named(hub: Terminal) -> None:
    refused = await hub.ayni("up", AYNI_DOOR__COLOUR="blue")
    assert (refused.code, refused.said("colour", "Correct or remove that line")) == (2, True)


async def test_a_second_ceremony_changes_nothing(hub: Terminal) -> None:
    before = {
        file: file.read_bytes() for file in (hub.data / "keys").iterdir() if file.name != "terminal.token"
    }
    again = await hub.ayni(*INIT, str(hub.data / "word"))
    assert again.code == 0
    assert {file: file.read_bytes() for file in before} == before
