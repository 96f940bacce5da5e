"""Order: what is next is accepted, what is missing asked for, what contradicts itself kept as proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from federation_builders import NOW, ANetwork

from directory.core.effects import Stream
from hub.federation.core import sending
from hub.federation.core.bodies import OpenEpoch, Resend, StreamHead
from hub.federation.core.canonical import MAX_INTEGER
from hub.federation.core.envelope import NO_HASH, Receipt, VerifiedEnvelope, sign_envelope
from hub.federation.core.shapes import as_json, millis
from hub.federation.core.streams import (
    MAX_AHEAD,
    WINDOW,
    Accept,
    AskAgain,
    EpochOpened,
    Equivocation,
    HadIt,
    Head,
    Hold,
    Late,
    OutOfPlace,
    Unnumbered,
    head_report,
    receipt_for,
    receive,
)

NORTH, SOUTH = ANetwork("north"), ANetwork("south")
DECISION = {"introduction": "b" * 32, "yes": True}


def work(
    seq: int,
    prev: bytes = NO_HASH,
    *,
    epoch: int = 0,
    kind: str = "decision",
    body: dict[str, object] | None = None,
) -> VerifiedEnvelope:
    draft = NORTH.draft(SOUTH, kind, body or DECISION, stream=Stream.WORK, seq=seq, epoch=epoch, prev=prev)
    return NORTH.verified(SOUTH, draft)


def a_chain(length: int) -> list[VerifiedEnvelope]:
    chain: list[VerifiedEnvelope] = []
    for seq in range(1, length + 1):
        chain.append(work(seq, chain[-1].hash if chain else NO_HASH))
    return chain


CHAIN = a_chain(6)


def head_at(seq: int) -> Head:
    return Head(0, seq, CHAIN[seq - 1].hash) if seq else Head()


def opening(epoch: int, closed: int, last: Head) -> VerifiedEnvelope:
    body = OpenEpoch(closed_epoch=closed, last_seq=last.seq, last_hash=last.hash.hex())
    return work(1, epoch=epoch, kind="epoch", body=as_json(body))


def test_the_next_one_is_accepted_and_moves_the_head() -> None:
    head = Head()
    for envelope in CHAIN:
        head, effects = receive(head, envelope, seen=None, now=NOW)
        assert effects == (Accept(envelope),)
    assert head == Head(0, 6, CHAIN[-1].hash)


def test_a_gap_is_asked_for_and_what_came_early_is_held() -> None:
    head, effects = receive(head_at(2), CHAIN[4], seen=None, now=NOW)
    assert head == head_at(2)
    assert effects == (Hold(CHAIN[4]), AskAgain(Stream.WORK, 0, 3, 4))


def test_a_repeat_is_ignored_and_confirmed_again() -> None:
    for envelope in CHAIN[:4]:
        head, effects = receive(head_at(4), envelope, seen=envelope.hash, now=NOW)
        assert (head, effects) == (head_at(4), (HadIt(Stream.WORK),))


def test_a_repeat_so_old_that_it_is_no_longer_kept_changes_nothing() -> None:
    assert receive(head_at(4), CHAIN[0], seen=None, now=NOW) == (head_at(4), (HadIt(Stream.WORK),))


def test_two_different_envelopes_under_one_number_are_proof_whichever_came_first() -> None:
    other = work(3, CHAIN[1].hash, body={**DECISION, "yes": False})
    head, effects = receive(head_at(4), other, seen=CHAIN[2].hash, now=NOW)
    assert (head, effects) == (head_at(4), (Equivocation(other, CHAIN[2].hash),))
    held = work(6, CHAIN[4].hash, body={**DECISION, "yes": False})
    assert receive(head_at(2), held, seen=CHAIN[5].hash, now=NOW)[1] == (Equivocation(held, CHAIN[5].hash),)


def test_a_next_one_that_does_not_follow_ours_shows_a_fork() -> None:
    forked = work(3, b"x" * 32)
    assert receive(head_at(2), forked, seen=None, now=NOW) == (
        head_at(2),
        (Equivocation(forked, CHAIN[1].hash),),
    )
    assert receive(head_at(2), CHAIN[2], seen=None, now=NOW)[1] == (Accept(CHAIN[2]),)


@pytest.mark.parametrize("seq", [MAX_INTEGER, MAX_AHEAD + 10])
def test_a_number_out_of_all_reach_is_refused_and_the_stream_stays_live(seq: int) -> None:
    far = work(seq)
    head, effects = receive(head_at(2), far, seen=None, now=NOW)
    assert effects == (OutOfPlace(far),)
    assert receive(head, CHAIN[2], seen=None, now=NOW)[1] == (Accept(CHAIN[2]),)


def test_a_long_gap_is_asked_for_in_parts_and_not_hoarded() -> None:
    head, effects = receive(head_at(2), work(2 + 3 * WINDOW), seen=None, now=NOW)
    assert effects == (AskAgain(Stream.WORK, 0, 3, 2 + WINDOW),)
    assert head == head_at(2)


def test_a_question_has_no_place_in_the_order() -> None:
    asked = work(0, kind="resend", body={"stream": "work", "epoch": 0, "first": 1, "last": 2})
    assert receive(head_at(2), asked, seen=None, now=NOW) == (head_at(2), (Unnumbered(asked),))


def test_order_is_by_number_and_never_by_time() -> None:
    old = NORTH.verified(
        SOUTH, NORTH.draft(SOUTH, "decision", DECISION, stream=Stream.WORK, seq=3, prev=CHAIN[1].hash)
    )
    for years in (-10, 10):
        now = NOW + timedelta(days=365 * years)
        assert receive(head_at(2), old, seen=None, now=now)[1] == (Accept(old),)


# --- epochs ---


def test_a_restored_sender_begins_anew_after_what_we_had_confirmed() -> None:
    anew = opening(1, 0, head_at(4))
    head, effects = receive(head_at(4), anew, seen=None, now=NOW)
    assert effects == (EpochOpened(anew, lost=0, forgotten=0),)
    assert head == Head(1, 1, anew.hash)
    following = work(2, anew.hash, epoch=1)
    assert receive(head, following, seen=None, now=NOW)[1] == (Accept(following),)


def test_what_either_side_lost_in_a_restore_is_counted() -> None:
    we_lost = opening(1, 0, head_at(6))
    assert receive(head_at(2), we_lost, seen=None, now=NOW)[1] == (EpochOpened(we_lost, 4, 0),)
    they_forgot = opening(1, 0, head_at(2))
    assert receive(head_at(6), they_forgot, seen=None, now=NOW)[1] == (EpochOpened(they_forgot, 0, 4),)


def test_a_hub_restored_to_before_an_epoch_takes_the_next_opening_all_the_same() -> None:
    far_on = opening(9, 5, Head(5, 7, b"k" * 32))
    head, effects = receive(head_at(3), far_on, seen=None, now=NOW)
    assert (head, effects) == (Head(9, 1, far_on.hash), (EpochOpened(far_on, lost=7, forgotten=0),))


def test_an_opening_that_claims_another_history_is_a_contradiction() -> None:
    lying = opening(1, 0, Head(0, 4, b"y" * 32))
    assert receive(head_at(4), lying, seen=None, now=NOW)[1] == (Equivocation(lying, CHAIN[3].hash),)


def test_a_higher_epoch_without_its_opening_is_held_and_the_opening_asked_for() -> None:
    early = work(3, b"z" * 32, epoch=2)
    head, effects = receive(head_at(4), early, seen=None, now=NOW)
    assert (head, effects) == (head_at(4), (Hold(early), AskAgain(Stream.WORK, 2, 1, 2)))
    nameless = work(1, epoch=2)
    assert receive(head_at(4), nameless, seen=None, now=NOW)[1] == (OutOfPlace(nameless),)


def test_no_epoch_can_be_the_last() -> None:
    final = opening(MAX_INTEGER, 0, head_at(4))
    assert receive(head_at(4), final, seen=None, now=NOW) == (head_at(4), (OutOfPlace(final),))
    by_clock = opening(int(NOW.timestamp()), 0, head_at(4))
    assert isinstance(receive(head_at(4), by_clock, seen=None, now=NOW)[1][0], EpochOpened)


def test_an_opening_in_the_middle_of_an_epoch_is_out_of_place() -> None:
    body = OpenEpoch(closed_epoch=0, last_seq=2, last_hash=CHAIN[1].hash.hex())
    middle = work(3, CHAIN[1].hash, kind="epoch", body=as_json(body))
    assert receive(head_at(2), middle, seen=None, now=NOW)[1] == (OutOfPlace(middle),)


def test_what_still_arrives_of_an_epoch_that_was_left_is_shown_and_not_lost() -> None:
    head = Head(7, 3, b"h" * 32)
    assert receive(head, CHAIN[5], seen=None, now=NOW) == (head, (Late(CHAIN[5]),))
    assert receive(head, CHAIN[1], seen=CHAIN[1].hash, now=NOW)[1] == (HadIt(Stream.WORK),)


# --- the sending side ---


def test_numbers_follow_each_other_and_name_the_one_before() -> None:
    head = Head()
    for seq in (1, 2, 3):
        draft = sending.next_draft(
            head, kind="decision", sender=NORTH.id, to=SOUTH.id, stream=Stream.WORK, body=DECISION, at=NOW
        )
        assert (draft.seq, draft.prev) == (seq, head.hash)
        head = sending.after(draft, sign_envelope(draft, NORTH.seed))


def receipt(seq: int, hashed: bytes, epoch: int = 0) -> Receipt:
    return Receipt(epoch=epoch, seq=seq, hash=hashed.hex(), at=millis(NOW))


def test_a_receipt_confirms_everything_up_to_it_once() -> None:
    said = receipt_for(head_at(4), NOW)
    assert said == receipt(4, CHAIN[3].hash)
    assert receipt_for(Head(), NOW) is None
    own = head_at(6)
    assert sending.confirm(own, said, confirmed_seq=2, sent_hash=CHAIN[3].hash) == sending.Confirmed(
        0, 4, millis(NOW)
    )
    assert sending.confirm(own, said, confirmed_seq=4, sent_hash=CHAIN[3].hash) == sending.OldNews()


def test_a_receipt_that_knows_more_than_we_do_means_that_we_were_restored() -> None:
    said = receipt(6, CHAIN[5].hash)
    assert sending.confirm(head_at(4), said, confirmed_seq=4, sent_hash=None) == sending.WeWereRestored(
        Head(0, 6, CHAIN[5].hash)
    )
    heads = StreamHead(stream=Stream.WORK, epoch=0, seq=6, hash=CHAIN[5].hash.hex())
    assert isinstance(sending.compare_heads(head_at(4), heads, sent_hash=None), sending.WeWereRestored)
    assert isinstance(sending.compare_heads(head_at(6), heads, sent_hash=CHAIN[5].hash), sending.Confirmed)


def test_a_number_the_peer_only_holds_was_given_out_all_the_same() -> None:
    heads = head_report(Stream.WORK, head_at(2), held=(head_at(2).epoch, 5))
    assert heads.seen == 5
    assert sending.compare_heads(head_at(3), heads, sent_hash=CHAIN[1].hash) == sending.WeWereRestored(
        head_at(2)
    )
    assert isinstance(sending.compare_heads(head_at(5), heads, sent_hash=CHAIN[1].hash), sending.Confirmed)
    assert head_report(Stream.WORK, head_at(2), held=(head_at(2).epoch, 1)).seen == 0


def test_what_is_held_of_a_later_epoch_counts_too_though_its_opening_is_missing() -> None:
    heads = head_report(Stream.WORK, head_at(2), held=(7000, 4))
    own = Head(7000, 3, CHAIN[1].hash)
    said = sending.compare_heads(own, heads, sent_hash=None)
    assert said == sending.WeWereRestored(head_at(2), above=7000)
    assert sending.new_epoch(own, head_at(2), NOW - timedelta(days=40_000), above=7000)[0].epoch > 7000
    known = Head(7000, 4, CHAIN[1].hash)
    assert sending.compare_heads(known, heads, sent_hash=CHAIN[1].hash) == sending.OldNews()


def stands(own: Head, seq: int, *, confirmed: int, oldest: int, fresh: bool) -> sending.Standing:
    heads = head_report(Stream.WORK, head_at(seq))
    return sending.standing(
        own,
        heads,
        confirmed_seq=confirmed,
        oldest_kept=oldest,
        sent_hash=bytes.fromhex(heads.hash),
        fresh=fresh,
    )


def test_a_peer_that_lacks_what_we_keep_gets_it() -> None:
    answer = stands(head_at(6), 3, confirmed=2, oldest=3, fresh=False)
    assert answer == sending.PeerLacks(head_at(3), 4, 6)
    assert isinstance(stands(head_at(6), 6, confirmed=2, oldest=3, fresh=False), sending.Confirmed)


def test_a_head_lower_than_confirmed_is_believed_only_as_the_answer_to_our_own_question() -> None:
    old_question = stands(head_at(6), 2, confirmed=4, oldest=5, fresh=False)
    assert old_question == sending.AskAgainFirst()
    assert stands(head_at(6), 2, confirmed=4, oldest=5, fresh=True) == sending.PeerWasRestored(head_at(2))


def test_a_peer_still_in_an_earlier_epoch_gets_the_new_one_from_its_opening_on() -> None:
    own = Head(9, 4, b"n" * 32)
    assert stands(own, 3, confirmed=0, oldest=1, fresh=False) == sending.PeerLacks(head_at(3), 1, 4)


def test_a_receipt_for_something_we_never_sent_is_not_believed() -> None:
    forged = receipt(4, b"f" * 32)
    answer = sending.confirm(Head(3, 9, b"q" * 32), forged, confirmed_seq=0, sent_hash=CHAIN[3].hash)
    assert answer == sending.Contradiction(Head(0, 4, b"f" * 32))


def test_a_new_epoch_is_above_all_that_is_known_and_its_opening_is_understood_by_the_peer() -> None:
    peer = head_at(6)
    start, body = sending.new_epoch(head_at(4), peer, NOW)
    assert start == Head(int(NOW.timestamp()), 0, NO_HASH)
    later, _ = sending.new_epoch(start, Head(start.epoch + 100, 1, NO_HASH), NOW)
    assert later.epoch == start.epoch + 101
    draft = sending.opening_draft(start, body, sender=NORTH.id, to=SOUTH.id, stream=Stream.WORK, at=NOW)
    effects = receive(peer, NORTH.verified(SOUTH, draft), seen=None, now=NOW)[1]
    assert isinstance(effects[0], EpochOpened)


@pytest.mark.parametrize(
    ("first", "last", "epoch", "answer"),
    [
        (3, 4, 0, sending.SendAgain(3, 4)),
        (3, 400, 0, sending.SendAgain(3, 6)),
        (2, 4, 0, sending.CannotResend()),
        (7, 9, 0, sending.NothingToSend()),
        (3, 4, 1, sending.NothingToSend()),
    ],
)
def test_what_is_asked_for_again_is_sent_if_it_is_kept(
    first: int, last: int, epoch: int, answer: object
) -> None:
    asked = Resend(stream=Stream.WORK, epoch=epoch, first=first, last=last)
    assert sending.answer_resend(head_at(6), asked, oldest_kept=3) == answer
