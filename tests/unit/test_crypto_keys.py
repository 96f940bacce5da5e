"""Signatures, sealed boxes, guarded fields, wrapped keys: each opens in its place and nowhere else."""

from __future__ import annotations

import os

import pytest
from federation_builders import unhurried
from hypothesis import given
from hypothesis import strategies as st

from directory import crypto

SEED = bytes(range(32))
PLACE = {"table": "members", "column": "city", "row": "a1"}


def test_a_signature_holds_for_its_message_and_purpose() -> None:
    signature = crypto.sign(SEED, "envelope", b"hello")
    assert crypto.verify(crypto.signing_public(SEED), "envelope", b"hello", signature)


@pytest.mark.parametrize(
    ("purpose", "message"), [("roster", b"hello"), ("envelope", b"hellO"), ("envelope", b"")]
)
def test_a_signature_is_worth_nothing_for_another_purpose_or_message(purpose: str, message: bytes) -> None:
    signature = crypto.sign(SEED, "envelope", b"hello")
    assert not crypto.verify(crypto.signing_public(SEED), purpose, message, signature)


@pytest.mark.parametrize("size", [0, 31, 33, 63, 65])
def test_keys_and_signatures_of_odd_size_are_refused_without_an_error(size: int) -> None:
    public = crypto.signing_public(SEED)
    assert not crypto.verify(public, "envelope", b"", bytes(size))
    assert not crypto.verify(bytes(size), "envelope", b"", crypto.sign(SEED, "envelope", b""))


def test_a_small_order_key_verifies_nothing() -> None:
    for point in (bytes(32), b"\x01" + bytes(31)):
        assert not crypto.verify(point, "envelope", b"x", point + bytes(32))


def test_an_undomained_signature_is_the_one_other_protocols_expect() -> None:
    signature = crypto.sign_raw(SEED, b"ayni/envelope/v1\0hello")
    assert signature == crypto.sign(SEED, "envelope", b"hello")
    assert crypto.verify_raw(crypto.signing_public(SEED), b"ayni/envelope/v1\0hello", signature)


@unhurried
@given(st.binary(max_size=2000))
def test_a_sealed_box_opens_with_its_key(plaintext: bytes) -> None:
    private = crypto.new_sealing_key(lambda size: bytes(range(size)))
    sealed = crypto.seal_to(crypto.sealing_public(private), plaintext)
    assert len(sealed) == len(plaintext) + crypto.SEAL_OVERHEAD
    assert crypto.open_sealed(private, sealed) == plaintext
    assert crypto.open_sealed(private, sealed, public=crypto.sealing_public(private)) == plaintext


def test_a_sealed_box_stays_shut_for_others_and_when_damaged() -> None:
    private, other = os.urandom(32), os.urandom(32)
    sealed = crypto.seal_to(crypto.sealing_public(private), b"secret")
    for key, box in [(other, sealed), (private, sealed[:-1]), (private, b""), (private, bytes(len(sealed)))]:
        with pytest.raises(crypto.CannotOpen):
            crypto.open_sealed(key, box)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(32)])
def test_nothing_is_sealed_to_what_is_no_key(public: bytes) -> None:
    with pytest.raises(crypto.CannotSeal):
        crypto.seal_to(public, b"secret")


@unhurried
@given(st.binary(max_size=300))
def test_a_guarded_field_opens_in_its_place(plaintext: bytes) -> None:
    key = crypto.new_key(os.urandom)
    blob = crypto.seal_field(key, **PLACE, kid="w1", plaintext=plaintext, chance=os.urandom)
    assert crypto.kid_of(blob) == "w1"
    assert crypto.open_field(key, **PLACE, kid="w1", sealed=blob) == plaintext


@pytest.mark.parametrize(
    "moved", [{"table": "cards"}, {"column": "name"}, {"row": "a2"}, {"schema": 2}, {"kid": "w2"}]
)
def test_a_guarded_field_moved_elsewhere_does_not_open(moved: dict[str, str]) -> None:
    key = crypto.new_key(os.urandom)
    blob = crypto.seal_field(key, **PLACE, kid="w1", plaintext=b"Coban", chance=os.urandom)
    with pytest.raises(crypto.CannotOpen):
        crypto.open_field(key, **{**PLACE, "kid": "w1", **moved}, sealed=blob)  # type: ignore[arg-type]


