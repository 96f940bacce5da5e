"""Recordings: a real Opus file is taken; whatever is no short, whole Opus recording is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from directory.core import opus
from directory.core.opus import Recording, recording

VOICE = (Path(__file__).parents[1] / "a_voice.opus").read_bytes()
"""Two seconds of a hum, made with libopus at 12 kbit/s."""


def test_a_real_recording_is_taken_with_its_length() -> None:
    assert recording(VOICE) == Recording(VOICE, 2000)


@pytest.mark.parametrize(
    ("audio", "why"),
    [
        (b"", opus.NO_OPUS),
        (b"RIFF" + VOICE, opus.NO_OPUS),
        (b"ID3" + bytes(400), opus.NO_OPUS),
        (VOICE.replace(b"OpusHead", b"OpusHeat"), opus.DAMAGED),
        (VOICE[:-1], opus.DAMAGED),
        (VOICE[:60], opus.DAMAGED),
        (VOICE + b"more", opus.DAMAGED),
        (VOICE + VOICE, opus.DAMAGED),
        (VOICE[:300] + bytes([VOICE[300] ^ 1]) + VOICE[301:], opus.DAMAGED),
        (VOICE + bytes(12 * 1024), opus.TOO_BIG),
    ],
)
def test_anything_else_is_refused_with_the_reason(audio: bytes, why: object) -> None:
    assert recording(audio) == why


def with_page(audio: bytes, at: int, change: dict[int, bytes]) -> bytes:
    """The file with bytes of the page at `at` changed, and its checksum made right again."""
    page = bytearray(audio[at:])
    for place, new in change.items():
        page[place : place + len(new)] = new
    segments = page[26]
    end = 27 + segments + sum(page[27 : 27 + segments])
    page[22:26] = bytes(4)
    page[22:26] = opus._checksum(bytes(page[:end])).to_bytes(4, "little")
    return audio[:at] + bytes(page)


def test_a_recording_that_is_too_long_or_has_lost_a_page_is_refused_though_every_page_is_right() -> None:
    last = VOICE.rindex(b"OggS")
    long = with_page(VOICE, last, {6: (opus.RATE * 31 + 4000).to_bytes(8, "little")})
    assert recording(long) == opus.TOO_LONG
    lost = with_page(VOICE, last, {18: (9).to_bytes(4, "little")})
    assert recording(lost) == opus.DAMAGED
    empty = with_page(VOICE, last, {6: bytes(8)})
    assert recording(empty) == opus.DAMAGED
