"""One signed, padded, sealed message between hubs.

On the wire: version (1 byte), name of the receiver's sealing key (8), sealed box. In the box, padded to a
size class: name of the operating key (8), signature (64), canonical JSON (DESIGN 5). The receiver checks
received bytes before it reads them, and keeps exactly those bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, final

from msgspec import Meta, Struct, ValidationError, convert, field

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core import canonical
from hub.federation.core.bodies import KINDS, Body, read_body
from hub.federation.core.canonical import Json
from hub.federation.core.identity import KID_SIZE, key_id
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.shapes import Count, Document, Hex32, Millis, NetworkId, as_json, millis, moment_of

VERSION = b"\x01"
NO_HASH = bytes(32)
FRAME = KID_SIZE + crypto.SIGNATURE_SIZE
WIRE_SIZES = frozenset(len(VERSION) + KID_SIZE + crypto.SEAL_OVERHEAD + size for size in crypto.SIZE_CLASSES)
MAX_WIRE = max(WIRE_SIZES)
_CHECKED = object()


class Receipt(Document, frozen=True):
    """The sender applied everything of the opposite direction of this stream up to here.

    It is signed with the envelope that carries it. A receipt counts for all numbers before it.
    """

    epoch: Count
    seq: Count
    hash: Hex32
    at: Millis


class Envelope(Document, frozen=True):
    """What is signed. `prev` is the hash of the one before in the same stream, 32 zero bytes at the start."""

    v: Literal[1]
    type: Annotated[str, Meta(pattern=r"^[a-z][a-z-]{0,31}\Z")]
    sender: NetworkId = field(name="from")
    to: NetworkId
    epoch: Count
    stream: Stream
    seq: Count
    prev: Hex32
    at: Millis
    body: Json
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What we are about to send. Types that do not count have epoch, seq and prev zero."""

    type: str
    sender: str
    to: str
    stream: Stream
    body: Mapping[str, object]
    at: datetime
    epoch: int = 0
    seq: int = 0
    prev: bytes = NO_HASH
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed bytes, kept until confirmed, sealed anew for each sending; `hash` is the next one's prev."""

    signed: bytes
    hash: bytes


class Reason(StrEnum):
    """Why something that arrived is not an envelope for us."""

    SIZE = "not of an agreed size"
    VERSION = "of a version we do not speak"
    NOT_FOR_US = "sealed to a key we do not have"
    SHUT = "does not open"
    UNKNOWN_SIGNER = "signed by a key we do not know"
    FORGED = "not signed by the key it names"
    MALFORMED = "not in canonical form"
    OUTSIDE_SCHEMA = "not in the agreed shape"
    OTHER_NETWORK = "from or to another network than its keys say"
    WRONG_STREAM = "in a stream its type does not travel in"
    REVOKED = "signed after the key was revoked"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`network` is set only once the signature was right: before that nobody can be blamed."""

    reason: Reason
    network: str | None = None
    detail: str = ""


@final
class VerifiedEnvelope(Struct, frozen=True):
    """Opened, its signature, form, addresses and shape checked: only `open_envelope` makes one.

    It says nothing about order (streams.py) nor about what the link allows (admission.py). `stale` marks a
    signer's key outside its time. `hash` is the next one's prev, `signed` the bytes to keep.
    """

    type: str
    sender: str
    stream: Stream
    epoch: int
    seq: int
    prev: bytes
    at: datetime
    body: Body
    receipt: Receipt | None
    stale: bool
    hash: bytes
    signed: bytes
    _made_by: object

    def __post_init__(self) -> None:
        if self._made_by is not _CHECKED:
            raise TypeError("a VerifiedEnvelope comes from open_envelope only")


def sign_envelope(draft: Draft, operating_seed: bytes) -> Signed:
    """Signed bytes of a draft. Raises NotWritable for a body the form or the type's shape does not allow."""
    envelope = Envelope(
        v=1,
        type=draft.type,
        sender=draft.sender,
        to=draft.to,
        epoch=draft.epoch,
        stream=draft.stream,
        seq=draft.seq,
        prev=draft.prev.hex(),
        at=millis(draft.at),
        body=dict(draft.body),
        receipt=draft.receipt,
    )
    raw = canonical.encode(as_json(envelope))
    flaw = _against_schema(raw, draft.sender, draft.to)
    if isinstance(flaw, Refusal):
        raise canonical.NotWritable(f"{flaw.reason} {flaw.detail}")
    kid = key_id(crypto.signing_public(operating_seed))
    return Signed(kid + crypto.sign(operating_seed, "envelope", raw) + raw, envelope_hash(raw))


