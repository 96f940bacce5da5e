"""What guarding costs: fields sealed and opened, people's keys after an unseal, a new epoch for everybody.

Time is this process's own, so that a busy machine does not count; nothing here waits for a disk.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from figure import Figure
from nacl import bindings as sodium

from directory.store.guarded import Guard, RingKey
from hub.chance import chance
from hub.custody import slots, watch
from hub.custody.slots import SlotFile

FIELDS = {"city": "Cobán", "marked_issues": ["land"], "text": "Water is life. " * 10}
PLAIN = b'{"city":"Cob\xc3\xa1n","marked_issues":["land"],"text":"' + b"Water is life. " * 10 + b'"}'
ROUNDS, TIMES = 7, 2_000
PEOPLE = int(os.environ.get("AYNI_BENCH_PEOPLE", "100000"))


def _guard(folder: Path) -> Guard:
    slots.prepare(folder)
    ring = RingKey("a1", chance(32))
    guard = Guard(RingKey("w1", chance(32)), ring, chance, slots=SlotFile(folder, chance))
    guard.new_person(1)
    return guard


def _per_call(call: Callable[[], object]) -> float:
    """Microseconds a call: the median of several rounds."""

    def once() -> float:
        began = time.process_time()
        for _ in range(TIMES):
            call()
        return (time.process_time() - began) / TIMES * 1e6

    return statistics.median(once() for _ in range(ROUNDS))


def write_over_pynacl() -> Iterator[Figure]:
    """Sealing a member's fields under her own key, beyond bare XChaCha20-Poly1305 of the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        guard, key = _guard(Path(folder)), chance(32)
        ours = _per_call(lambda: guard.seal_fields("members", "m1", FIELDS, person=1))
    bare = _per_call(
        lambda: sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(PLAIN, b"place", chance(24), key)
    )
    yield Figure("guarded write over bare PyNaCl", ours - bare, "µs", 40.0)


def read_over_pynacl() -> Iterator[Figure]:
    """Opening a member's fields, beyond bare XChaCha20-Poly1305 of the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        guard, key, nonce = _guard(Path(folder)), chance(32), chance(24)
        sealed = guard.seal_fields("members", "m1", FIELDS, person=1)
        boxed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(PLAIN, b"place", nonce, key)
        ours = _per_call(lambda: guard.open_fields("members", "m1", sealed))
    bare = _per_call(lambda: sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(boxed, b"place", nonce, key))
    yield Figure("guarded read over bare PyNaCl", ours - bare, "µs", 40.0)


def _many(folder: Path) -> tuple[SlotFile, RingKey]:
    """A slot file with as many people as a large network has, written without waiting for the disk."""
    slots.prepare(folder)
    file, ring = SlotFile(folder, chance), RingKey("a1", chance(32))
    with file._held() as handle:
        epoch = file._newest((ring,))
        for slot in range(1, PEOPLE + 1):
            file._write(handle, slot, chance(32), epoch)
    return file, ring


def first_read_over_pynacl() -> Iterator[Figure]:
    """The same for somebody whose key is not in memory yet."""
    with tempfile.TemporaryDirectory() as folder:
        guard, key, nonce = _guard(Path(folder)), chance(32), chance(24)
        sealed = guard.seal_fields("members", "m1", FIELDS, person=1)
        boxed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(PLAIN, b"place", nonce, key)
        file = guard.slots
        assert isinstance(file, SlotFile)

        def read() -> None:
            file._unwrapped.clear()
            guard.open_fields("members", "m1", sealed)

        ours = _per_call(read)
    bare = _per_call(lambda: sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(boxed, b"place", nonce, key))
    yield Figure("first guarded read over bare PyNaCl", ours - bare, "µs", 40.0)


def unseal_everybody() -> Iterator[Figure]:
    """After an unseal: every one of 100,000 members' keys opened once."""
    with tempfile.TemporaryDirectory() as folder:
        written, ring = _many(Path(folder))
        fresh = SlotFile(written.folder, chance)
        began = time.process_time()
        for slot in range(1, PEOPLE + 1):
            fresh.key(slot, (ring,))
        yield Figure("unseal 100,000 members' keys", time.process_time() - began, "s", 5.0)


def turn_everybody() -> Iterator[Figure]:
    """A new epoch for 100,000 members, while others may read. No bar was set; it runs once a day."""
    with tempfile.TemporaryDirectory() as folder:
        file, ring = _many(Path(folder))
        began = time.process_time()
        file.turn((ring,), lambda: 1)
        yield Figure("new epoch for 100,000 members", time.process_time() - began, "s", 60.0)


def rotate_archive() -> Iterator[Figure]:
    """A new Archive key with 100,000 members: epoch keys under it, everybody's key under a new epoch.

    Then a new Watch key, which wraps one data key however many members there are. No bar was set.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, ring = _many(Path(folder))
        fresh = RingKey("a2", chance(32))
        began = time.process_time()
        file.rewrap_epochs((fresh, ring))
        file.turn((fresh, ring), lambda: 1)
        spent = time.process_time() - began
        SlotFile(file.folder, chance).key(PEOPLE, (fresh,))
        yield Figure("Archive rotation, 100,000 members", spent, "s", 60.0)
        began = time.process_time()
        watch.begin(Path(folder), chance)
        watch.rotate(Path(folder), chance)
        yield Figure("Watch rotation", (time.process_time() - began) * 1e3, "ms", 1000.0)


def longest_wait() -> Iterator[Figure]:
    """While 100,000 members' keys are re-wrapped, how long the slowest of many reads and writes waits."""
    with tempfile.TemporaryDirectory() as folder:
        file, ring = _many(Path(folder))
        serving = SlotFile(file.folder, chance)
        turning = threading.Thread(target=file.turn, args=((ring,), lambda: 1))
        turning.start()
        waits, slot = [], PEOPLE
        while turning.is_alive():
            slot += 1
            began = time.perf_counter()
            serving.new(slot, (ring,))
            serving.key(slot, (ring,))
            waits.append(time.perf_counter() - began)
        turning.join()
        yield Figure("slowest write and read while re-wrapping", max(waits) * 1e3, "ms", 1000.0)


FIGURES = (
    write_over_pynacl,
    read_over_pynacl,
    first_read_over_pynacl,
    unseal_everybody,
    turn_everybody,
    rotate_archive,
    longest_wait,
)
