"""The arithmetic of comparing seven pictures: commitment, pictures and proofs of one exchange.

Spec: client-server, "Short Authentication String (SAS) verification". Only the current methods are spoken:
`curve25519-hkdf-sha256`, `sha256`, and both spellings of `hkdf-hmac-sha256`. nio's own class knows devices
but no owner's key, no rooms, and turns the pictures' numbers into others than apps show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any

import vodozemac

from hub.matrix.identities import canonical, unpadded

METHOD = "m.sas.v1"
AGREEMENT = "curve25519-hkdf-sha256"
HASH = "sha256"
MACS = ("hkdf-hmac-sha256.v2", "hkdf-hmac-sha256")
STRINGS = ("emoji", "decimal")
PICTURES = 64


class Broken(Exception):
    """What the other side sent does not fit; `code` says how, in the specification's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two devices that compare."""

    user_id: str
    device_id: str


def commitment(key: str, start: Mapping[str, Any]) -> str:
    """What the accepting side promises before it shows its key."""
    return unpadded(sha256(key.encode() + canonical(start)).digest())


def our_start(device_id: str) -> dict[str, Any]:
    """How we offer to compare."""
    return {
        "from_device": device_id,
        "method": METHOD,
        "key_agreement_protocols": [AGREEMENT],
        "hashes": [HASH],
        "message_authentication_codes": list(MACS),
        "short_authentication_string": list(STRINGS),
    }


def choice(start: Mapping[str, Any]) -> dict[str, Any]:
    """What we accept of somebody's offer. Raises Broken when there is nothing we share."""
    macs = [mac for mac in MACS if mac in _list(start, "message_authentication_codes")]
    strings = [one for one in STRINGS if one in _list(start, "short_authentication_string")]
    fits = (
        start.get("method") == METHOD
        and AGREEMENT in _list(start, "key_agreement_protocols")
        and HASH in _list(start, "hashes")
        and "emoji" in strings
    )
    if not fits or not macs:
        raise Broken("m.unknown_method")
    return {
        "method": METHOD,
        "key_agreement_protocol": AGREEMENT,
        "hash": HASH,
        "message_authentication_code": macs[0],
        "short_authentication_string": strings,
    }


class Exchange:
    """One exchange of keys. `name` is the transaction's id; `starter` is who sent the start that counts."""

    def __init__(self, ours: Side, theirs: Side, name: str) -> None:
        self._ours, self._theirs, self._name = ours, theirs, name
        self._sas = vodozemac.Sas()
        self._shared: vodozemac.EstablishedSas | None = None
        self._their_key = ""
        self.key: str = self._sas.public_key.to_base64()
        self.mac = MACS[0]

    def meet(self, their_key: str) -> None:
        """Take the other side's key. Raises Broken."""
        if self._shared is not None:
            raise Broken("m.unexpected_message")
        try:
            self._shared = self._sas.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(their_key))
        except ValueError as bad:
            raise Broken("m.key_mismatch") from bad
        self._their_key = their_key

    def pictures(self, *, we_started: bool) -> tuple[int, ...]:
        """Seven numbers below 64: which pictures both sides show. Raises Broken before `meet`."""
        sides = [
            f"{self._ours.user_id}|{self._ours.device_id}|{self.key}",
            f"{self._theirs.user_id}|{self._theirs.device_id}|{self._their_key}",
        ]
        first, second = sides if we_started else reversed(sides)
        info = f"MATRIX_KEY_VERIFICATION_SAS|{first}|{second}|{self._name}"
        return tuple(self._met().bytes(info).emoji_indices)

    def proofs(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """The `mac` content: that these keys ({key id: unpadded base64}) are ours."""
        info = self._info(self._ours, self._theirs)
        names = ",".join(sorted(keys))
        return {
            "mac": {name: self._proof(key, info + name) for name, key in keys.items()},
            "keys": self._proof(names, info + "KEY_IDS"),
        }

    def proven(self, content: Mapping[str, Any], known: Mapping[str, str]) -> frozenset[str]:
        """Which of the keys we know of them ({key id: base64}) they proved. Raises Broken for a wrong proof.

        Key ids we do not know are passed over, as the specification wants.
        """
        macs, names = content.get("mac"), content.get("keys")
        if not isinstance(macs, Mapping) or not isinstance(names, str) or not macs:
            raise Broken("m.invalid_message")
        info = self._info(self._theirs, self._ours)
        if not compare_digest(names, self._proof(",".join(sorted(macs)), info + "KEY_IDS")):
            raise Broken("m.key_mismatch")
        for name, key in known.items():
            if name in macs and not compare_digest(str(macs[name]), self._proof(key, info + name)):
                raise Broken("m.key_mismatch")
        return frozenset(known) & frozenset(macs)

    def _info(self, sender: Side, receiver: Side) -> str:
        return (
            f"MATRIX_KEY_VERIFICATION_MAC{sender.user_id}{sender.device_id}"
            f"{receiver.user_id}{receiver.device_id}{self._name}"
        )

    def _proof(self, what: str, info: str) -> str:
        shared = self._met()
        made = shared.calculate_mac if self.mac == MACS[0] else shared.calculate_mac_invalid_base64
        return str(made(what, info))

    def _met(self) -> vodozemac.EstablishedSas:
        if self._shared is None:
            raise Broken("m.unexpected_message")
        return self._shared


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    value = content.get(name)
    return value if isinstance(value, list) else []
