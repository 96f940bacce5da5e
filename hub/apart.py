"""An account that does one part: whoever speaks with it is answered there, not in the room of the main bot.

What nobody asked for, alarms above all, comes from the main account, in the room that was opened when the
member came in: it must not depend on a second room that somebody may have left.
"""

from __future__ import annotations

from dataclasses import replace

from directory.core.effects import Effect, Tell
from directory.turn import Turn
from hub.store import rooms


async def in_room(turn: Turn, account: str, matrix_room: str, member: str) -> Turn:
    """The same turn; what `member` is told in it goes into this room, which is noted as theirs."""
    await rooms.known(
        turn.tx,
        turn.guard,
        room=turn.ids(),
        account=account,
        purpose="direct",
        ref=member,
        matrix=matrix_room,
        now=turn.now,
    )

    async def record(effect: Effect) -> None:
        if isinstance(effect, Tell) and effect.member == member:
            effect = replace(effect, room=matrix_room)
        await turn.record(effect)

    return replace(turn, record=record)
