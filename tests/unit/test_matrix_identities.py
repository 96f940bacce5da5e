"""Whose device is whose: the chain is believed only where every link of it verifies."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import crypto
from hub.chance import chance
from hub.matrix.crosssign import Seeds, public, upload_body
from hub.matrix.identities import MAX_DEVICES, canonical, read_identity, unpadded

ANA = "@ana:example.org"


def a_device(device_id: str, seed: bytes, seeds: Seeds | None, user: str = ANA) -> dict[str, Any]:
    """Device keys as their device uploads them, signed by their owner when seeds are given."""
    keys: dict[str, Any] = {
        "user_id": user,
        "device_id": device_id,
        "algorithms": ["m.olm.v1.curve25519-aes-sha2"],
        "keys": {
            f"ed25519:{device_id}": unpadded(crypto.signing_public(seed)),
            f"curve25519:{device_id}": unpadded(bytes(31) + b"\x07"),
        },
    }
    signatures = {f"ed25519:{device_id}": unpadded(crypto.sign_raw(seed, canonical(keys)))}
    if seeds is not None:
        name = f"ed25519:{public(seeds.self_signing)}"
        signatures[name] = unpadded(crypto.sign_raw(seeds.self_signing, canonical(keys)))
    return {**keys, "signatures": {user: signatures}}


def an_answer(seeds: Seeds, *devices: dict[str, Any]) -> dict[str, Any]:
    """A /keys/query answer about Ana."""
    keys = upload_body(ANA, seeds)
    return {
        "master_keys": {ANA: keys["master_key"]},
        "self_signing_keys": {ANA: keys["self_signing_key"]},
        "device_keys": {ANA: {device["device_id"]: device for device in devices}},
    }


@pytest.fixture
def seeds() -> Seeds:
    return Seeds(chance(32), chance(32), chance(32))


def test_a_device_its_owner_signed_is_known_as_such_with_the_owners_master_key(seeds: Seeds) -> None:
    identity = read_identity(an_answer(seeds, a_device("PHONE", chance(32), seeds)), ANA)
    assert identity.master == public(seeds.master)
    assert [device.device_id for device in identity.signed()] == ["PHONE"]


def test_a_device_nobody_signed_is_known_but_not_signed(seeds: Seeds) -> None:
    answer = an_answer(seeds, a_device("PHONE", chance(32), seeds), a_device("ROGUE", chance(32), None))
    identity = read_identity(answer, ANA)
    assert {device.device_id: device.owner_signed for device in identity.devices} == {
        "PHONE": True,
        "ROGUE": False,
    }


def test_a_device_signed_by_somebody_elses_key_is_not_signed(seeds: Seeds) -> None:
    other = Seeds(chance(32), chance(32), chance(32))
    identity = read_identity(an_answer(seeds, a_device("PHONE", chance(32), other)), ANA)
    assert identity.signed() == ()


def test_a_self_signing_key_the_master_did_not_sign_signs_nothing(seeds: Seeds) -> None:
    answer = an_answer(seeds, a_device("PHONE", chance(32), seeds))
    stranger = Seeds(chance(32), seeds.self_signing, chance(32))
    answer["self_signing_keys"][ANA] = upload_body(ANA, stranger)["self_signing_key"]
    assert read_identity(answer, ANA).signed() == ()


def test_keys_of_another_user_or_for_another_use_are_not_taken(seeds: Seeds) -> None:
    answer = an_answer(seeds, a_device("PHONE", chance(32), seeds))
    for block, value in (
        ("master_keys", upload_body("@eve:example.org", seeds)["master_key"]),
        ("self_signing_keys", upload_body(ANA, seeds)["user_signing_key"]),
    ):
        changed = copy.deepcopy(answer)
        changed[block][ANA] = value
        assert read_identity(changed, ANA).signed() == ()
    assert read_identity(answer, ANA).signed() != ()


def test_a_device_that_has_not_signed_its_own_keys_is_no_device(seeds: Seeds) -> None:
    device = a_device("PHONE", chance(32), seeds)
    device["keys"]["curve25519:PHONE"] = unpadded(bytes(32))
    assert read_identity(an_answer(seeds, device), ANA).devices == ()


def test_somebody_without_cross_signing_has_devices_and_no_master(seeds: Seeds) -> None:
    answer = {"device_keys": {ANA: {"PHONE": a_device("PHONE", chance(32), None)}}}
    identity = read_identity(answer, ANA)
    assert (identity.master, len(identity.devices), identity.signed()) == (None, 1, ())


def test_of_very_many_devices_the_signed_ones_are_kept(seeds: Seeds) -> None:
    rogues = [a_device(f"R{number}", chance(32), None) for number in range(MAX_DEVICES + 10)]
    identity = read_identity(an_answer(seeds, *rogues, a_device("PHONE", chance(32), seeds)), ANA)
    assert len(identity.devices) == MAX_DEVICES
    assert [device.device_id for device in identity.signed()] == ["PHONE"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["master_keys", "self_signing_keys", "device_keys", "signatures", "keys"]))
def test_no_junk_in_an_answer_is_an_error_or_makes_a_signed_device(junk: Any, where: str) -> None:
    seeds = Seeds(bytes(32), bytes(31) + b"1", bytes(31) + b"2")
    answer = an_answer(seeds, a_device("PHONE", bytes(31) + b"3", seeds))
    if where in answer:
        answer[where] = junk if isinstance(junk, int) else {ANA: junk}
    else:
        answer["device_keys"][ANA]["PHONE"][where] = junk
    assert read_identity(answer, ANA).signed() == ()
