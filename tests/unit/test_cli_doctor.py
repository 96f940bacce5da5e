"""The doctor's judgements that need nothing running: clocks, folders, and what a thief reads."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary

from directory.store.database import metadata
from hub import custody
from hub.chance import chance
from hub.doctor.bots import judge
from hub.doctor.check import State
from hub.doctor.clocks import clock_trouble, peers_trouble
from hub.doctor.folder import look_at_disk, look_at_folder, look_at_keys, look_at_settings
from hub.doctor.parts import look_at_parts
from hub.doctor.seized import PLACES, explain, sealed_count
from hub.doctor.seized_tables import SHELVES, Lies
from hub.logins import Login
from hub.matrix.identities import Device, Identity
from hub.pulse import Pulse, file_of
from hub.settings import Disk, Settings
from hub.supervise_folder import claim
from hub.supervise_status import State as Standing
from hub.supervise_status import Status

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def noon() -> datetime:
    return NOON


def seconds(*several: float) -> list[timedelta]:
    return [timedelta(seconds=one) for one in several]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as `ayni init` begins it."""
    folder = claim(tmp_path / "hub", noon)
    custody.make_rings(folder / "keys", chance)
    return folder


# --- Clocks


def test_a_clock_that_is_off_by_an_hour_is_named_with_what_to_do() -> None:
    for ours in (NOON + HOUR, NOON - HOUR):
        trouble = clock_trouble(ours, {"the database": ours, "the homeserver": NOON})
        assert trouble is not None
        assert "the homeserver says 2026-11-24 12:00:00" in str(trouble)
        assert "timedatectl set-ntp true" in str(trouble)


def test_a_clock_that_is_off_by_half_a_minute_is_well() -> None:
    assert clock_trouble(NOON, {"the homeserver": NOON + timedelta(seconds=30)}) is None


def test_letters_that_are_late_say_nothing_but_letters_from_the_future_do() -> None:
    assert peers_trouble({"a": seconds(900, 0.2), "b": seconds(0.1)}) is None
    behind = peers_trouble({"a": seconds(-3600, -3500), "b": seconds(-3599)})
    assert behind is not None
    assert "60 minutes behind those of 2 linked hubs" in str(behind)


def test_our_clock_ahead_of_every_peer_is_noticed_by_the_shortest_delay() -> None:
    ahead = peers_trouble({"a": seconds(3700, 3600.2), "b": seconds(3600.1)})
    assert ahead is not None
    assert "60 minutes ahead of those of 2 linked hubs" in str(ahead)


def test_one_peer_among_three_whose_clock_is_wrong_does_not_blame_us() -> None:
    assert peers_trouble({"a": seconds(-3600), "b": seconds(0.1), "c": seconds(0.2)}) is None
    assert peers_trouble({}) is None


# --- Folder, settings, keys, disk


def test_a_well_kept_folder_is_well(data: Path) -> None:
    assert look_at_folder(data).state is State.OK
    assert look_at_keys(data).state is State.OK


def test_a_missing_folder_says_how_to_begin(tmp_path: Path) -> None:
    assert "ayni init --data" in str(look_at_folder(tmp_path / "nothing").text)


def test_a_folder_of_another_version_is_named(data: Path) -> None:
    (data / "ayni.json").write_text(json.dumps({"format": 99}))
    check = look_at_folder(data)
    assert check.state is State.TROUBLE
    assert "format 99" in str(check.text)


def test_a_folder_or_key_that_others_can_read_is_named_with_the_command_that_closes_it(data: Path) -> None:
    data.chmod(0o755)
    assert "Run: chmod" in str(look_at_folder(data).text)
    (data / "keys" / "watch.key").chmod(0o644)
    check = look_at_keys(data)
    assert check.state is State.TROUBLE
    assert "watch.key" in str(check.text)
    assert "archive.key" not in str(check.text)


def test_a_lost_key_is_named(data: Path) -> None:
    (data / "keys" / "watch.key").unlink()
    assert "Put the folder `keys` back" in str(look_at_keys(data).text)


def test_a_setting_nobody_knows_and_an_open_secret_are_named(data: Path) -> None:
    check, settings = look_at_settings(data, {"AYNI_DOOR__COLOUR": "blue"})
    assert settings is None
    assert "colour" in str(check.text)
    secret = data / "url"
    secret.touch(mode=0o644)
    secret.chmod(0o644)
    check, _ = look_at_settings(data, {"AYNI_DATABASE__URL_FILE": str(secret)})
    assert f"chmod 600 {secret}" in str(check.text)
    check, settings = look_at_settings(data, {"AYNI_HOMESERVER__DOMAIN": "red.example"})
    assert (check.state, settings is not None) == (State.OK, True)


