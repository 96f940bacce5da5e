"""What a process of ours writes when it ends in a way nobody expected: where, and nothing of what."""

from __future__ import annotations

import subprocess
import sys

CRASH = """
import asyncio
from hub import log

log.configure("test")
log.name_no_words()

async def part(word):
    raise ValueError(f"Key (handle)=({word}) already exists")

async def both():
    asyncio.get_running_loop().call_soon(lambda: 1 / int("0 quetzal".split()[0]))
    await asyncio.sleep(0)
    async with asyncio.TaskGroup() as group:
        group.create_task(part("quetzal"))
        try:
            await part("marisol")
        except ValueError as why:
            raise RuntimeError("for marisol") from why

asyncio.run(both())
"""


def test_it_names_types_and_places_and_no_words() -> None:
    done = subprocess.run([sys.executable, "-c", CRASH], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "CRITICAL ayni" in done.stderr
    assert "RuntimeError in both:" in done.stderr
    assert "from ValueError" in done.stderr
    assert "ZeroDivisionError in " in done.stderr
    assert "quetzal" not in done.stderr
    assert "marisol" not in done.stderr
