"""A million envelopes with bytes changed, and a million rightly signed ones that no honest hub writes.

None is accepted outside its schema, nothing is raised that nobody expected, memory stays flat, and the good
neighbour of each is opened in between. `AYNI_HOSTILE` is how many of each (1,000,000 by default);
`make test` plays a part of them (tests/unit/test_envelope_open.py).
"""

from __future__ import annotations

import os
import random
import resource

import pytest
from hostile_envelopes import mutated, validly_signed, was_good

MANY = int(os.environ.get("AYNI_HOSTILE", "1000000"))
CHUNKS = 10
GROWTH_MIB = 64


def _resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["mutated", "validly signed"])
def test_none_is_accepted_outside_its_schema_and_memory_stays_flat(kind: str) -> None:
    make = mutated if kind == "mutated" else validly_signed
    make(random.Random(0), 2_000)
    before, accepted, refused = _resident_mib(), 0, 0
    for chunk in range(CHUNKS):
        got = make(random.Random(chunk), MANY // CHUNKS)
        accepted, refused = accepted + got.inside, refused + got.refused
        assert got.outside == [], got.outside[:3]
        assert was_good(), "the neighbour is opened as ever"
    print(f"{kind}: {refused} refused, {accepted} inside their schema")
    assert refused > MANY * 0.3
    assert _resident_mib() - before < GROWTH_MIB
