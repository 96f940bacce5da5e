"""The gateways for text messages: a closed file with one table each, and how both sides sign.

Several may be named; what goes out is taken by the first that answers, what comes in is heard from all. Each
has a secret shared with this hub. From it comes the path where it delivers, which nobody else can guess, and
the signature under everything that either side sends: HMAC-SHA256 over the exact body and the time of
sending, in hex, in `X-Signature`, with the time in `X-Timestamp` (seconds since 1970). That is how the open
Android gateway signs too (sms-gate.app, "Payload Signing").
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from base64 import b32encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.settings import BadSettings, Settings, read_secret

REPLAY_WINDOW = timedelta(minutes=5)
"""How far the time under a signature may be from ours, either way."""
SIGNATURE, TIMESTAMP = "X-Signature", "X-Timestamp"
SMS_GATE, WEBHOOK = "sms-gate", "webhook"
Filled = Annotated[str, Meta(min_length=1, max_length=500)]


class Gateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One gateway. `url` is where it takes orders: the API's address for `sms-gate`, the webhook itself for
    `webhook`. `calls`: it can ring a phone too (webhook only)."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}\Z")]
    kind: Literal["sms-gate", "webhook"]
    url: Annotated[str, Meta(pattern=r"^https?://\S+\Z")]
    secret: Annotated[str, Meta(min_length=16, max_length=200)]
    user: str = ""
    password: str = ""
    calls: bool = False

    def __repr__(self) -> str:
        return f"Gateway({self.name})"

    @property
    def rings(self) -> bool:
        """Can it ring a phone?"""
        return self.calls and self.kind == WEBHOOK

    def signed(self, body: bytes, stamp: str) -> str:
        """The signature under this body, sent at this time."""
        return hmac.new(self.secret.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()

    def believes(self, body: bytes, stamp: str, signature: str, now: datetime) -> bool:
        """Did somebody with the secret sign this, lately? What this does not do: tell a repeat."""
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            return False
        fresh = abs(now.timestamp() - int(stamp)) <= REPLAY_WINDOW.total_seconds()
        right = hmac.compare_digest(self.signed(body, stamp).encode(), signature.encode("utf-8", "replace"))
        return fresh and right

    @property
    def path(self) -> str:
        """The one step of the address where it delivers what came in: 26 letters and digits."""
        made = hmac.new(self.secret.encode(), b"ayni/texts-in/v1", hashlib.sha256).digest()
        return b32encode(made).decode()[:26].lower()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    gateway: tuple[Gateway, ...] = ()


def gateways(settings: Settings) -> tuple[Gateway, ...]:
    """The gateways of this hub; none unless the settings name a file.

    Raises NoSecret, OpenSecret, BadSettings: with the file, the key and what is wrong.
    """
    if not settings.texts.gateways_file:
        return ()
    file = Path(settings.texts.gateways_file)
    try:
        table = tomllib.loads(read_secret(file))
        found = msgspec.convert(table, _File).gateway
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise BadSettings(file=file.name, why=wrong) from None
    if len({one.name for one in found}) != len(found) or len({one.path for one in found}) != len(found):
        raise BadSettings(file=file.name, why="two gateways have the same name or the same secret")
    return found


def ways(found: tuple[Gateway, ...]) -> frozenset[str]:
    """What can wake a phone through them, in the words of bots/waking.py."""
    return frozenset({"sms"} if found else ()) | frozenset({"call"} if any(x.rings for x in found) else ())
