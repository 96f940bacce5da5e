"""How many examples a test tries that draws them: few in every run, many in the proofs
(tests/proof/test_many_examples.py)."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("AYNI_EXAMPLES", "1"))


def examples(few: int) -> int:
    """So many in every run."""
    return few * TIMES