def test_a_guarded_field_relabelled_cut_or_flipped_does_not_open() -> None:
    key = crypto.new_key(os.urandom)
    blob = crypto.seal_field(key, **PLACE, kid="w1", plaintext=b"Coban", chance=os.urandom)
    damaged = [blob.replace(b"w1", b"w2", 1), *(blob[:cut] for cut in range(len(blob)))]
    damaged += [blob[:i] + bytes([blob[i] ^ 1]) + blob[i + 1 :] for i in range(len(blob))]
    for broken in damaged:
        with pytest.raises(crypto.CannotOpen):
            crypto.open_field(key, **PLACE, kid="w1", sealed=broken)


def test_two_cities_of_different_length_look_equally_long() -> None:
    key = crypto.new_key(os.urandom)
    sizes = {
        len(crypto.seal_field(key, **PLACE, kid="w1", plaintext=city, chance=os.urandom))
        for city in (b"", b"Coban", b"Santa Catarina Ixtahuacan")
    }
    assert len(sizes) == 1


def test_a_name_with_nul_cannot_make_two_places_look_alike() -> None:
    with pytest.raises(crypto.CannotSeal):
        crypto.seal_field(
            bytes(32), table="a\0b", column="c", row="r", kid="k", plaintext=b"", chance=os.urandom
        )


def test_a_wrapped_key_opens_for_its_ring_and_owner_only() -> None:
    ring_key, data_key = os.urandom(32), os.urandom(32)
    wrapped = crypto.wrap_key(ring_key, data_key, ring="archive", owner="m1", kid="e7", chance=os.urandom)
    assert crypto.kid_of(wrapped) == "e7"
    assert crypto.unwrap_key(ring_key, wrapped, ring="archive", owner="m1") == data_key
    for key, ring, owner in [
        (os.urandom(32), "archive", "m1"),
        (ring_key, "watch", "m1"),
        (ring_key, "archive", "m2"),
    ]:
        with pytest.raises(crypto.CannotOpen):
            crypto.unwrap_key(key, wrapped, ring=ring, owner=owner)


def test_a_wrapped_key_cut_anywhere_or_passed_as_a_field_does_not_open() -> None:
    ring_key = os.urandom(32)
    wrapped = crypto.wrap_key(ring_key, bytes(32), ring="watch", owner="m1", kid="e7", chance=os.urandom)
    for cut in range(len(wrapped)):
        with pytest.raises(crypto.CannotOpen):
            crypto.unwrap_key(ring_key, wrapped[:cut], ring="watch", owner="m1")
    with pytest.raises(crypto.CannotOpen):
        crypto.open_field(ring_key, **PLACE, kid="e7", sealed=wrapped)


def test_digests_differ_by_key_purpose_and_size() -> None:
    assert crypto.digest(b"k" * 32, "card", b"m1") != crypto.digest(b"q" * 32, "card", b"m1")
    assert crypto.digest(b"k" * 32, "card", b"m1") != crypto.digest(b"k" * 32, "handle", b"m1")
    assert len(crypto.digest(b"k" * 32, "card", b"m1", 16)) == 16
    assert crypto.hash32("chain", b"x") != crypto.hash32("root", b"x")


@unhurried
@given(st.binary(max_size=5000))
def test_padding_shows_only_the_size_class(plaintext: bytes) -> None:
    padded = crypto.pad_to_class(plaintext)
    assert len(padded) in crypto.SIZE_CLASSES
    assert crypto.unpad_from_class(padded) == plaintext


def test_what_no_class_holds_is_not_padded_and_what_is_no_class_is_not_read() -> None:
    assert len(crypto.pad_to_class(bytes(40 * 1024 - 1))) == 40 * 1024
    with pytest.raises(crypto.CannotSeal):
        crypto.pad_to_class(bytes(40 * 1024))
    for wrong in (b"", bytes(1000), bytes(1024), b"\x01" * 1024):
        with pytest.raises(crypto.CannotOpen):
            crypto.unpad_from_class(wrong)
