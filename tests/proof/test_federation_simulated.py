"""Five hubs, two of them hostile, over lines that lose, double and reorder, with restores from backups.

Honest hubs agree in the end, nothing forged is ever applied, and a hostile hub is heard wherever it gave no
number twice. `AYNI_SEEDS` says how many worlds (20,000 by default), `AYNI_SEED` plays one again. Every
fiftieth world uses the real curves. A failing seed is in the message.
"""

from __future__ import annotations

import os
import time

import pytest
from federation_world import World, check, played_crypto

SEEDS = int(os.environ.get("AYNI_SEEDS", "20000"))
ONE = os.environ.get("AYNI_SEED")
CHUNKS = 20
REAL_EVERY = 50


def _seeds(chunk: int) -> range | list[int]:
    return ([int(ONE)] if chunk == 0 else []) if ONE else range(chunk, SEEDS, CHUNKS)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_honest_hubs_agree_whatever_two_hostile_ones_do(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    began, count = time.process_time(), 0
    for seed in _seeds(chunk):
        world = World(seed)
        try:
            if seed % REAL_EVERY == 0:
                world.play()
            else:
                with played_crypto(monkeypatch):
                    world.play()
            check(world)
        except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as why:
            pytest.fail(f"AYNI_SEED={seed}: {type(why).__name__} {why}")
        count += 1
    spent = time.process_time() - began
    print(f"{count} worlds, {1000 * spent / max(count, 1):.0f} ms of CPU each")
