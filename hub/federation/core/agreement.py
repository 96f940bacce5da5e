"""What two networks signed: which cards cross, for how long, who answers alarms, and until when.

Immutable; an amendment is a new agreement that names the one before. Its hash is taken over the canonical
bytes as they were received, never over what we made of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, ValidationError, convert

from directory import crypto
from hub.federation.core import canonical
from hub.federation.core.canonical import Json
from hub.federation.core.identity import KnownKey
from hub.federation.core.shapes import (
    Document,
    Hex32,
    Millis,
    Name,
    NetworkId,
    Short,
    Tags,
    as_json,
    millis,
    moment_of,
)

CardKind = Literal["person", "organisation", "community", "bot", "offer"]
Minute = Annotated[int, Meta(ge=0, le=1440)]
Zone = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}\Z")]
MAX_LIFE = timedelta(days=3 * 366)


class Hours(Document, frozen=True):
    """On these days (1 Monday … 7 Sunday), from minute to minute of the day; 0 to 1440 is all day."""

    days: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1, max_length=7)]
    start: Minute = 0
    end: Minute = 1440


class Cover(Document, frozen=True):
    """When a network answers the other's alarms, in which languages, with what help. No hours: never."""

    hours: Annotated[tuple[Hours, ...], Meta(max_length=14)] = ()
    zone: Zone = "UTC"
    languages: Tags = ()
    help: Tags = ()


class Party(Document, frozen=True):
    """One side: what it shares and what it promises. `second` offers the second pair of eyes."""

    network: NetworkId
    name: Name
    shares: Annotated[tuple[CardKind, ...], Meta(max_length=5)] = ()
    open_fields: Tags = ()
    introduced_fields: Tags = ()
    cover: Cover = Cover()
    second: bool = False
    emergency: Short = ""


class Onward(Document, frozen=True):
    """Networks to which these cards may be passed on, unchanged. None at all unless this is signed."""

    group: NetworkId
    name: Name
    networks: Annotated[tuple[NetworkId, ...], Meta(min_length=1, max_length=200)]


class Agreement(Document, frozen=True):
    """Two parties in the order of their ids. `lease_days`: how long a copy lives unless it is renewed."""

    parties: Annotated[tuple[Party, ...], Meta(min_length=2, max_length=2)]
    starts_at: Millis
    ends_at: Millis
    lease_days: Annotated[int, Meta(ge=1, le=30)] = 7
    withdraw_hours: Annotated[int, Meta(ge=1, le=168)] = 24
    onward: Onward | None = None
    amends: Hex32 | None = None

    def party(self, network: str) -> Party:
        """One side of it. Raises KeyError for a network that is no party."""
        for each in self.parties:
            if each.network == network:
                return each
        raise KeyError(network)

    @property
    def follows(self) -> bytes | None:
        """Hash of the agreement that this one amends."""
        return bytes.fromhex(self.amends) if self.amends else None

    def shares_of(self, network: str) -> frozenset[str]:
        """Kinds of cards that this side lets cross to the other."""
        return frozenset(self.party(network).shares)

    def is_over(self, now: datetime) -> bool:
        """Has it come to its end?"""
        return now >= moment_of(self.ends_at)


class Unfit(StrEnum):
    """Why an agreement cannot be signed as it is."""

    SHAPE = "not in the agreed shape"
    OTHER_PARTIES = "not between these two networks"
    NO_TIME = "ends before it starts, or lasts longer than three years"
    OVER = "its end has passed"
    ONWARD_TO_NOBODY = "the onward group has no other network"


def draft_agreement(
    here: Party,
    there: Party,
    *,
    starts_at: datetime,
    ends_at: datetime,
    lease_days: int = 7,
    withdraw_hours: int = 24,
    onward: Onward | None = None,
    amends: bytes | None = None,
) -> Json:
    """The agreement as an object to be signed; the same whoever drafts it."""
    first, second = sorted((here, there), key=lambda party: party.network)
    agreement = Agreement(
        parties=(first, second),
        starts_at=millis(starts_at),
        ends_at=millis(ends_at),
        lease_days=lease_days,
        withdraw_hours=withdraw_hours,
        onward=onward,
        amends=amends.hex() if amends else None,
    )
    return as_json(agreement)


def read_agreement(raw: Json, *, networks: Iterable[str], now: datetime) -> Agreement | Unfit:
    """An agreement between exactly these two networks that can be signed today."""
    try:
        agreement = convert(raw, Agreement)
        canonical.encode(raw)
    except (ValidationError, canonical.NotWritable):
        return Unfit.SHAPE
    if [party.network for party in agreement.parties] != sorted(networks):
        return Unfit.OTHER_PARTIES
    if not 0 < agreement.ends_at - agreement.starts_at <= MAX_LIFE.total_seconds() * 1000:
        return Unfit.NO_TIME
    if agreement.is_over(now):
        return Unfit.OVER
    if agreement.onward and not set(agreement.onward.networks) - set(networks):
        return Unfit.ONWARD_TO_NOBODY
    return agreement


def agreement_bytes(raw: Json) -> bytes:
    """The canonical bytes that are stored and signed."""
    return canonical.encode(raw)


def agreement_hash(raw: Json) -> bytes:
    """32 bytes that name it."""
    return crypto.hash32("agreement", agreement_bytes(raw))


def sign_agreement(raw: Json, operating_seed: bytes) -> bytes:
    """64 bytes: this network signs exactly this agreement."""
    return crypto.sign(operating_seed, "agreement", agreement_bytes(raw))


def is_signed(raw: Json, signature: bytes, keys: Iterable[KnownKey], network: str) -> bool:
    """Did one of the network's own operating keys sign exactly this agreement?"""
    signed = agreement_bytes(raw)
    mine = (key for key in keys if key.network == network)
    return any(crypto.verify(key.public, "agreement", signed, signature) for key in mine)


def covers(cover: Cover, at: datetime) -> bool:
    """Does it cover this moment, given in the cover's own zone? An end before its start is overnight."""
    day, minute = at.isoweekday(), at.hour * 60 + at.minute
    yesterday = day - 1 or 7
    return any(
        (hours.start <= minute < hours.end and day in hours.days)
        if hours.start <= hours.end
        else (minute >= hours.start and day in hours.days) or (minute < hours.end and yesterday in hours.days)
        for hours in cover.hours
    )
