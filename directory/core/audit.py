"""The chain of the audit log: each entry commits to its contents and to everything before it.

An entry's contents are salted before they are hashed, so that erasing salt and contents leaves nothing to
guess from while the chain still verifies. Whoever drops the newest entries leaves a chain that holds: only
somebody who kept the last fingerprint notices that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS = bytes(32)
_CONTENT = b"ayni/audit-content/v1\0"
_ENTRY = b"ayni/audit-entry/v1\0"


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain knows it. `about` is a keyed digest of whom it is about; b"" for nobody.

    `kept` is (salt, contents), None once they were erased.
    """

    place: int
    at: datetime
    about: bytes
    commitment: bytes
    hash: bytes
    kept: tuple[bytes, bytes] | None


class Fault(StrEnum):
    """What is wrong with the first entry that does not hold."""

    MISSING = "missing"
    CHANGED = "changed"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the chain does not hold."""

    place: int
    fault: Fault


def commit(salt: bytes, contents: bytes) -> bytes:
    """32 bytes that fix the contents and say nothing about them without the salt (32 bytes)."""
    return hashlib.blake2b(_CONTENT + salt + contents, digest_size=32).digest()


def chain(previous: bytes, place: int, at: datetime, about: bytes, commitment: bytes) -> bytes:
    """The hash of an entry: over its place, its time to the microsecond, whom it is about, its contents."""
    moment = at.timestamp() * 1_000_000
    head = previous + place.to_bytes(8) + round(moment).to_bytes(8) + len(about).to_bytes(1) + about
    return hashlib.blake2b(_ENTRY + head + commitment, digest_size=32).digest()


def first_break(links: Iterable[Link], erased: frozenset[int] = frozenset()) -> Break | None:
    """Where the chain breaks first, or None. `erased`: places whose contents may be gone, as the log says."""
    previous, expected = GENESIS, 1
    for link in links:
        if link.place != expected:
            return Break(expected, Fault.MISSING)
        if chain(previous, link.place, link.at, link.about, link.commitment) != link.hash:
            return Break(link.place, Fault.CHANGED)
        if link.kept is not None and commit(*link.kept) != link.commitment:
            return Break(link.place, Fault.CHANGED)
        if link.kept is None and link.place not in erased:
            return Break(link.place, Fault.EMPTIED)
        previous, expected = link.hash, expected + 1
    return None


def fingerprint(head: bytes) -> str:
    """The chain's end in groups, short enough to write down."""
    text = head.hex()[:24]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
