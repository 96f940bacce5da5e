"""Nothing lost and nothing twice in a long burst across two homeservers (deploy/decisions/0005)."""

from __future__ import annotations

import os

from fixtures_embedded import Pair
from matrix_parts import People, a_burst, a_login, listening

EACH = int(os.environ.get("AYNI_PROOF_BURST", "13"))


async def test_208_messages_with_16_in_flight_arrive_whole_and_once_though_timelines_are_cut(
    homeservers: Pair,
) -> None:
    people = People()
    ana = await people.a_person(homeservers.b)
    async with listening(await a_login(homeservers.a), timeline_limit=10) as bot:
        await a_burst(bot, ana, each=EACH)
    await people.close()
    print(f"{16 * EACH} messages, 16 in flight: each heard once")
