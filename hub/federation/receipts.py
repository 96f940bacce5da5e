"""Receipts we owe: each rides on the next envelope of its stream, or goes by itself a moment later."""

from __future__ import annotations

from datetime import timedelta

from directory.core.effects import Post, Stream
from directory.turn import Turn
from hub.federation.core.bodies import Nothing
from hub.federation.core.shapes import as_json
from hub.federation.hands import at_hand
from hub.federation.post import Poster
from hub.store import due, envelopes

DUE_RECEIPT = "receipt"
"""Kind of the due row that confirms what no envelope of ours has confirmed yet; ref `<network>:<stream>`."""
RECEIPT_WAITS = timedelta(milliseconds=200)


async def owe(turn: Turn, network: str, stream: Stream) -> None:
    """Something was applied: confirm it with the next envelope on this stream, or soon by itself."""
    await due.put_at_latest(turn.tx, DUE_RECEIPT, f"{network}:{stream}", turn.now + RECEIPT_WAITS)


async def owe_again(turn: Turn, network: str, stream: Stream, applied: int) -> None:
    """The peer sends what we have: it did not get our receipt."""
    await envelopes.move_head(turn.tx, network, stream, "in", confirmed_seq=max(0, applied - 1))
    await owe(turn, network, stream)


async def confirm(turn: Turn, poster: Poster, ref: str) -> None:
    """Due handler `receipt`: confirm what no envelope of ours has confirmed meanwhile.

    A receipt has a number too, so after a start it waits until the peer said how far it has come.
    """
    network, _, stream = ref.partition(":")
    link = await at_hand(turn, DUE_RECEIPT, ref, network)
    if link is None:
        return
    out, head = await envelopes.both_heads(turn.tx, network, stream)
    if head.confirmed_seq < head.seq and not out.unsure:
        await poster.write(turn, link, Post(network, Stream(stream), "receipt", as_json(Nothing())))
