"""Keys: the only module that touches PyNaCl. Every other part asks here (THREATS 4).

Keys, signatures and sealed things are plain bytes. Chance is an argument (`Chance`), so that a test can
repeat itself; only the throw-away key inside a sealed box comes from libsodium's own source.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

Chance = Callable[[int], bytes]

KEY_SIZE = 32
PUBLIC_SIZE = 32
SIGNATURE_SIZE = 64
SALT_SIZE = 16
SEAL_OVERHEAD = 48
SIZE_CLASSES = (1 << 10, 4 << 10, 16 << 10, 40 << 10)
FIELD_BLOCK = 64
"""Guarded fields are padded to this many bytes, so that a city is not told by the length of its name."""

_NONCE = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_FIELD, _WRAP = 1, 2
_COMMIT_SIZE = 32


class CannotOpen(Exception):
    """This cannot be opened: it was made with another key, moved from its place, or damaged."""


class CannotSeal(Exception):
    """This cannot be sealed: it is too long, or the key it is meant for is not a real key."""


@lru_cache(maxsize=256)
def _domain(purpose: str) -> bytes:
    return f"ayni/{purpose}/v1\0".encode("ascii")


def same(one: bytes, other: bytes) -> bool:
    """Equality that takes the same time wherever the difference is."""
    return hmac.compare_digest(one, other)


# --- Signatures: Ed25519 ---------------------------------------------------------------------------------


def new_signing_seed(chance: Chance) -> bytes:
    """32 secret bytes from which a signing key grows."""
    return chance(KEY_SIZE)


@lru_cache(maxsize=32)
def _signing_pair(seed: bytes) -> tuple[bytes, bytes]:
    """(public, secret): growing them costs more than a signature, and a hub has few signing keys."""
    return sodium.crypto_sign_seed_keypair(seed)


def signing_public(seed: bytes) -> bytes:
    """The 32 public bytes that others verify with."""
    return _signing_pair(seed)[0]


def sign_raw(seed: bytes, message: bytes) -> bytes:
    """64 bytes over exactly `message`. Only for protocols that are not ours (Matrix); ours use `sign`."""
    return sodium.crypto_sign(message, _signing_pair(seed)[1])[:SIGNATURE_SIZE]


def verify_raw(public: bytes, message: bytes, signature: bytes) -> bool:
    """Was exactly `message` signed by this key? Odd sizes are answered with False, never with an error."""
    if len(public) != PUBLIC_SIZE or len(signature) != SIGNATURE_SIZE:
        return False
    try:
        sodium.crypto_sign_open(signature + message, public)
    except CryptoError:
        return False
    return True


def sign(seed: bytes, purpose: str, message: bytes) -> bytes:
    """64 bytes over `ayni/<purpose>/v1\\0` + message: made for one purpose, worth nothing for another."""
    return sign_raw(seed, _domain(purpose) + message)


def verify(public: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    """Was `message` signed by this key for this purpose? Says nothing about whose key it is or how old."""
    return verify_raw(public, _domain(purpose) + message, signature)


# --- Sealed boxes: X25519 --------------------------------------------------------------------------------


def new_sealing_key(chance: Chance) -> bytes:
    """32 secret bytes that open what others seal to `sealing_public` of them."""
    return chance(KEY_SIZE)


def sealing_public(private: bytes) -> bytes:
    """The 32 public bytes that others seal to."""
    return sodium.crypto_scalarmult_base(private)


def seal_to(public: bytes, plaintext: bytes) -> bytes:
    """Only the holder of the private half opens this; 48 bytes longer. It proves no sender: sign inside.

    Raises CannotSeal for a key of wrong size or small order.
    """
    if len(public) != PUBLIC_SIZE:
        raise CannotSeal
    try:
        return sodium.crypto_box_seal(plaintext, public)
    except (CryptoError, RuntimeError) as odd_key:
        raise CannotSeal from odd_key


def open_sealed(private: bytes, sealed: bytes, *, public: bytes | None = None) -> bytes:
    """What was sealed to this key. Giving `public` saves deriving it (18 µs). Raises CannotOpen."""
    if len(sealed) < SEAL_OVERHEAD:
        raise CannotOpen
    try:
        return sodium.crypto_box_seal_open(sealed, public or sealing_public(private), private)
    except CryptoError as closed:
        raise CannotOpen from closed


# --- Guarded fields and wrapped keys: XChaCha20-Poly1305 --------------------------------------------------


def new_key(chance: Chance) -> bytes:
    """32 secret bytes for `seal_field`, `wrap_key` or `digest`."""
    return chance(KEY_SIZE)


def _place(kind: int, *names: str) -> bytes:
    """Associated data: where a ciphertext belongs. Names hold no NUL, so that two places never look alike."""
    joined = "\0".join(names)
    if joined.count("\0") != len(names) - 1:
        raise CannotSeal
    return bytes((kind,)) + joined.encode()


def _head(kind: int, kid: str) -> bytes:
    name = kid.encode("ascii")
    if len(name) > 255:
        raise CannotSeal
    return bytes((kind, len(name))) + name


def _split(kind: int, blob: bytes) -> tuple[str, bytes]:
    """(kid, the rest). Raises CannotOpen when this is another kind of thing or cut short."""
    if len(blob) < 2 or blob[0] != kind or len(blob) < 2 + blob[1]:
        raise CannotOpen
    end = 2 + blob[1]
    try:
        return blob[2:end].decode("ascii"), blob[end:]
    except UnicodeDecodeError as damaged:
        raise CannotOpen from damaged


def _aead_open(key: bytes, boxed: bytes, place: bytes) -> bytes:
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(boxed[_NONCE:], place, boxed[:_NONCE], key)
    except (CryptoError, ValueError) as closed:
        raise CannotOpen from closed


def _aead_seal(key: bytes, plaintext: bytes, place: bytes, nonce: bytes) -> bytes:
    return nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, place, nonce, key)


def kid_of(blob: bytes) -> str:
    """Which key a guarded field or a wrapped key asks for. Unproven until it has been opened."""
    if not blob or blob[0] not in (_FIELD, _WRAP):
        raise CannotOpen
    return _split(blob[0], blob)[0]


def seal_field(
    key: bytes,
    *,
    table: str,
    column: str,
    row: str,
    kid: str,
    plaintext: bytes,
    chance: Chance,
    schema: int = 1,
) -> bytes:
    """kind, kid, nonce, ciphertext: opens only in the same table, column, row, kid and schema version.

    Padded to FIELD_BLOCK bytes first. Raises CannotSeal when a name holds NUL.
    """
    place = _place(_FIELD, table, column, row, kid, str(schema))
    padded = sodium.sodium_pad(plaintext, FIELD_BLOCK)
    return _head(_FIELD, kid) + _aead_seal(key, padded, place, chance(_NONCE))


def open_field(
    key: bytes, *, table: str, column: str, row: str, kid: str, sealed: bytes, schema: int = 1
) -> bytes:
    """What was sealed for exactly this place. Choose the key by `kid_of`, do not try. Raises CannotOpen."""
    named, boxed = _split(_FIELD, sealed)
    if named != kid:
        raise CannotOpen
    padded = _aead_open(key, boxed, _place(_FIELD, table, column, row, kid, str(schema)))
    try:
        return sodium.sodium_unpad(padded, FIELD_BLOCK)
    except CryptoError as damaged:
        raise CannotOpen from damaged


def _commitment(key: bytes, nonce: bytes) -> bytes:
    return digest(key, "commit", nonce)


def wrap_key(ring_key: bytes, data_key: bytes, *, ring: str, owner: str, kid: str, chance: Chance) -> bytes:
    """A person's data key under a ring key: opens only for the same ring, owner and kid.

    Carries a commitment to the ring key, because these ciphers alone can be made to open under two keys.
    """
    nonce = chance(_NONCE)
    place = _place(_WRAP, ring, owner, kid)
    return _head(_WRAP, kid) + _commitment(ring_key, nonce) + _aead_seal(ring_key, data_key, place, nonce)


def unwrap_key(ring_key: bytes, wrapped: bytes, *, ring: str, owner: str) -> bytes:
    """The data key again. Raises CannotOpen for another ring key, ring or owner."""
    kid, rest = _split(_WRAP, wrapped)
    commitment, boxed = rest[:_COMMIT_SIZE], rest[_COMMIT_SIZE:]
    if not same(commitment, _commitment(ring_key, boxed[:_NONCE])):
        raise CannotOpen
    return _aead_open(ring_key, boxed, _place(_WRAP, ring, owner, kid))


# --- Digests: BLAKE2b ------------------------------------------------------------------------------------


def digest(key: bytes, purpose: str, data: bytes, size: int = 32) -> bytes:
    """Keyed BLAKE2b for one purpose, `size` bytes (1 to 64): pseudonyms, look-up values, proofs."""
    return hashlib.blake2b(_domain(purpose) + data, key=key, digest_size=size).digest()


def hash32(purpose: str, data: bytes) -> bytes:
    """BLAKE2b-256 for one purpose. Hides nothing that can be guessed: names and dates need `digest`."""
    return hashlib.blake2b(_domain(purpose) + data, digest_size=32).digest()


# --- Words: Argon2id -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: rounds, and bytes of memory (at least 8,192)."""

    rounds: int
    memory: int


