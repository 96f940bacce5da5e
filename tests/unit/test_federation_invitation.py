"""Meeting: an invitation copied badly, a stranger at the door, words that agree on both sides."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import timedelta

import pytest
from federation_builders import NOW, ANetwork, repeatable, unhurried
from hypothesis import given
from hypothesis import strategies as st

from directory import crypto
from directory.core.wordlist import LANGUAGES, WORDS
from hub.federation.core.envelope import (
    FRAME,
    Draft,
    Reason,
    Refusal,
    VerifiedEnvelope,
    open_envelope,
    seal_envelope,
    sign_envelope,
)
from hub.federation.core.identity import Doubt, key_id
from hub.federation.core.invitation import (
    SENTENCES,
    CodeTrouble,
    Invitation,
    invite_reason,
    let_in,
    new_invitation,
    proof,
    read_code,
    write_code,
)
from hub.federation.core.keyring import Keyring
from hub.federation.core.network_card import KnownNetwork, verify_network_card
from hub.federation.core.proposal import (
    Proposal,
    is_who_invited,
    open_proposal,
    propose_body,
    provisional_signer,
)
from hub.federation.core.words import Meeting, Speaker, safety_words, words_about

INVITER, GUEST, MALLORY = ANetwork("inviter"), ANetwork("guest"), ANetwork("mallory")
NONCE = b"n" * 16


def an_invitation(name: str = "Red de la Tierra", envoy: str = "@envoy:north.example") -> Invitation:
    return new_invitation(
        network=INVITER.id,
        name=name,
        operating=INVITER.public,
        sealing=INVITER.sealing_public,
        envoy=envoy,
        expires_at=NOW + timedelta(hours=72),
        chance=repeatable("invitation"),
    )


INVITATION = an_invitation()
CODE = write_code(INVITATION)
SECRETS = {INVITATION.id: INVITATION.secret}


@pytest.mark.parametrize(
    "copied",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", " "),
        CODE.replace("-", "\n"),
        f"  {CODE}\r\n",
        CODE.replace("O", "0").replace("I", "1").replace("B", "8"),
        "\u200f" + CODE,
    ],
)
def test_an_invitation_is_read_however_it_was_copied(copied: str) -> None:
    assert read_code(copied, NOW) == INVITATION


def test_an_invitation_fits_one_qr_code_in_letter_mode() -> None:
    longest = an_invitation("ñ" * 200, "@" + "e" * 100 + ":a.long.domain.example")
    assert set(write_code(longest)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
    assert len(write_code(longest)) < 700
    assert read_code(write_code(longest), NOW) == longest
    assert longest.name == "ñ" * 30


def test_what_goes_wrong_with_a_code_is_said_precisely() -> None:
    assert read_code("hello", NOW) is CodeTrouble.NO_CODE
    assert read_code("", NOW) is CodeTrouble.NO_CODE
    assert read_code(CODE + "A" * 5000, NOW) is CodeTrouble.NO_CODE
    assert read_code("AYNI", NOW) is CodeTrouble.TRUNCATED
    assert read_code(CODE, NOW + timedelta(hours=73)) is CodeTrouble.EXPIRED
    assert read_code(CODE, NOW + timedelta(hours=71)) == INVITATION
    assert read_code(CODE.replace("AYNI-A", "AYNI-C", 1), NOW) is CodeTrouble.OTHER_VERSION
    assert SENTENCES.keys() == set(CodeTrouble)


def test_a_code_cut_anywhere_is_called_truncated() -> None:
    for cut in range(len("AYNI-") + 8, len(CODE)):
        assert read_code(CODE[:cut], NOW) is CodeTrouble.TRUNCATED


def test_one_wrong_letter_anywhere_is_noticed() -> None:
    letters = CODE.replace("-", "")
    for place in range(len("AYNI") + 8, len(letters)):
        wrong = "A" if letters[place] != "A" else "C"
        assert read_code(letters[:place] + wrong + letters[place + 1 :], NOW) is CodeTrouble.TYPED_WRONG


@unhurried
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_and_never_an_error(text: str) -> None:
    assert isinstance(read_code(text, NOW), CodeTrouble)
    assert isinstance(read_code("AYNI" + text, NOW), CodeTrouble)


def test_the_secret_is_not_shown_when_printed() -> None:
    assert repr(INVITATION.secret) not in repr(INVITATION)


# --- the door of the link room ---


def test_only_who_holds_the_code_is_let_in_and_only_into_the_room_they_made() -> None:
    reason = invite_reason(INVITATION.secret, "!room:guest", "@envoy:guest")
    assert let_in(reason, "!room:guest", "@envoy:guest", SECRETS) == INVITATION.id
    assert let_in(reason, "!other:guest", "@envoy:guest", SECRETS) is None
    assert let_in(reason, "!room:guest", "@envoy:mallory", SECRETS) is None
    assert let_in(reason, "!room:guest", "@envoy:guest", {}) is None
    for wrong in ("", "hello", INVITATION.id, f"{INVITATION.id}.", f"{INVITATION.id}.ñ", reason + "0"):
        assert let_in(wrong, "!room:guest", "@envoy:guest", SECRETS) is None
    other = crypto.hash32("x", b"")[:16]
    assert proof(other, "!room:guest", "@envoy:guest") not in reason


# --- the first envelope ---


def a_proposal(by: ANetwork = GUEST, *, secret: bytes = INVITATION.secret, **changed: object) -> bytes:
    body = propose_body(by.card(), secret, invitation=INVITATION.id, inviter=INVITER.id, nonce=NONCE)
    return by.sealed(INVITER, by.draft(INVITER, "link", {**body, **changed}))


def opened(raw: bytes, secrets: dict[str, bytes] = SECRETS) -> Proposal | Refusal | Doubt:
    return open_proposal(raw, INVITER.keyring(), secrets, NOW)


def test_a_network_that_holds_the_code_introduces_itself() -> None:
    proposal = opened(a_proposal())
    assert isinstance(proposal, Proposal)
    assert proposal.network.network == proposal.envelope.sender == GUEST.id
    assert proposal.invitation == INVITATION.id
    assert proposal.meeting == Meeting(INVITATION.secret, NONCE)


def test_who_does_not_hold_the_code_is_a_stranger_and_told_so_in_one_way() -> None:
    stranger = Refusal(Reason.UNKNOWN_SIGNER)
    assert opened(a_proposal(secret=b"s" * 16)) == stranger
    assert opened(a_proposal(), secrets={}) == stranger
    assert opened(a_proposal(nonce="b" * 32)) == stranger
    assert opened(a_proposal(card=MALLORY.card())) == stranger
    assert opened(GUEST.sealed(INVITER)) == stranger


def test_a_proposal_in_the_name_of_another_network_is_refused_even_with_the_code() -> None:
    body = propose_body(
        GUEST.card(), INVITATION.secret, invitation=INVITATION.id, inviter=INVITER.id, nonce=NONCE
    )
    draft = Draft(**{**_fields(GUEST.draft(INVITER, "link", body))})
    raw = sign_envelope(draft, MALLORY.seed).signed[FRAME:]
    signature = crypto.sign(MALLORY.seed, "envelope", raw)
    for kid in (key_id(MALLORY.public), key_id(GUEST.public)):
        refused = opened(seal_envelope(kid + signature + raw, INVITER.sealing_public))
        assert isinstance(refused, Refusal)


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__slots__}  # type: ignore[attr-defined]


def test_a_proposal_whose_card_is_doubtful_is_refused_with_the_doubt() -> None:
    expired = GUEST.card(sealing=GUEST.sealing_certificate(days=-1 + 1))
    body = propose_body(expired, INVITATION.secret, invitation=INVITATION.id, inviter=INVITER.id, nonce=NONCE)
    raw = GUEST.sealed(INVITER, GUEST.draft(INVITER, "link", body))
    assert open_proposal(raw, INVITER.keyring(), SECRETS, NOW + timedelta(days=1)) is Doubt.EXPIRED


def test_the_guest_reads_the_welcome_with_the_key_of_the_code_and_sees_who_it_is_from() -> None:
    ring = Keyring.of(GUEST.id, [GUEST.sealing], [provisional_signer(INVITATION)])
    welcome = {"step": "welcome", "card": INVITER.card()}
    raw = INVITER.sealed(GUEST, INVITER.draft(GUEST, "link", welcome))
    assert isinstance(open_envelope(raw, ring, NOW), VerifiedEnvelope)
    known = verify_network_card(INVITER.card(), NOW)
    assert isinstance(known, KnownNetwork)
    assert is_who_invited(known, INVITATION)
    other = verify_network_card(MALLORY.card(), NOW)
    assert isinstance(other, KnownNetwork)
    assert not is_who_invited(other, INVITATION)


# --- safety words ---

HERE = Speaker(INVITER.id, INVITER.public, INVITER.sealing_public)
THERE = Speaker(GUEST.id, GUEST.public, GUEST.sealing_public)
MEETING = Meeting(INVITATION.secret, NONCE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sides_read_the_same_ten_words_each_in_its_language(language: str) -> None:
    mine, theirs = safety_words(HERE, THERE, MEETING, language), safety_words(THERE, HERE, MEETING, language)
    assert mine == theirs
    assert len(mine) == 10
    column = LANGUAGES.index(language)
    english = safety_words(HERE, THERE, MEETING)
    numbers = [[row[0] for row in WORDS].index(word) for word in english]
    assert mine == tuple(WORDS[number][column] for number in numbers)


@pytest.mark.parametrize(
    ("one", "meeting"),
    [
        (Speaker(MALLORY.id, INVITER.public, INVITER.sealing_public), MEETING),
        (Speaker(INVITER.id, MALLORY.public, INVITER.sealing_public), MEETING),
        (Speaker(INVITER.id, INVITER.public, MALLORY.sealing_public), MEETING),
        (HERE, Meeting(b"s" * 16, NONCE)),
        (HERE, Meeting(INVITATION.secret, b"m" * 16)),
    ],
)
def test_another_id_key_secret_or_nonce_gives_other_words(one: Speaker, meeting: Meeting) -> None:
    assert safety_words(one, THERE, meeting) != safety_words(HERE, THERE, MEETING)
    assert words_about(one, THERE, meeting) != words_about(HERE, THERE, MEETING)


def test_a_language_we_have_no_words_in_gets_english_ones() -> None:
    assert safety_words(HERE, THERE, MEETING, "quc") == safety_words(HERE, THERE, MEETING, "en")


def test_the_list_has_128_things_and_no_two_that_sound_alike_on_a_bad_line() -> None:
    assert len(WORDS) == 128
    assert {len(row) for row in WORDS} == {len(LANGUAGES)}
    for column in range(len(LANGUAGES)):
        words = [row[column] for row in WORDS]
        assert all(unicodedata.is_normalized("NFC", word) for word in words)
        bare = [_without_accents(word) for word in words]
        close = [pair for pair in itertools.combinations(bare, 2) if _differ_by_one(*pair)]
        assert close == []


def _without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _differ_by_one(one: str, other: str) -> bool:
    """Same, or one letter changed, added or left out."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    return short[start:] == long[start + 1 :] or short[start + 1 :] == long[start + 1 :]
