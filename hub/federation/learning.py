"""A peer's new operating key, met for the first time: believed when the peer's roots vouch for it.

An envelope of type `keys` may be signed by a key we do not know yet, because it brings the card that says
whose it is. Without this, a peer that we missed while it changed its key could never be understood again.
"""

from __future__ import annotations

from directory.turn import Turn
from hub.federation import steps
from hub.federation.core.bodies import Keys
from hub.federation.core.envelope import VerifiedEnvelope, check_signed, unseal
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.network_card import KnownNetwork
from hub.federation.keyrings import keyring_for
from hub.store import links
from hub.store.links import LinkRow


async def learn(turn: Turn, link: LinkRow, raw: bytes) -> LinkRow | None:
    """The link with the keys this envelope brings; None when it brings none that we may believe."""
    signed = unseal(raw, await keyring_for(turn, link))
    if not isinstance(signed, bytes):
        return None
    card = steps.card_in(signed)
    known = None if card is None else steps.same_network(turn, link, card)
    if known is None or not _may_count(turn, link, known, signed):
        return None
    await steps.know(turn, link, known)
    return await links.of(turn.tx, turn.guard, link.network)


def _may_count(turn: Turn, link: LinkRow, known: KnownNetwork, signed: bytes) -> bool:
    """The key that signed the envelope is in the card, the envoy and the root documents are those we met."""
    if not link.peer.card or known.envoy != link.peer.envoy or not steps.goes_on(link, known):
        return False
    signers = [Signer(key) for key in known.operating]
    opened = check_signed(signed, Keyring.of(turn.home, (), signers), turn.now)
    return isinstance(opened, VerifiedEnvelope) and isinstance(opened.body, Keys)
