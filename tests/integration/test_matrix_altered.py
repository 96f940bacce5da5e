"""A row of the bot's store is altered while it runs: it goes on listening, and what it cannot open any more
is told, never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fixtures_embedded import Pair
from matrix_parts import People, a_login, listening, together

from bots.said import Form
from hub.chance import chance
from hub.matrix.crypto_store import ACCOUNT, MEGOLM
from hub.matrix.rows import AlteredStore, MemoryRows, Shelves, sealing


def altered(rows: MemoryRows, shelf: str) -> int:
    """Change one bit of every row of a shelf, as a thief or a dying disk would."""
    found = list(rows.iterate(shelf))
    for key, value in found:
        rows.put(shelf, key, value[:-1] + bytes([value[-1] ^ 1]))
    return len(found)


async def test_what_an_altered_row_held_is_told_as_unreadable_and_the_bot_goes_on_listening(
    homeservers: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    people = People()
    ana, bea = await people.a_person(homeservers.b), await people.a_person(homeservers.a)
    rows = MemoryRows()
    login = await a_login(homeservers.a, rows)
    async with listening(login, grace=timedelta(seconds=0.5)) as bot:
        room, other = await together(bot, ana), await together(bot, bea)
        await ana.say(room, "one")
        await bot.ear.next()
        bot.account._sync._reading.ratchets.sessions._recent.clear()  # as after 256 other rooms
        assert altered(rows, MEGOLM) > 0
        await ana.say(room, "help")
        lost = await bot.ear.next()
        assert (lost.form, lost.sender, lost.trusted) == (Form.UNREADABLE, ana.user_id, False)
        await bea.say(other, "still there?")
        assert (await bot.ear.next_that(lambda one: one.sender == bea.user_id)).body == "still there?"
        ana.client.invalidate_outbound_session(room)  # what an app does when it is asked for its key in vain
        await ana.say(room, "now")
        assert (await bot.ear.next_that(lambda one: one.body == "now")).trusted
    await people.close()
    assert "a row of a bot's store was altered" in capsys.readouterr().out


def test_a_device_whose_own_row_was_altered_is_refused_with_a_sentence() -> None:
    rows = MemoryRows()
    shelves = Shelves(rows, sealing(chance(32), account="bot", kid="w1", chance=chance))
    shelves.put(ACCOUNT, "own", b"keys")
    assert shelves.get(ACCOUNT, "own") == b"keys"
    altered(rows, ACCOUNT)
    with pytest.raises(AlteredStore, match="Restore it from a backup"):
        shelves.get(ACCOUNT, "own")
    shelves.put(MEGOLM, "one", b"key")
    shelves.put(MEGOLM, "two", b"key")
    altered(rows, MEGOLM)
    assert shelves.has(MEGOLM, "one")
    assert list(shelves.values(MEGOLM)) == []
    assert not shelves.has(MEGOLM, "one")
