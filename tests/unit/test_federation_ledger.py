"""The ledger's table: nothing is confirmed without a receipt, nothing withdrawn comes back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from federation_builders import NOW, unhurried
from hypothesis import given
from hypothesis import strategies as st

from hub.federation.core.ledger import (
    MOVES,
    Happened,
    IllegalMove,
    Patience,
    Shared,
    Waiting,
    overdue,
    step,
)


def after(*happened: Happened, start: Shared = Shared.DIRTY) -> Shared:
    state = start
    for each in happened:
        state = step(state, each)
    return state


def test_a_card_is_shared_when_its_receipt_came() -> None:
    assert after(Happened.SENT) is Shared.SENT
    assert after(Happened.SENT, Happened.RECEIPT) is Shared.CONFIRMED


def test_a_receipt_for_an_older_version_confirms_nothing_about_the_new_one() -> None:
    assert after(Happened.SENT, Happened.CHANGED, Happened.RECEIPT) is Shared.DIRTY
    assert after(Happened.SENT, Happened.NARROWED, Happened.RECEIPT) is Shared.NARROWED


def test_a_withdrawal_counts_when_the_receipt_for_the_tombstone_came() -> None:
    shared = (Happened.SENT, Happened.RECEIPT, Happened.WITHDRAWN)
    assert after(*shared) is Shared.WITHDRAWING
    assert after(*shared, Happened.RECEIPT) is Shared.WITHDRAWING
    assert after(*shared, Happened.SENT) is Shared.WITHDRAWAL_SENT
    assert after(*shared, Happened.SENT, Happened.RECEIPT) is Shared.WITHDRAWN


def test_a_peer_that_lost_its_memory_is_told_everything_again_withdrawals_too() -> None:
    assert after(Happened.SENT, Happened.RECEIPT, Happened.LOST) is Shared.DIRTY
    withdrawn = (Happened.WITHDRAWN, Happened.SENT, Happened.RECEIPT)
    assert after(*withdrawn, Happened.LOST) is Shared.WITHDRAWING


@pytest.mark.parametrize("state", [Shared.WITHDRAWING, Shared.WITHDRAWAL_SENT, Shared.WITHDRAWN])
def test_sharing_again_after_a_withdrawal_needs_a_new_card(state: Shared) -> None:
    for happened in (Happened.CHANGED, Happened.NARROWED):
        with pytest.raises(IllegalMove):
            step(state, happened)
    assert after(Happened.CHANGED) is Shared.DIRTY


@unhurried
@given(st.lists(st.sampled_from(Happened), max_size=12))
def test_in_every_order_a_withdrawn_card_stays_withdrawn(happened: list[Happened]) -> None:
    states = [Shared.DIRTY]
    for each in happened:
        if (states[-1], each) in MOVES:
            states.append(step(states[-1], each))
    gone = {Shared.WITHDRAWING, Shared.WITHDRAWAL_SENT, Shared.WITHDRAWN}
    assert all(later in gone for earlier, later in pairwise(states) if earlier in gone)


def test_an_unanswered_withdrawal_turns_red_and_then_suspends() -> None:
    patience = Patience(red=timedelta(hours=1), suspend=timedelta(hours=24))
    ages = [(0, Waiting.PATIENT), (59, Waiting.PATIENT), (60, Waiting.RED), (24 * 60, Waiting.SUSPEND)]
    for minutes, expected in ages:
        since = NOW - timedelta(minutes=minutes)
        assert overdue(Shared.WITHDRAWAL_SENT, since, NOW, patience) is expected
    assert overdue(Shared.WITHDRAWN, NOW - timedelta(days=9), NOW, patience) is None
