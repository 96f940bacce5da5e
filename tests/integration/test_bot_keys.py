"""Replacing a bot's own keys: loud, only with the sentence, written into the log; then the bot works."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import migrated
from fixtures_embedded import FreshDatabase, Pair
from terminal import Terminal, a_folder_on

from hub.custody import write_secret


@pytest.mark.timeout(300)
async def test_new_keys_need_the_sentence_and_are_seen_by_doctor_and_in_the_log(
    tmp_path: Path, fresh_database: FreshDatabase, homeservers: Pair
) -> None:
    async with fresh_database(migrated) as url:
        await _goes_through(a_folder_on(homeservers.a, tmp_path / "hub", url))


async def _goes_through(terminal: Terminal) -> None:
    write_secret(terminal.data / "word", "quetzal river stone")
    word = ("--word-file", str(terminal.data / "word"))
    founded = await terminal.ayni("init", "--name", "Red Prueba", "--handle", "marisol", *word)
    assert founded.code == 0, founded.err
    refused = await terminal.ayni("bots", "reset", "bot", typed="yes\n")
    assert refused.code == 4
    assert refused.said("Every member's app warns", "type: new keys for bot", "Nothing was changed.")
    done = await terminal.ayni("bots", "reset", "bot", typed="new keys for bot\n")
    assert done.code == 0, done.err
    first = done.out.partition("Owner's key")[2].split()[0]
    again = await terminal.ayni("bots", "reset", "bot", "--type", "new keys for bot")
    assert again.code == 0 and first not in again.out
    async with terminal.staying("up") as hub:
        for part in ("care", "door"):
            await hub.until(f"✓ {part}")
        checked = await terminal.ayni("doctor")
        assert checked.said("device of bot", "Signed by its owner, and the one we made")
        assert (await terminal.ayni("audit")).said("replaced the bot's own keys")
