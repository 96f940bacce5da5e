"""Which lane an envelope takes: Matrix first, HTTPS when Matrix is slow or the network prefers it.

Both at once for people in danger, and for whatever was not confirmed in time. One envelope, two lanes: what
arrives twice is known by its number and applied once. Where a hub takes envelopes over HTTPS is one step of a
path that only the two hubs of a link can work out.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from directory import crypto
from hub.federation.core.shapes import base32

AT_ONCE = frozenset({"alarm", "acknowledge", "freeze", "revoke", "watch", "receipt"})
"""Types that take both lanes at once: that one came over HTTPS says nothing about Matrix."""
STEP_SIZE = 26
MOST_PINS = 4
_SPKI_AT = 6
"""Where the public key stands in a certificate whose version is written: RFC 5280, section 4.1."""


class LaneKind(StrEnum):
    """What carries the bytes."""

    MATRIX = "matrix"
    HTTPS = "https"


BOTH = (LaneKind.MATRIX, LaneKind.HTTPS)


def lanes_for(
    kind: str, *, https: bool, prefer: LaneKind = LaneKind.MATRIX, slow: bool = False, again: bool = False
) -> tuple[LaneKind, ...]:
    """The lanes for one envelope. `https`: the peer's card names a host. `slow`: Matrix brought no receipt in
    time lately, or the peer came over HTTPS just now. `again`: it was sent before and not confirmed."""
    if not https:
        return (LaneKind.MATRIX,)
    if again or kind in AT_ONCE:
        return BOTH
    return (LaneKind.HTTPS if slow else prefer,)


def step_of(secret: bytes, receiver: str) -> str:
    """The one step of the path where `receiver` takes what the other hub of this link posts: 26 letters and
    digits, from what both learned from the invitation. Whoever does not hold that can only guess."""
    return base32(crypto.digest(secret, "https-lane", receiver.encode()))[:STEP_SIZE]


def pin_of(certificate: bytes) -> str:
    """SHA-256 over the certificate's public key (SubjectPublicKeyInfo), in hex. It survives a renewal with
    the same key. Raises ValueError for what is no certificate in DER."""
    whole = _inner(certificate, 0)[0]
    signed = _inner(whole, 0)[0]
    at, found = 0, list[bytes]()
    while at < len(signed) and len(found) <= _SPKI_AT:
        _, end = _inner(signed, at)
        found.append(signed[at:end])
        at = end
    if not found or found[0][:1] != b"\xa0":
        found.insert(0, b"")
    if len(found) <= _SPKI_AT:
        raise ValueError("no certificate")
    return hashlib.sha256(found[_SPKI_AT]).hexdigest()


def _inner(raw: bytes, at: int) -> tuple[bytes, int]:
    """(contents of the DER value that begins at `at`, where the next begins)."""
    if at + 2 > len(raw):
        raise ValueError("too short")
    length, start = raw[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or start + size > len(raw):
            raise ValueError("no length")
        length = int.from_bytes(raw[start : start + size], "big")
        start += size
    if start + length > len(raw):
        raise ValueError("too short")
    return raw[start : start + length], start + length
