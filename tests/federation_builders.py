"""Networks for the tests of what hubs say to each other: real keys from repeatable chance, no I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core.envelope import (
    NO_HASH,
    Draft,
    Receipt,
    Refusal,
    VerifiedEnvelope,
    open_envelope,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.identity import KnownKey, certify, first_root, network_id
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.network_card import make_network_card

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For generated data on a machine that is busy with other things."""
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ALARM: Mapping[str, object] = {
    "id": "a" * 32,
    "kind_of_help": "shelter",
    "severity": "high",
    "raised_at": 1_795_000_000_000,
    "country": "GT",
    "language": "es",
}


def repeatable(seed: str) -> crypto.Chance:
    """Chance that is the same in each run: BLAKE2b of a seed and a counter."""
    counter = iter(range(1 << 30))

    def chance(size: int) -> bytes:
        return b"".join(
            hashlib.blake2b(f"{seed}:{next(counter)}:{part}".encode()).digest()
            for part in range(size // 64 + 1)
        )[:size]

    return chance


@dataclass(slots=True)
class ANetwork:
    """A network with one root holder, one operating key and one sealing key, all made from its name."""

    name: str
    now: datetime = NOW
    root_seed: bytes = field(init=False)
    seed: bytes = field(init=False)
    sealing: bytes = field(init=False)
    root: dict[str, object] = field(init=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        chance = repeatable(self.name)
        self.root_seed = crypto.new_signing_seed(chance)
        self.seed = crypto.new_signing_seed(chance)
        self.sealing = crypto.new_sealing_key(chance)
        self.root = first_root([crypto.signing_public(self.root_seed)], 1)
        self.id = network_id(self.root)

    @property
    def public(self) -> bytes:
        return crypto.signing_public(self.seed)

    @property
    def sealing_public(self) -> bytes:
        return crypto.sealing_public(self.sealing)

    @property
    def key(self) -> KnownKey:
        return KnownKey(self.id, self.public, self.now - timedelta(days=1), self.now + timedelta(days=80))

    def operating_certificate(self, days: int = 80) -> dict[str, object]:
        return certify(
            "operating",
            network=self.id,
            public=self.public,
            valid_from=self.now - timedelta(days=1),
            valid_until=self.now + timedelta(days=days),
            seeds=[self.root_seed],
        )

    def sealing_certificate(self, days: int = 6) -> dict[str, object]:
        return certify(
            "sealing",
            network=self.id,
            public=self.sealing_public,
            valid_from=self.now - timedelta(days=1),
            valid_until=self.now + timedelta(days=days),
            seeds=[self.seed],
        )

    def card(self, **changed: object) -> dict[str, object]:
        given: dict[str, object] = {
            "network": self.id,
            "name": self.name,
            "envoy": f"@envoy:{self.name}.example",
            "roots": [{"root": self.root}],
            "operating": [self.operating_certificate()],
            "sealing": self.sealing_certificate(),
            "operating_seed": self.seed,
        }
        return make_network_card(**{**given, **changed})  # type: ignore[arg-type]

    def keyring(self, *peers: ANetwork) -> Keyring:
        return Keyring.of(self.id, [self.sealing], [Signer(peer.key) for peer in peers])

    def draft(
        self,
        to: ANetwork,
        kind: str = "alarm",
        body: Mapping[str, object] = ALARM,
        *,
        stream: Stream = Stream.URGENT,
        seq: int = 1,
        epoch: int = 0,
        prev: bytes = NO_HASH,
        receipt: Receipt | None = None,
    ) -> Draft:
        return Draft(kind, self.id, to.id, stream, body, self.now, epoch, seq, prev, receipt)

    def sealed(self, to: ANetwork, draft: Draft | None = None) -> bytes:
        signed = sign_envelope(draft or self.draft(to), self.seed)
        return seal_envelope(signed.signed, to.sealing_public)

    def opens(self, raw: bytes, *peers: ANetwork) -> VerifiedEnvelope | Refusal:
        return open_envelope(raw, self.keyring(*peers), self.now)

    def verified(self, to: ANetwork, draft: Draft) -> VerifiedEnvelope:
        """What `to` holds after opening what this network signed."""
        opened = to.opens(self.sealed(to, draft), self)
        assert isinstance(opened, VerifiedEnvelope), opened
        return opened