def test_a_reserve_that_is_not_there_is_named_and_one_that_is_is_well(data: Path) -> None:
    lacking = look_at_disk(data, Settings(disk=Disk(reserve_mib=1)))[1]
    assert lacking.state is State.TROUBLE
    assert "1 MiB kept for alarms are not on the disk" in str(lacking.text)
    assert look_at_disk(data, Settings(disk=Disk(reserve_mib=0)))[1].state is State.OK


# --- Parts


def test_a_hub_that_does_not_run_says_how_to_start_it(data: Path) -> None:
    (check,) = look_at_parts(data, noon)
    assert f"ayni up --data {data}" in str(check.text)


def test_standings_of_a_supervisor_that_was_killed_are_not_believed(data: Path) -> None:
    status = Status(data, ["postgres", "care"], noon)
    status.mark("postgres", Standing.UP)
    file = data / "run" / "status.json"
    file.write_text(file.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194305'))
    (check,) = look_at_parts(data, noon)
    assert "not running" in str(check.text)


def test_a_failing_part_is_told_with_its_sentence_and_a_silent_one_by_its_pulse(data: Path) -> None:
    status = Status(data, ["postgres", "care", "door"], noon)
    status.mark("postgres", Standing.UP)
    status.mark("care", Standing.UP)
    status.mark("door", Standing.FAILING, "Port 1 is used by another program.")
    told = {check.name: check for check in look_at_parts(data, noon)}
    assert told["postgres"].state is State.OK
    assert "no sign of life" in str(told["care"].text)
    assert "Port 1" in str(told["door"].text)
    Pulse(data, "care", noon, is_ready=True)._give(file_of(data, "care"), None)
    told = {check.name: check for check in look_at_parts(data, noon)}
    assert told["care"].state is State.OK


# --- Bots' devices

LOGIN = Login("@ayni:red.example", "DEVICE", "token", "password", b"")
OURS = Device("@ayni:red.example", "DEVICE", "ed", "curve", owner_signed=True)


def test_a_bots_device_is_well_only_when_it_is_ours_signed_by_our_owner_and_alone() -> None:
    shown = Identity(LOGIN.user_id, "master", (OURS,))
    assert judge("bot", LOGIN, shown, "master", frozenset({"ed"})) is None
    assert "another owner" in str(judge("bot", LOGIN, shown, "other", frozenset({"ed"})))
    assert "another device" in str(judge("bot", LOGIN, shown, "master", frozenset({"older"})))
    unsigned = replace(shown, devices=(replace(OURS, owner_signed=False),))
    assert "does not show the device" in str(judge("bot", LOGIN, unsigned, "master", frozenset({"ed"})))
    stranger = replace(OURS, device_id="STRANGER", ed25519="x")
    more = replace(shown, devices=(OURS, stranger))
    assert "STRANGER" in str(judge("bot", LOGIN, more, "master", frozenset({"ed"})))
    rogue = replace(shown, devices=(OURS, replace(stranger, owner_signed=False)))
    assert judge("bot", LOGIN, rogue, "master", frozenset({"ed"})) is None


# --- What a thief reads


def test_every_column_of_every_table_is_classified_once() -> None:
    declared = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    listed = [f"{shelf.table}.{column}" for shelf in SHELVES for column, _ in shelf.columns()]
    assert declared - set(listed) == set(), "say in hub/doctor/seized_tables.py how these lie on the disk"
    assert set(listed) - declared == set()
    assert len(listed) == len(set(listed))


def test_what_is_called_sealed_holds_bytes_and_every_guarded_column_is_sealed() -> None:
    lies = {f"{shelf.table}.{column}": how for shelf in SHELVES for column, how in shelf.columns()}
    for table in metadata.sorted_tables:
        for column in table.columns:
            how = lies[f"{table.name}.{column.name}"]
            if how is not Lies.OPEN:
                assert isinstance(column.type, LargeBinary), f"{table.name}.{column.name}"
            if column.name == "guarded":
                assert how in (Lies.WATCH, Lies.ARCHIVE)


def test_each_table_says_in_words_what_it_tells() -> None:
    for table, tells, columns in explain():
        assert tells.endswith("."), table
        assert columns
    sealed, every = sealed_count()
    assert 0 < sealed < every
    assert {"keys/", "settings.toml", "database synapse"} <= {place.path for place in PLACES}
