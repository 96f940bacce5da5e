"""What a device keeps: sealed, under names nobody can read, the same after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nio.crypto import Olm

from hub.chance import chance
from hub.matrix.crypto_store import KeptStore, OtherDevice
from hub.matrix.handled import KEPT, Handled
from hub.matrix.inbound import RoomEvent
from hub.matrix.rows import AlteredStore, MemoryRows, Shelves, sealing
from hub.matrix.waiting import MOST, Waiting

KEY = bytes(range(32))
ANA, ROOM = "@ana:b.org", "!room:a.org"


def shelves(rows: MemoryRows, key: bytes = KEY) -> Shelves:
    return Shelves(rows, sealing(key, account="bot", kid="w1", chance=chance))


def test_a_device_comes_back_with_its_keys_and_sessions(tmp_path: Path) -> None:
    file, pickle_key = tmp_path / "device", chance(32)
    rows = MemoryRows(file)
    olm = Olm(ANA, "PHONE", KeptStore(ANA, "PHONE", shelves(rows), pickle_key))
    olm.create_outbound_group_session(ROOM)
    keys = olm.account.identity_keys
    rows.flush()

    again = Olm(ANA, "PHONE", KeptStore(ANA, "PHONE", shelves(MemoryRows(file)), pickle_key))
    assert again.account.identity_keys == keys
    assert [session.room_id for session in again.inbound_group_store] == [ROOM]
    for name in (ANA, ROOM, "PHONE", keys["curve25519"]):
        assert name.encode() not in file.read_bytes()


def test_a_store_of_another_device_is_refused() -> None:
    rows = MemoryRows()
    Olm(ANA, "PHONE", KeptStore(ANA, "PHONE", shelves(rows), KEY))
    with pytest.raises(OtherDevice):
        Olm(ANA, "TABLET", KeptStore(ANA, "TABLET", shelves(rows), KEY))


def test_a_pickle_key_is_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeptStore(ANA, "PHONE", shelves(MemoryRows()), b"short")


def test_a_row_opens_only_with_its_key_and_in_its_place() -> None:
    rows = MemoryRows()
    shelves(rows).put("olm", "one", b"secret")
    assert shelves(rows).get("olm", "one") == b"secret"
    assert shelves(rows, chance(32)).get("olm", "one") is None
    ((_, sealed),) = rows.iterate("olm")
    rows.put("meta", shelves(rows).sealing.digest("meta", b"one"), sealed)
    with pytest.raises(AlteredStore):
        shelves(rows).get("meta", "one")


def test_what_was_handled_is_known_after_a_restart_and_only_the_recent_past_is_kept() -> None:
    rows = MemoryRows()
    handled = Handled(shelves(rows))
    assert handled.knows_nothing_of(ROOM)
    handled.note(ROOM, [f"${number}" for number in range(KEPT + 5)])
    again = Handled(shelves(rows))
    assert again.knows(ROOM, f"${KEPT}") and not again.knows(ROOM, "$0")
    again.forget(ROOM)
    assert Handled(shelves(rows)).knows_nothing_of(ROOM)


class Clock:
    now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def an_event(number: int, session: str = "s") -> RoomEvent:
    return RoomEvent(f"${number}", ANA, "m.room.encrypted", {"session_id": session})


def test_what_waits_for_its_key_is_told_once_when_overdue_and_opened_when_the_key_comes() -> None:
    rows, clock = MemoryRows(), Clock()
    waiting = Waiting(shelves(rows), clock, timedelta(seconds=4))
    assert waiting.seconds_left() is None
    waiting.add(ROOM, an_event(1))
    waiting.add(ROOM, an_event(2))
    assert waiting.seconds_left() == 4 and waiting.overdue() == []
    clock.now += timedelta(seconds=5)
    first, second = waiting.overdue()
    assert waiting.told(first) and not waiting.told(second)  # one request for one session
    assert waiting.overdue() == []

    again = Waiting(shelves(rows), clock, timedelta(seconds=4))
    assert again.overdue() == []
    wanted = again.wanting([(ROOM, "s")])
    assert [item.event.event_id for item in wanted] == ["$1", "$2"]
    for item in wanted:
        again.drop(item)
    assert again.wanting([(ROOM, "s")]) == []


def test_a_full_shelf_takes_no_more_and_what_nobody_could_open_goes_after_a_week() -> None:
    clock = Clock()
    waiting = Waiting(shelves(MemoryRows()), clock, timedelta(seconds=4))
    assert all(waiting.add(ROOM, an_event(number)) for number in range(MOST))
    assert not waiting.add(ROOM, an_event(MOST))
    clock.now += timedelta(seconds=5)
    for item in waiting.overdue():
        waiting.told(item)
    clock.now += timedelta(days=8)
    waiting.tidy()
    assert waiting.add(ROOM, an_event(MOST))
