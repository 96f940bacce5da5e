"""What of ours linked networks hold, and what of theirs is here: sending, receiving, and both ledgers.

hub/federation asks for what is pending, sends it, and tells what was confirmed. Withdrawals go first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from directory import audit, cards, vocabularies
from directory.core.cards import Body, tags
from directory.core.effects import Stream
from directory.core.received import read_card
from directory.core.rules import may
from directory.core.taken_back import TakenBack, sentences
from directory.core.text import Text
from directory.refusals import NotYours
from directory.store import cards as held_cards
from directory.store import consents, held, introductions, networks, shares
from directory.store import members as rows
from directory.turn import Turn

NO_VERSIONS: Mapping[str, int] = {}
SHOWN_UNCONFIRMED_FOR = timedelta(days=3)
"""How long a card is still found after its lease ended, marked as unconfirmed; then it is deleted."""


@dataclass(frozen=True, slots=True)
class CardBatch:
    """What one network must be sent next. `withdrawn` first; `versions` by card id.

    `bodies` are as in directory/core/cards.py: id, kind, title, acronym, country, regions, issues, languages,
    offers, website, listed_publicly, confirmed_at (seconds), purpose.
    """

    withdrawn: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.bodies)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One card given or held. `title` only for organisations and bots: a ledger names no person."""

    direction: str
    card: str
    state: str
    kind: str | None
    title: str | None
    since: datetime | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_confirmed_at: datetime | None


async def network_linked(turn: Turn, network: str, shares_kinds: Collection[str]) -> None:
    """An agreement came into force: what our side of it shares is marked for sending, the rest taken back.

    People cross by their own yes only, which stands until they take it back; the kinds say whether it counts.
    """
    await networks.set_shares(turn.tx, network, shares_kinds)
    given = await shares.members_at(turn.tx, network)
    willing = await consents.standing_for(turn.tx, network)
    for member in sorted({*given, *willing}):
        await cards.refresh(turn, member)
    after = ""
    while listed := await rows.load_many(
        turn.tx, states=("listed", "active"), kinds=("organisation", "bot"), after=after, first=500
    ):
        for row in listed:
            await cards.refresh(turn, row.id)
        after = listed[-1].id


async def network_severed(turn: Turn, network: str) -> None:
    """A link ended: what was held of it is deleted, and every yes to it is over."""
    await held_cards.withdraw_all_held(turn.tx, network, turn.now)
    await introductions.drop_of_network(turn.tx, network)
    await consents.end_all(turn.tx, network, turn.now)
    await shares.end_all(turn.tx, network, turn.now)
    await networks.set_shares(turn.tx, network, ())


async def pending(turn: Turn, network: str, most: int = 100) -> CardBatch:
    """What to send next, at most `most` withdrawals and as many cards. Call `sent` in the same turn."""
    row = await networks.load(turn.tx, network)
    if row is None or row.state not in networks.OPEN:
        return CardBatch()
    dirty = await shares.unsent(turn.tx, network, shares.DIRTY, most) if row.state == "active" else []
    bodies: list[Body] = []
    versions: dict[str, int] = {}
    for share in dirty:
        body = await _body(turn, share, row)
        if body is None:
            await cards.withdraw(turn, share)
            continue
        bodies.append(body)
        versions[share.card] = share.version
    withdrawing = await shares.unsent(turn.tx, network, shares.WITHDRAWING, most)
    return CardBatch(tuple(share.card for share in withdrawing), tuple(bodies), versions)


async def _body(turn: Turn, share: shares.ShareRow, network: networks.NetworkRow) -> Body | None:
    member = share.member or ""
    yes = await consents.standing(turn.tx, member)
    entry = await cards.entry_of(turn, member)
    return cards.body_for(entry, network, said_yes=network.id in yes, card=share.card)


async def sent(
    turn: Turn, network: str, seq: int, *, bodies: Iterable[Body] = (), withdrawn: Collection[str] = ()
) -> None:
    """These cards or withdrawals of the last `pending` went out in envelope `seq` of the cards stream."""
    for body in bodies:
        await shares.set_sent(turn.tx, str(body["id"]), cards.digest_of(body), seq, turn.now)
    if withdrawn:
        await shares.set_withdrawn(turn.tx, withdrawn, seq, turn.now)


async def confirmed(turn: Turn, network: str, stream: Stream, seq: int) -> None:
    """The network's receipt: everything up to `seq` of this stream was applied. Only cards count here."""
    if stream is Stream.CARDS:
        await shares.confirm(turn.tx, network, seq, turn.now)


async def all_dirty(turn: Turn, network: str) -> None:
    """Send the whole state again: the network, or we, lost our place."""
    await shares.all_dirty(turn.tx, network)


async def to_renew(turn: Turn, network: str) -> list[tuple[str, int]]:
    """(card id, version) of everything shared with a network: what a checkpoint is about."""
    return await shares.to_renew(turn.tx, network)