def envelope_hash(raw: bytes) -> bytes:
    """The link to the next envelope: over the signed JSON, not over the signature."""
    return crypto.hash32("envelope-chain", raw)


def seal_envelope(signed: bytes, to: bytes) -> bytes:
    """The bytes for the lane, for the receiver's sealing key `to`. Each call gives other bytes."""
    return VERSION + key_id(to) + crypto.seal_to(to, crypto.pad_to_class(signed))


def unseal(raw: bytes, keyring: Keyring) -> bytes | Refusal:
    """The signed bytes inside what a lane brought; nothing about them is believed yet."""
    if len(raw) not in WIRE_SIZES:
        return Refusal(Reason.SIZE)
    if raw[:1] != VERSION:
        return Refusal(Reason.VERSION)
    pair = keyring.opening.get(raw[1 : 1 + KID_SIZE])
    if pair is None:
        return Refusal(Reason.NOT_FOR_US)
    try:
        padded = crypto.open_sealed(pair.private, raw[1 + KID_SIZE :], public=pair.public)
        return crypto.unpad_from_class(padded)
    except crypto.CannotOpen:
        return Refusal(Reason.SHUT)


def open_envelope(raw: bytes, keyring: Keyring, now: datetime) -> VerifiedEnvelope | Refusal:
    """Everything that can be said about bytes from a lane without knowing what came before. Never raises."""
    signed = unseal(raw, keyring)
    return signed if isinstance(signed, Refusal) else check_signed(signed, keyring, now)


def check_signed(signed: bytes, keyring: Keyring, now: datetime) -> VerifiedEnvelope | Refusal:
    """The same for signed bytes, kept earlier or forwarded."""
    signer = keyring.signers.get(signed[:KID_SIZE])
    if signer is None:
        return Refusal(Reason.UNKNOWN_SIGNER)
    raw = signed[FRAME:]
    if not crypto.verify(signer.key.public, "envelope", raw, signed[KID_SIZE:FRAME]):
        return Refusal(Reason.FORGED)
    checked = _against_schema(raw, signer.key.network, keyring.home)
    if isinstance(checked, Refusal):
        return checked
    envelope, body = checked
    if not signer.stands_behind(envelope.stream, envelope.epoch, envelope.seq):
        return Refusal(Reason.REVOKED, signer.key.network)
    return _verified(envelope, body, signer, signed, now)


def _verified(
    envelope: Envelope, body: Body, signer: Signer, signed: bytes, now: datetime
) -> VerifiedEnvelope:
    return VerifiedEnvelope(
        type=envelope.type,
        sender=envelope.sender,
        stream=envelope.stream,
        epoch=envelope.epoch,
        seq=envelope.seq,
        prev=bytes.fromhex(envelope.prev),
        at=moment_of(envelope.at),
        body=body,
        receipt=envelope.receipt,
        stale=signer.is_stale(now),
        hash=envelope_hash(signed[FRAME:]),
        signed=signed,
        _made_by=_CHECKED,
    )


def _against_schema(raw: bytes, sender: str, to: str) -> tuple[Envelope, Body] | Refusal:
    """Form, addresses, stream and shape, after the signature was right (or before we make one)."""
    parsed = canonical.parse(raw)
    if isinstance(parsed, canonical.Flaw):
        return Refusal(Reason.MALFORMED, sender, parsed)
    try:
        envelope = convert(parsed, Envelope)
    except ValidationError:
        return Refusal(Reason.OUTSIDE_SCHEMA, sender)
    if envelope.sender != sender or envelope.to != to:
        return Refusal(Reason.OTHER_NETWORK, sender)
    kind = KINDS.get(envelope.type)
    if kind is not None and envelope.stream not in kind.streams:
        return Refusal(Reason.WRONG_STREAM, sender, envelope.type)
    body = read_body(envelope.type, envelope.body)
    if body is None or not _counts_rightly(envelope, len(raw)):
        return Refusal(Reason.OUTSIDE_SCHEMA, sender, envelope.type)
    return envelope, body


def _counts_rightly(envelope: Envelope, length: int) -> bool:
    """Numbered types count from 1, the others have no number; each keeps its length."""
    kind = KINDS.get(envelope.type)
    if kind is not None and length > kind.limit:
        return False
    if kind is None or kind.numbered:
        return envelope.seq >= 1
    return envelope.seq == envelope.epoch == 0 and bytes.fromhex(envelope.prev) == NO_HASH
