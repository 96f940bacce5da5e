"""Tests that draw examples, with many more than in every run; `AYNI_EXAMPLES` says how many times as many."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "unit"
TIMES = os.environ.get("AYNI_EXAMPLES", "20")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("file", ["test_reach_disclosure.py", "test_directory_audiences.py"])
def test_what_holds_for_a_few_examples_holds_for_many(file: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--timeout=1700", str(UNIT / file)],
        env={**os.environ, "AYNI_EXAMPLES": TIMES},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
