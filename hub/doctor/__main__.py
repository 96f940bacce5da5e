"""`python -m hub.doctor --quick`: is the hub well? For container health checks; loads almost nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hub.clock import utc_now
from hub.doctor.check import State
from hub.doctor.parts import look_at_parts


def main() -> int:
    """0 when every part is up, else 1 with a sentence for each that is not."""
    data = Path(os.environ.get("AYNI_DATA", "."))
    checks = look_at_parts(data, utc_now)
    troubles = [check for check in checks if check.state is State.TROUBLE]
    for check in troubles:
        sys.stderr.write(f"{check.name}: {check.text}\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
