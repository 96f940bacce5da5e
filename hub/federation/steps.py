"""What the other side did in the life of a link: the bodies of `link`, `suspend`, `keys` and `revoke`.

A peer's step that the table does not know from here is not believed: nothing changes, nothing is answered.
"""

from __future__ import annotations

import dataclasses

import msgspec

from directory.core.effects import TellRoles, Urgency
from directory.core.text import say
from directory.core.viewer import Role
from directory.turn import Turn
from hub.federation import life
from hub.federation.core import canonical
from hub.federation.core.agreement import (
    Agreement,
    agreement_bytes,
    agreement_hash,
    is_signed,
    read_agreement,
)
from hub.federation.core.bodies import Keys, Revoke, Suspend
from hub.federation.core.envelope import FRAME
from hub.federation.core.identity import Certificate, Doubt, Root, extends, verify_revocation, verify_roots
from hub.federation.core.link import Compared as WordsCompared
from hub.federation.core.link import (
    Event,
    Resumed,
    Severed,
    Side,
    SignedAgreement,
    Stage,
    Suspended,
    follows,
    may,
)
from hub.federation.core.link_bodies import Agree, Compared, LinkStep, Sever, Welcome
from hub.federation.core.network_card import KnownNetwork, NetworkCard, verify_network_card
from hub.federation.keyrings import keys_of, known_keys, reached_at
from hub.store import links
from hub.store.links import LinkRow, PeerKey


async def link_step(turn: Turn, link: LinkRow, body: LinkStep) -> None:
    """One step of the other side. A proposal was dealt with before it came here."""
    match body:
        case Welcome(card=card):
            await _welcomed(turn, link, card)
        case Compared(about=about):
            await links.change(turn.tx, link.network, words_ok_there_at=turn.now)
            await _take(turn, link, WordsCompared(Side.THERE, bytes.fromhex(about)))
        case Agree():
            await _agreed(turn, link, body)
        case Sever():
            await _take(turn, link, Severed(Side.THERE))
        case _:
            return


async def _take(turn: Turn, link: LinkRow, event: Event, agreement: bytes = b"") -> Stage | None:
    return await life.take(turn, link, event, agreement) if may(life.as_link(link), event) else None


async def _welcomed(turn: Turn, link: LinkRow, card: canonical.Json) -> None:
    """The inviting network shows its card: it must be the network, and the key, that the invitation named."""
    if link.opened_by_us or link.state != Stage.PROPOSED:
        return
    known = same_network(turn, link, card)
    if known is None or link.peer.met_them[0] not in {key.public.hex() for key in known.operating}:
        return
    await know(turn, link, known)
    text = say("{name} answered. Call them and compare the words.", name=known.name)
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


def card_in(signed: bytes) -> canonical.Json | None:
    """The network card in signed bytes of which nothing is believed yet."""
    parsed = canonical.parse(signed[FRAME:])
    body = None if isinstance(parsed, canonical.Flaw) else parsed.get("body")
    card = body.get("card") if isinstance(body, dict) else None
    return card if isinstance(card, dict) else None


def sealing_since(card: bytes) -> int:
    """From when the sealing key of a checked card counts, in milliseconds; 0 without a card."""
    parsed = canonical.parse(card)
    if isinstance(parsed, canonical.Flaw):
        return 0
    named = msgspec.convert(parsed["card"], NetworkCard).sealing
    return msgspec.convert(named["certificate"], Certificate).valid_from


def goes_on(link: LinkRow, known: KnownNetwork) -> bool:
    """Do the root documents of this card go on from those we know?"""
    return extends(_chain(link.peer.card.encode()), _chain(known.card))


def same_network(turn: Turn, link: LinkRow, card: canonical.Json) -> KnownNetwork | None:
    """What this card says, when it is of the link's network and holds."""
    known = verify_network_card(card, turn.now)
    return known if isinstance(known, KnownNetwork) and known.network == link.network else None


async def know(turn: Turn, link: LinkRow, known: KnownNetwork) -> None:
    """From now on this card's keys count."""
    peer = msgspec.structs.replace(
        link.peer,
        card=known.card.decode(),
        operating=keys_of(known, link.peer.operating),
        sealing=known.sealing.public.hex(),
        **reached_at(known),
    )
    await links.know_peer(turn.tx, turn.guard, link.network, peer)
    await links.know_network(turn.tx, link.network, name=known.name, languages=known.languages)


