"""A member's word: the same however a phone writes it, one derivation whatever it is."""

from __future__ import annotations

import pytest
from conftest import REAL_COST

from directory.crypto import Cost, check_word, key_from_passphrase, make_verifier, plain_word, same

CHEAP = Cost(rounds=1, memory=8192)
SALT, PEPPER = b"s" * 16, b"p" * 32


@pytest.mark.parametrize(
    "typed",
    [
        "maíz azul 7",
        "MAÍZ  AZUL 7",
        " Mai\u0301z azul\u00a07 ",
        "ma\u00edz azul \u0667",
        "\u200fmaíz azul\u200d 7",
    ],
)
def test_the_same_word_is_accepted_however_it_is_typed(typed: str) -> None:
    verifier = make_verifier("maíz azul 7", SALT, PEPPER, cost=CHEAP)
    assert check_word(typed, SALT, PEPPER, [verifier], cost=CHEAP) == 0


def test_another_word_salt_or_pepper_is_refused() -> None:
    verifier = make_verifier("maíz azul 7", SALT, PEPPER, cost=CHEAP)
    assert check_word("maiz azul 7", SALT, PEPPER, [verifier], cost=CHEAP) is None
    assert check_word("maíz azul 7", b"t" * 16, PEPPER, [verifier], cost=CHEAP) is None
    assert check_word("maíz azul 7", SALT, b"q" * 32, [verifier], cost=CHEAP) is None
    assert check_word("maíz azul 7", SALT, PEPPER, [], cost=CHEAP) is None


def test_the_duress_phrase_is_told_from_the_word_by_its_place() -> None:
    kept = [make_verifier(text, SALT, PEPPER, cost=CHEAP) for text in ("maíz azul", "buenas noches a todos")]
    assert check_word("maíz azul", SALT, PEPPER, kept, cost=CHEAP) == 0
    assert check_word("Buenas noches a todos", SALT, PEPPER, kept, cost=CHEAP) == 1


def test_more_verifiers_than_slots_would_show_in_time_and_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        check_word("x", SALT, PEPPER, [b"v" * 32] * 9, cost=CHEAP)


def test_a_word_in_arabic_keeps_its_letters() -> None:
    assert plain_word("  قمح\u00a0أزرق ") == "قمح أزرق"


def test_a_passphrase_gives_the_same_key_again_and_another_gives_another() -> None:
    key = key_from_passphrase("three blue boats", SALT, cost=CHEAP)
    assert same(key, key_from_passphrase("Three  blue boats", SALT, cost=CHEAP))
    assert not same(key, key_from_passphrase("three blue boat", SALT, cost=CHEAP))


def test_a_hub_spends_64_mib_and_two_rounds_on_each_guess() -> None:
    """Tests spend nothing (tests/conftest.py)."""
    assert (REAL_COST.rounds, REAL_COST.memory) == (2, 64 << 20)
