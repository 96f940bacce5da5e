"""Cards and withdrawals, out and in: directory/sharing.py says which, this says how they cross.

Out: dirty cards are merged to their newest state and sent in batches, at most every 250 ms a peer,
withdrawals first. In: each card is checked by itself; a withdrawal deletes the card and empties every
envelope that carried it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import cards, sharing
from directory.core.cards import Body
from directory.core.effects import DueAt, Post, Stream
from directory.turn import Turn
from hub import log
from hub.federation import life, overdue
from hub.federation.asking import ask
from hub.federation.core import canonical
from hub.federation.core.bodies import Cards, Checkpoint, Tombstone
from hub.federation.core.canonical import Json
from hub.federation.core.cards import Card, open_card, sign_card, state_digest
from hub.federation.core.envelope import Refusal
from hub.federation.core.link import Stage
from hub.federation.core.shapes import as_json, millis, moment_of
from hub.federation.crossing import from_card, to_card
from hub.federation.hands import at_hand
from hub.federation.keyrings import signers_for
from hub.federation.post import DUE_CARDS, DUE_CHECKPOINT, Poster
from hub.store import due, envelopes, keys, links, rooms
from hub.store.links import LinkRow

PACE = timedelta(milliseconds=250)
AT_ONCE = 100
BATCH_BYTES = 34_000
"""Canonical bytes of the cards in one envelope; with its frame and padding that stays within 40 KiB."""
MOST_UNCONFIRMED = 192
"""Fewer than a peer holds beyond a gap."""
LATER = timedelta(seconds=2)
LEASE = timedelta(days=7)
RENEW_EVERY = timedelta(hours=24)
ABOUT_PEOPLE = frozenset({"alarm", "acknowledge", "action", "introduction", "decision", "second", "seconded"})
"""Envelopes that are emptied too when somebody of that network withdraws, once they were applied."""
OPEN_STAGES = frozenset({Stage.ACTIVE, Stage.SUSPENDED})


async def changed(turn: Turn, member: str) -> None:
    """What the effect CardChanged does: rewrite the member's cards, and wake the pump of who must hear."""
    await cards.refresh(turn, member)
    for network in await links.with_pending_cards(turn.tx):
        await due.put_at_latest(turn.tx, DUE_CARDS, network, turn.now)


@dataclass(frozen=True, slots=True)
class CardPump:
    """Due handlers `cards` and `checkpoint`, ref the network."""

    poster: Poster

    async def pump(self, turn: Turn, network: str) -> None:
        """Send what is pending for one network, unless that was done less than 250 ms ago."""
        link = await at_hand(turn, DUE_CARDS, network, network)
        if link is None or link.state not in OPEN_STAGES or await _must_wait(turn, network, DUE_CARDS):
            return
        last = await envelopes.last_sent_at(turn.tx, network, Stream.CARDS)
        if last is not None and turn.now - last < PACE:
            await turn.record(DueAt(DUE_CARDS, network, last + PACE))
        elif await self._send_pending(turn, link):
            await turn.record(DueAt(DUE_CARDS, network, turn.now + PACE))

    async def _send_pending(self, turn: Turn, link: LinkRow) -> bool:
        """Send one batch; may there be more?"""
        network = link.network
        batch = await sharing.pending(turn, network, AT_ONCE)
        if batch.withdrawn:
            body = as_json(Tombstone(cards=batch.withdrawn))
            seq = await self.poster.write(turn, link, Post(network, Stream.CARDS, "tombstone", body))
            await sharing.sent(turn, network, seq, withdrawn=batch.withdrawn)
            await overdue.expect(turn, network)
        if await overdue.held_back(turn, link):
            return len(batch.withdrawn) >= AT_ONCE
        await self._send_cards(turn, link, batch)
        return max(len(batch.withdrawn), len(batch.bodies)) >= AT_ONCE

    async def _send_cards(self, turn: Turn, link: LinkRow, batch: sharing.CardBatch) -> None:
        if not batch.bodies:
            return
        seed = await keys.signing_seed(turn.tx, turn.guard)
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
        """Renew the leases of everything shared with one network, once a day.

        It is about everything, so that what waits goes out first, in front of it in the same stream.
        """
        link = await at_hand(turn, DUE_CHECKPOINT, network, network)
        if link is None or link.state not in OPEN_STAGES or await _must_wait(turn, network, DUE_CHECKPOINT):
            return
        if link.state == Stage.ACTIVE:
            if await self._send_pending(turn, link):
                await turn.record(DueAt(DUE_CHECKPOINT, network, turn.now + PACE))
                return
            if await overdue.held_back(turn, link):
                return  # leases run out meanwhile; they are renewed when the receipt comes
            shared = await sharing.to_renew(turn, network)
            body = Checkpoint(
                count=len(shared),
                digest=state_digest(shared).hex(),
                lease_until=millis(turn.now + _lease(link)),
            )
            await self.poster.write(turn, link, Post(network, Stream.CARDS, "checkpoint", as_json(body)))
        await turn.record(DueAt(DUE_CHECKPOINT, network, turn.now + RENEW_EVERY))


