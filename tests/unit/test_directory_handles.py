"""Names people choose, and codes people copy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.codes import code_from, plain_code
from directory.core.handles import fault_of, handle_key

RANDOM_IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)


@pytest.mark.parametrize("handle", ["Luz", "نور", "Óscar", "k'iche", "二人", "ana.maria", "a1"])
def test_names_of_the_world_are_welcome(handle: str) -> None:
    assert fault_of(handle) is None


@pytest.mark.parametrize(
    "handle", ["", "x", "Luz María", "1abc", "a" * 25, "@luz:example.org", "+50212345678", "Luзa", "help"]
)
def test_what_is_no_name_is_refused_with_a_sentence(handle: str) -> None:
    assert fault_of(handle) is not None


def test_case_width_and_invisible_marks_make_no_other_name() -> None:
    assert len({handle_key(name) for name in ("Luz", "luz", "Ｌｕｚ", "Lu\u200dz ", "LUZ")}) == 1


@given(RANDOM_IDS)
def test_every_code_reads_back_however_it_was_copied(random_id: str) -> None:
    code = code_from(random_id)
    assert len(code) == 32
    copied = code.upper().replace("-", "  ").replace("1", "I").replace("0", "o")
    assert plain_code(copied) == plain_code(code) == code.replace("-", "")


@given(RANDOM_IDS, RANDOM_IDS)
def test_two_ids_are_two_codes(one: str, other: str) -> None:
    assert (code_from(one) == code_from(other)) == (one == other)


@pytest.mark.parametrize("typed", ["", "join", "0000", "!" * 26, "u" * 26])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert plain_code(typed) is None
