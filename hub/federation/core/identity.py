"""Who a network is, verifiable offline: root documents, operating keys, sealing keys, revocation.

A network's id is the hash of its first root document and never changes. Each later root document names the
one before and is signed by enough keys of the old and of the new one. Root keys sign operating keys (at most
90 days), an operating key signs sealing keys (at most 7 days). Nothing here asks a network for anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, ValidationError, convert

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.shapes import (
    Count,
    Document,
    Hex8,
    Hex32,
    Hex64,
    Millis,
    NetworkId,
    as_json,
    base32,
    millis,
    moment_of,
)

OPERATING_LIFE = timedelta(days=90)
SEALING_LIFE = timedelta(days=7)
MAX_ROTATIONS = 64
KID_SIZE = 8


class Doubt(StrEnum):
    """Why a statement about a network is not believed."""

    SHAPE = "not in the agreed shape"
    OTHER_NETWORK = "about another network"
    BROKEN_CHAIN = "root documents do not follow each other"
    TOO_FEW = "not signed by enough of the keys that must sign"
    UNKNOWN_KEY = "signed by a key nobody vouched for"
    TOO_LONG_LIVED = "valid for longer than is allowed"
    NOT_YET = "not valid yet"
    EXPIRED = "no longer valid"
    WEAK = "not a usable key"


class Root(Document, frozen=True):
    """Which keys speak for a network, and how many of them together. `previous` is empty in the first."""

    keys: Annotated[tuple[Hex32, ...], Meta(min_length=1, max_length=9)]
    threshold: Annotated[int, Meta(ge=1, le=9)]
    number: Annotated[int, Meta(ge=1, le=MAX_ROTATIONS)] = 1
    previous: Hex32 | Literal[""] = ""


class Signature(Document, frozen=True):
    """`by` is the whole public key for root keys, so that no directory is needed to check it."""

    by: Hex32
    signature: Hex64


Signatures = Annotated[tuple[Signature, ...], Meta(max_length=18)]


class SignedRoot(Document, frozen=True):
    """A root document as its keys signed it; the first needs no signature, its hash is the network's id."""

    root: Json
    signatures: Signatures = ()


class Certificate(Document, frozen=True):
    """A key, what it is for, and from when to when."""

    network: NetworkId
    purpose: Literal["operating", "sealing"]
    public: Hex32
    valid_from: Millis
    valid_until: Millis


class SignedCertificate(Document, frozen=True):
    """An operating key carries root signatures; a sealing key one of an operating key."""

    certificate: Json
    signatures: Signatures


class LastGood(Document, frozen=True):
    """Up to where a stream is believed: this number is the last that counts."""

    stream: Literal["urgent", "work", "cards"]
    epoch: Count
    seq: Count


class Revocation(Document, frozen=True):
    """From `last_good` on, what this operating key signed is set apart, not deleted.

    Numbers belong to one link, so a revocation names the network it is `to`; "" is for every network.
    """

    network: NetworkId
    kid: Hex8
    to: NetworkId | Literal[""] = ""
    last_good: Annotated[tuple[LastGood, ...], Meta(max_length=64)] = ()


class SignedRevocation(Document, frozen=True):
    revocation: Json
    signatures: Signatures


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that a network's roots stand behind, directly or through an operating key."""

    network: str
    public: bytes
    valid_from: datetime
    valid_until: datetime

    @property
    def kid(self) -> bytes:
        """8 bytes that name this key in front of what it signed or opens."""
        return key_id(self.public)


def key_id(public: bytes) -> bytes:
    """8 bytes of a key's hash: a name, not a proof."""
    return crypto.hash32("key-id", public)[:KID_SIZE]


def root_hash(root: Json) -> bytes:
    """32 bytes over the canonical root document."""
    return crypto.hash32("root", canonical.encode(root))


def network_id(first_root: Json) -> str:
    """32 letters and digits: the id of the network whose first root document this is."""
    return base32(root_hash(first_root)[:20])