async def newer_keys(turn: Turn, link: LinkRow, body: Keys) -> None:
    """The peer's newest keys. The envoy stays whom we met: moving the room is not done by a card.

    Root documents may only go on from those we know: a card with an older or another chain, however well
    signed, could bring back a root key that was replaced because it was stolen.
    """
    known = same_network(turn, link, body.card)
    if known is None or known.envoy != link.peer.envoy:
        return
    if not goes_on(link, known):
        text = say(
            "{name} sent other root keys than those you know. Call them on a way you know.", name=link.name
        )
        await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))
        return
    await know(turn, link, known)


async def revoked_key(turn: Turn, link: LinkRow, body: Revoke) -> None:
    """An operating key the peer's root no longer stands behind: what follows its last good number is out."""
    root = _root_of(link)
    revocation = (
        None if root is None else verify_revocation(body.revocation, link.network, root, home=turn.home)
    )
    if revocation is None or isinstance(revocation, Doubt):
        return
    last_good = {str(each.stream): (each.epoch, each.seq) for each in revocation.last_good}
    named = {key.kid.hex(): key.public.hex() for key in known_keys(link)}
    operating = tuple(
        _revoked(key, last_good) if named.get(revocation.kid) == key.public else key
        for key in link.peer.operating
    )
    peer = msgspec.structs.replace(link.peer, operating=operating)
    await links.know_peer(turn.tx, turn.guard, link.network, peer)
    text = say("{name} changed its keys because one may be in wrong hands.", name=link.name)
    await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


def _revoked(key: PeerKey, last_good: dict[str, tuple[int, int]]) -> PeerKey:
    """A second revocation can only believe the key less far than the first one did."""
    if key.last_good is not None:
        both = key.last_good.keys() & last_good.keys()
        last_good = {stream: min(key.last_good[stream], last_good[stream]) for stream in both}
    return PeerKey(key.public, key.valid_from, key.valid_until, last_good)


def _root_of(link: LinkRow) -> Root | None:
    root = verify_roots(link.network, _chain(link.peer.card.encode()))
    return None if isinstance(root, Doubt) else root


def _chain(card: bytes) -> list[canonical.Json]:
    """The root documents of a signed network card; none when there is no card yet."""
    parsed = canonical.parse(card)
    inner = None if isinstance(parsed, canonical.Flaw) else parsed.get("card")
    chain = inner.get("roots") if isinstance(inner, dict) else None
    return chain if isinstance(chain, list) else []


async def _agreed(turn: Turn, link: LinkRow, body: Agree) -> None:
    """The peer's signature under an agreement: a new proposal, or the same bytes that we signed.

    A proposal that crossed with the signature under another one, and so follows what is no longer in force,
    is not put on the table.
    """
    raw = body.agreement
    agreement = read_agreement(raw, networks=(turn.home, link.network), now=turn.now)
    signature = bytes.fromhex(body.signature)
    if not isinstance(agreement, Agreement) or link.state not in (Stage.VERIFIED, Stage.ACTIVE):
        return
    if not is_signed(raw, signature, known_keys(link), link.network):
        return
    hashed, text = agreement_hash(raw), agreement_bytes(raw)
    signed_here = hashed.hex() in link.peer.signs.get(Side.HERE, {})
    if not signed_here and not follows(life.as_link(link), agreement.follows):
        return
    peer = life.signed_by(link.peer, Side.THERE, hashed, body.signature)
    if not signed_here:
        peer = msgspec.structs.replace(peer, draft=text.decode())
    step = SignedAgreement(Side.THERE, hashed, agreement.follows)
    await _take(turn, dataclasses.replace(link, peer=peer), step, text)
    if not signed_here:
        tells = say("{name} signed an agreement. Please read it, and sign it if you agree.", name=link.name)
        await turn.record(TellRoles(Role.ADMINISTRATOR, tells, Urgency.ANSWER))


async def suspended(turn: Turn, link: LinkRow, body: Suspend) -> None:
    """The other side pauses the link, or takes back its own pause."""
    event = Suspended(Side.THERE) if body.suspended else Resumed(Side.THERE)
    await _take(turn, link, event)
