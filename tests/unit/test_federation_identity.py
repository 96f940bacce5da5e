"""Who a network is: verified offline, short signatures refused, honest rotations believed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from federation_builders import NOW, ANetwork, repeatable

from directory import crypto
from hub.federation.core.identity import (
    Doubt,
    KnownKey,
    Revocation,
    Root,
    certify,
    countersign,
    first_root,
    in_time,
    network_id,
    next_root,
    revoke,
    verify_operating,
    verify_revocation,
    verify_roots,
    verify_sealing,
)
from hub.federation.core.network_card import KnownNetwork, verify_network_card
from hub.federation.core.shapes import NETWORK_ID

chance = repeatable("identity")
SEEDS = [crypto.new_signing_seed(chance) for _ in range(6)]
PUBLIC = [crypto.signing_public(seed) for seed in SEEDS]
FIRST = first_root(PUBLIC[:3], 2)
NETWORK = network_id(FIRST)
NORTH = ANetwork("north")


def rotated(by: list[bytes], *, keys: list[bytes] = PUBLIC[3:], threshold: int = 2) -> dict[str, object]:
    root = next_root(FIRST, keys, threshold)
    return {"root": root, "signatures": countersign("root", root, by)}


def test_a_networks_id_is_the_hash_of_its_first_root_document_and_outlives_rotation() -> None:
    assert NETWORK_ID.match(NETWORK)
    chain = [{"root": FIRST}, rotated([SEEDS[0], SEEDS[1], SEEDS[3], SEEDS[5]])]
    root = verify_roots(NETWORK, chain)
    assert isinstance(root, Root)
    assert root.keys == tuple(key.hex() for key in PUBLIC[3:])


@pytest.mark.parametrize(
    "by",
    [
        [],
        [SEEDS[0], SEEDS[1]],
        [SEEDS[3], SEEDS[4]],
        [SEEDS[0], SEEDS[3], SEEDS[4]],
        [SEEDS[0], SEEDS[1], SEEDS[3]],
        [SEEDS[0], SEEDS[0], SEEDS[3], SEEDS[4]],
    ],
)
def test_a_rotation_signed_by_too_few_old_or_new_keys_is_not_believed(by: list[bytes]) -> None:
    assert verify_roots(NETWORK, [{"root": FIRST}, rotated(by)]) is Doubt.TOO_FEW


def test_a_rotation_signed_for_another_purpose_is_not_believed() -> None:
    root = next_root(FIRST, PUBLIC[3:], 2)
    signed = {"root": root, "signatures": countersign("network-card", root, [*SEEDS])}
    assert verify_roots(NETWORK, [{"root": FIRST}, signed]) is Doubt.TOO_FEW


def test_root_documents_that_skip_repeat_or_follow_another_are_not_believed() -> None:
    second = rotated(SEEDS)
    third_root = next_root(second["root"], PUBLIC[:3], 1)  # type: ignore[arg-type]
    third = {"root": third_root, "signatures": countersign("root", third_root, SEEDS)}
    assert isinstance(verify_roots(NETWORK, [{"root": FIRST}, second, third]), Root)
    for chain in ([{"root": FIRST}, third], [{"root": FIRST}, second, second], []):
        assert verify_roots(NETWORK, chain) is Doubt.BROKEN_CHAIN
    assert verify_roots(NETWORK, [second]) is Doubt.OTHER_NETWORK


def test_a_root_document_that_asks_for_more_signatures_than_it_has_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="more signatures"):
        first_root(PUBLIC[:1], 2)
    doubled = {"keys": [PUBLIC[0].hex()] * 2, "threshold": 2}
    assert verify_roots(network_id(doubled), [{"root": doubled}]) is Doubt.TOO_FEW
    assert isinstance(verify_roots(NETWORK, [{"root": FIRST}]), Root)


def test_either_of_two_holders_suffices_by_default() -> None:
    root = first_root(PUBLIC[:2], 1)
    for seed in SEEDS[:2]:
        signed = an_operating_key(network_id(root), [seed])
        assert isinstance(verify_operating(signed, network_id(root), Root(**root)), KnownKey)  # type: ignore[arg-type]


def an_operating_key(network: str, seeds: list[bytes], *, days: int = 90) -> dict[str, object]:
    return certify(
        "operating",
        network=network,
        public=PUBLIC[5],
        valid_from=NOW,
        valid_until=NOW + timedelta(days=days),
        seeds=seeds,
    )


def test_an_operating_key_needs_the_threshold_and_ninety_days_at_most() -> None:
    root = verify_roots(NETWORK, [{"root": FIRST}])
    assert isinstance(root, Root)
    known = verify_operating(an_operating_key(NETWORK, SEEDS[:2]), NETWORK, root)
    assert isinstance(known, KnownKey)
    assert (known.network, known.public) == (NETWORK, PUBLIC[5])
    assert verify_operating(an_operating_key(NETWORK, SEEDS[:1]), NETWORK, root) is Doubt.TOO_FEW
    assert verify_operating(an_operating_key(NETWORK, SEEDS[3:5]), NETWORK, root) is Doubt.TOO_FEW
    long_lived = an_operating_key(NETWORK, SEEDS[:2], days=91)
    assert verify_operating(long_lived, NETWORK, root) is Doubt.TOO_LONG_LIVED
    backwards = an_operating_key(NETWORK, SEEDS[:2], days=-1)
    assert verify_operating(backwards, NETWORK, root) is Doubt.TOO_LONG_LIVED
    other = an_operating_key(NORTH.id, SEEDS[:2])
    assert verify_operating(other, NETWORK, root) is Doubt.OTHER_NETWORK
    assert verify_operating({"certificate": {}}, NETWORK, root) is Doubt.SHAPE


def test_a_sealing_key_needs_an_operating_key_of_its_own_network_and_seven_days_at_most() -> None:
    south = ANetwork("south")
    good = NORTH.sealing_certificate(days=6)
    assert isinstance(verify_sealing(good, NORTH.id, [NORTH.key]), KnownKey)
    assert verify_sealing(good, NORTH.id, [south.key]) is Doubt.TOO_FEW
    assert verify_sealing(NORTH.sealing_certificate(days=7), NORTH.id, [NORTH.key]) is Doubt.TOO_LONG_LIVED
    assert verify_sealing(NORTH.operating_certificate(), NORTH.id, [NORTH.key]) is Doubt.OTHER_NETWORK


def test_a_sealing_key_that_is_no_key_is_found_out_before_anything_is_sealed_to_it() -> None:
    weak = certify(
        "sealing",
        network=NORTH.id,
        public=bytes(32),
        valid_from=NOW,
        valid_until=NOW + timedelta(days=1),
        seeds=[NORTH.seed],
    )
    assert verify_sealing(weak, NORTH.id, [NORTH.key]) is Doubt.WEAK


def test_a_key_is_in_time_with_a_little_slack_and_not_beyond() -> None:
    key = KnownKey(NETWORK, PUBLIC[0], NOW, NOW + timedelta(days=1))
    assert in_time(key, NOW - timedelta(minutes=4)) is None
    assert in_time(key, NOW - timedelta(minutes=6)) is Doubt.NOT_YET
    assert in_time(key, NOW + timedelta(days=1, minutes=4)) is None
    assert in_time(key, NOW + timedelta(days=1, minutes=6)) is Doubt.EXPIRED


def test_a_revocation_needs_the_root_keys_and_names_the_last_good_numbers() -> None:
    root = verify_roots(NETWORK, [{"root": FIRST}])
    assert isinstance(root, Root)
    signed = revoke(NETWORK, b"k" * 8, {"urgent": (0, 7)}, SEEDS[:2])
    revocation = verify_revocation(signed, NETWORK, root)
    assert isinstance(revocation, Revocation)
    assert [(each.stream, each.epoch, each.seq) for each in revocation.last_good] == [("urgent", 0, 7)]
    assert verify_revocation(revoke(NETWORK, b"k" * 8, {}, SEEDS[3:5]), NETWORK, root) is Doubt.TOO_FEW
    assert verify_revocation(signed, NORTH.id, root) is Doubt.OTHER_NETWORK
    assert verify_revocation({}, NETWORK, root) is Doubt.SHAPE


def test_a_network_card_is_checked_without_asking_anybody() -> None:
    known = verify_network_card(NORTH.card(), NOW)
    assert isinstance(known, KnownNetwork)
    assert (known.network, known.name, known.envoy) == (NORTH.id, "north", "@envoy:north.example")
    assert known.sealing.public == NORTH.sealing_public
    assert known.speaker.operating == NORTH.public


def test_a_network_card_with_somebody_elses_keys_id_or_name_is_not_believed() -> None:
    mallory = ANetwork("mallory")
    card = NORTH.card()
    renamed = {**card, "card": {**card["card"], "name": "Norte"}}  # type: ignore[dict-item]
    assert verify_network_card(renamed, NOW) is Doubt.UNKNOWN_KEY
    assert verify_network_card(NORTH.card(operating_seed=mallory.seed), NOW) is Doubt.UNKNOWN_KEY
    assert verify_network_card(mallory.card(network=NORTH.id), NOW) is Doubt.OTHER_NETWORK
    swapped = NORTH.card(operating=[mallory.operating_certificate()], operating_seed=mallory.seed)
    assert verify_network_card(swapped, NOW) is Doubt.OTHER_NETWORK
    sealing = NORTH.card(sealing=mallory.sealing_certificate())
    assert verify_network_card(sealing, NOW) is Doubt.OTHER_NETWORK
    assert verify_network_card({}, NOW) is Doubt.SHAPE


def test_a_network_card_is_believed_while_one_operating_key_and_its_sealing_key_are_in_time() -> None:
    assert verify_network_card(NORTH.card(), NOW + timedelta(days=7)) is Doubt.EXPIRED
    assert verify_network_card(NORTH.card(), NOW - timedelta(days=2)) is Doubt.NOT_YET
    assert isinstance(verify_network_card(NORTH.card(), NOW + timedelta(days=5)), KnownNetwork)


def test_nobody_makes_a_known_network_by_hand() -> None:
    known = verify_network_card(NORTH.card(), NOW)
    assert isinstance(known, KnownNetwork)
    with pytest.raises(TypeError):
        KnownNetwork(
            known.network,
            known.name,
            known.envoy,
            (),
            None,
            known.operating,
            known.signed_with,
            known.sealing,
            b"",
            object(),
        )
