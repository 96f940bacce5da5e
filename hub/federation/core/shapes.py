"""The small shapes that documents between hubs are made of: ids, hashes, moments, texts."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct, to_builtins

NETWORK_ID = re.compile(r"[a-z2-7]{32}\Z")

NetworkId = Annotated[str, Meta(pattern=r"^[a-z2-7]{32}\Z")]
"""160 bits of the hash of a network's first root document, in base32, lower case."""
Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
"""128 random bits in hex: tells no time and no order."""
Hex8 = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z")]
Count = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]
Millis = Annotated[int, Meta(ge=0, lt=253_402_300_800_000)]
"""Milliseconds since 1970 in UTC, up to the year 9999."""
Tag = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")]
"""A key of a vocabulary: an issue, region, language, offer, kind of help."""
Tags = Annotated[tuple[Tag, ...], Meta(max_length=64)]
Short = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Long = Annotated[str, Meta(max_length=4000)]
MatrixId = Annotated[str, Meta(pattern=r"^@[^:\s]{1,200}:\S{1,200}\Z", max_length=255)]
Url = Annotated[str, Meta(pattern=r"^https?://\S{1,490}\Z", max_length=500)]


class Document(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A closed shape: a field that is not declared is refused. Fields at their default are not written."""


def base32(data: bytes) -> str:
    """Lower case, without padding."""
    return base64.b32encode(data).decode().rstrip("=").lower()


def millis(moment: datetime) -> int:
    """A point in time as it crosses between hubs."""
    return round(moment.timestamp() * 1000)


def moment_of(value: int) -> datetime:
    """The point in time again, in UTC."""
    return datetime.fromtimestamp(value / 1000, tz=UTC)


def as_json(document: Struct) -> dict[str, object]:
    """The object to be written, with defaults left out."""
    plain: dict[str, object] = to_builtins(document)
    return plain
