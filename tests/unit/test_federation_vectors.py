"""The published vectors say what this program does; docs/protocol.md names the file."""

from __future__ import annotations

from typing import Any

import msgspec
from federation_vectors import FILE, NORTH, SOUTH, vectors

from hub.federation.core.envelope import VerifiedEnvelope


def _without_wires(found: dict[str, Any]) -> dict[str, Any]:
    for each in found["envelopes_from_north_to_south"]:
        each.pop("wire", None)
    return found


def test_the_published_vectors_are_those_of_this_program() -> None:
    made = msgspec.json.decode(msgspec.json.encode(vectors()))
    assert _without_wires(msgspec.json.decode(FILE.read_bytes())) == _without_wires(made)


def test_every_published_wire_opens_to_the_bytes_beside_it() -> None:
    published = msgspec.json.decode(FILE.read_bytes())["envelopes_from_north_to_south"]
    good = [each for each in published if each["accepted"]]
    assert len(good) == 4
    for each in good:
        opened = SOUTH.opens(bytes.fromhex(each["wire"]), NORTH)
        assert isinstance(opened, VerifiedEnvelope)
        assert opened.signed.hex() == each["signed"]
