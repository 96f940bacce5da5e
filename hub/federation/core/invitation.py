"""A one-time invitation: what an administrator hands to another network, as text to copy or as a QR code.

It names us, our keys and our envoy, and holds 128 secret bits: only a network that shows them is let in,
once. Whoever reads the code can use it first; the safety words show that (words.py).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from directory import crypto
from directory.core.text import Text, say
from hub.federation.core import canonical
from hub.federation.core.shapes import NETWORK_ID, base32
from hub.federation.core.words import Speaker

SECRET_SIZE = 16
PREFIX = "AYNI"
_VERSION = 1
_CHECK_SIZE = 4
_FIXED = 20 + 32 + 32 + SECRET_SIZE + 5
_MAX_TEXT = 2000
_LOOKALIKES = str.maketrans("018", "OIB")
_MATRIX_ID = re.compile(r"@[^:\s]+:\S+\Z")


@dataclass(frozen=True, slots=True)
class Invitation:
    """`operating` and `sealing` are public keys; `expires_at` is whole seconds, UTC."""

    network: str
    name: str
    operating: bytes
    sealing: bytes
    envoy: str
    secret: bytes = field(repr=False)
    expires_at: datetime

    @property
    def id(self) -> str:
        """32 hex digits under which the inviting hub finds the secret; they do not give it away."""
        return invitation_id(self.secret)

    @property
    def speaker(self) -> Speaker:
        """The inviting side, as the safety words see it."""
        return Speaker(self.network, self.operating, self.sealing)


class CodeTrouble(StrEnum):
    """Why a text is not an invitation that can be used."""

    NO_CODE = "no code"
    TRUNCATED = "truncated"
    TYPED_WRONG = "typed wrong"
    OTHER_VERSION = "other version"
    EXPIRED = "expired"


SENTENCES: Mapping[CodeTrouble, Text] = {
    CodeTrouble.NO_CODE: say("This is not an invitation code. One begins with AYNI. Copy all of it."),
    CodeTrouble.TRUNCATED: say("The end of this code is missing. Copy all of it, to the last letter."),
    CodeTrouble.TYPED_WRONG: say("A letter in this code is wrong. Copy it instead of typing it."),
    CodeTrouble.OTHER_VERSION: say(
        "This code is from a newer version. Update first, or ask for a code from an older one."
    ),
    CodeTrouble.EXPIRED: say("This code is too old. Ask the other network for a new one."),
}


def new_invitation(
    *,
    network: str,
    name: str,
    operating: bytes,
    sealing: bytes,
    envoy: str,
    expires_at: datetime,
    chance: crypto.Chance,
) -> Invitation:
    """An invitation with a fresh secret; the name is cut to what the code holds."""
    short = canonical.tidy(name).encode()[:60].decode("utf-8", "ignore")
    whole = expires_at.replace(microsecond=0)
    return Invitation(network, short, operating, sealing, envoy, chance(SECRET_SIZE), whole)


def invitation_id(secret: bytes) -> str:
    """See Invitation.id."""
    return crypto.hash32("invitation-id", secret)[:16].hex()


def write_code(invitation: Invitation) -> str:
    """Letters and digits only, in groups of eight: one QR code in its compact letter mode holds it."""
    name, envoy = invitation.name.encode(), invitation.envoy.encode()
    body = b"".join(
        (
            base64.b32decode(invitation.network.upper()),
            invitation.operating,
            invitation.sealing,
            invitation.secret,
            int(invitation.expires_at.timestamp()).to_bytes(5, "big"),
            bytes((len(name),)) + name,
            bytes((len(envoy),)) + envoy,
        )
    )
    framed = bytes((_VERSION,)) + len(body).to_bytes(2, "big") + body
    letters = base32(framed + _check(framed)).upper()
    groups = (letters[at : at + 8] for at in range(0, len(letters), 8))
    return f"{PREFIX}-" + "-".join(groups)


def read_code(text: str, now: datetime) -> Invitation | CodeTrouble:
    """The invitation in a copied text, however it was broken into lines, or what is wrong with it."""
    copied = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    letters = copied.translate(_LOOKALIKES)
    if not letters.startswith(PREFIX) or len(letters) > _MAX_TEXT:
        return CodeTrouble.NO_CODE
    raw = _decode(letters.removeprefix(PREFIX))
    if not raw:
        return CodeTrouble.TRUNCATED
    if raw[0] != _VERSION:
        return CodeTrouble.OTHER_VERSION
    size = 3 + int.from_bytes(raw[1:3], "big") + _CHECK_SIZE
    if len(raw) < size or len(raw) < 3:
        return CodeTrouble.TRUNCATED
    framed, check = raw[: size - _CHECK_SIZE], raw[size - _CHECK_SIZE :]
    if not crypto.same(check, _check(framed)):
        return CodeTrouble.TYPED_WRONG
    return _read_body(framed[3:], now)


def _decode(letters: str) -> bytes:
    """Base32 without its padding; a last odd letter of a cut code is left out. Empty when it is none."""
    whole = letters[: len(letters) - {1: 1, 3: 1, 6: 1}.get(len(letters) % 8, 0)]
    try:
        return base64.b32decode(whole + "=" * (-len(whole) % 8))
    except ValueError:
        return b""


def _check(framed: bytes) -> bytes:
    return crypto.hash32("invitation-check", framed)[:_CHECK_SIZE]


def _read_body(body: bytes, now: datetime) -> Invitation | CodeTrouble:
    """The fields; the checksum was right, so that anything odd is another program's doing."""
    name_end = _FIXED + 1 + body[_FIXED] if len(body) > _FIXED else len(body)
    envoy_raw = body[name_end + 1 :]
    if name_end >= len(body) or body[name_end] != len(envoy_raw):
        return CodeTrouble.TYPED_WRONG
    try:
        name, envoy = body[_FIXED + 1 : name_end].decode(), envoy_raw.decode()
    except UnicodeDecodeError:
        return CodeTrouble.TYPED_WRONG
    network = base32(body[:20])
    if name != canonical.tidy(name) or not _MATRIX_ID.match(envoy) or not NETWORK_ID.match(network):
        return CodeTrouble.TYPED_WRONG
    expires_at = datetime.fromtimestamp(int.from_bytes(body[100:105], "big"), tz=UTC)
    if now > expires_at:
        return CodeTrouble.EXPIRED
    return Invitation(network, name, body[20:52], body[52:84], envoy, body[84:100], expires_at)


# --- Being let in: the reason text of a Matrix invite -----------------------------------------------------


def proof(secret: bytes, room_id: str, envoy: str) -> str:
    """64 hex digits: this room, made by this envoy (the invited network's), comes from who holds the code."""
    return crypto.digest(secret, "link-room", f"{room_id}\0{envoy}".encode()).hex()


def invite_reason(secret: bytes, room_id: str, envoy: str) -> str:
    """What the invited network's envoy writes into its Matrix invite."""
    return f"{invitation_id(secret)}.{proof(secret, room_id, envoy)}"


def let_in(reason: str, room_id: str, envoy: str, secrets: Mapping[str, bytes]) -> str | None:
    """The id of the invitation this invite proves, among those still open (id → secret); None for a stranger.

    It does not use the invitation up: the caller does, in the transaction that joins the room.
    """
    name, _, given = reason.partition(".")
    secret = secrets.get(name)
    if secret is None or not given.isascii():
        return None
    return name if crypto.same(given.encode(), proof(secret, room_id, envoy).encode()) else None