async def apply_cards(
    turn: Turn,
    network: str,
    bodies: Sequence[Mapping[str, object]],
    *,
    until: datetime,
    versions: Mapping[str, int] = NO_VERSIONS,
) -> int:
    """Hold these cards of a linked network until `until`; how many. A withdrawn id never comes back.

    `versions` are the network's own numbers, by card: what its next checkpoint is compared with.
    A body that is not one, and whatever a card may not say, is left out silently: federation checked who
    sent it, this checks what it says.
    """
    known = vocabularies.known()
    given = []
    for body in bodies:
        card = read_card(body, known)
        if card is None:
            continue
        at = datetime.fromtimestamp(int(str(card["confirmed_at"])), tz=turn.now.tzinfo)
        name, kind, fresh_at = str(card["id"]), str(card["kind"]), min(at, turn.now)
        given.append(held.Given(name, kind, card, tags(card, known), fresh_at, versions.get(name, 0)))
    return await held.put(turn.tx, network, given, until, turn.now)


async def apply_tombstone(turn: Turn, network: str, card_ids: Collection[str]) -> list[str]:
    """These cards are gone, for good, with everything here that came from them.

    Returns the introductions that went with them: whoever keeps rooms for these forgets who was in them.
    """
    await held_cards.withdraw_held(turn.tx, network, card_ids, turn.now)
    return await introductions.drop_of_cards(turn.tx, network, card_ids)


async def hide_at_once(turn: Turn, network: str, body: Mapping[str, object]) -> None:
    """Envelope `freeze`: nobody here finds these cards from now on. Their withdrawal follows in its own
    stream, and whoever is free again is shown under another id: so there is nothing to show again."""
    if body.get("frozen") is not False:
        listed = body.get("cards")
        ids = [str(one) for one in listed] if isinstance(listed, list | tuple) else []
        await held_cards.hide_held(turn.tx, network, ids)


async def given_to(turn: Turn, member: str) -> Mapping[str, tuple[str, ...]]:
    """The member's cards that linked networks may hold now: network → card ids."""
    found: dict[str, tuple[str, ...]] = {}
    for share in await shares.of_member(turn.tx, member):
        if share.withdrawal_confirmed_at is None and share.shared_at is not None:
            found[share.network] = (*found.get(share.network, ()), share.card)
    return found


async def is_withdrawn(turn: Turn, network: str, card: str) -> bool:
    """Did the network take this card of theirs back?"""
    return await held_cards.is_withdrawn(turn.tx, network, card)


async def doubt_held(turn: Turn, network: str) -> None:
    """The network begins its cards anew: what it does not repeat before its checkpoint is gone."""
    await held_cards.doubt_held(turn.tx, network)


async def drop_doubtful(turn: Turn, network: str) -> tuple[list[str], list[str]]:
    """A checkpoint came: delete the cards that were in doubt and were not repeated.

    Returns them, and the introductions that went with them.
    """
    gone = await held_cards.drop_doubtful(turn.tx, network)
    return gone, await introductions.drop_of_cards(turn.tx, network, gone) if gone else []


async def held_versions(turn: Turn, network: str) -> list[tuple[str, int]]:
    """(card id, the network's version) of everything it gave last: what its checkpoint is compared with."""
    return await held_cards.held_versions(turn.tx, network)


async def renew_leases(turn: Turn, network: str, until: datetime) -> None:
    """A checkpoint came: the network's cards are confirmed until then."""
    await held_cards.renew(turn.tx, network, until)


async def leases_of(turn: Turn, network: str) -> tuple[int, datetime | None]:
    """How many cards of a network are here, and until when the first of them is confirmed."""
    return await held_cards.leases(turn.tx, network)


async def drop_expired(turn: Turn) -> int:
    """Delete cards nobody confirmed for days after their lease; how many."""
    return await held_cards.drop_expired(turn.tx, turn.now - SHOWN_UNCONFIRMED_FOR)


async def ledger(turn: Turn, network: str, most: int = 200) -> tuple[LedgerRow, ...]:
    """Both directions with one network, the newest movement first, at most `most` each way."""
    if not may("act:ledger", turn.viewer):
        raise NotYours
    await audit.looked(turn, "read-ledger", after=network[:8])
    given = [_given(named) for named in await shares.ledger(turn.tx, network, most)]
    theirs = [_held(row) for row in await shares.held(turn.tx, network, most)]
    return (*given, *theirs)


async def my_ledger(turn: Turn) -> tuple[LedgerRow, ...]:
    """Every copy of the viewer's own card, at whichever network; the network is in `title`."""
    member = turn.viewer.member
    if member is None or not may("act:my-ledger", turn.viewer):
        raise NotYours
    names = {row.id: row.name for row in await networks.linked(turn.tx, ("active", "suspended", "severed"))}
    found = await shares.of_member(turn.tx, member)
    return tuple(_given(shares.NamedShare(share, "person", names.get(share.network))) for share in found)


async def my_taken_back(turn: Turn) -> tuple[Text, ...]:
    """What became of what the viewer took back, network by network."""
    copies = [
        TakenBack(row.title or "", row.withdrawn_at, row.withdrawal_confirmed_at is not None)
        for row in await my_ledger(turn)
        if row.withdrawn_at is not None
    ]
    return tuple(sentences(copies))


def _given(named: shares.NamedShare) -> LedgerRow:
    share = named.share
    return LedgerRow(
        "given",
        share.card,
        share.state,
        named.kind,
        named.title,
        share.shared_at,
        share.confirmed_at,
        share.withdrawn_at,
        share.withdrawal_confirmed_at,
    )


def _held(row: shares.Held) -> LedgerRow:
    return LedgerRow("held", row.card, row.state, None, None, row.since, None, row.withdrawn_at, None)
