"""What a link does by itself: confirm, show that it is awake, send again what was not confirmed.

Due kinds `receipt` and `heartbeat`. A quiet link speaks every five minutes; one with something unconfirmed
looks again after as long as that has waited, between ten seconds and five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.core.effects import DueAt, Post, Stream
from directory.turn import Turn
from hub.federation import life
from hub.federation.confirming import heads_of, send_again
from hub.federation.core.bodies import Heartbeat, Nothing, Resend
from hub.federation.core.link import Ended, Stage, may
from hub.federation.core.shapes import as_json
from hub.federation.post import DUE_HEARTBEAT, Poster
from hub.store import due, envelopes, links
from hub.store.envelopes import Waiting
from hub.store.links import LinkRow

QUIET = timedelta(minutes=5)
SOON = timedelta(seconds=10)
AGAIN_AT_MOST = 32
"""Envelopes of one stream that are sent again at one look; the peer asks for the rest when it hears us."""
UNHEARD_TYPES = ("receipt", "heartbeat")
FORGET_AFTER = timedelta(days=7)


async def confirm(turn: Turn, ref: str) -> None:
    """Due handler `receipt`: confirm what no envelope of ours has confirmed meanwhile."""
    network, _, stream = ref.partition(":")
    if await links.of(turn.tx, turn.guard, network, lock=True) is None:
        return
    head = await envelopes.head(turn.tx, network, stream, "in")
    if head.confirmed_seq < head.seq:
        await turn.record(Post(network, Stream(stream), "receipt", as_json(Nothing())))


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Due handlers that send kept bytes again, and so need the poster."""

    poster: Poster

    async def heartbeat(self, turn: Turn, network: str) -> None:
        """Due handler `heartbeat`, ref the network."""
        link = await links.of(turn.tx, turn.guard, network, lock=True)
        if link is None or link.state == Stage.SEVERED:
            return
        waiting = await envelopes.unconfirmed(turn.tx, network, but=UNHEARD_TYPES)
        for each in waiting:
            if turn.now - each.oldest >= SOON:
                await self._again(turn, link, each)
        spoken = await envelopes.last_sent_at(turn.tx, network, Stream.URGENT)
        if spoken is None or turn.now - spoken >= QUIET:
            await self._beat(turn, network)
            spoken = turn.now
        await _end_in_time(turn, link)
        await envelopes.forget_before(turn.tx, network, turn.now - FORGET_AFTER)
        await turn.record(DueAt(DUE_HEARTBEAT, network, _next_look(turn.now, waiting, spoken)))

    async def joined(self, turn: Turn, network: str) -> None:
        """The other envoy came into the link room and cannot read what was sent before: send it again."""
        link = await links.of(turn.tx, turn.guard, network, lock=True)
        if link is None:
            return
        for each in await envelopes.unconfirmed(turn.tx, network, but=UNHEARD_TYPES):
            await self._again(turn, link, each)

    async def _again(self, turn: Turn, link: LinkRow, waiting: Waiting) -> None:
        head = await envelopes.head(turn.tx, link.network, waiting.stream, "out")
        if head.confirmed_seq < head.seq:
            first = head.confirmed_seq + 1
            asked = Resend(
                stream=Stream(waiting.stream),
                epoch=head.epoch,
                first=first,
                last=min(head.seq, first + AGAIN_AT_MOST - 1),
            )
            await send_again(turn, self.poster, link, asked)

    async def _beat(self, turn: Turn, network: str) -> None:
        body = Heartbeat(heads=await heads_of(turn, network, "out"), next_within=int(QUIET.total_seconds()))
        await turn.record(Post(network, Stream.URGENT, "heartbeat", as_json(body)))

    async def awake(self, turn: Turn) -> None:
        """At start: ask every peer how far it has come, so that a restored backup is noticed at once."""
        for link in await links.every(turn.tx, turn.guard):
            if link.state != Stage.SEVERED and link.peer.card:
                mine = await heads_of(turn, link.network, "in")
                body = {"mine": [as_json(each) for each in mine]}
                await turn.record(Post(link.network, Stream.URGENT, "heads", body))
                await due.put_at_latest(turn.tx, DUE_HEARTBEAT, link.network, turn.now)


async def _end_in_time(turn: Turn, link: LinkRow) -> None:
    """An agreement that came to its end without a new one shares nothing more."""
    agreed = life.agreement_of(link)
    if agreed is not None and agreed.is_over(turn.now) and may(life.as_link(link), Ended()):
        await life.take(turn, link, Ended())


def _next_look(now: datetime, waiting: tuple[Waiting, ...], spoken: datetime) -> datetime:
    """When to speak again, or to look again after what has waited, whichever comes first."""
    quiet = max(spoken + QUIET, now + SOON)
    if not waiting:
        return quiet
    return min(quiet, now + max(SOON, now - min(each.oldest for each in waiting)))
