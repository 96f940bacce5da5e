"""A checked body as plain values for directory and bots, which know nothing of this package."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


def plain(body: msgspec.Struct) -> dict[str, object]:
    """Every field by name, those at their default too; inner shapes as dictionaries, sequences as lists."""
    return {name: _plain(getattr(body, name)) for name in body.__struct_fields__}


def _plain(value: object) -> object:
    match value:
        case msgspec.Struct():
            return plain(value)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
