"""The file of names is what its build writes from CLDR and ISO, to the last label."""

from __future__ import annotations

from pathlib import Path

from directory.vocabulary.build.__main__ import build
from directory.vocabulary.build.packing import Packing
from directory.vocabulary.names import Names, shipped


def test_the_committed_file_says_what_the_build_says(tmp_path: Path) -> None:
    (tmp_path / "names.dat").write_bytes(build(Packing(preset=0)))
    fresh, committed = Names(tmp_path / "names.dat").contents(), shipped().contents()
    assert {
        part for part in fresh.keys() | committed.keys() if fresh.get(part) != committed.get(part)
    } == set()