INTERACTIVE = Cost(argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE)
"""0.14 s and 64 MiB a guess: for words given in chat and on pages."""
SENSITIVE = Cost(argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE)
"""3.7 s and 1 GiB a guess: for passphrases that protect keys kept on paper or a stick."""
VERIFIER_SLOTS = 8
LONGEST_WORD = 1000
"""Letters of a word or a phrase that count: folding a page full of them would cost more than the check."""


def plain_word(word: str) -> str:
    """The word as it is compared: however a phone writes case, spaces, digits and invisible marks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    visible = (char for char in folded if unicodedata.category(char) != "Cf")
    digits = (str(unicodedata.decimal(char, char)) for char in visible)
    return " ".join("".join(digits).split())


def spoken(word: str) -> str:
    """The same for a word or a sentence: however a phone writes stops, commas and apostrophes as well."""
    plain = plain_word(word)
    kept = (
        "" if char in "'’ʼ`" else " " if unicodedata.category(char).startswith("P") else char
        for char in plain
    )
    return " ".join("".join(kept).split())


def key_from_passphrase(passphrase: str, salt: bytes, *, cost: Cost = SENSITIVE) -> bytes:
    """32 key bytes from something a person knows; `salt` is 16 bytes, kept beside what the key opens."""
    return argon2id.kdf(KEY_SIZE, plain_word(passphrase).encode(), salt, cost.rounds, cost.memory)


def make_verifier(word: str, salt: bytes, pepper: bytes, *, cost: Cost = INTERACTIVE) -> bytes:
    """32 bytes kept instead of a word. `pepper` is a key of the Watch ring: without it nobody can guess."""
    return digest(pepper, "word", key_from_passphrase(spoken(word[:LONGEST_WORD]), salt, cost=cost))


def check_word(
    word: str, salt: bytes, pepper: bytes, verifiers: Sequence[bytes], *, cost: Cost = INTERACTIVE
) -> int | None:
    """Which of a person's verifiers this word fits (0 the word, 1 the duress phrase …), or None.

    One derivation and always VERIFIER_SLOTS comparisons, so that every answer takes the same time. It does
    not count tries: the caller does. For an unknown person call it with a fixed salt and no verifiers.
    """
    if len(verifiers) > VERIFIER_SLOTS:
        raise ValueError(f"at most {VERIFIER_SLOTS} verifiers a person")
    given = make_verifier(word, salt, pepper, cost=cost)
    never = digest(pepper, "no-word", given)
    padded = [*verifiers, *[never] * (VERIFIER_SLOTS - len(verifiers))]
    fits = [same(given, kept) for kept in padded]
    return fits.index(True) if any(fits) else None


# --- Padding to size classes -----------------------------------------------------------------------------


def pad_to_class(plaintext: bytes, classes: Sequence[int] = SIZE_CLASSES) -> bytes:
    """As long as the smallest class that holds it and one byte more. Raises CannotSeal when none does."""
    for size in classes:
        if len(plaintext) < size:
            return sodium.sodium_pad(plaintext, size)
    raise CannotSeal


def unpad_from_class(padded: bytes, classes: Sequence[int] = SIZE_CLASSES) -> bytes:
    """The plaintext again. Raises CannotOpen for a length that is no class, or damaged padding."""
    if len(padded) not in classes:
        raise CannotOpen
    try:
        return sodium.sodium_unpad(padded, len(padded))
    except CryptoError as damaged:
        raise CannotOpen from damaged