async def _must_wait(turn: Turn, network: str, kind: str) -> bool:
    """After a start cards wait until the peer said how far it has come; its answer sets both due again.

    While it confirms nothing, what changes is merged here instead of lying in a queue.
    """
    out, _ = await envelopes.both_heads(turn.tx, network, Stream.CARDS)
    if out.unsure:
        return True
    if out.seq - out.confirmed_seq < MOST_UNCONFIRMED:
        return False
    await turn.record(DueAt(kind, network, turn.now + LATER))
    return True


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
    """Hold the cards of a batch that their home signed for us, of kinds it agreed to share.

    The envelope came from that home in its place, so that it also stands behind what a key signed that was
    revoked later.
    """
    agreed = life.agreement_of(link)
    kinds = frozenset() if agreed is None else agreed.shares_of(link.network)
    keyring = signers_for(turn, link)
    taken: list[Mapping[str, object]] = []
    versions: dict[str, int] = {}
    until = turn.now + _lease(link)
    for signed in body.cards:
        card = open_card(signed, keyring, scopes=(turn.home,), in_good_envelope=True)
        if isinstance(card, Refusal) or card.kind not in kinds:
            continue
        until = min(until, _until(card))
        taken.append(from_card(card))
        versions[card.id] = card.version
    if taken:
        await sharing.apply_cards(turn, link.network, taken, until=until, versions=versions)


def _until(card: Card) -> datetime:
    return moment_of(card.lease_until)


async def withdrawn_there(turn: Turn, link: LinkRow, body: Tombstone) -> None:
    """These cards are gone. Nothing that carried them stays readable here, nor what was said about people."""
    over = await sharing.apply_tombstone(turn, link.network, body.cards)
    await _forget(turn, link.network, body.cards, over)


async def is_withdrawn(turn: Turn, link: LinkRow, card: str | None) -> bool:
    """Was this card of theirs taken back? What was sent before may arrive after that, on another stream."""
    return card is not None and await sharing.is_withdrawn(turn, link.network, card)


async def _forget(turn: Turn, network: str, gone: Sequence[str], introductions: Sequence[str]) -> None:
    await envelopes.empty_cards(turn.tx, network, gone)
    await envelopes.empty_talk(turn.tx, network, ABOUT_PEOPLE)
    await rooms.leave_all(turn.tx, "introduction", introductions)


async def checkpoint_there(turn: Turn, link: LinkRow, body: Checkpoint, epoch: int) -> None:
    """The peer stands by everything it shared, for at most one lease from now, and by nothing else.

    What was in doubt since it began anew, and was not repeated, goes. When what is held is not what it
    counted, it is asked to begin anew; but not because of the first checkpoint of an epoch, so that a
    difference that repeating cannot mend is not asked about again at once.
    """
    network = link.network
    gone, over = await sharing.drop_doubtful(turn, network)
    if gone:
        await _forget(turn, network, gone, over)
    until = min(moment_of(body.lease_until), turn.now + _lease(link))
    await sharing.renew_leases(turn, network, until)
    held = await sharing.held_versions(turn, network)
    if (len(held), state_digest(held).hex()) == (body.count, body.digest):
        return
    log.trouble("cards held differ from what their home counted", count=len(held))
    if await envelopes.count_of_type(turn.tx, network, Stream.CARDS, epoch, "checkpoint") > 1:
        await ask(turn, network, differs=True)
