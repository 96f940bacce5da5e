"""What two networks sign, and the cards that cross because of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from federation_builders import NOW, ANetwork

from directory.core.text import Text, in_english, say
from hub.federation.core import canonical
from hub.federation.core.agreement import (
    Agreement,
    Cover,
    Hours,
    Onward,
    Party,
    Unfit,
    agreement_bytes,
    agreement_hash,
    covers,
    draft_agreement,
    is_signed,
    read_agreement,
    sign_agreement,
)
from hub.federation.core.agreement_page import printable
from hub.federation.core.cards import Card, lease_holds, open_card, sign_card, state_digest
from hub.federation.core.envelope import Reason, Refusal
from hub.federation.core.identity import key_id
from hub.federation.core.keyring import Keyring, Signer
from hub.federation.core.shapes import millis

NORTH, SOUTH, WEST = ANetwork("north"), ANetwork("south"), ANetwork("west")
BOTH = (NORTH.id, SOUTH.id)
ALWAYS = Cover(
    hours=(Hours(days=(1, 2, 3, 4, 5, 6, 7)),), zone="America/Guatemala", languages=("es",), help=("legal",)
)


def a_draft(**changed: object) -> dict[str, object]:
    north = Party(network=NORTH.id, name="Norte", shares=("organisation", "bot"), cover=ALWAYS, second=True)
    south = Party(network=SOUTH.id, name="Sur", emergency="+000 on the board's paper")
    given: dict[str, object] = {"starts_at": NOW, "ends_at": NOW + timedelta(days=365), **changed}
    return draft_agreement(north, south, **given)  # type: ignore[arg-type]


def test_both_sides_draft_and_sign_the_same_bytes() -> None:
    north = Party(network=NORTH.id, name="Norte")
    south = Party(network=SOUTH.id, name="Sur")
    span = {"starts_at": NOW, "ends_at": NOW + timedelta(days=30)}
    one, other = draft_agreement(north, south, **span), draft_agreement(south, north, **span)
    assert agreement_bytes(one) == agreement_bytes(other)
    for signer in (NORTH, SOUTH):
        signature = sign_agreement(one, signer.seed)
        assert is_signed(other, signature, [NORTH.key, SOUTH.key], signer.id)
        assert not is_signed(other, signature, [NORTH.key, SOUTH.key], WEST.id)


def test_a_signature_counts_for_its_own_network_and_for_no_other_agreement() -> None:
    signature = sign_agreement(a_draft(), NORTH.seed)
    keys = [NORTH.key, SOUTH.key]
    assert is_signed(a_draft(), signature, keys, NORTH.id)
    assert not is_signed(a_draft(), signature, keys, SOUTH.id)
    assert not is_signed(a_draft(lease_days=8), signature, keys, NORTH.id)
    assert agreement_hash(a_draft()) != agreement_hash(a_draft(lease_days=8))


def test_an_agreement_says_what_crosses_which_way() -> None:
    agreement = read_agreement(a_draft(), networks=BOTH, now=NOW)
    assert isinstance(agreement, Agreement)
    assert agreement.shares_of(NORTH.id) == {"organisation", "bot"}
    assert agreement.shares_of(SOUTH.id) == frozenset()
    with pytest.raises(KeyError):
        agreement.shares_of(WEST.id)


def test_what_cannot_be_signed_is_named_and_its_neighbour_can() -> None:
    def read(**changed: object) -> Agreement | Unfit:
        return read_agreement(a_draft(**changed), networks=BOTH, now=NOW)

    assert read(ends_at=NOW) is Unfit.NO_TIME
    assert read(ends_at=NOW + timedelta(days=4 * 366)) is Unfit.NO_TIME
    assert read(starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=1)) is Unfit.OVER
    alone = Onward(group="g" * 32, name="Group", networks=BOTH)
    assert read(onward=alone) is Unfit.ONWARD_TO_NOBODY
    group = Onward(group="g" * 32, name="Group", networks=(*BOTH, WEST.id))
    assert isinstance(read(onward=group), Agreement)
    assert isinstance(read(), Agreement)


def test_an_agreement_of_other_parties_or_another_shape_is_not_signed() -> None:
    assert read_agreement(a_draft(), networks=(NORTH.id, WEST.id), now=NOW) is Unfit.OTHER_PARTIES
    draft = a_draft()
    turned = {**draft, "parties": list(reversed(draft["parties"]))}  # type: ignore[call-overload]
    assert read_agreement(turned, networks=BOTH, now=NOW) is Unfit.OTHER_PARTIES
    for odd in ({**draft, "secret_clause": 1}, {**draft, "lease_days": 0}, {**draft, "lease_days": 7.5}, {}):
        assert read_agreement(odd, networks=BOTH, now=NOW) is Unfit.SHAPE


def test_it_prints_as_one_page_a_board_can_sign() -> None:
    agreement = read_agreement(a_draft(), networks=BOTH, now=NOW)
    assert isinstance(agreement, Agreement)
    named = {"es": say("Spanish"), "legal": say("a lawyer")}
    lines = printable(agreement, agreement_hash(a_draft()), named=lambda tag: named.get(tag, tag))
    page = [in_english(line) for line in lines]
    names = [party.name for party in agreement.parties]
    assert page[0] == f"Agreement between {names[0]} and {names[1]}"
    for sentence in (
        "It shows Sur cards of: organisations, bots.",
        "It shows Norte no cards.",
        "In these languages: Spanish.",
        "With: a lawyer.",
        "It does not answer calls for help from Norte.",
        "A shared card is kept for 7 days, unless it is renewed.",
        "Neither side passes the other's cards on to anybody.",
    ):
        assert sentence in page
    assert all(isinstance(line, Text) for line in lines)
    assert len(lines) < 40


@pytest.mark.parametrize(
    ("hours", "at", "covered"),
    [
        (Hours(days=(2,)), datetime(2026, 11, 24, 3, tzinfo=UTC), True),
        (Hours(days=(1,)), datetime(2026, 11, 24, 3, tzinfo=UTC), False),
        (Hours(days=(2,), start=540, end=1020), datetime(2026, 11, 24, 9, tzinfo=UTC), True),
        (Hours(days=(2,), start=540, end=1020), datetime(2026, 11, 24, 17, tzinfo=UTC), False),
        (Hours(days=(1,), start=1320, end=360), datetime(2026, 11, 24, 3, tzinfo=UTC), True),
        (Hours(days=(2,), start=1320, end=360), datetime(2026, 11, 24, 3, tzinfo=UTC), False),
        (Hours(days=(7,), start=1320, end=360), datetime(2026, 11, 23, 5, tzinfo=UTC), True),
    ],
)
def test_cover_knows_days_hours_and_nights(hours: Hours, at: datetime, covered: bool) -> None:
    assert covers(Cover(hours=(hours,)), at) is covered
    assert not covers(Cover(), at)


# --- cards ---


def a_card(**changed: object) -> Card:
    given: dict[str, object] = {
        "id": "d" * 32,
        "network": NORTH.id,
        "scope": SOUTH.id,
        "kind": "organisation",
        "version": 1,
        "lease_until": millis(NOW + timedelta(days=7)),
        "name": "Asociación de la Tierra",
        "country": "GT",
        "issues": ("land",),
        "listed_publicly": True,
    }
    return Card(**{**given, **changed})  # type: ignore[arg-type]


def test_a_card_arrives_as_its_home_signed_it() -> None:
    signed = sign_card(a_card(), NORTH.seed)
    assert open_card(signed, SOUTH.keyring(NORTH), scopes=[SOUTH.id]) == a_card()


def test_a_card_passes_on_unchanged_and_is_checked_by_whoever_is_in_its_group() -> None:
    group = "g" * 32
    signed = sign_card(a_card(scope=group), NORTH.seed)
    carried = canonical.parse(canonical.encode(signed))
    assert isinstance(carried, dict)
    assert isinstance(open_card(carried, WEST.keyring(NORTH), scopes=[WEST.id, group]), Card)
    assert open_card(carried, WEST.keyring(NORTH), scopes=[WEST.id]) == Refusal(
        Reason.OTHER_NETWORK, NORTH.id
    )


@pytest.mark.parametrize(
    "changed",
    [{"name": "Other"}, {"scope": WEST.id}, {"version": 2}, {"lease_until": 1}, {"network": WEST.id}],
)
def test_a_card_changed_on_the_way_is_refused(changed: dict[str, object]) -> None:
    signed = sign_card(a_card(), NORTH.seed)
    altered = {**signed, "card": {**signed["card"], **changed}}  # type: ignore[dict-item]
    refused = open_card(altered, SOUTH.keyring(NORTH, WEST), scopes=[SOUTH.id, WEST.id])
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.FORGED


def test_a_network_signs_cards_of_its_own_members_only() -> None:
    signed = sign_card(a_card(network=WEST.id), NORTH.seed)
    refused = open_card(signed, SOUTH.keyring(NORTH, WEST), scopes=[SOUTH.id])
    assert refused == Refusal(Reason.OTHER_NETWORK, NORTH.id)
    assert open_card({}, SOUTH.keyring(NORTH), scopes=[SOUTH.id]) == Refusal(Reason.OUTSIDE_SCHEMA)
    signed_by_stranger = sign_card(a_card(), WEST.seed)
    assert open_card(signed_by_stranger, SOUTH.keyring(NORTH), scopes=[SOUTH.id]) == Refusal(
        Reason.UNKNOWN_SIGNER
    )


def test_a_card_of_a_revoked_key_counts_only_inside_an_envelope_that_counts() -> None:
    ring = Keyring.of(SOUTH.id, [SOUTH.sealing], [Signer(NORTH.key, last_good={"cards": (0, 5)})])
    signed = sign_card(a_card(), NORTH.seed)
    assert key_id(NORTH.public) in ring.signers
    assert open_card(signed, ring, scopes=[SOUTH.id]) == Refusal(Reason.REVOKED, NORTH.id)
    assert isinstance(open_card(signed, ring, scopes=[SOUTH.id], in_good_envelope=True), Card)


def test_a_card_is_confirmed_by_its_own_lease_or_by_the_links() -> None:
    card = a_card()
    assert lease_holds(card, None, NOW)
    later = NOW + timedelta(days=8)
    assert not lease_holds(card, None, later)
    assert lease_holds(card, later + timedelta(days=1), later)


def test_a_checkpoint_compares_state_in_any_order() -> None:
    cards = [("b", 2), ("a", 1)]
    assert state_digest(cards) == state_digest(reversed(cards))
    assert state_digest(cards) != state_digest([("a", 1), ("b", 3)])
    assert state_digest([]) != state_digest(cards)