def first_root(keys: Sequence[bytes], threshold: int) -> Json:
    """A network's first root document. One of two named holders suffices by default (threshold 1)."""
    root = Root(keys=tuple(key.hex() for key in keys), threshold=threshold)
    if threshold > len(set(root.keys)):
        raise ValueError("more signatures asked for than there are keys")
    return as_json(root)


def next_root(previous: Json, keys: Sequence[bytes], threshold: int) -> Json:
    """The root document that follows; sign it with `countersign` by enough old and enough new keys."""
    old = convert(previous, Root)
    return as_json(
        Root(
            keys=tuple(key.hex() for key in keys),
            threshold=threshold,
            number=old.number + 1,
            previous=root_hash(previous).hex(),
        )
    )


def countersign(purpose: str, statement: Json, seeds: Sequence[bytes]) -> list[Json]:
    """Signatures over the canonical statement, one a seed."""
    raw = canonical.encode(statement)
    return [
        {"by": crypto.signing_public(seed).hex(), "signature": crypto.sign(seed, purpose, raw).hex()}
        for seed in seeds
    ]


def certify(
    purpose: Literal["operating", "sealing"],
    *,
    network: str,
    public: bytes,
    valid_from: datetime,
    valid_until: datetime,
    seeds: Sequence[bytes],
) -> Json:
    """A SignedCertificate. `seeds`: root seeds for an operating key, one operating seed for a sealing key."""
    certificate = certificate_of(
        purpose, network=network, public=public, valid_from=valid_from, valid_until=valid_until
    )
    return {"certificate": certificate, "signatures": countersign(f"{purpose}-key", certificate, seeds)}


def signed_by(purpose: str, statement: Json, signatures: Sequence[Signature], keys: Sequence[str]) -> int:
    """How many different ones of `keys` (hex) signed the canonical statement."""
    raw = canonical.encode(statement)
    return len(
        {
            each.by
            for each in signatures
            if each.by in keys
            and crypto.verify(bytes.fromhex(each.by), purpose, raw, bytes.fromhex(each.signature))
        }
    )


def verify_roots(network: str, chain: Sequence[Json]) -> Root | Doubt:
    """The root document in force, from the first one on, or why the chain is not believed."""
    if not 1 <= len(chain) <= MAX_ROTATIONS:
        return Doubt.BROKEN_CHAIN
    try:
        links = [convert(each, SignedRoot) for each in chain]
        roots = [convert(link.root, Root) for link in links]
        if network_id(links[0].root) != network:
            return Doubt.OTHER_NETWORK
        if any(root.threshold > len(set(root.keys)) for root in roots):
            return Doubt.TOO_FEW
        for place in range(1, len(links)):
            doubt = _follows(links[place - 1].root, roots[place - 1], links[place], roots[place])
            if doubt is not None:
                return doubt
    except (ValidationError, canonical.NotWritable):
        return Doubt.SHAPE
    return roots[-1]


def extends(known: Sequence[Json], newer: Sequence[Json]) -> bool:
    """Does this chain go on from the one we know? An older or another one would bring back retired keys."""
    try:
        ours = [root_hash(convert(each, SignedRoot).root) for each in known]
        theirs = [root_hash(convert(each, SignedRoot).root) for each in newer]
    except (ValidationError, canonical.NotWritable):
        return False
    return theirs[: len(ours)] == ours


def certificate_of(
    purpose: Literal["operating", "sealing"],
    *,
    network: str,
    public: bytes,
    valid_from: datetime,
    valid_until: datetime,
) -> Json:
    """What is signed when a key is vouched for."""
    return as_json(
        Certificate(
            network=network,
            purpose=purpose,
            public=public.hex(),
            valid_from=millis(valid_from),
            valid_until=millis(valid_until),
        )
    )


