"""What reads other people's files has no more memory than it needs: alarms run on the same machine."""

from __future__ import annotations

import subprocess
import sys

BOUNDED = "import hub.work as work; work.bound_memory(); bytearray({size})"


def test_the_child_that_reads_a_table_ends_before_the_machine_does() -> None:
    sizes = {"a workbook that unpacks to more than there is": 2 << 30, "an ordinary one": 200 << 20}
    ended = {
        what: subprocess.run(
            [sys.executable, "-c", BOUNDED.format(size=size)], capture_output=True, text=True, check=False
        )
        for what, size in sizes.items()
    }
    assert "MemoryError" in ended["a workbook that unpacks to more than there is"].stderr
    assert ended["an ordinary one"].returncode == 0
