"""An account's own cross-signing: three keys made once, published, and the device signed with them.

Clients leave out devices their owner did not sign (MSC4153; DESIGN 4.5), and nio has no cross-signing. The
seeds lie in the same sealed store as the device, because store, keys and device id are one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from directory import crypto
from hub.matrix.answers import Refused, checked
from hub.matrix.identities import canonical, read_identity, unpadded
from hub.matrix.rows import Shelves
from hub.matrix.wire import Wire, path
from hub.trouble import Trouble

SHELF = "identity"


class OtherIdentity(Trouble):
    """The homeserver shows another identity for this account. If nobody replaced it on purpose, somebody else
    holds this account; otherwise reset it deliberately."""

    needs_person = True


class Seeds(msgspec.Struct, frozen=True, array_like=True):
    """The three private halves, 32 bytes each."""

    master: bytes
    self_signing: bytes
    user_signing: bytes


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the directory says of a bot and `doctor` compares; unpadded base64 Ed25519 and Curve25519 keys."""

    user_id: str
    device_id: str
    master: str
    ed25519: str
    curve25519: str


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """The device to be signed: its keys, and how it signs."""

    user_id: str
    device_id: str
    ed25519: str
    curve25519: str
    sign: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the account proves about itself when pictures are compared; unpadded base64."""

    user_id: str
    master: str
    ed25519: str
    user_signing: bytes


def kept_seeds(shelves: Shelves, chance: crypto.Chance, *, fresh: bool = False) -> Seeds:
    """The seeds of this account, made on first use. `fresh` throws the old ones away: a reset."""
    raw = None if fresh else shelves.get(SHELF, "seeds")
    if raw is not None:
        return msgspec.msgpack.decode(raw, type=Seeds)
    made = Seeds(*(crypto.new_signing_seed(chance) for _ in range(3)))
    shelves.put(SHELF, "seeds", msgspec.msgpack.encode(made))
    return made


def public(seed: bytes) -> str:
    """The public half, unpadded base64."""
    return unpadded(crypto.signing_public(seed))


def _signature(seed: bytes, signed_object: Mapping[str, Any]) -> str:
    return unpadded(crypto.sign_raw(seed, canonical(signed_object)))


def _key_object(user_id: str, usage: str, seed: bytes) -> dict[str, Any]:
    key = public(seed)
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{key}": key}}


def _signed_by(signer: bytes, user_id: str, signed_object: dict[str, Any]) -> dict[str, Any]:
    signature = _signature(signer, signed_object)
    return {**signed_object, "signatures": {user_id: {f"ed25519:{public(signer)}": signature}}}


def upload_body(user_id: str, seeds: Seeds) -> dict[str, Any]:
    """The body of /keys/device_signing/upload."""
    subkeys = {
        f"{usage}_key": _signed_by(seeds.master, user_id, _key_object(user_id, usage, seed))
        for usage, seed in (("self_signing", seeds.self_signing), ("user_signing", seeds.user_signing))
    }
    return {"master_key": _key_object(user_id, "master", seeds.master), **subkeys}


async def _upload_keys(wire: Wire, user_id: str, seeds: Seeds, password: str | None) -> None:
    """Publish the three keys, going through the user-interactive step when the homeserver wants one."""
    body = upload_body(user_id, seeds)
    where = path("keys", "device_signing", "upload")
    status, answer = await wire.ask("POST", where, body)
    if status == 401 and "flows" in answer and password is not None:
        proof = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user_id},
            "password": password,
            "session": answer.get("session"),
        }
        status, answer = await wire.ask("POST", where, {**body, "auth": proof})
    checked(status, answer)


async def _sign_device(wire: Wire, device: OwnDevice, seeds: Seeds, answer: Mapping[str, Any]) -> None:
    """Sign the device with the self-signing key and the master key with the device. Both are repeatable."""
    listed = answer.get("device_keys", {}).get(device.user_id, {}).get(device.device_id)
    if not isinstance(listed, dict):
        raise Refused("AYNI_DEVICE_NOT_UPLOADED")
    keys = listed.get("keys", {})
    if keys.get(f"ed25519:{device.device_id}") != device.ed25519:
        raise OtherIdentity
    bare = {key: value for key, value in listed.items() if key not in {"signatures", "unsigned"}}
    master = _key_object(device.user_id, "master", seeds.master)
    by_device = {device.user_id: {f"ed25519:{device.device_id}": device.sign(canonical(master))}}
    body = {
        device.user_id: {
            device.device_id: _signed_by(seeds.self_signing, device.user_id, bare),
            public(seeds.master): {**master, "signatures": by_device},
        }
    }
    reply = await wire.post(path("keys", "signatures", "upload"), body)
    if reply.get("failures"):
        raise Refused("AYNI_SIGNATURE_REFUSED")


async def stand_behind(
    wire: Wire, device: OwnDevice, seeds: Seeds, *, password: str | None = None, reset: bool = False
) -> Fingerprints:
    """Make this device one that its owner signed. Does nothing when it already is; may be repeated at every
    start.

    `reset` replaces an identity the homeserver already shows. Raises OtherIdentity, Refused, Unreachable.
    """
    answer = await wire.post(path("keys", "query"), {"device_keys": {device.user_id: []}})
    shown = read_identity(answer, device.user_id)
    ours = public(seeds.master)
    if shown.master not in {None, ours} and not reset:
        raise OtherIdentity
    signed = {(one.device_id, one.ed25519) for one in shown.signed()}
    if shown.master != ours or (device.device_id, device.ed25519) not in signed:
        if shown.master != ours:
            await _upload_keys(wire, device.user_id, seeds, password)
        await _sign_device(wire, device, seeds, answer)
    return Fingerprints(device.user_id, device.device_id, ours, device.ed25519, device.curve25519)


async def sign_owner(wire: Wire, ours: Standing, user_id: str, master: str) -> None:
    """Sign somebody's master key with our user-signing key. Repeatable.

    Raises OtherIdentity when the homeserver shows another key than `master` (unpadded base64), Refused,
    Unreachable.
    """
    answer = await wire.post(path("keys", "query"), {"device_keys": {user_id: []}})
    listed = answer.get("master_keys", {}).get(user_id)
    if read_identity(answer, user_id).master != master or not isinstance(listed, dict):
        raise OtherIdentity
    bare = {key: value for key, value in listed.items() if key not in {"signatures", "unsigned"}}
    by_us = {ours.user_id: {f"ed25519:{public(ours.user_signing)}": _signature(ours.user_signing, bare)}}
    reply = await wire.post(
        path("keys", "signatures", "upload"), {user_id: {master: {**bare, "signatures": by_us}}}
    )
    if reply.get("failures"):
        raise Refused("AYNI_SIGNATURE_REFUSED")
