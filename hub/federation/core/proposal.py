"""The first envelope: the invited hub introduces itself to a hub that knows none of its keys yet.

It is signed by an operating key that its own network card names; the card hangs on the network's id, and a
proof over both shows that the sender holds the invitation. Whether it is the network one meant is for the
safety words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.bodies import read_body
from hub.federation.core.canonical import Json
from hub.federation.core.envelope import FRAME, Reason, Refusal, VerifiedEnvelope, check_signed, unseal
from hub.federation.core.identity import OPERATING_LIFE, Doubt, KnownKey
from hub.federation.core.invitation import Invitation
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.link_bodies import Propose
from hub.federation.core.network_card import KnownNetwork, verify_network_card
from hub.federation.core.shapes import as_json
from hub.federation.core.words import Meeting


@dataclass(frozen=True, slots=True)
class Proposal:
    """A network that holds one of our invitations, and its first envelope."""

    network: KnownNetwork
    envelope: VerifiedEnvelope
    invitation: str
    meeting: Meeting


def propose_body(card: Json, secret: bytes, *, invitation: str, inviter: str, nonce: bytes) -> Json:
    """Body of the `link` envelope that answers an invitation. `card` is our SignedNetworkCard."""
    proof = _proof(secret, card, inviter, nonce)
    return as_json(Propose(card=card, invitation=invitation, nonce=nonce.hex(), proof=proof.hex()))


def open_proposal(
    raw: bytes, keyring: Keyring, secrets: Mapping[str, bytes], now: datetime
) -> Proposal | Refusal | Doubt:
    """The proposal in bytes from a link room. `secrets`: invitations still open, id → secret.

    Refuses everything else in the same way as from any stranger. Never raises.
    """
    signed = unseal(raw, keyring)
    if isinstance(signed, Refusal):
        return signed
    body = _peek(signed)
    if body is None:
        return Refusal(Reason.UNKNOWN_SIGNER)
    secret = secrets.get(body.invitation)
    nonce = bytes.fromhex(body.nonce)
    if secret is None or not crypto.same(
        bytes.fromhex(body.proof), _proof(secret, body.card, keyring.home, nonce)
    ):
        return Refusal(Reason.UNKNOWN_SIGNER)
    network = verify_network_card(body.card, now)
    if isinstance(network, Doubt):
        return network
    signers = {key.kid: Signer(key) for key in network.operating}
    envelope = check_signed(signed, Keyring(keyring.home, keyring.opening, signers), now)
    if isinstance(envelope, Refusal):
        return envelope
    return Proposal(network, envelope, body.invitation, Meeting(secret, nonce))


def provisional_signer(invitation: Invitation) -> Signer:
    """The inviting hub's key as the code names it: enough to read its welcome, until its card is checked."""
    start = datetime.fromtimestamp(0, tz=UTC)
    key = KnownKey(invitation.network, invitation.operating, start, invitation.expires_at + OPERATING_LIFE)
    return Signer(key)


def is_who_invited(network: KnownNetwork, invitation: Invitation) -> bool:
    """Does the card in a welcome speak for the network, and with the key, that the code named?"""
    keys = {key.public for key in network.operating}
    return network.network == invitation.network and invitation.operating in keys


def _peek(signed: bytes) -> Propose | None:
    """The body before anything was believed: only to learn which keys to check it with."""
    parsed = canonical.parse(signed[FRAME:])
    if isinstance(parsed, canonical.Flaw) or parsed.get("type") != "link":
        return None
    raw = parsed.get("body")
    body = read_body("link", raw) if isinstance(raw, dict) else None
    return body if isinstance(body, Propose) else None


def _proof(secret: bytes, card: Json, inviter: str, nonce: bytes) -> bytes:
    said = canonical.encode({"card": card, "inviter": inviter, "nonce": nonce.hex()})
    return crypto.digest(secret, "proposal", said)
