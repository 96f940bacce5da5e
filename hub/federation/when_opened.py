"""Envelopes that need records while this hub is sealed: kept in their place, and applied once it is open.

The stream goes on meanwhile, because the next envelope may be an alarm; alarms themselves need no record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from directory import refusals
from directory.core.effects import DueAt, Stream
from directory.turn import Turn
from hub import log
from hub.federation.core.envelope import Refusal, VerifiedEnvelope, check_signed
from hub.federation.keyrings import keyring_for
from hub.store import envelopes, links
from hub.store.links import LinkRow

DUE = envelopes.WHEN_OPENED
"""Kind of the due row; its ref is `<network>:<stream>:<epoch>:<seq>`."""
AGAIN = timedelta(seconds=5)

Apply = Callable[[Turn, LinkRow, VerifiedEnvelope], Awaitable[None]]


async def put_off(turn: Turn, link: LinkRow, envelope: VerifiedEnvelope) -> None:
    """Have this envelope, which lies in its place already, looked at again."""
    ref = f"{link.network}:{envelope.stream}:{envelope.epoch}:{envelope.seq}"
    await turn.record(DueAt(DUE, ref, turn.now + AGAIN))
    log.event("envelope waits for records", kind=envelope.type)


async def again(apply: Apply, turn: Turn, ref: str) -> None:
    """The due handler: apply it now. Raises HubSealed while that cannot be; the pump then tries later."""
    network, stream, epoch, seq = ref.split(":")
    link = await links.of(turn.tx, turn.guard, network)
    place = (Stream(stream), int(epoch), int(seq), int(seq))
    kept = await envelopes.between(turn.tx, turn.guard, network, "in", *place)
    if link is None or not kept or kept[0].signed is None:
        return
    envelope = check_signed(kept[0].signed, await keyring_for(turn, link), turn.now)
    if isinstance(envelope, Refusal):
        log.trouble("envelope not applied", kind=kept[0].type, reason=str(envelope.reason))
        return
    try:
        async with turn.tx.begin_nested():
            await apply(turn, link, envelope)
    except refusals.Refusal as refused:
        log.event("envelope refused", kind=envelope.type, reason=type(refused).__name__)
