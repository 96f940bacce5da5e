"""Test vectors for another implementation. PYTHONPATH=.:tests python tests/federation_vectors.py writes them.

docs/protocol-vectors.json holds inputs, every step between, and what must come out: accepted or refused and
why. Boxes are made with a throw-away key, so that a file written anew differs in `wire`; it opens the same.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
from federation_builders import NOW, ANetwork

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core import canonical, invitation
from hub.federation.core.absence import reserve_key
from hub.federation.core.agreement import Party, agreement_hash, draft_agreement, sign_agreement
from hub.federation.core.cards import Card, sign_card, state_digest
from hub.federation.core.envelope import (
    FRAME,
    Receipt,
    Refusal,
    VerifiedEnvelope,
    check_signed,
    envelope_hash,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.identity import key_id
from hub.federation.core.lanes import step_of
from hub.federation.core.shapes import millis
from hub.federation.core.words import Meeting, Speaker, safety_words

FILE = Path(__file__).parents[1] / "docs" / "protocol-vectors.json"
NORTH, SOUTH = ANetwork("north"), ANetwork("south")
SECRET, NONCE = bytes(range(16)), bytes(range(16, 32))
FORMS = (
    b'{"a":1,"b":[true,null,"x"]}',
    b'{"b":1,"a":1}',
    b'{"a":1,"a":1}',
    b'{"a":1.0}',
    b'{"a":1e3}',
    b'{"a": 1}',
    b'{"a":9007199254740991}',
    b'{"a":9007199254740992}',
    b'{"a":-0}',
    b'{"\xc3\xa9":1}',
    b'{"a":"\xc3\xa9"}',
    b'{"a":"e\xcc\x81"}',
    b'{"a":"\\u00e9"}',
    b'{"a":"\\n"}',
    b'{"a":"\\t"}',
    b'{"a":"\xe2\x80\xae"}',
    b'{"a":"\xff"}',
    b'{"a":1}\n',
    b"[1]",
    b'{"a":' + b"[" * 12 + b"]" * 12 + b"}",
)


def network(one: ANetwork) -> dict[str, Any]:
    """Keys of one network; the private halves are for tests only."""
    return {
        "id": one.id,
        "root_document": one.root,
        "operating_seed": one.seed.hex(),
        "operating": one.public.hex(),
        "operating_kid": key_id(one.public).hex(),
        "sealing_private": one.sealing.hex(),
        "sealing": one.sealing_public.hex(),
        "sealing_kid": key_id(one.sealing_public).hex(),
        "network_card": one.card(),
    }


def canonical_forms() -> list[dict[str, Any]]:
    """Bytes, and whether they are the one way to write what they say."""
    found = []
    for raw in FORMS:
        read = canonical.parse(raw)
        flaw = str(read) if isinstance(read, canonical.Flaw) else None
        found.append({"bytes": raw.hex(), "accepted": flaw is None, "why_not": flaw})
    return found


def envelopes() -> list[dict[str, Any]]:
    """One after the other in a stream, with a receipt, and some that must be refused."""
    first = NORTH.draft(SOUTH)
    signed = sign_envelope(first, NORTH.seed)
    receipt = Receipt(epoch=0, seq=7, hash="c" * 64, at=millis(NOW))
    second = NORTH.draft(SOUTH, "heartbeat", {}, seq=2, prev=signed.hash, receipt=receipt)
    asks = NORTH.draft(SOUTH, "heads", {"nonce": "1" * 32}, seq=0)
    unknown = NORTH.draft(SOUTH, "from-a-later-version", {"x": 1}, seq=3, stream=Stream.WORK)
    good = [sign_envelope(each, NORTH.seed).signed for each in (first, second, asks, unknown)]
    raw = good[0][FRAME:]
    bad = [
        _framed(raw.replace(b'"severity":"high"', b'"severity":"dire"')),
        _framed(raw[:-1] + b',"w":1}'),
        _framed(raw.replace(b'"stream":"urgent"', b'"stream":"cards"')),
        good[0][:-1] + b"]",
        _framed(raw.replace(NORTH.id.encode(), SOUTH.id.encode(), 1)),
        _framed(raw.replace(b":1,", b":1.0,", 1)),
    ]
    return [_envelope(each) for each in (*good, *bad)]


def _framed(raw: bytes) -> bytes:
    return key_id(NORTH.public) + crypto.sign(NORTH.seed, "envelope", raw) + raw


def _envelope(signed: bytes) -> dict[str, Any]:
    read = check_signed(signed, SOUTH.keyring(NORTH), NOW)
    said: dict[str, Any] = {"signed": signed.hex(), "accepted": isinstance(read, VerifiedEnvelope)}
    if isinstance(read, Refusal):
        return {**said, "why_not": str(read.reason)}
    padded = crypto.pad_to_class(signed)
    return {
        **said,
        "hash": envelope_hash(signed[FRAME:]).hex(),
        "padded_sha256": hashlib.sha256(padded).hexdigest(),
        "wire": seal_envelope(signed, SOUTH.sealing_public).hex(),
    }


def meeting() -> dict[str, Any]:
    """An invitation's code, and what both administrators read to each other."""
    invited = invitation.Invitation(
        NORTH.id, "north", NORTH.public, NORTH.sealing_public, "@envoy:north.example", SECRET, NOW
    )
    one = Speaker(NORTH.id, NORTH.public, NORTH.sealing_public)
    other = Speaker(SOUTH.id, SOUTH.public, SOUTH.sealing_public)
    met = Meeting(SECRET, NONCE)
    return {
        "secret": SECRET.hex(),
        "nonce": NONCE.hex(),
        "expires_at": millis(NOW),
        "code": invitation.write_code(invited),
        "invitation_id": invited.id,
        "invite_reason": invitation.invite_reason(SECRET, "!room:south.example", "@envoy:south.example"),
        "safety_words": {each: safety_words(one, other, met, each) for each in ("en", "fr", "es", "ar")},
        "https_step_to_south": step_of(SECRET, SOUTH.id),
        "https_step_to_north": step_of(SECRET, NORTH.id),
        "reserve_private": reserve_key(SECRET).hex(),
    }


def documents() -> dict[str, Any]:
    """A signed card, what a checkpoint compares, and an agreement."""
    card = Card(
        id="b" * 32,
        network=NORTH.id,
        scope=SOUTH.id,
        kind="organisation",
        version=3,
        lease_until=millis(NOW),
        name="Casa Abierta",
        country="GT",
        issues=("land",),
    )
    agreed = draft_agreement(
        Party(network=NORTH.id, name="north", shares=("organisation",)),
        Party(network=SOUTH.id, name="south"),
        starts_at=NOW,
        ends_at=NOW.replace(year=2027),
    )
    return {
        "card": sign_card(card, NORTH.seed),
        "checkpoint": {
            "cards": [["b" * 32, 3], ["a" * 32, 1]],
            "digest": state_digest([("b" * 32, 3), ("a" * 32, 1)]).hex(),
        },
        "agreement": {
            "document": agreed,
            "hash": agreement_hash(agreed).hex(),
            "signed_by_north": sign_agreement(agreed, NORTH.seed).hex(),
        },
    }


def vectors() -> dict[str, Any]:
    """Everything."""
    return {
        "version": 1,
        "now": millis(NOW),
        "networks": {"north": network(NORTH), "south": network(SOUTH)},
        "canonical": canonical_forms(),
        "envelopes_from_north_to_south": envelopes(),
        "meeting": meeting(),
        "documents": documents(),
    }


if __name__ == "__main__":
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(vectors()), indent=1) + b"\n")
