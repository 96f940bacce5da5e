"""Safety words: ten everyday words that two administrators read to each other when their networks meet.

They are the same on both sides only if both hubs hold the same two pairs of keys. A stranger in the middle
would have to find keys that give the same 70 bits while both wait: the invited hub's nonce is fresh and comes
after the inviting hub's keys are fixed in the invitation, so nothing can be computed ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

from directory import crypto
from directory.core.wordlist import LANGUAGES, WORDS
from hub.federation.core import canonical

WORD_COUNT = 10
_BITS = 7


@dataclass(frozen=True, slots=True)
class Speaker:
    """One side as the words see it: network id, and the operating and sealing public keys it met us with."""

    network: str
    operating: bytes
    sealing: bytes


@dataclass(frozen=True, slots=True)
class Meeting:
    """What both sides know of their first contact: the invitation's secret and the invited hub's nonce."""

    secret: bytes
    nonce: bytes


def safety_words(one: Speaker, other: Speaker, meeting: Meeting, language: str = "en") -> tuple[str, ...]:
    """Ten words in `language` (en, fr, es, ar; English for any other), the same whichever side is `one`."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    bits = int.from_bytes(_entropy(one, other, meeting)[:9], "big") >> (72 - WORD_COUNT * _BITS)
    numbers = (bits >> (_BITS * at) & (len(WORDS) - 1) for at in reversed(range(WORD_COUNT)))
    return tuple(WORDS[number][place] for number in numbers)


def words_about(one: Speaker, other: Speaker, meeting: Meeting) -> bytes:
    """32 bytes that name what the words stood for, to say in `Compared` which keys were compared."""
    return crypto.hash32("words-about", _entropy(one, other, meeting))


def _entropy(one: Speaker, other: Speaker, meeting: Meeting) -> bytes:
    sides = sorted([each.network, each.operating.hex(), each.sealing.hex()] for each in (one, other))
    key = crypto.hash32("safety-words-key", meeting.secret + meeting.nonce)
    return crypto.digest(key, "safety-words", canonical.encode({"sides": sides}))