def _follows(old_raw: Json, old: Root, link: SignedRoot, new: Root) -> Doubt | None:
    if new.number != old.number + 1 or new.previous != root_hash(old_raw).hex():
        return Doubt.BROKEN_CHAIN
    by_old = signed_by("root", link.root, link.signatures, old.keys)
    by_new = signed_by("root", link.root, link.signatures, new.keys)
    return None if by_old >= old.threshold and by_new >= new.threshold else Doubt.TOO_FEW


def verify_operating(signed: Json, network: str, root: Root) -> KnownKey | Doubt:
    """An operating key the root document stands behind. Whether it is in time is for `in_time`."""
    return _verify_key(signed, network, "operating", root.keys, root.threshold, OPERATING_LIFE)


def verify_sealing(signed: Json, network: str, operating: Sequence[KnownKey]) -> KnownKey | Doubt:
    """A sealing key that one of the network's operating keys stands behind."""
    keys = [key.public.hex() for key in operating if key.network == network]
    known = _verify_key(signed, network, "sealing", keys, 1, SEALING_LIFE)
    return known if isinstance(known, Doubt) or _can_seal(known.public) else Doubt.WEAK


def _verify_key(
    signed: Json, network: str, purpose: str, keys: Sequence[str], threshold: int, life: timedelta
) -> KnownKey | Doubt:
    try:
        whole = convert(signed, SignedCertificate)
        certificate = convert(whole.certificate, Certificate)
        if certificate.network != network or certificate.purpose != purpose:
            return Doubt.OTHER_NETWORK
        if not 0 < certificate.valid_until - certificate.valid_from <= life.total_seconds() * 1000:
            return Doubt.TOO_LONG_LIVED
        if signed_by(f"{purpose}-key", whole.certificate, whole.signatures, keys) < threshold:
            return Doubt.TOO_FEW
    except (ValidationError, canonical.NotWritable):
        return Doubt.SHAPE
    return KnownKey(
        network=network,
        public=bytes.fromhex(certificate.public),
        valid_from=moment_of(certificate.valid_from),
        valid_until=moment_of(certificate.valid_until),
    )


def in_time(key: KnownKey, now: datetime, *, slack: timedelta = timedelta(minutes=5)) -> Doubt | None:
    """Is a key valid now, give or take a clock that is a little off?"""
    if now < key.valid_from - slack:
        return Doubt.NOT_YET
    return Doubt.EXPIRED if now > key.valid_until + slack else None


def revocation_of(
    network: str, kid: bytes, last_good: Mapping[str, tuple[int, int]], *, to: str = ""
) -> Json:
    """What root keys sign; `last_good` is stream → (epoch, seq). Of a stream not named, nothing counts."""
    return as_json(
        Revocation(
            network=network,
            kid=kid.hex(),
            to=to,
            last_good=tuple(
                LastGood(stream=stream, epoch=epoch, seq=seq)  # type: ignore[arg-type]
                for stream, (epoch, seq) in sorted(last_good.items())
            ),
        )
    )


def revoke(
    network: str,
    kid: bytes,
    last_good: Mapping[str, tuple[int, int]],
    root_seeds: Sequence[bytes],
    *,
    to: str = "",
) -> Json:
    """A SignedRevocation, see `revocation_of`."""
    statement = revocation_of(network, kid, last_good, to=to)
    return {"revocation": statement, "signatures": countersign("revocation", statement, root_seeds)}


def verify_revocation(signed: Json, network: str, root: Root, *, home: str = "") -> Revocation | Doubt:
    """A revocation the root document stands behind, and that is to `home` or to everybody."""
    try:
        whole = convert(signed, SignedRevocation)
        revocation = convert(whole.revocation, Revocation)
        if revocation.network != network or revocation.to not in ("", home):
            return Doubt.OTHER_NETWORK
        enough = signed_by("revocation", whole.revocation, whole.signatures, root.keys) >= root.threshold
    except (ValidationError, canonical.NotWritable):
        return Doubt.SHAPE
    return revocation if enough else Doubt.TOO_FEW


def _can_seal(public: bytes) -> bool:
    try:
        crypto.seal_to(public, b"")
    except crypto.CannotSeal:
        return False
    return True
