"""Leaving: everything a member said is deleted here, and every copy elsewhere is withdrawn."""

from __future__ import annotations

from directory import audit, erasing
from directory.core.effects import CardChanged, Tell, Urgency
from directory.core.rules import may
from directory.core.text import say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import roles, shares
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
