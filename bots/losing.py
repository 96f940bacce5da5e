"""A lost device: closed at once by a word of the person or of their circle, and the way back.

A closed device's room is sent nothing; what comes from it is heard only as a possible call for help.
"""

from __future__ import annotations

from datetime import timedelta

from bots.around import judged, tell_around
from directory import audit, joining
from directory.core.effects import CloseRoom
from directory.core.text import say
from directory.joining import Invite
from directory.refusals import BadAnswer, NotYours
from directory.store import safekeeping as store
from directory.store import ways_in
from directory.turn import Turn

VOUCHERS = 2
VOUCHED_FOR = timedelta(hours=24)
"""The second voucher must come within this of the first."""


async def lost(turn: Turn, handle: str) -> None:
    """Close somebody's device, sign-ins and links; may be repeated. Raises NotYours.

    For the person, their circle and those who look after the network. Raising this is easy: it needs no word.
    """
    row = await judged(turn, "act:lost", handle)
    await close_all(turn, row.id)
    await tell_around(
        turn,
        row.id,
        say(
            "The device of {name} is lost and closed. Do not write to it. Ring them another way.",
            name=row.name,
        ),
    )
    await audit.note(turn, "lost", row.id)


async def close_all(turn: Turn, member: str) -> None:
    """Device, sign-ins and links, with every letter that still waits for the room."""
    await store.close_device(turn.tx, member, turn.now)
    await ways_in.end_sign_ins(turn.tx, member, turn.now)
    await ways_in.end_login_links(turn.tx, member, turn.now)
    await turn.record(CloseRoom(member))


async def vouch(turn: Turn, handle: str) -> Invite | None:
    """ "I spoke with them: it is really them." The second voucher is given the code for the new device.

    For the circle, never for the person. Raises NotYours, BadAnswer when no device of theirs is closed.
    """
    row = await judged(turn, "act:vouch", handle)
    voucher = turn.viewer.member
    if voucher is None or voucher == row.id or row.state != "active":
        raise NotYours
    if not await store.is_closed(turn.tx, row.id):
        raise BadAnswer(say("No device of theirs is closed."), field="handle")
    await store.vouch(turn.tx, row.id, voucher, turn.now)
    enough = await store.vouching(turn.tx, row.id, turn.now - VOUCHED_FOR) >= VOUCHERS
    code = await joining.code_back(turn, row.id) if enough else None
    if enough:
        await store.forget_vouchers(turn.tx, row.id)
    await audit.note(turn, "vouched", row.id)
    return code


async def came_back(turn: Turn, member: str, name: str) -> None:
    """Another device speaks for this member now: everybody around hears it, so that a thief is noticed."""
    await tell_around(
        turn,
        member,
        say("{name} writes from another device now. If that is not them, write: lost {name}", name=name),
    )
