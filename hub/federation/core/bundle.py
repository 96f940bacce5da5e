"""A network's card with its bots, as one file that anybody can check without a network.

The id is the hash of the first root document; each key hangs on the root documents by signatures; each bot's
Matrix id and device fingerprint is signed by an operating key of the card. What this does not say: that it is
the newest card, or that this network is the one you meant. For that there are safety words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta, ValidationError, convert

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.identity import Doubt, Signatures, countersign, signed_by
from hub.federation.core.network_card import KnownNetwork, verify_network_card
from hub.federation.core.shapes import Document, MatrixId, Name, NetworkId, as_json

PURPOSE = "bot-entry"


class SignedBot(Document, frozen=True):
    """A bot as its network vouches for it."""

    network: NetworkId
    name: Name
    matrix_id: MatrixId
    fingerprint: Annotated[str, Meta(min_length=40, max_length=64)]
    """The Ed25519 key of its device, in base64 as Matrix writes it."""


class SignedEntry(Document, frozen=True):
    """`bot` is a SignedBot."""

    bot: Json
    signatures: Signatures


class Bundle(Document, frozen=True):
    """`card` is a SignedNetworkCard."""

    card: Json
    bots: Annotated[tuple[SignedEntry, ...], Meta(max_length=32)] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A network whose card and bots all hold."""

    network: KnownNetwork
    bots: tuple[SignedBot, ...]


def make_bundle(card: Json, bots: Sequence[SignedBot], operating_seed: bytes) -> bytes:
    """The file."""
    entries = []
    for bot in bots:
        plain = as_json(bot)
        entries.append({"bot": plain, "signatures": countersign(PURPOSE, plain, [operating_seed])})
    return canonical.encode({"card": card, "bots": entries})


def check_bundle(raw: bytes, now: datetime) -> Checked | Doubt:
    """Everything in the file, or why it is not believed. One bot that does not hold spoils it."""
    parsed = canonical.parse(raw.strip(), limit=1 << 20)
    if isinstance(parsed, canonical.Flaw):
        return Doubt.SHAPE
    try:
        bundle = convert(parsed, Bundle)
        known = verify_network_card(bundle.card, now)
        if isinstance(known, Doubt):
            return known
        bots = [convert(each.bot, SignedBot) for each in bundle.bots]
    except ValidationError:
        return Doubt.SHAPE
    keys = [key.public.hex() for key in known.operating]
    for entry, bot in zip(bundle.bots, bots, strict=True):
        if bot.network != known.network:
            return Doubt.OTHER_NETWORK
        if not signed_by(PURPOSE, entry.bot, entry.signatures, keys):
            return Doubt.UNKNOWN_KEY
    return Checked(known, tuple(bots))


def short(public: bytes) -> str:
    """Sixteen letters of a key's hash, to read aloud."""
    digits = crypto.hash32("key-id", public)[:8].hex()
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))
