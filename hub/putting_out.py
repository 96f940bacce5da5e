"""A member may be forced: what bots wrote to them is taken back, they go out of rooms, their devices end.

Each is a letter into their room, like everything that must happen, so that a crash or a homeserver that is
away only puts it off. They say nothing; the lane does them (hub/lane.py). What this does not do: reach a
screen where something was read, a homeserver elsewhere, or a room that the person made and where the bot
has no power. Nor does it end the account: whoever is free again signs in with the same password.
"""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from directory.core.effects import LetIn, PutOut, Urgency
from directory.crypto import Chance
from directory.members import matrix_id_of, rooms_so_far
from directory.turn import Turn
from hub.accounts import PATIENCE, Accounts
from hub.letters import LetterBox
from hub.matrix.admin import Homeserver
from hub.store import letters as rows
from hub.store import rooms

EMPTY = rows.OUT_OF_WORDS + "empty"
OUT = rows.OUT_OF_WORDS + "out"
SIGN_OUT = rows.OUT_OF_WORDS + "sign-out"
ASK_IN = rows.OUT_OF_WORDS + "ask-in"


async def put_out(letters: LetterBox, turn: Turn, effect: PutOut) -> None:
    """Every direct room of theirs, and every other room of ours they were to be in."""
    user = await matrix_id_of(turn.tx, turn.guard, effect.member)
    if user is None:
        return
    await rooms.leave_those_of(turn.tx, turn.guard, user)
    direct = [await rooms.by_matrix(turn.tx, turn.guard, one) for one in await _rooms(turn, effect.member)]
    for place, room in enumerate(one for one in direct if one is not None and one.state == "open"):
        for kind in (EMPTY, OUT, *((SIGN_OUT,) if place == 0 else ())):
            await _write(letters, turn, room, kind, user)


async def let_in(letters: LetterBox, turn: Turn, effect: LetIn) -> None:
    """Ask them back into the room they were put out of."""
    user = await matrix_id_of(turn.tx, turn.guard, effect.member)
    for one in (await _rooms(turn, effect.member))[:1]:
        room = await rooms.by_matrix(turn.tx, turn.guard, one)
        if user is not None and room is not None and room.state == "open":
            await _write(letters, turn, room, ASK_IN, user)


async def _rooms(turn: Turn, member: str) -> list[str]:
    """Matrix rooms with the bots, the newest first."""
    apart = await rooms.direct_of(turn.tx, turn.guard, member)
    return list(dict.fromkeys([*(one["room"] for one in await rooms_so_far(turn, member)), *apart]))


async def _write(letters: LetterBox, turn: Turn, room: rooms.Room, kind: str, user: str) -> None:
    await letters.write(
        turn.tx,
        letter_id=turn.ids(),
        room=room.id,
        account=room.account,
        urgency=Urgency.ALARM,
        event_type=kind,
        content={"user": user},
        now=turn.now,
    )


@dataclass(frozen=True, slots=True)
class SigningOut:
    """Ends devices on our own homeserver; nothing where the account lives elsewhere.

    The homeserver does that for administrators only, and an administrator's token must not lie around: one
    is made for this, and closed again, each time.
    """

    accounts: Accounts
    chance: Chance

    async def __call__(self, user_id: str, bot_id: str) -> bool:
        """Sign somebody out everywhere; False for an account of another homeserver. Raises Trouble."""
        if user_id.partition(":")[2] != bot_id.partition(":")[2]:
            return False
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            server = Homeserver(self.accounts.url, http, secret=self.accounts.secret())
            name, password = (self.chance(10).hex() for _ in range(2))
            admin = await server.register(name, password, admin=True)
            try:
                await server.sign_out(user_id, admin.token)
            finally:
                await server.close_account(admin.user_id, admin.token)
        return True
