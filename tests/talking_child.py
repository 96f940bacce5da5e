"""A child of test_conversation_killed.py: `care` hearing messages, killed with -9 in the middle of one.

    python talking_child.py URL WATCHKEY DIE NUMBER ROOM SENDER BODY

Hears one message as the bot's ear would, in one transaction. DIE: "before" kills it after the answer was
written and before the commit, "after" right after the commit, "never" not at all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bots.desk import Desk
from bots.said import Form
from bots.store import conversations
from directory import vocabulary
from directory.core.effects import Effect, Tell
from directory.core.viewer import Viewer
from directory.languages import render
from directory.store.database import Database
from directory.store.guarded import Guard, RingKey
from directory.turn import Turn
from hub.chance import chance, random_id
from hub.ear import BotEar
from hub.matrix.inbound import Inbound


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    url, key, when, number, room, sender, body = sys.argv[1:]
    database = Database(url)
    guard = Guard(RingKey("w1", bytes.fromhex(key)), RingKey("a1", chance(32)), chance)
    now = datetime(2026, 11, 24, 12, int(number), tzinfo=UTC)

    @asynccontextmanager
    async def turns(viewer: Viewer) -> AsyncIterator[Turn]:
        async with database.transaction() as tx:

            async def record(effect: Effect) -> None:
                if isinstance(effect, Tell):
                    if effect.question is not None:
                        await conversations.remember(turn, effect.member, effect.question, effect.context)
                    sys.stdout.write(render(effect.text, "en") + "\n")

            turn = Turn(tx, viewer, now, record, random_id, guard, "home" + "0" * 60)
            yield turn
            if when == "before":
                die()
        if when == "after":
            die()

    message = Inbound(
        account="bot",
        room=room,
        event_id=f"$event-{number}",
        sender=sender,
        sent_at_ms=int(now.timestamp() * 1000),
        event_type="m.room.message",
        form=Form.WORDS,
        body=body,
        trusted=True,
        doubt=None,
        master_key="key",
    )
    desk = Desk(vocabulary.load(), "Red Ayni")
    ear = BotEar(desk, turns, None, None)  # type: ignore[arg-type]  # only invitations need these
    await ear.deliver(message)
    await database.close()


asyncio.run(main())
