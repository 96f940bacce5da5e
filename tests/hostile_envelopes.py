"""Envelopes that no honest hub writes, made from a seed; and what opening them says."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from typing import Any

import msgspec
from federation_builders import ALARM, NOW, ANetwork

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core import canonical
from hub.federation.core.bodies import KINDS, UnknownBody
from hub.federation.core.envelope import (
    FRAME,
    Refusal,
    VerifiedEnvelope,
    check_signed,
    open_envelope,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.identity import key_id
from hub.federation.core.shapes import as_json

NORTH, SOUTH = ANetwork("north"), ANetwork("south")
RING = SOUTH.keyring(NORTH)
GOOD = sign_envelope(NORTH.draft(SOUTH), NORTH.seed).signed
WIRE = seal_envelope(GOOD, SOUTH.sealing_public)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**53 - 1,
    2**53,
    -(2**60),
    10**30,
    "",
    "x" * 5000,
    "\u202e",
    "e\u0301",
    "\x00",
    [],
    {},
    [[]],
    {"a": 1},
    "a" * 32,
    "A" * 32,
    "0" * 64,
    [["a"] * 600],
    "urgent",
    "cards",
    "1",
    {"": ""},
)
WORDS = (
    b'"v":1,',
    b"null",
    b"1e3",
    b"1.0",
    b"-0",
    b'"\\u0000"',
    b'"\\ud800"',
    b"\xff",
    b"\xc0\x80",
    b"[" * 90,
)


@dataclass
class Said:
    """What became of them. `outside`: what was accepted and should not have been."""

    inside: int = 0
    refused: int = 0
    outside: list[bytes] = field(default_factory=list)

    def note(self, opened: VerifiedEnvelope | Refusal, signed: bytes) -> None:
        if isinstance(opened, Refusal):
            self.refused += 1
        elif _holds(opened):
            self.inside += 1
        else:
            self.outside.append(signed)


def _holds(opened: VerifiedEnvelope) -> bool:
    """Judged anew, apart from the code that accepted it: form, addresses, stream, length and shape."""
    raw = opened.signed[FRAME:]
    plain = msgspec.json.decode(raw)
    if canonical.encode(plain) != raw or (plain["from"], plain["to"]) != (NORTH.id, SOUTH.id):
        return False
    kind = KINDS.get(opened.type)
    if kind is None:
        return isinstance(opened.body, UnknownBody)
    numbered = opened.seq >= 1 if kind.numbered else opened.seq == opened.epoch == 0
    given = msgspec.to_builtins(msgspec.convert(plain["body"], kind.shape))
    return (
        numbered
        and opened.stream in kind.streams
        and len(raw) <= kind.limit
        and given == as_json(opened.body)
    )


def was_good() -> bool:
    """The honest neighbour."""
    return isinstance(open_envelope(WIRE, RING, NOW), VerifiedEnvelope)


def mutated(chance: random.Random, count: int) -> Said:
    """A good envelope with some bytes other than they were: on the wire, or inside the box."""
    said = Said()
    for _ in range(count):
        inside = chance.random() < 0.5
        raw = bytearray(GOOD if inside else WIRE)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(raw))
            match chance.randrange(4):
                case 0:
                    raw[at] ^= 1 << chance.randrange(8)
                case 1:
                    del raw[at : at + chance.randint(1, 40)]
                case 2:
                    raw[at:at] = chance.choice(WORDS)
                case _:
                    raw[at : at + 8] = chance.randbytes(8)
            if not raw:
                raw = bytearray(b"x")
        if bytes(raw) in (GOOD, WIRE):
            continue
        opened = check_signed(bytes(raw), RING, NOW) if inside else open_envelope(bytes(raw), RING, NOW)
        if isinstance(opened, VerifiedEnvelope):
            said.outside.append(bytes(raw))
        said.refused += 1
    return said


def validly_signed(chance: random.Random, count: int) -> Said:
    """Anything at all, with the peer's real signature: what a hostile linked hub can do."""
    said, frame = Said(), canonical.parse(GOOD[FRAME:])
    assert isinstance(frame, dict)
    for _ in range(count):
        raw = _twisted(chance, copy.deepcopy(frame))
        signed = key_id(NORTH.public) + crypto.sign(NORTH.seed, "envelope", raw) + raw
        said.note(check_signed(signed, RING, NOW), signed)
    return said


def _twisted(chance: random.Random, frame: dict[str, Any]) -> bytes:
    frame["type"] = chance.choice([*KINDS, "future", "Alarm", "", 7])
    frame["stream"] = chance.choice([*map(str, Stream), "none"])
    if chance.random() < 0.3:
        frame["body"] = dict(ALARM)
    for _ in range(chance.randint(0, 3)):
        place = chance.choice([frame, frame["body"] if isinstance(frame.get("body"), dict) else frame])
        name = chance.choice([*place, "more", "__proto__", "v"]) if place else "more"
        if chance.random() < 0.2:
            place.pop(name, None)
        else:
            place[name] = copy.deepcopy(chance.choice(ODD))  # else one of them could come to hold itself
    raw = msgspec.json.encode(frame, order="sorted") if chance.random() < 0.5 else _canonical(frame)
    if chance.random() < 0.2:
        at = chance.randrange(len(raw))
        raw = raw[:at] + chance.choice(WORDS) + raw[at + chance.randint(0, 9) :]
    return raw


def _canonical(frame: dict[str, Any]) -> bytes:
    try:
        return canonical.encode(frame)
    except (canonical.NotWritable, ValueError):
        return b"{}"
