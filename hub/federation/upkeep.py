"""What a link does by itself: confirm, show that it is awake, send again what was not confirmed.

Due kinds `receipt` and `heartbeat`. A quiet link speaks every five minutes; one with something unconfirmed
or unanswered looks again after as long as that has waited, between ten seconds and five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.core.effects import DueAt, Post, Stream
from directory.turn import Turn
from hub.federation import asking, bridging, life, receipts
from hub.federation.asking import SOON, ask, sent_from_here
from hub.federation.confirming import send_kept
from hub.federation.core.absence import LOOK_EVERY, Away
from hub.federation.core.bodies import Heartbeat
from hub.federation.core.link import Ended, Stage, may
from hub.federation.core.shapes import as_json
from hub.federation.core.versions import SPEAKS
from hub.federation.core.watch import BEAT, MISSED
from hub.federation.hands import at_hand
from hub.federation.post import DUE_HEARTBEAT, DUE_WATCH, DUE_WATCHED, Poster
from hub.store import due, envelopes, links
from hub.store.envelopes import Waiting
from hub.store.links import LinkRow

QUIET = timedelta(minutes=5)
AGAIN_AT_MOST = 32
"""Envelopes of one stream that are sent again at one look; the peer asks for the rest when it hears us."""
UNHEARD_TYPES = ("receipt", "heartbeat")
FORGET_AFTER = timedelta(days=7)
ON_HTTPS = timedelta(minutes=2)
"""For how long a link goes over HTTPS once Matrix brought no receipt in time."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Due handlers of a link, and what a start owes."""

    poster: Poster

    async def awake(self, turn: Turn) -> None:
        """At start, before anything else is sent: ask every peer how far it has come. Who was silent while we
        were away ourselves is given time to be heard."""
        for network in sorted(link.network for link in await links.every(turn.tx, turn.guard)):
            link = await links.of(turn.tx, turn.guard, network, lock=True)
            if link is not None and link.state != Stage.SEVERED and link.peer.card:
                await asking.at_start(turn, network)
                await due.put_at_latest(turn.tx, DUE_WATCH, network, turn.now + SOON)
                await due.not_before(turn.tx, DUE_WATCHED, network, turn.now + BEAT * MISSED)

    async def confirm(self, turn: Turn, ref: str) -> None:
        """Due handler `receipt`, ref `<network>:<stream>`."""
        await receipts.confirm(turn, self.poster, ref)

    async def heartbeat(self, turn: Turn, network: str) -> None:
        """Due handler `heartbeat`, ref the network."""
        link = await at_hand(turn, DUE_HEARTBEAT, network, network)
        if link is None or link.state == Stage.SEVERED:
            return
        if bridging.standing(link, turn.now) is not Away.HERE:
            await self._find_again(turn, network, link)
            return
        if link.question is not None:
            await ask(turn, network)
        waiting = await envelopes.unconfirmed(turn.tx, network, but=UNHEARD_TYPES)
        for each in waiting:
            if turn.now - each.oldest >= SOON:
                if each.stream == Stream.URGENT:
                    await links.answer_over_https(turn.tx, network, turn.now, turn.now + ON_HTTPS)
                await self._again(turn, link, each)
        spoken = await self._speak(turn, network, link)
        await _end_in_time(turn, link)
        await envelopes.forget_before(turn.tx, network, turn.now - FORGET_AFTER)
        since = [each.oldest for each in waiting] + ([link.asked_at] if link.asked_at else [])
        await turn.record(DueAt(DUE_HEARTBEAT, network, _next_look(turn.now, since, spoken)))

    async def _find_again(self, turn: Turn, network: str, link: LinkRow) -> None:
        """It cannot open what we seal any more, or is not there: nothing else is sent until it answers."""
        await turn.record(DueAt(DUE_HEARTBEAT, network, turn.now + LOOK_EVERY))
        await _end_in_time(turn, link)
        await envelopes.forget_before(turn.tx, network, turn.now - FORGET_AFTER)
        await bridging.find_again(turn, self.poster, link)

    async def joined(self, turn: Turn, network: str) -> None:
        """The other envoy came into the link room and cannot read what was sent before: send it again."""
        link = await links.of(turn.tx, turn.guard, network, lock=True)
        if link is None:
            return
        for each in await envelopes.unconfirmed(turn.tx, network, but=UNHEARD_TYPES):
            await self._again(turn, link, each)

    async def _again(self, turn: Turn, link: LinkRow, waiting: Waiting) -> None:
        stream = Stream(waiting.stream)
        out, _ = await envelopes.both_heads(turn.tx, link.network, stream)
        first, last = out.confirmed_seq + 1, min(out.seq, out.confirmed_seq + AGAIN_AT_MOST)
        await send_kept(turn, self.poster, link, stream, out.epoch, first, last)

    async def _speak(self, turn: Turn, network: str, link: LinkRow) -> datetime:
        """Show that we are awake when we were quiet for long; when we last spoke.

        In doubt about our heads we only ask: a heartbeat would have a number.
        """
        spoken = await envelopes.last_sent_at(turn.tx, network, Stream.URGENT)
        if spoken is not None and turn.now - spoken < QUIET:
            return spoken
        if not await envelopes.in_doubt(turn.tx, network):
            heads = await sent_from_here(turn, network)
            body = Heartbeat(heads=heads, next_within=int(QUIET.total_seconds()), speaks=SPEAKS)
            await self.poster.write(turn, link, Post(network, Stream.URGENT, "heartbeat", as_json(body)))
        return turn.now


async def _end_in_time(turn: Turn, link: LinkRow) -> None:
    """An agreement that came to its end without a new one shares nothing more."""
    agreed = life.agreement_of(link)
    if agreed is not None and agreed.is_over(turn.now) and may(life.as_link(link), Ended()):
        await life.take(turn, link, Ended())


def _next_look(now: datetime, since: list[datetime], spoken: datetime) -> datetime:
    """When to speak again, or to look again after what has waited, whichever comes first."""
    quiet = max(spoken + QUIET, now + SOON)
    if not since:
        return quiet
    oldest = min(since)
    return min(quiet, oldest + SOON if now - oldest < SOON else now + (now - oldest))
