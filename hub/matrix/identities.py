"""Whose device is this? The cross-signing chain, verified by ourselves from a /keys/query answer.

master key → self-signing key → device (spec: client-server, "Cross-signing"). Pure: bytes in, verdict out.
What it does not do: say that a master key belongs to a person. That is a Binding, kept by the hub.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from nio import Api

from directory import crypto

MAX_DEVICES = 50
"""Of one user. Who shows more is cut off; signed devices are looked at first."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device as its owner's homeserver lists it; it has proven its own two keys. Keys are unpadded
    base64.
    """

    user_id: str
    device_id: str
    ed25519: str
    curve25519: str
    owner_signed: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A user's master key (None without cross-signing) and devices."""

    user_id: str
    master: str | None = None
    devices: tuple[Device, ...] = field(default=())

    def signed(self) -> tuple[Device, ...]:
        """The devices whose owner signed them."""
        return tuple(device for device in self.devices if device.owner_signed)


class _Signed(msgspec.Struct):
    user_id: str
    keys: dict[str, str]
    signatures: dict[str, dict[str, str]] = {}


class _CrossKey(_Signed):
    usage: list[str] = []


class _DeviceKeys(_Signed):
    device_id: str = ""


def unpadded(data: bytes) -> str:
    """Base64 as Matrix writes it."""
    return b64encode(data).decode().rstrip("=")


def from_unpadded(text: str) -> bytes:
    """Raises ValueError for anything that is not unpadded base64."""
    return b64decode(text + "=" * (-len(text) % 4), validate=True)


def canonical(signed_object: Mapping[str, Any]) -> bytes:
    """What a Matrix signature is over: canonical JSON without `signatures` and `unsigned`."""
    bare = {key: value for key, value in signed_object.items() if key not in {"signatures", "unsigned"}}
    return str(Api.to_canonical_json(bare)).encode()


def _verified(raw: Mapping[str, Any], signed: _Signed, key_name: str, public: str) -> bool:
    """Did `public` sign `raw` under this key name in the owner's own block?"""
    signature = signed.signatures.get(signed.user_id, {}).get(f"ed25519:{key_name}")
    if signature is None:
        return False
    try:
        return crypto.verify_raw(from_unpadded(public), canonical(raw), from_unpadded(signature))
    except ValueError:
        return False


def _cross_key(raw: object, user_id: str, usage: str) -> tuple[_CrossKey, str] | None:
    """The parsed object and its one public key, when it is a cross-signing key of this user for this use."""
    try:
        parsed = msgspec.convert(raw, _CrossKey)
    except msgspec.ValidationError:
        return None
    if parsed.user_id != user_id or usage not in parsed.usage or len(parsed.keys) != 1:
        return None
    ((name, public),) = parsed.keys.items()
    return (parsed, public) if name == f"ed25519:{public}" else None


def _device(raw: object, user_id: str, device_id: str, self_signing: str | None) -> Device | None:
    try:
        parsed = msgspec.convert(raw, _DeviceKeys)
    except msgspec.ValidationError:
        return None
    if parsed.user_id != user_id or parsed.device_id != device_id or not isinstance(raw, Mapping):
        return None
    ed25519 = parsed.keys.get(f"ed25519:{device_id}")
    curve25519 = parsed.keys.get(f"curve25519:{device_id}")
    if ed25519 is None or curve25519 is None or not _verified(raw, parsed, device_id, ed25519):
        return None
    by_owner = self_signing is not None and _verified(raw, parsed, self_signing, self_signing)
    return Device(user_id, device_id, ed25519, curve25519, by_owner)


def _member(answer: Mapping[str, Any], block: str, user_id: str) -> object:
    part = answer.get(block)
    return part.get(user_id) if isinstance(part, Mapping) else None


def read_identity(answer: Mapping[str, Any], user_id: str) -> Identity:
    """What a /keys/query answer proves about one user. What does not verify is left out, never an error."""
    master = _cross_key(_member(answer, "master_keys", user_id), user_id, "master")
    self_signing: str | None = None
    raw_self = _member(answer, "self_signing_keys", user_id)
    parsed_self = _cross_key(raw_self, user_id, "self_signing")
    if master is not None and parsed_self is not None and isinstance(raw_self, Mapping):
        parsed, public = parsed_self
        if _verified(raw_self, parsed, master[1], master[1]):
            self_signing = public
    listed = _member(answer, "device_keys", user_id)
    found = [
        device
        for device_id, raw in (listed.items() if isinstance(listed, Mapping) else ())
        if (device := _device(raw, user_id, device_id, self_signing)) is not None
    ]
    found.sort(key=lambda device: not device.owner_signed)
    return Identity(user_id, master[1] if master else None, tuple(found[:MAX_DEVICES]))
