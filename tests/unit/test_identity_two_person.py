"""What needs two people: every act has its deed, its words and its rule; and the words said with a code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.seconding import DEEDS
from directory.core.rule_table import RULES
from directory.core.spoken import plain_spoken, split_typed, spoken_from
from directory.core.two_person import (
    AT_HOME,
    ELSEWHERE,
    MOVES,
    NEW_FOR,
    Act,
    Grant,
    Sides,
    State,
    Step,
    independent,
    may_second,
)
from directory.core.wordlist import LANGUAGES

ID = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


def test_every_act_has_a_deed_two_sentences_and_a_rule() -> None:
    assert set(DEEDS) == set(AT_HOME) == set(ELSEWHERE) == set(Act)
    assert {f"act:second-{act}" for act in Act} <= RULES.keys()


def test_only_something_open_can_be_decided_and_only_once() -> None:
    for step in (Step.CONFIRM, Step.REFUSE, Step.WITHDRAW, Step.EXPIRE):
        assert {state for state, each in MOVES if each is step} == {State.OPEN}
    assert State.OPEN not in MOVES.values()


def test_neither_who_asked_nor_whom_it_is_about_nor_the_machine_is_the_second() -> None:
    sides = Sides(asker="ana", about="luz")
    assert not may_second(sides, "ana")
    assert not may_second(sides, "luz")
    assert not may_second(sides, None)
    assert may_second(sides, "bea")


NOW = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW = NOW - NEW_FOR, NOW - NEW_FOR + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("grants", "two"),
    [
        ({}, True),
        ({"ana": [Grant(None, NEW)], "bea": [Grant(None, NEW)]}, True),
        ({"bea": [Grant("ana", NEW)]}, False),
        ({"bea": [Grant("ana", OLD)]}, True),
        ({"bea": [Grant("cora", NEW)]}, True),
        ({"bea": [Grant("cora", NEW)], "cora": [Grant("ana", NEW)]}, False),
        ({"bea": [Grant("cora", NEW)], "ana": [Grant("cora", NEW)]}, False),
        ({"bea": [Grant("cora", NEW), Grant("ana", NEW)]}, False),
        ({"bea": [Grant("ana", NEW), Grant("ana", OLD)]}, True),
        ({"bea": [Grant("ana", NEW), Grant(None, NEW)]}, True),
        ({"bea": [Grant("ana", NEW)], "ana": [Grant("bea", NEW)]}, False),
    ],
)
def test_two_are_one_person_while_one_alone_stands_behind_both(
    grants: dict[str, list[Grant]], two: bool
) -> None:
    assert independent("ana", "bea", grants, NOW) is two
    assert independent("bea", "ana", grants, NOW) is two
    assert not independent("ana", "ana", grants, NOW)


@given(ID)
def test_words_said_in_one_language_may_be_written_in_another(number: str) -> None:
    said = {plain_spoken(spoken_from(number, language)) for language in LANGUAGES}
    assert len(said) == 1
    assert None not in said


@given(ID)
def test_case_accents_and_dashes_do_not_matter(number: str) -> None:
    words = spoken_from(number, "es")
    plain = words.translate(str.maketrans("áéíóúüñ", "aeiouun"))
    assert plain_spoken(words.upper()) == plain_spoken(plain) == plain_spoken(words) is not None


@pytest.mark.parametrize("typed", ["", "apple", "apple apple apple", "apple zebrafish", "7k3p 9qrs"])
def test_what_is_not_two_of_our_words_is_none(typed: str) -> None:
    assert plain_spoken(typed) is None


def test_the_two_last_words_are_the_spoken_ones_however_the_code_is_grouped() -> None:
    assert split_typed("7k3p-9qrs apple boat") == ("7k3p-9qrs", "apple boat")
    assert split_typed("7k3p 9qrs apple boat") == ("7k3p 9qrs", "apple boat")
    assert split_typed("apple boat") == ("", "apple boat")
    assert split_typed("") == ("", "")
