"""Writes the file that directory.vocabulary.names reads; its layout is described there."""

from __future__ import annotations

import json
import lzma
import struct

from directory.vocabulary.names import BUCKETS, FILTERS, MAGIC, digest

Directory = dict[str, list[int]]


class Packing:
    """Parts are gathered, packed in blocks, and come out as one file.

    `preset` is LZMA's effort, 0 to 9; it changes the size of the file and not what is in it.
    """

    def __init__(self, preset: int = 9 | lzma.PRESET_EXTREME) -> None:
        self._filters = [{**FILTERS[0], "preset": preset}]
        self._blob = bytearray()
        self._parts: Directory = {}

    def block(self, parts: dict[str, str]) -> None:
        """Text parts that are packed together: reading one unpacks them all."""
        raw = bytearray()
        slices = {}
        for name, text in parts.items():
            start = len(raw)
            raw += text.encode()
            slices[name] = (start, len(raw))
        packed = lzma.compress(bytes(raw), lzma.FORMAT_RAW, filters=self._filters)
        for name, (start, end) in slices.items():
            self._parts[name] = [len(self._blob), len(packed), start, end]
        self._blob += packed

    def index(self, kind: str, names: dict[str, str]) -> None:
        """The lookup of a kind; raises ValueError when two names fall on one digest."""
        targets = {target: number for number, target in enumerate(sorted(set(names.values())))}
        self.block({f"{kind}/targets": "\n".join(targets)})
        records = sorted((digest(kind, name), targets[target]) for name, target in names.items())
        if len({record for record, _ in records}) != len(records):
            raise ValueError(f"two names of {kind} share a digest")
        starts = [0] * (BUCKETS + 1)
        for record, _ in records:
            starts[record[0] + 1] += 1
        for bucket in range(BUCKETS):
            starts[bucket + 1] += starts[bucket]
        body = b"".join(record[1:] + struct.pack("<H", number) for record, number in records)
        raw = struct.pack(f"<{BUCKETS + 1}I", *starts) + body
        self._parts[f"{kind}/index"] = [len(self._blob), len(raw), -1, -1]
        self._blob += raw

    def file(self) -> bytes:
        directory = json.dumps(self._parts, separators=(",", ":"), sort_keys=True).encode()
        packed = lzma.compress(directory, lzma.FORMAT_RAW, filters=self._filters)
        return MAGIC + struct.pack("<I", len(packed)) + packed + bytes(self._blob)
