"""What a member reads of what they took back; and which version of the protocol two hubs speak."""

from __future__ import annotations

from datetime import UTC, datetime

from directory.core.taken_back import TakenBack, sentences
from hub.federation.core.versions import spoken_by_both

TUESDAY, FRIDAY = datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)


def said(*copies: TakenBack) -> list[str]:
    return [str(line) for line in sentences(copies)]


def test_three_of_four_confirmed_and_the_one_that_has_not_is_named() -> None:
    done = [TakenBack(name, FRIDAY, confirmed=True) for name in ("A", "B", "C")]
    lines = said(*done, TakenBack("X", TUESDAY, confirmed=False), TakenBack("X", FRIDAY, confirmed=True))
    assert lines[0] == "Taken back: 3 of 4 networks confirmed that it is gone."
    assert len(lines) == 2
    assert lines[1].startswith("X has not confirmed since")


def test_nothing_taken_back_says_nothing_and_all_confirmed_names_nobody() -> None:
    assert said() == []
    assert len(said(TakenBack("A", FRIDAY, confirmed=True))) == 1


def test_two_hubs_use_the_newest_version_both_speak() -> None:
    assert spoken_by_both(("v1", "v3", "v2"), ("v1", "v2")) == 2
    assert spoken_by_both((), ("v1",)) is None
    assert spoken_by_both(("v9", "x", "v", "v99999999999"), ("v1",)) is None
