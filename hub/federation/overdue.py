"""Withdrawals nobody confirmed: after a while they turn red, after the agreed time no more cards are sent.

Due kind `overdue`, ref the network; set when a withdrawal goes out. Only cards wait: withdrawals, alarms and
everything else of the link go on, and cards go on by themselves when the receipt comes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from directory.core.effects import DueAt, TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.store import shares
from directory.turn import Turn
from hub.federation import life
from hub.federation.core.agreement import Agreement
from hub.federation.core.ledger import Patience, Shared, Waiting, overdue
from hub.federation.core.link import Stage
from hub.federation.hands import at_hand
from hub.federation.post import DUE_CARDS, DUE_CHECKPOINT
from hub.store import due, links
from hub.store.links import LinkRow

DUE_OVERDUE = "overdue"
LOOK_AGAIN = timedelta(minutes=10)


async def expect(turn: Turn, network: str) -> None:
    """A withdrawal went out: look whether it is confirmed by the time it would turn red."""
    await due.put_at_latest(turn.tx, DUE_OVERDUE, network, turn.now + Patience().red)


async def standing(turn: Turn, network: str) -> Waiting | None:
    """How the oldest unconfirmed withdrawal stands; None when there is none."""
    link = await links.of(turn.tx, turn.guard, network)
    return None if link is None else await _standing(turn, link)


async def held_back(turn: Turn, link: LinkRow) -> bool:
    """Has the other side let the agreed time pass? Then it is given no more cards."""
    return await _standing(turn, link) is Waiting.SUSPEND


async def look(turn: Turn, network: str) -> None:
    """Due handler: tell the administrators when it turns red or cards stop; let cards go on afterwards."""
    link = await at_hand(turn, DUE_OVERDUE, network, network)
    since = None if link is None else await shares.oldest_unconfirmed(turn.tx, network)
    if link is None or link.state == Stage.SEVERED:
        return
    if since is None:
        await turn.record(DueAt(DUE_CARDS, network, turn.now))
        await turn.record(DueAt(DUE_CHECKPOINT, network, turn.now))
        return
    patience = _patience(life.agreement_of(link))
    stands = overdue(Shared.WITHDRAWAL_SENT, since, turn.now, patience)
    await _tell(turn, link, stands, since, patience)
    wanted = since + (patience.red if stands is Waiting.PATIENT else patience.suspend)
    at = wanted if wanted > turn.now and stands is not Waiting.SUSPEND else turn.now + LOOK_AGAIN
    await turn.record(DueAt(DUE_OVERDUE, network, at))


async def _tell(
    turn: Turn, link: LinkRow, stands: Waiting | None, since: datetime, patience: Patience
) -> None:
    """Once for each of the two: at the look that comes first after its time."""
    began = since + (patience.suspend if stands is Waiting.SUSPEND else patience.red)
    if stands not in (Waiting.RED, Waiting.SUSPEND) or turn.now - began >= LOOK_AGAIN:
        return
    text = (
        say("{name} has not confirmed that it removed a card. It is given no more cards.", name=link.name)
        if stands is Waiting.SUSPEND
        else say("{name} has not confirmed yet that it removed a card. Please ask.", name=link.name)
    )
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


async def _standing(turn: Turn, link: LinkRow) -> Waiting | None:
    since = await shares.oldest_unconfirmed(turn.tx, link.network)
    if since is None:
        return None
    return overdue(Shared.WITHDRAWAL_SENT, since, turn.now, _patience(life.agreement_of(link)))


def _patience(agreed: Agreement | None) -> Patience:
    """The agreed hours; what turns red does so at the latest when they are over."""
    hours = timedelta(hours=agreed.withdraw_hours) if agreed is not None else Patience().suspend
    return Patience(red=min(Patience().red, hours), suspend=hours)
