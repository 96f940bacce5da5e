"""“Somebody in network X looked you up”: counted when a card is opened, told by the week and a week late.

Whoever looks after the network opens cards to keep people safe: that is not counted, so that it cannot be
read from this who is being looked after. While a member is held back they read nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from directory.core.looking_up import KEPT, is_told, week_of
from directory.core.rules import may
from directory.core.viewer import Role
from directory.refusals import NotYours
from directory.store import look_ups as store
from directory.store import members as rows
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class LookedUp:
    """In the week that began then, somebody in this network opened the member's card."""

    network: str
    name: str
    home: bool
    week: datetime


async def note(turn: Turn, member: str | None) -> None:
    """The viewer opened the card of this member of ours."""
    keeps = turn.viewer.may_act_as(Role.COORDINATOR, Role.ADMINISTRATOR)
    if member is None or member == turn.viewer.member or turn.viewer.member is None or keeps:
        return
    await store.count(turn.tx, member, turn.home, week_of(turn.now))


async def mine(turn: Turn) -> tuple[LookedUp, ...]:
    """What the viewer may know of who looked them up. Raises NotYours."""
    member = turn.viewer.member
    if member is None or not may("act:withdraw", turn.viewer):
        raise NotYours
    row = await rows.load(turn.tx, member)
    if row is None or row.state != "active":
        return ()
    found = await store.of(turn.tx, member)
    told = [one for one in found if is_told(one.week, turn.now)]
    return tuple(LookedUp(one.network, one.network_name, one.network == turn.home, one.week) for one in told)


async def forget(turn: Turn) -> None:
    """Once a day."""
    await store.forget_before(turn.tx, turn.now - KEPT)
