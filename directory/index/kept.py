"""One card as it lies in memory: a few hundred bytes, opened only when it stands on a page."""

from __future__ import annotations

from array import array
from collections.abc import Collection

import msgspec

from directory.core.cards import Body
from directory.store.following import FollowedCard

MOST_TAGS = 65_536


class Unkeepable(Exception):
    """A card holds something the index does not know. Searches ask PostgreSQL until this program knows it."""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card's body as directory/core/cards.py makes it."""

    id: str
    kind: str
    title: str
    acronym: str | None
    country: str | None
    regions: list[str]
    issues: list[str]
    languages: list[str]
    offers: list[str]
    website: str | None
    listed_publicly: bool
    confirmed_at: int
    purpose: str | None = None


class Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The same without the names of its fields. Ids of 32 hex digits take 16 bytes.

    `tags` are the numbers of its tags, two bytes each, as `Numbers` gave them.
    """

    card: bytes
    member: bytes | None
    tags: bytes
    kind: str
    title: str
    acronym: str | None
    country: str | None
    regions: tuple[str, ...]
    issues: tuple[str, ...]
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    website: str | None
    listed_publicly: bool
    confirmed_at: int
    purpose: str | None

    @property
    def id(self) -> str:
        """The card's id."""
        return unpacked(self.card)

    @property
    def owner(self) -> str | None:
        """The member whose card it is, if it is one of our own."""
        return None if self.member is None else unpacked(self.member)

    def body(self) -> Body:
        """What the card says, as PostgreSQL has it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "acronym": self.acronym,
            "country": self.country,
            "regions": list(self.regions),
            "issues": list(self.issues),
            "languages": list(self.languages),
            "offers": list(self.offers),
            "website": self.website,
            "listed_publicly": self.listed_publicly,
            "confirmed_at": self.confirmed_at,
            "purpose": self.purpose,
        }


_told = msgspec.json.Decoder(Told)
_encoder = msgspec.msgpack.Encoder()
_kept = msgspec.msgpack.Decoder(Kept)
opened = _kept.decode
"""The card in a record."""


def packed(name: str) -> bytes:
    """An id in few bytes; `unpacked` gives it back. PostgreSQL's texts hold no NUL: it marks the others."""
    try:
        short = bytes.fromhex(name)
    except ValueError:
        short = b""
    if len(short) == 16 and short.hex() == name:
        return short
    long = name.encode() + b"\0"
    return long if len(long) != 16 else long + b"\0"


def unpacked(short: bytes) -> str:
    """The id that was packed."""
    return short.hex() if len(short) == 16 else short.rstrip(b"\0").decode()


def record(card: FollowedCard, tags: array[int]) -> bytes:
    """The card as one record. Raises Unkeepable."""
    try:
        told = _told.decode(card.body)
    except msgspec.DecodeError:
        raise Unkeepable from None
    kept = Kept(
        packed(card.id),
        None if card.member is None else packed(card.member),
        tags.tobytes(),
        told.kind,
        told.title,
        told.acronym,
        told.country,
        tuple(told.regions),
        tuple(told.issues),
        tuple(told.languages),
        tuple(told.offers),
        told.website,
        told.listed_publicly,
        told.confirmed_at,
        told.purpose,
    )
    return _encoder.encode(kept)


class Numbers:
    """Short numbers for tags, given when a tag is first seen. Raises Unkeepable beyond 65,535 tags."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        self.names: list[str] = list(known)
        self._by_name = {name: number for number, name in enumerate(self.names)}

    def of(self, tags: Collection[str]) -> array[int]:
        """The numbers of a card's tags."""
        numbers = self._by_name
        try:
            return array("H", [numbers[tag] for tag in tags])
        except KeyError:
            for tag in [tag for tag in tags if tag not in numbers]:
                numbers[tag] = len(self.names)
                self.names.append(tag)
        if len(self.names) > MOST_TAGS:
            raise Unkeepable
        return self.of(tags)

    def known(self, tags: frozenset[str]) -> tuple[int, ...]:
        """The numbers of those of these tags that any card ever carried, in order."""
        return tuple(sorted(self._by_name[tag] for tag in tags if tag in self._by_name))
