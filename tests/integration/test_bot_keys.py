"""Replacing a bot's own keys: loud, only with the sentence, written into the log; then the bot works."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from terminal import Terminal

from hub.custody import write_secret
from hub.supervise_folder import claim


@pytest.mark.timeout(300)
async def test_new_keys_need_the_sentence_and_are_seen_by_doctor_and_in_the_log(
    tmp_path: Path, clock: Clock
) -> None:
    data = claim(tmp_path / "hub", clock)
    write_secret(data / "word", "quetzal river stone")
    terminal = Terminal(data, {"AYNI_DISK__RESERVE_MIB": "1"})
    init = ("init", "--name", "Red Prueba", "--handle", "marisol", "--word-file", str(data / "word"))
    assert (await terminal.ayni(*init)).code == 0
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
