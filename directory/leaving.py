"""Leaving: everything a member said is deleted here, and every copy elsewhere is withdrawn.

Every way in is closed in the turn that asks for it; the deletion follows when its due row fires, a blink
later, or after three days when it was asked for under pressure (directory/later.py). Both look the same.
"""

from __future__ import annotations

from directory import audit, erasing, later
from directory.core.effects import CardChanged, Tell, Urgency
from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import later as later_rows
from directory.store import members as rows
from directory.store import roles, safekeeping, shares, ways_in
from directory.store.safekeeping import Freeze
from directory.turn import Turn


async def leave(turn: Turn) -> None:
    """The viewer leaves the network, for good. Needs the word. The last administrator cannot: BadAnswer."""
    member = turn.viewer.member
    if member is None or not may("act:leave", turn.viewer):
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    if await roles.holders(turn.tx, Role.ADMINISTRATOR) == [member]:
        raise BadAnswer(say("This is the last administrator. Make somebody else one first."))
    goodbye = say("You have left. What you told us is deleted, and other networks are told to do the same.")
    await turn.record(Tell(member, goodbye, Urgency.ANSWER))
    await later.put(turn, member, later.LEAVE, turn.now)
    await rows.change(turn.tx, member, {"state": "frozen"})
    await safekeeping.freeze(turn.tx, Freeze(member, None, True, turn.now, None))
    await safekeeping.close_device(turn.tx, member, turn.now)
    await ways_in.end_sign_ins(turn.tx, member, turn.now)
    await ways_in.end_login_links(turn.tx, member, turn.now)
    await turn.record(CardChanged(member))


async def still_leaves(turn: Turn, member: str) -> bool:
    """Is the entry still held back since they left? Not once two have lifted that."""
    return await safekeeping.freeze_of(turn.tx, member) is not None


async def looks_gone(turn: Turn, member: str) -> bool:
    """Did they leave, and wait for the deletion? Whoever forced them must meet what a stranger meets."""
    left = any(row.kind == later.LEAVE for row in await later_rows.all_of(turn.tx, turn.guard, member))
    return left and await still_leaves(turn, member)


async def erase(turn: Turn, member: str) -> None:
    """The deletion itself, for bots/later.py when its time has come."""
    await _erase(turn, member)


async def remove(turn: Turn, member: str) -> None:
    """Somebody who looks after the network takes a person out, with the same effect. Not themselves."""
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or row.kind != "person" or member == turn.viewer.member:
        raise NotYours
    if not may("act:remove", turn.viewer):
        raise NotYours
    await _erase(turn, member)
    await audit.note(turn, "removed")


async def _erase(turn: Turn, member: str) -> None:
    await rows.delete(turn.tx, member)
    await erasing.soon(turn)
    await shares.forget_member(turn.tx, member)
    await audit.forget(turn, member)
    await turn.record(CardChanged(member))
