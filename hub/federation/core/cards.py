"""Cards as they cross: each signed by its home network, so that it can be passed on as it is.

A card has a scope, one peer or one onward group, and an id and handle made for that scope: two peers cannot
join what they hold (THREATS row 15).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, ValidationError, convert

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.envelope import Reason, Refusal
from hub.federation.core.identity import key_id
from hub.federation.core.keyring import Keyring
from hub.federation.core.shapes import (
    Count,
    Document,
    Hex8,
    Hex64,
    Id,
    MatrixId,
    Millis,
    Name,
    NetworkId,
    Short,
    Tags,
    Url,
    as_json,
)

Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?\Z")]


class Card(Document, frozen=True):
    """What others may see of a member, an organisation, an offer or a bot. `version` grows with each change.

    `listed_publicly` marks organisations taken from public sources. `purpose`, `matrix_id` and `fingerprint`
    are a bot's. `sealed` holds what only introduced people or coordinators may open, one box a class.
    """

    id: Id
    network: NetworkId
    scope: NetworkId
    kind: Literal["person", "organisation", "community", "bot", "offer"]
    version: Count
    lease_until: Millis
    name: Name
    acronym: Short = ""
    country: Country = ""
    works_in: Tags = ()
    issues: Tags = ()
    languages: Tags = ()
    offers: Tags = ()
    website: Url | Literal[""] = ""
    source: Short = ""
    listed_publicly: bool = False
    purpose: Short = ""
    matrix_id: MatrixId | None = None
    fingerprint: Short = ""
    confirmed_at: Millis | None = None
    sealed: Annotated[tuple[Annotated[str, Meta(max_length=8000)], ...], Meta(max_length=4)] = ()


class SignedCard(Document, frozen=True):
    """A card, the 8-byte name of the operating key, and its signature over the canonical card."""

    card: Json
    kid: Hex8
    signature: Hex64


def sign_card(card: Card, operating_seed: bytes) -> Json:
    """A SignedCard, ready for a batch. Raises NotWritable; texts from people go through `tidy` first."""
    plain = as_json(card)
    signature = crypto.sign(operating_seed, "card", canonical.encode(plain))
    kid = key_id(crypto.signing_public(operating_seed))
    return {"card": plain, "kid": kid.hex(), "signature": signature.hex()}


def open_card(
    signed: Json, keyring: Keyring, *, scopes: Iterable[str], in_good_envelope: bool = False
) -> Card | Refusal:
    """A card whose home network signed it for us. `scopes`: our own id and our onward groups' ids.

    A card has no number, so one signed with a revoked key counts only when the envelope it came in does
    (`in_good_envelope`: its home's own, checked). Nothing here says who handed it over, that it is the newest
    version, or that it was not withdrawn.
    """
    try:
        whole = convert(signed, SignedCard)
        card = convert(whole.card, Card)
        raw = canonical.encode(whole.card)
    except (ValidationError, canonical.NotWritable):
        return Refusal(Reason.OUTSIDE_SCHEMA)
    signer = keyring.signers.get(bytes.fromhex(whole.kid))
    if signer is None:
        return Refusal(Reason.UNKNOWN_SIGNER)
    if not crypto.verify(signer.key.public, "card", raw, bytes.fromhex(whole.signature)):
        return Refusal(Reason.FORGED)
    if card.network != signer.key.network or card.scope not in scopes:
        return Refusal(Reason.OTHER_NETWORK, signer.key.network)
    if signer.last_good is not None and not in_good_envelope:
        return Refusal(Reason.REVOKED, signer.key.network)
    return card


def lease_holds(card: Card, lease_of_link: datetime | None, now: datetime) -> bool:
    """Is a card still confirmed: by its own lease or by the link's last checkpoint?"""
    own = card.lease_until >= now.timestamp() * 1000
    return own or (lease_of_link is not None and lease_of_link >= now)


def state_digest(cards: Iterable[tuple[str, int]]) -> bytes:
    """32 bytes over (id, version) of everything shared, in any order: what a checkpoint compares."""
    lines = (f"{card}:{version}" for card, version in sorted(cards))
    return crypto.hash32("checkpoint", "\n".join(lines).encode())
