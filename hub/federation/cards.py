"""Cards and withdrawals, out and in: directory/sharing.py says which, this says how they cross.

Out: dirty cards are merged to their newest state and sent in batches, at most every 250 ms a peer,
withdrawals first. In: each card is checked by itself; a withdrawal deletes the card and empties every
envelope that carried it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import cards, sharing
from directory.core.cards import Body
from directory.core.effects import DueAt, Post, Stream
from directory.turn import Turn
from hub.federation import life
from hub.federation.core import canonical
from hub.federation.core.bodies import Cards, Checkpoint, Tombstone
from hub.federation.core.canonical import Json
from hub.federation.core.cards import Card, open_card, sign_card, state_digest
from hub.federation.core.envelope import Refusal
from hub.federation.core.link import Stage
from hub.federation.core.shapes import as_json, millis, moment_of
from hub.federation.crossing import from_card, to_card
from hub.federation.identity import OPERATING
from hub.federation.keyrings import keyring_for
from hub.federation.post import Poster
from hub.store import due, envelopes, keys, links
from hub.store.links import LinkRow

PACE = timedelta(milliseconds=250)
AT_ONCE = 100
BATCH_BYTES = 34_000
"""Canonical bytes of the cards in one envelope; with its frame and padding that stays within 40 KiB."""
LEASE = timedelta(days=7)
RENEW_EVERY = timedelta(hours=24)
ABOUT_PEOPLE = frozenset({"alarm", "acknowledge", "action", "introduction", "decision"})
"""Received envelopes that are emptied too when somebody of that network withdraws: they were applied."""
OPEN_STAGES = frozenset({Stage.ACTIVE, Stage.SUSPENDED})


async def changed(turn: Turn, member: str) -> None:
    """What the effect CardChanged does: rewrite the member's cards, and wake the pump of who must hear."""
    await cards.refresh(turn, member)
    for network in await links.with_pending_cards(turn.tx):
        await due.put_at_latest(turn.tx, life.DUE_CARDS, network, turn.now)


@dataclass(frozen=True, slots=True)
class CardPump:
    """Due handlers `cards` and `checkpoint`, ref the network."""

    poster: Poster

    async def pump(self, turn: Turn, network: str) -> None:
        """Send what is pending for one network, unless that was done less than 250 ms ago."""
        link = await links.of(turn.tx, turn.guard, network, lock=True)
        if link is None or link.state not in OPEN_STAGES:
            return
        last = await envelopes.last_sent_at(turn.tx, network, Stream.CARDS)
        if last is not None and turn.now - last < PACE:
            await turn.record(DueAt(life.DUE_CARDS, network, last + PACE))
            return
        batch = await sharing.pending(turn, network, AT_ONCE)
        if batch.withdrawn:
            body = as_json(Tombstone(cards=batch.withdrawn))
            seq = await self.poster.write(turn, link, Post(network, Stream.CARDS, "tombstone", body))
            await sharing.sent(turn, network, seq, withdrawn=batch.withdrawn)
        await self._send_cards(turn, link, batch)
        if max(len(batch.withdrawn), len(batch.bodies)) >= AT_ONCE:
            await turn.record(DueAt(life.DUE_CARDS, network, turn.now + PACE))

    async def _send_cards(self, turn: Turn, link: LinkRow, batch: sharing.CardBatch) -> None:
        if not batch.bodies:
            return
        seed = (await keys.of_purpose(turn.tx, turn.guard, OPERATING))[0].private
        until = turn.now + _lease(link)
        signed: list[tuple[Body, Json]] = []
        for body in batch.bodies:
            version = batch.versions[str(body["id"])]
            card = to_card(body, home=turn.home, scope=link.network, version=version, until=until)
            signed.append((body, sign_card(card, seed)))
        for part in _parts(signed):
            sending = as_json(Cards(cards=tuple(card for _, card in part)))
            seq = await self.poster.write(turn, link, Post(link.network, Stream.CARDS, "card", sending))
            await sharing.sent(turn, link.network, seq, bodies=[body for body, _ in part])

    async def checkpoint(self, turn: Turn, network: str) -> None:
        """Renew the leases of everything shared with one network, once a day."""
        link = await links.of(turn.tx, turn.guard, network, lock=True)
        if link is None or link.state not in OPEN_STAGES:
            return
        if link.state == Stage.ACTIVE:
            shared = await sharing.to_renew(turn, network)
            body = Checkpoint(
                count=len(shared),
                digest=state_digest(shared).hex(),
                lease_until=millis(turn.now + _lease(link)),
            )
            await self.poster.write(turn, link, Post(network, Stream.CARDS, "checkpoint", as_json(body)))
        await turn.record(DueAt(life.DUE_CHECKPOINT, network, turn.now + RENEW_EVERY))


def _parts(signed: list[tuple[Body, Json]]) -> list[list[tuple[Body, Json]]]:
    """The cards cut into batches that each fit into one envelope."""
    parts: list[list[tuple[Body, Json]]] = [[]]
    room = BATCH_BYTES
    for each in signed:
        size = len(canonical.encode(each[1])) + 1
        if parts[-1] and size > room:
            parts.append([])
            room = BATCH_BYTES
        parts[-1].append(each)
        room -= size
    return parts


def _lease(link: LinkRow) -> timedelta:
    agreed = life.agreement_of(link)
    return LEASE if agreed is None else timedelta(days=agreed.lease_days)


async def received(turn: Turn, link: LinkRow, body: Cards) -> None:
    """Hold the cards of a batch that their home signed for us, of kinds it agreed to share."""
    agreed = life.agreement_of(link)
    kinds = frozenset() if agreed is None else agreed.shares_of(link.network)
    keyring = await keyring_for(turn, link)
    taken: list[Mapping[str, object]] = []
    until = turn.now + _lease(link)
    for signed in body.cards:
        card = open_card(signed, keyring, scopes=(turn.home,))
        if isinstance(card, Refusal) or card.kind not in kinds:
            continue
        until = min(until, _until(card))
        taken.append(from_card(card))
    if taken:
        await sharing.apply_cards(turn, link.network, taken, until=until)


def _until(card: Card) -> datetime:
    return moment_of(card.lease_until)


async def withdrawn_there(turn: Turn, link: LinkRow, body: Tombstone) -> None:
    """These cards are gone. Nothing that carried them stays readable here."""
    await sharing.apply_tombstone(turn, link.network, body.cards)
    await envelopes.empty_cards(turn.tx, link.network, body.cards)
    await envelopes.empty_talk(turn.tx, link.network, ABOUT_PEOPLE)


async def checkpoint_there(turn: Turn, link: LinkRow, body: Checkpoint) -> None:
    """The peer stands by everything it shared, for at most one lease from now.

    Its digest is not compared: we do not keep the peer's version numbers. A lost card is found by the gap in
    the stream instead.
    """
    until = min(moment_of(body.lease_until), turn.now + _lease(link))
    await sharing.renew_leases(turn, link.network, until)
