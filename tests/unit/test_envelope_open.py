"""Opening an envelope: each refusal, and beside it the neighbour that has to get through."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from federation_builders import ALARM, NOW, ANetwork, unhurried
from hostile_envelopes import Said, mutated, was_good
from hostile_envelopes import validly_signed as validly_signed_ones
from hypothesis import given
from hypothesis import strategies as st

from directory import crypto
from directory.core.effects import Stream
from hub.federation.core import canonical
from hub.federation.core.bodies import KINDS, Alarm, Cards, Decision, Nothing, UnknownBody
from hub.federation.core.envelope import (
    FRAME,
    MAX_WIRE,
    NO_HASH,
    Reason,
    Receipt,
    Refusal,
    VerifiedEnvelope,
    check_signed,
    envelope_hash,
    open_envelope,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.identity import KnownKey, LastGood, Revocation, key_id
from hub.federation.core.keyring import Keyring, Signer, revoked
from hub.federation.core.shapes import as_json

NORTH, SOUTH, STRANGER = ANetwork("north"), ANetwork("south"), ANetwork("stranger")
ID = "b" * 32


def reason(opened: VerifiedEnvelope | Refusal) -> Reason:
    assert isinstance(opened, Refusal), opened
    return opened.reason


def validly_signed(raw: bytes, by: ANetwork = NORTH, to: ANetwork = SOUTH) -> bytes:
    """Anything at all, signed and sealed as an envelope would be: what a hostile peer can do."""
    signature = crypto.sign(by.seed, "envelope", raw)
    return seal_envelope(key_id(by.public) + signature + raw, to.sealing_public)


def frame(**changed: object) -> dict[str, object]:
    """The parsed JSON of a good alarm from north to south, with some fields other than they were."""
    good = canonical.parse(sign_envelope(NORTH.draft(SOUTH), NORTH.seed).signed[FRAME:])
    assert isinstance(good, dict)
    return {key: value for key, value in {**good, **changed}.items() if value is not None}


def test_an_alarm_arrives_as_it_was_sent() -> None:
    draft = NORTH.draft(SOUTH, receipt=Receipt(epoch=0, seq=3, hash="c" * 64, at=5))
    signed = sign_envelope(draft, NORTH.seed)
    raw = seal_envelope(signed.signed, SOUTH.sealing_public)
    opened = SOUTH.opens(raw, NORTH)
    assert isinstance(opened, VerifiedEnvelope)
    assert isinstance(opened.body, Alarm)
    assert as_json(opened.body) == ALARM
    assert (opened.sender, opened.stream, opened.seq, opened.at) == (NORTH.id, Stream.URGENT, 1, NOW)
    assert opened.receipt == draft.receipt
    assert opened.signed == signed.signed
    assert opened.hash == signed.hash == envelope_hash(signed.signed[FRAME:])
    assert not opened.stale


def test_alarm_heartbeat_and_receipt_look_the_same_from_outside() -> None:
    heartbeat = NORTH.draft(SOUTH, "heartbeat", {})
    receipt = NORTH.draft(SOUTH, "receipt", {})
    sizes = {len(NORTH.sealed(SOUTH, draft)) for draft in (NORTH.draft(SOUTH), heartbeat, receipt)}
    assert sizes == {1024 + 8 + 1 + crypto.SEAL_OVERHEAD}


def test_the_largest_envelope_fills_the_largest_class_and_one_byte_more_is_not_written() -> None:
    empty = sign_envelope(NORTH.draft(SOUTH, "future", {"x": ""}, stream=Stream.CARDS), NORTH.seed)
    room = (40 << 10) - len(empty.signed) - 1
    largest = NORTH.draft(SOUTH, "future", {"x": "a" * room}, stream=Stream.CARDS)
    raw = NORTH.sealed(SOUTH, largest)
    assert len(raw) == MAX_WIRE
    assert isinstance(SOUTH.opens(raw, NORTH), VerifiedEnvelope)
    with pytest.raises(crypto.CannotSeal):
        NORTH.sealed(SOUTH, NORTH.draft(SOUTH, "future", {"x": "a" * (room + 1)}, stream=Stream.CARDS))


def test_nobody_makes_a_verified_envelope_by_hand() -> None:
    with pytest.raises(TypeError):
        VerifiedEnvelope(
            "alarm",
            NORTH.id,
            Stream.URGENT,
            0,
            1,
            NO_HASH,
            NOW,
            Nothing(),
            None,
            False,
            NO_HASH,
            b"",
            object(),
        )


def test_what_is_cut_padded_or_of_another_version_is_refused() -> None:
    raw = NORTH.sealed(SOUTH)
    for odd in (b"", raw[:-1], raw + b"\0", bytes(MAX_WIRE + 1)):
        assert reason(SOUTH.opens(odd, NORTH)) is Reason.SIZE
    assert reason(SOUTH.opens(b"\x02" + raw[1:], NORTH)) is Reason.VERSION


def test_what_is_sealed_to_somebody_else_is_refused_and_to_us_opened() -> None:
    assert reason(SOUTH.opens(NORTH.sealed(STRANGER), NORTH)) is Reason.NOT_FOR_US
    relabelled = bytearray(NORTH.sealed(STRANGER))
    relabelled[1:9] = key_id(SOUTH.sealing_public)
    assert reason(SOUTH.opens(bytes(relabelled), NORTH)) is Reason.SHUT
    assert isinstance(SOUTH.opens(NORTH.sealed(SOUTH), NORTH), VerifiedEnvelope)


def test_a_stranger_is_refused_whatever_they_say() -> None:
    assert reason(SOUTH.opens(STRANGER.sealed(SOUTH), NORTH)) is Reason.UNKNOWN_SIGNER
    assert isinstance(SOUTH.opens(STRANGER.sealed(SOUTH), NORTH, STRANGER), VerifiedEnvelope)


def test_a_signature_of_another_key_or_over_other_bytes_is_refused() -> None:
    signed = sign_envelope(NORTH.draft(SOUTH), NORTH.seed).signed
    forged = key_id(NORTH.public) + crypto.sign(STRANGER.seed, "envelope", signed[FRAME:]) + signed[FRAME:]
    assert reason(check_signed(forged, SOUTH.keyring(NORTH), NOW)) is Reason.FORGED
    for place in (FRAME, len(signed) // 2, len(signed) - 1):
        flipped = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        assert reason(check_signed(flipped, SOUTH.keyring(NORTH), NOW)) is Reason.FORGED
    assert isinstance(check_signed(signed, SOUTH.keyring(NORTH), NOW), VerifiedEnvelope)


def test_a_signature_made_for_something_else_is_worth_nothing_here() -> None:
    raw = sign_envelope(NORTH.draft(SOUTH), NORTH.seed).signed[FRAME:]
    for purpose in ("card", "agreement", "network-card", "sealing-key"):
        signed = key_id(NORTH.public) + crypto.sign(NORTH.seed, purpose, raw) + raw
        assert reason(check_signed(signed, SOUTH.keyring(NORTH), NOW)) is Reason.FORGED


def test_a_peer_cannot_speak_for_another_network_nor_pass_on_what_was_meant_for_another() -> None:
    as_south = validly_signed(canonical.encode(frame(**{"from": STRANGER.id})))
    assert SOUTH.opens(as_south, NORTH, STRANGER) == Refusal(Reason.OTHER_NETWORK, NORTH.id)
    for_stranger = sign_envelope(NORTH.draft(STRANGER), NORTH.seed)
    passed_on = seal_envelope(for_stranger.signed, SOUTH.sealing_public)
    assert reason(SOUTH.opens(passed_on, NORTH)) is Reason.OTHER_NETWORK


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"extra": 1},
        {"type": "Alarm"},
        {"type": "x" * 40},
        {"epoch": -1},
        {"seq": -1},
        {"seq": "1"},
        {"seq": 0},
        {"prev": "0" * 63},
        {"prev": "G" * 64},
        {"prev": None},
        {"at": -1},
        {"at": 1 << 52},
        {"stream": "fast"},
        {"body": []},
        {"body": None},
        {"receipt": {"epoch": 0, "seq": 1, "hash": "0" * 64}},
        {"receipt": {"epoch": 0, "seq": 1, "hash": "0" * 64, "at": 1, "more": 1}},
        {"body": {**ALARM, "more": 1}},
        {"body": {**ALARM, "severity": "huge"}},
        {"body": {**ALARM, "country": "Guatemala"}},
        {"body": {**ALARM, "id": "short"}},
        {"body": {**ALARM, "id": "a" * 32 + "\n"}},
        {"body": {}},
        {"type": "decision", "stream": "work", "body": {"introduction": ID, "yes": False, "contact": "@a:b"}},
        {"type": "resend", "seq": 0, "body": {"stream": "work", "epoch": 0, "first": 2, "last": 1}},
        {"type": "heads", "body": {}},
        {"type": "link", "body": {"step": "marry"}},
        {"type": "acknowledge", "body": {"alarm": ID, "by": "x" * 4000, "at": 1}},
    ],
)
def test_what_a_known_peer_validly_signs_outside_the_shape_is_refused_whole(
    changed: dict[str, object],
) -> None:
    opened = SOUTH.opens(validly_signed(canonical.encode(frame(**changed))), NORTH)
    assert reason(opened) is Reason.OUTSIDE_SCHEMA
    assert isinstance(opened, Refusal)
    assert opened.network == NORTH.id


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"seq": canonical.MAX_INTEGER},
        {"epoch": 7},
        {"body": {**ALARM, "state": "over"}},
        {"type": "decision", "stream": "work", "body": {"introduction": ID, "yes": True, "contact": "@a:b"}},
        {"type": "decision", "stream": "work", "body": {"introduction": ID, "yes": False}},
        {"type": "resend", "seq": 0, "body": {"stream": "work", "epoch": 0, "first": 2, "last": 2}},
        {"type": "heads", "seq": 0, "body": {}},
        {"type": "link", "body": {"step": "sever"}},
        {"type": "acknowledge", "body": {"alarm": ID, "by": "Amal", "at": 1}},
    ],
)
def test_the_neighbours_inside_the_shape_get_through(changed: dict[str, object]) -> None:
    opened = SOUTH.opens(validly_signed(canonical.encode(frame(**changed))), NORTH)
    assert isinstance(opened, VerifiedEnvelope)


def test_junk_that_a_peer_validly_signs_is_refused_as_malformed() -> None:
    for junk in (b"", b"{}x", b'{"a":1,"a":2}', b"[" * 20_000, '{"a":"\u202e"}'.encode()):
        assert reason(SOUTH.opens(validly_signed(junk), NORTH)) is Reason.MALFORMED


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_type_travels_in_its_own_stream_only(kind: str) -> None:
    seq = 1 if KINDS[kind].numbered else 0
    for stream in set(Stream) - KINDS[kind].streams:
        raw = validly_signed(canonical.encode(frame(type=kind, stream=stream.value, seq=seq, body={})))
        assert reason(SOUTH.opens(raw, NORTH)) is Reason.WRONG_STREAM


def test_no_body_of_one_type_passes_as_another_that_asks_for_fields() -> None:
    """Type confusion (THREATS row 11): what was signed as A is never read as B."""
    alarm = sign_envelope(NORTH.draft(SOUTH), NORTH.seed).signed
    for kind in sorted(set(KINDS) - {"alarm"}):
        renamed = alarm.replace(b'"type":"alarm"', f'"type":"{kind}"'.encode())
        assert reason(check_signed(renamed, SOUTH.keyring(NORTH), NOW)) is Reason.FORGED


def test_a_type_from_the_future_is_kept_and_not_refused() -> None:
    opened = SOUTH.opens(validly_signed(canonical.encode(frame(type="choir", body={"song": "x"}))), NORTH)
    assert isinstance(opened, VerifiedEnvelope)
    assert opened.body == UnknownBody(raw={"song": "x"})


def test_an_expired_key_is_marked_and_still_carries_an_alarm() -> None:
    late = NOW + timedelta(days=90)
    opened = open_envelope(NORTH.sealed(SOUTH), SOUTH.keyring(NORTH), late)
    assert isinstance(opened, VerifiedEnvelope)
    assert opened.stale


def test_a_revoked_key_counts_up_to_its_last_good_number_and_not_beyond() -> None:
    revocation = Revocation(
        network=NORTH.id,
        kid=key_id(NORTH.public).hex(),
        last_good=(LastGood(stream="urgent", epoch=0, seq=5),),
    )
    ring = Keyring.of(SOUTH.id, [SOUTH.sealing], [revoked(NORTH.key, revocation)])
    for seq, stands in [(1, True), (5, True), (6, False)]:
        opened = open_envelope(NORTH.sealed(SOUTH, NORTH.draft(SOUTH, seq=seq)), ring, NOW)
        assert isinstance(opened, VerifiedEnvelope) is stands
    work = NORTH.draft(SOUTH, "decision", {"introduction": ID, "yes": False}, stream=Stream.WORK)
    assert reason(open_envelope(NORTH.sealed(SOUTH, work), ring, NOW)) is Reason.REVOKED
    asks = NORTH.draft(SOUTH, "heads", {}, seq=0)
    assert reason(open_envelope(NORTH.sealed(SOUTH, asks), ring, NOW)) is Reason.REVOKED
    assert isinstance(SOUTH.opens(NORTH.sealed(SOUTH, asks), NORTH), VerifiedEnvelope)


def test_a_hub_with_last_weeks_sealing_key_still_opens_what_was_sealed_to_it() -> None:
    newest = os.urandom(32)
    ring = Keyring.of(SOUTH.id, [newest, SOUTH.sealing], [Signer(NORTH.key)])
    assert isinstance(open_envelope(NORTH.sealed(SOUTH), ring, NOW), VerifiedEnvelope)
    forgotten = Keyring.of(SOUTH.id, [newest], [Signer(NORTH.key)])
    assert reason(open_envelope(NORTH.sealed(SOUTH), forgotten, NOW)) is Reason.NOT_FOR_US


def test_two_sendings_of_one_envelope_have_nothing_in_common_on_the_wire_but_the_keys_name() -> None:
    one, other = NORTH.sealed(SOUTH), NORTH.sealed(SOUTH)
    assert one[:9] == other[:9]
    assert one[9:41] != other[9:41]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("alarm", {**ALARM, "severity": "huge"}),
        ("alarm", {"id": "x"}),
        ("card", {"cards": []}),
        ("watch", {"begins": 0.5, "quarters": "0" * 28, "contacts": ["A" * 747 + "="] * 2}),
    ],
)
def test_we_never_sign_what_the_other_side_would_refuse(kind: str, body: dict[str, object]) -> None:
    stream = Stream.CARDS if kind == "card" else Stream.URGENT
    with pytest.raises(canonical.NotWritable):
        sign_envelope(NORTH.draft(SOUTH, kind, body, stream=stream), NORTH.seed)


def test_a_body_with_a_key_is_never_shown_when_printed() -> None:
    assert SOUTH.sealing.hex() not in repr(SOUTH.keyring(NORTH))
    assert repr(SOUTH.sealing) not in repr(SOUTH.keyring(NORTH))


MUTATIONS = st.lists(st.tuples(st.integers(0, 1080), st.integers(1, 255)), min_size=1, max_size=4)


@unhurried
@given(MUTATIONS)
def test_mutated_bytes_are_refused_and_never_an_error(mutations: list[tuple[int, int]]) -> None:
    raw = bytearray(NORTH.sealed(SOUTH))
    before = bytes(raw)
    for place, change in mutations:
        raw[place % len(raw)] ^= change
    if bytes(raw) != before:
        assert isinstance(SOUTH.opens(bytes(raw), NORTH), Refusal)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 54), 1 << 54) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@unhurried
@given(
    st.dictionaries(st.sampled_from(sorted(frame())), JUNK, max_size=4),
    st.dictionaries(st.text(max_size=6), JUNK),
)
def test_validly_signed_structural_junk_is_read_in_shape_or_refused(
    changed: dict[str, object], more: dict[str, object]
) -> None:
    whole = {**frame(), **more, **changed}
    try:
        raw = canonical.encode(whole)
    except canonical.NotWritable:
        return
    opened = SOUTH.opens(validly_signed(raw), NORTH)
    if isinstance(opened, VerifiedEnvelope):
        assert set(whole) <= {*frame(), "receipt"}


def test_a_batch_of_cards_keeps_each_card_as_it_was_signed() -> None:
    card = {"card": {"z": 1, "a": [1, 2]}, "kid": "0" * 16, "signature": "0" * 128}
    opened = NORTH.verified(SOUTH, NORTH.draft(SOUTH, "card", {"cards": [card]}, stream=Stream.CARDS))
    assert isinstance(opened.body, Cards)
    assert canonical.encode(opened.body.cards[0]) == canonical.encode(card)


def test_a_no_with_a_contact_cannot_even_be_made() -> None:
    with pytest.raises(ValueError, match="no contact"):
        Decision(introduction=ID, yes=False, contact="@a:b")


def test_a_key_of_one_network_named_by_another_does_not_change_who_speaks() -> None:
    stolen = KnownKey(STRANGER.id, NORTH.public, NORTH.key.valid_from, NORTH.key.valid_until)
    ring = Keyring.of(SOUTH.id, [SOUTH.sealing], [Signer(stolen)])
    assert reason(open_envelope(NORTH.sealed(SOUTH), ring, NOW)) is Reason.OTHER_NETWORK


@pytest.mark.parametrize("make", [mutated, validly_signed_ones])
def test_of_thousands_of_hostile_envelopes_none_is_accepted_outside_its_schema(
    make: Callable[[random.Random, int], Said],
) -> None:
    said = make(random.Random(1), int(os.environ.get("AYNI_HOSTILE", "3000")))
    assert said.outside == []
    assert said.refused > 0
    assert was_good()
