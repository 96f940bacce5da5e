"""A hub that crashes leaves nothing of its memory on the disk, and lets nobody look into it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, os, resource, signal, sys
from hub.process import keep_memory
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
if sys.argv[1] == "hub":
    keep_memory()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
secret = "zq7vxkcanarywj in memory"
os.kill(os.getpid(), signal.SIGABRT)
"""


def crash(where: Path, kind: str) -> subprocess.CompletedProcess[str]:
    """Run a program that dies of SIGABRT, in a folder of its own."""
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, kind],
        cwd=where,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_crash_of_the_hub_leaves_no_core_file(tmp_path: Path) -> None:
    done = crash(tmp_path, "hub")
    assert done.returncode == -signal.SIGABRT
    assert done.stdout.strip() == "(0, 0) 0", "no core file, and not dumpable"
    assert not list(tmp_path.iterdir())


def test_another_program_here_could_have_left_one(tmp_path: Path) -> None:
    done = crash(tmp_path, "other")
    assert done.stdout.strip().endswith(" 1"), "dumpable, as programs are"
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    allowed = resource.getrlimit(resource.RLIMIT_CORE)[1] != 0 and not pattern.startswith(("|", "/"))
    left = [file for file in tmp_path.iterdir() if b"zq7vxkcanarywj" in file.read_bytes()]
    if allowed and not left:
        pytest.fail("this machine writes core files, and none was written")
