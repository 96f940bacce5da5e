"""What a hub tells a network it was invited by or is linked with: who we are and which keys speak for us.

Served to nobody else. Checking one needs no network: the id is the hash of the first root document, and each
key hangs on the root documents by signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, final

from msgspec import Meta, ValidationError, convert

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.identity import (
    MAX_ROTATIONS,
    Doubt,
    KnownKey,
    Signature,
    in_time,
    signed_by,
    verify_operating,
    verify_roots,
    verify_sealing,
)
from hub.federation.core.shapes import Document, Hex32, MatrixId, Name, NetworkId, Tags, as_json
from hub.federation.core.words import Speaker

_CHECKED = object()


class Https(Document, frozen=True):
    """Another lane to the same hub. Its certificate is no identity; `pins` are hashes of its public keys, and
    without any the web's own authorities are believed."""

    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?\Z")]
    pins: Annotated[tuple[Hex32, ...], Meta(max_length=4)] = ()


class NetworkCard(Document, frozen=True):
    """Name, languages, root documents and keys of one network, and the Matrix id of its envoy."""

    network: NetworkId
    name: Name
    envoy: MatrixId
    roots: Annotated[tuple[Json, ...], Meta(min_length=1, max_length=MAX_ROTATIONS)]
    operating: Annotated[tuple[Json, ...], Meta(min_length=1, max_length=4)]
    sealing: Json
    languages: Tags = ()
    https: Https | None = None


class SignedNetworkCard(Document, frozen=True):
    """Signed by one of the operating keys it names."""

    card: Json
    signatures: Annotated[tuple[Signature, ...], Meta(min_length=1, max_length=4)]


@final
@dataclass(frozen=True, slots=True)
class KnownNetwork:
    """A network whose card was checked: only `verify_network_card` makes one.

    `card` is the canonical SignedNetworkCard, to be kept and checked again.
    """

    network: str
    name: str
    envoy: str
    languages: tuple[str, ...]
    https: Https | None
    operating: tuple[KnownKey, ...]
    signed_with: KnownKey
    sealing: KnownKey
    card: bytes
    _made_by: object

    def __post_init__(self) -> None:
        if self._made_by is not _CHECKED:
            raise TypeError("a KnownNetwork comes from verify_network_card only")

    @property
    def speaker(self) -> Speaker:
        """This network, as the safety words see it."""
        return Speaker(self.network, self.signed_with.public, self.sealing.public)


def make_network_card(
    *,
    network: str,
    name: str,
    envoy: str,
    roots: Sequence[Json],
    operating: Sequence[Json],
    sealing: Json,
    operating_seed: bytes,
    languages: Sequence[str] = (),
    https: Https | None = None,
) -> Json:
    """A SignedNetworkCard of our own network. `roots` are SignedRoots, the others SignedCertificates."""
    card = NetworkCard(
        network=network,
        name=canonical.tidy(name),
        envoy=envoy,
        roots=tuple(roots),
        operating=tuple(operating),
        sealing=sealing,
        languages=tuple(languages),
        https=https,
    )
    plain = as_json(card)
    raw = canonical.encode(plain)
    signature = crypto.sign(operating_seed, "network-card", raw).hex()
    by = crypto.signing_public(operating_seed).hex()
    return {"card": plain, "signatures": [{"by": by, "signature": signature}]}


def verify_network_card(signed: Json, now: datetime) -> KnownNetwork | Doubt:
    """Checked against the network's own id and roots. It does not say that this is whom you meant to meet:

    that is what comparing safety words is for.
    """
    try:
        whole = convert(signed, SignedNetworkCard)
        card = convert(whole.card, NetworkCard)
        operating = _operating_keys(card, now)
        if isinstance(operating, Doubt):
            return operating
        signed_with = _who_signed(whole, operating)
        if signed_with is None:
            return Doubt.UNKNOWN_KEY
        raw = canonical.encode(signed)
    except (ValidationError, canonical.NotWritable):
        return Doubt.SHAPE
    sealing = verify_sealing(card.sealing, card.network, operating)
    if isinstance(sealing, Doubt):
        return sealing
    return in_time(sealing, now) or _known(card, operating, signed_with, sealing, raw)


def _operating_keys(card: NetworkCard, now: datetime) -> tuple[KnownKey, ...] | Doubt:
    """All operating keys of the card; one that is not vouched for spoils it, at least one must be in time."""
    root = verify_roots(card.network, card.roots)
    if isinstance(root, Doubt):
        return root
    keys: list[KnownKey] = []
    for each in card.operating:
        key = verify_operating(each, card.network, root)
        if isinstance(key, Doubt):
            return key
        keys.append(key)
    doubts = [in_time(key, now) for key in keys]
    return tuple(keys) if None in doubts else doubts[0] or Doubt.EXPIRED


def _who_signed(whole: SignedNetworkCard, operating: tuple[KnownKey, ...]) -> KnownKey | None:
    """The first of the card's own operating keys that signed it."""
    for key in operating:
        if signed_by("network-card", whole.card, whole.signatures, [key.public.hex()]):
            return key
    return None


def _known(
    card: NetworkCard,
    operating: tuple[KnownKey, ...],
    signed_with: KnownKey,
    sealing: KnownKey,
    raw: bytes,
) -> KnownNetwork:
    return KnownNetwork(
        network=card.network,
        name=card.name,
        envoy=card.envoy,
        languages=card.languages,
        https=card.https,
        operating=operating,
        signed_with=signed_with,
        sealing=sealing,
        card=raw,
        _made_by=_CHECKED,
    )
