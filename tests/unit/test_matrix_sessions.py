"""Room keys are worn down: a seized store opens no message that was opened more than an hour ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import vodozemac
from nio.crypto import InboundGroupSession, Olm

from hub.chance import chance
from hub.matrix.crypto_store import KeptStore
from hub.matrix.ratchets import MEGOLM, Damaged, NoKey, Ratchets
from hub.matrix.rows import MemoryRows, Shelves, sealing
from hub.matrix.sessions import OPENABLE

ROOM, KEY, PRINT = "!room:a.org", "curve-of-ana", "ed-of-ana"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Sender:
    """Ana's side of one room key."""

    def __init__(self) -> None:
        self.session = vodozemac.GroupSession()
        self.key = self.session.session_key.to_base64()

    def say(self, body: str, room: str = ROOM) -> dict[str, str]:
        inner = f'{{"type":"m.room.message","room_id":"{room}","content":{{"body":"{body}"}}}}'
        cipher = self.session.encrypt(inner.encode()).to_base64()
        return {"algorithm": MEGOLM, "ciphertext": cipher, "session_id": self.session.session_id}

    def given(self) -> InboundGroupSession:
        return InboundGroupSession(self.key, PRINT, KEY, ROOM)


@pytest.fixture
def rows() -> MemoryRows:
    return MemoryRows()


def receiver(rows: MemoryRows) -> Ratchets:
    shelves = Shelves(rows, sealing(bytes(32), account="bot", kid="w1", chance=chance))
    store = KeptStore("@bot:a.org", "BOT", shelves, bytes(32), lazy=True)
    return Ratchets(Olm("@bot:a.org", "BOT", store), store)


def body(ratchets: Ratchets, content: dict[str, str]) -> object:
    return ratchets.open(ROOM, [KEY], content).content["body"]


def test_a_message_opens_with_its_place_in_the_ratchet_also_after_a_restart(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    bot.sessions.add(ana.given())
    one, two = ana.say("one"), ana.say("two")
    opened = bot.open(ROOM, [KEY], one)
    assert (opened.content["body"], opened.index, opened.sender_key, opened.fingerprint) == (
        "one",
        0,
        KEY,
        PRINT,
    )
    bot.sessions.tidy(NOON)
    assert receiver(rows).open(ROOM, [KEY], two).index == 1


def test_an_hour_after_it_was_opened_a_message_opens_no_more_and_the_next_one_does(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    bot.sessions.add(ana.given())
    one, two, three = ana.say("one"), ana.say("two"), ana.say("three")
    assert (body(bot, one), body(bot, two)) == ("one", "two")
    bot.sessions.tidy(NOON)
    assert body(receiver(rows), one) == "one"  # a moment later it still may, after a crash
    bot.sessions.tidy(NOON + OPENABLE + timedelta(minutes=11))
    for again in (bot, receiver(rows)):
        with pytest.raises(Damaged):
            body(again, one)
        with pytest.raises(Damaged):
            body(again, two)
        assert body(again, three) == "three"


def test_the_key_given_again_from_the_beginning_brings_the_past_not_back(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    bot.sessions.add(ana.given())
    one = ana.say("one")
    body(bot, one)
    bot.sessions.tidy(NOON)
    bot.sessions.tidy(NOON + OPENABLE + timedelta(minutes=11))
    assert not bot.sessions.add(ana.given())
    with pytest.raises(Damaged):
        body(bot, one)


def test_a_key_unused_for_weeks_is_forgotten(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    bot.sessions.add(ana.given())
    body(bot, ana.say("one"))
    bot.sessions.tidy(NOON)
    bot.sessions.tidy(NOON + timedelta(days=60))
    with pytest.raises(NoKey):
        body(bot, ana.say("two"))


def test_the_senders_own_device_is_found_whatever_key_the_event_names(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    bot.sessions.add(ana.given())
    bot.sessions.add(InboundGroupSession(ana.key, "ed-of-eve", "curve-of-eve", ROOM))  # she was given it too
    opened = bot.open(ROOM, [KEY], ana.say("one") | {"sender_key": KEY, "device_id": "EVE"})
    assert opened.fingerprint == PRINT
    claimed = bot.open(ROOM, [KEY], ana.say("two") | {"sender_key": "curve-of-eve"})
    assert claimed.fingerprint == PRINT


def test_without_its_key_or_from_another_room_nothing_opens(rows: MemoryRows) -> None:
    ana, bot = Sender(), receiver(rows)
    with pytest.raises(NoKey):
        body(bot, ana.say("one"))
    bot.sessions.add(ana.given())
    with pytest.raises(Damaged):
        body(bot, ana.say("two", room="!other:a.org"))
    with pytest.raises(Damaged):
        body(bot, {"algorithm": MEGOLM, "ciphertext": "junk", "session_id": ana.session.session_id})
    with pytest.raises(Damaged):
        body(bot, {"algorithm": MEGOLM})
    assert body(bot, ana.say("three")) == "three"


def test_hostile_to_device_messages_stop_nothing(rows: MemoryRows) -> None:
    bot = receiver(rows)
    own = bot._olm.account.identity_keys["curve25519"]
    sealed = {
        "sender": "@eve:b.org",
        "type": "m.room.encrypted",
        "content": {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": "x",
            "ciphertext": {own: {"type": 0, "body": "AAAA"}},
        },
    }
    other = {**sealed, "content": {**sealed["content"], "ciphertext": {own: {"type": 1, "body": "%%%"}}}}
    bot.take([7, None, {}, {"type": "m.room.encrypted"}, sealed, other, {**sealed, "content": []}])
    assert bot.sessions.arrived == set()
