"""The life of a link: a step is taken when both did it, and what is not in the table is no step."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from hub.federation.core.admission import APPLIES, TELLS, Admission, WithoutRule, admit, check_coverage
from hub.federation.core.bodies import KINDS
from hub.federation.core.link import (
    MOVES,
    Compared,
    Ended,
    Event,
    IllegalMove,
    Link,
    Milestone,
    Resumed,
    Severed,
    Side,
    SignedAgreement,
    Stage,
    Suspended,
    may,
    step,
)

HERE, THERE = Side.HERE, Side.THERE
KEYS, AGREEMENT = b"keys", b"agreement"


def after(*events: Event, link: Link | None = None) -> Link:
    link = link or Link()
    for event in events:
        link = step(link, event)
    return link


VERIFIED = (Compared(HERE, KEYS), Compared(THERE, KEYS))
ACTIVE = (*VERIFIED, SignedAgreement(THERE, AGREEMENT), SignedAgreement(HERE, AGREEMENT))


def test_a_link_is_verified_when_both_compared_and_active_when_both_signed() -> None:
    assert after(Compared(HERE, KEYS)).stage is Stage.PROPOSED
    assert after(*VERIFIED).stage is Stage.VERIFIED
    assert after(*VERIFIED, SignedAgreement(HERE, AGREEMENT)).stage is Stage.VERIFIED
    link = after(*ACTIVE)
    assert (link.stage, link.agreement) == (Stage.ACTIVE, AGREEMENT)


@pytest.mark.parametrize("order", list(product([HERE, THERE], repeat=2)))
def test_it_does_not_matter_who_begins(order: tuple[Side, Side]) -> None:
    one, two = order
    other = {HERE: THERE, THERE: HERE}
    events = (
        Compared(one, KEYS),
        Compared(other[one], KEYS),
        SignedAgreement(two, AGREEMENT),
        SignedAgreement(other[two], AGREEMENT),
    )
    assert after(*events).stage is Stage.ACTIVE


def test_one_side_comparing_twice_or_words_of_other_keys_verify_nothing() -> None:
    assert after(Compared(HERE, KEYS), Compared(HERE, KEYS)).stage is Stage.PROPOSED
    mixed = after(Compared(HERE, KEYS), Compared(THERE, b"other keys"))
    assert mixed.stage is Stage.PROPOSED
    assert after(Compared(THERE, KEYS), link=mixed).stage is Stage.VERIFIED


def test_nothing_is_signed_before_the_words_were_compared() -> None:
    with pytest.raises(IllegalMove):
        after(SignedAgreement(HERE, AGREEMENT))


def test_two_different_signatures_make_no_agreement() -> None:
    link = after(*VERIFIED, SignedAgreement(HERE, b"one"), SignedAgreement(THERE, b"other"))
    assert link.stage is Stage.VERIFIED
    assert after(SignedAgreement(HERE, b"other"), link=link).agreement == b"other"


def test_an_amendment_holds_when_both_signed_it_and_until_then_the_old_one_does() -> None:
    half = after(*ACTIVE, SignedAgreement(HERE, b"new", AGREEMENT))
    assert (half.stage, half.agreement) == (Stage.ACTIVE, AGREEMENT)
    assert after(SignedAgreement(THERE, b"new", AGREEMENT), link=half).agreement == b"new"


@pytest.mark.parametrize("amends", [None, AGREEMENT])
def test_when_both_propose_at_once_and_sign_the_others_both_end_under_the_same_one(
    amends: bytes | None,
) -> None:
    ours, theirs = b"one proposal", b"the other"
    start = after(*VERIFIED) if amends is None else after(*ACTIVE)
    mine = [SignedAgreement(HERE, ours, amends), SignedAgreement(HERE, theirs, amends)]
    yours = [SignedAgreement(THERE, theirs, amends), SignedAgreement(THERE, ours, amends)]
    for order in set(permutations("mmyy")):
        left, right = iter(mine), iter(yours)
        link = after(*(next(left if each == "m" else right) for each in order), link=start)
        assert (link.stage, link.agreement, link.amends) == (Stage.ACTIVE, min(ours, theirs), amends)


def test_a_signature_under_what_was_replaced_meanwhile_changes_nothing() -> None:
    stale = after(
        *ACTIVE, SignedAgreement(HERE, b"late", b"older"), SignedAgreement(THERE, b"late", b"older")
    )
    assert (stale.stage, stale.agreement) == (Stage.ACTIVE, AGREEMENT)


def test_one_side_suspends_at_once_and_only_who_suspended_can_resume() -> None:
    link = after(*ACTIVE, Suspended(THERE))
    assert link.stage is Stage.SUSPENDED
    assert after(Resumed(HERE), link=link).stage is Stage.SUSPENDED
    assert after(Resumed(THERE), link=link).stage is Stage.ACTIVE
    both = after(Suspended(HERE), Resumed(THERE), link=link)
    assert both.stage is Stage.SUSPENDED
    assert after(Resumed(HERE), link=both).stage is Stage.ACTIVE


def test_an_agreement_that_ended_stops_sharing_and_keeps_the_compared_words() -> None:
    link = after(*ACTIVE, Suspended(HERE), Ended())
    assert (link.stage, link.agreement, link.suspended_by) == (Stage.VERIFIED, None, frozenset())
    again = after(SignedAgreement(HERE, AGREEMENT), SignedAgreement(THERE, AGREEMENT), link=link)
    assert again.stage is Stage.VERIFIED, "the ended one does not hold again because it was signed once"
    signed = (SignedAgreement(HERE, b"new", AGREEMENT), SignedAgreement(THERE, b"new", AGREEMENT))
    assert after(*signed, link=link).stage is Stage.ACTIVE


@pytest.mark.parametrize("before", [(), VERIFIED, ACTIVE, (*ACTIVE, Suspended(HERE))])
def test_either_side_can_end_a_link_at_any_time_and_nothing_follows(before: tuple[Event, ...]) -> None:
    for side in Side:
        ended = after(*before, Severed(side))
        assert ended.stage is Stage.SEVERED
        for event in (*ACTIVE, Suspended(HERE), Resumed(HERE), Ended()):
            assert not may(ended, event)


def test_what_the_table_does_not_know_is_refused_and_asking_first_says_so() -> None:
    every: tuple[Event, ...] = (*ACTIVE, Suspended(HERE), Resumed(HERE), Ended(), Severed(HERE))
    for stage, event in product(Stage, every):
        link = Link(stage=stage)
        if may(link, event):
            assert step(link, event).stage in Stage
        else:
            with pytest.raises(IllegalMove):
                step(link, event)


def test_only_a_severed_link_is_final() -> None:
    leads_on = {stage for (stage, _), to in MOVES.items() if to is not stage}
    assert leads_on == set(Stage) - {Stage.SEVERED}
    assert {milestone for _, milestone in MOVES} == set(Milestone)


def test_every_envelope_type_has_a_rule_for_when_it_counts() -> None:
    check_coverage()
    with pytest.raises(WithoutRule, match="choir"):
        check_coverage([*KINDS, "choir"])
    assert TELLS.keys() <= APPLIES.keys()


def test_nothing_is_shared_before_a_link_is_active_and_withdrawals_count_to_the_end() -> None:
    for kind in ("card", "snapshot", "checkpoint", "introduction", "watch"):
        assert [stage for stage in Stage if admit(kind, stage) is Admission.APPLY] == [Stage.ACTIVE]
    for stage in (Stage.ACTIVE, Stage.SUSPENDED, Stage.SEVERED):
        assert admit("tombstone", stage) is Admission.APPLY


def test_an_alarm_on_a_suspended_link_reaches_a_person_and_on_an_active_one_the_ladder() -> None:
    assert admit("alarm", Stage.ACTIVE) is Admission.APPLY
    assert admit("alarm", Stage.SUSPENDED) is Admission.TELL
    assert admit("alarm", Stage.VERIFIED) is Admission.TELL
    assert admit("alarm", Stage.PROPOSED) is Admission.KEEP
    assert admit("choir", Stage.ACTIVE) is Admission.KEEP
