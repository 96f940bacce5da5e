"""What a person's app has shown, from a real homeserver; and what looks like it and is not."""

from __future__ import annotations

from fixtures_embedded import Pair
from matrix_parts import People, a_login, listening, together

from hub.matrix.receipts import receipts
from hub.matrix.wire import path


async def test_the_hub_hears_that_a_message_was_read(homeservers: Pair) -> None:
    people = People()
    try:
        async with listening(await a_login(homeservers.a)) as bot:
            rosa = await people.a_person(homeservers.a)
            room = await together(bot, rosa)
            event = await bot.say(room, "This is a drill.")
            await rosa.hear(30, room=room)
            await rosa._wire.post(path("rooms", room, "receipt", "m.read", event), {})
            read = await bot.ear.receipts.take(lambda one: one.event == event, 60)
            assert (read.room, read.user) == (room, rosa.user_id)
            assert read.at_ms > 0
    finally:
        await people.close()


def test_what_does_not_look_like_a_receipt_is_passed_over() -> None:
    hostile = [
        {"type": "m.typing", "content": {"user_ids": ["@a:b"]}},
        {"type": "m.receipt", "content": "nothing"},
        {"type": "m.receipt", "content": {"$e": {"m.read": ["@a:b"]}}},
        {"type": "m.receipt", "content": {"$e": {"m.read": {"@a:b": {"ts": True}, "@c:d": {"ts": -1}}}}},
        {"type": "m.receipt", "content": {"$e": {"m.read": {"@bot:b": {"ts": 5}}, "m.read.private": {}}}},
    ]
    assert list(receipts("@bot:b", "!r", hostile)) == []
    good = [{"type": "m.receipt", "content": {"$e": {"m.read": {"@a:b": {"ts": 5}}}}}]
    (read,) = receipts("@bot:b", "!r", good)
    assert (read.user, read.event, read.at_ms) == ("@a:b", "$e", 5)
