"""The searcher of the canary proof finds what it is for: otherwise finding nothing would mean nothing."""

from __future__ import annotations

import base64
import gzip
import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest
from canaries import GUARDED, OPEN, look_through

WORD = f"{GUARDED}members-city-00042"
NOISE = random.Random(7).randbytes(5_000)
WRITTEN = {
    "raw": WORD.encode(),
    "utf-16-le": WORD.encode("utf-16-le"),
    "utf-16-be": WORD.encode("utf-16-be"),
    "base64+0": base64.b64encode(b"abc" + WORD.encode()),
    "base64+1": base64.b64encode(b"a" + WORD.encode()),
    "base64+2": base64.urlsafe_b64encode(b"ab" + WORD.encode()),
    "hex": WORD.encode().hex().encode(),
    "HEX": WORD.encode().hex().upper().encode(),
    "zlib>raw": zlib.compress(b"a page about " + WORD.encode()),
    "zlib>base64+0": zlib.compress(base64.b64encode(WORD.encode())),
    "zlib>zlib>raw": gzip.compress(b"{" + zlib.compress(WORD.encode()) + b"}"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_word_is_found_however_it_was_written(tmp_path: Path, how: str) -> None:
    file = tmp_path / "heap"
    file.write_bytes(NOISE + WRITTEN[how] + NOISE)
    assert how in {hit.how for hit in look_through([file])}
    assert not list(look_through([file], OPEN))


def test_a_word_in_a_zip_file_is_found(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside.json", WORD * 20)
    file = tmp_path / "copy.zip"
    file.write_bytes(NOISE + held.getvalue())
    assert any(hit.how == "zlib>raw" for hit in look_through([file]))


def test_a_word_across_the_border_of_two_pieces_is_found_once(tmp_path: Path) -> None:
    file = tmp_path / "wal"
    file.write_bytes(b"\0" * ((1 << 26) - 9) + WORD.encode() + b"\0" * 100)
    assert [(hit.at, hit.how) for hit in look_through([file])] == [((1 << 26) - 9, "raw")]


def test_nothing_is_found_in_noise(tmp_path: Path) -> None:
    file = tmp_path / "noise"
    file.write_bytes(random.Random(8).randbytes(3_000_000))
    assert not list(look_through([file]))
