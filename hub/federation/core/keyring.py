"""Which keys open what is sent to us, and whose signatures we believe, up to where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from directory import crypto
from hub.federation.core.identity import KnownKey, Revocation, key_id


@dataclass(frozen=True, slots=True)
class SealingPair:
    """One of our sealing keys, with the private half."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def of(cls, private: bytes) -> SealingPair:
        """The pair that grows from the private half."""
        return cls(crypto.sealing_public(private), private)


@dataclass(frozen=True, slots=True)
class Signer:
    """An operating key of a linked network. Expired keys still speak (an alarm is an alarm), and are marked.

    `last_good` is set by a revocation: stream → (epoch, seq); beyond it nothing counts.
    """

    key: KnownKey
    last_good: Mapping[str, tuple[int, int]] | None = None

    def stands_behind(self, stream: str, epoch: int, seq: int) -> bool:
        """False for what a revoked key signed beyond its last good number, or without any number."""
        return self.last_good is None or (seq > 0 and (epoch, seq) <= self.last_good.get(stream, (-1, -1)))

    def is_stale(self, now: datetime, *, slack: timedelta = timedelta(minutes=5)) -> bool:
        """Past its life, or before it: cards degrade, alarms pass (DESIGN 5)."""
        return not self.key.valid_from - slack <= now <= self.key.valid_until + slack


def revoked(key: KnownKey, revocation: Revocation) -> Signer:
    """The key, believed up to where the revocation says."""
    return Signer(key, {each.stream: (each.epoch, each.seq) for each in revocation.last_good})


@dataclass(frozen=True, slots=True)
class Keyring:
    """`home` is our network's id. Keys are found by their 8-byte name, never by trying."""

    home: str
    opening: Mapping[bytes, SealingPair] = field(repr=False)
    signers: Mapping[bytes, Signer]

    @classmethod
    def of(cls, home: str, sealing: Iterable[bytes], signers: Iterable[Signer]) -> Keyring:
        """From private sealing halves and signers."""
        pairs = (SealingPair.of(private) for private in sealing)
        return cls(
            home,
            MappingProxyType({key_id(pair.public): pair for pair in pairs}),
            MappingProxyType({signer.key.kid: signer for signer in signers}),
        )
