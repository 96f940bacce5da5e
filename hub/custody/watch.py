"""The Watch ring: a key that opens by itself, and the data key that lies wrapped under it.

What is sealed is sealed with the data key, which never lies open on the disk. The ring's own key is a file,
or a credential that systemd opens at the start (a TPM, or the machine's key). Replacing it wraps the data key
anew and overwrites the old key (DESIGN 4.9: rotation re-wraps data keys while serving): a copy of the old
file alone opens nothing afterwards. What it does not do is replace the data key. Who had both files opens
what is sealed later too: digests, and verifiers of words nobody but their owners know, hang on that key.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from directory import crypto
from directory.store.guarded import RingKey
from hub.custody.files import credential, fresh, read_ring, ring_text, shred, write_secret
from hub.settings import read_secret
from hub.trouble import Trouble

WATCH, DATA = "watch.key", "watch.data"
NEXT, OLD, HELD = "watch.next", "watch.old", "watch.held"
RING = "watch"


class NoKeys(Trouble):
    """The key files are missing. Nothing was changed, and nothing starts without them. Put the folder `keys`
    back from your copy; new keys open nothing."""

    needs_person = True


class DamagedWatch(Trouble):
    """The key file {file} is damaged. Nothing was changed, and nothing starts without it. Put it back from
    your copy."""

    needs_person = True


class NotHanded(NoKeys):
    """The Watch key of this hub is not in its folder, and systemd did not hand it over. Nothing was changed,
    and nothing starts without it. Start the hub by its unit (systemctl start ayni), or put watch.key back."""


class Rotating(Trouble):
    """Another command is replacing the Watch key at this moment. Nothing was changed. Try again when it is
    done."""


class OtherWatchKey(Trouble):
    """The Watch key that was found does not belong to this hub: it is another network's, or an older one.
    Nothing was changed and nothing runs: alarms too need it. Put back the newest watch.key, or the
    credential that systemd opens."""

    needs_person = True


class Wrapped(msgspec.Struct, frozen=True):
    """`watch.data`: the data key's name, and the data key under each ring key that may open it.

    There are two only while the ring key is being replaced; `newest` is the one that stays.
    """

    kid: str
    newest: str
    under: dict[str, bytes]
    by_systemd: bool = False
    """The ring key is no file any more: where it is missing, systemd did not hand it over."""


class Kept(StrEnum):
    """Where the Watch ring's key is."""

    FILE = "file"
    CREDENTIAL = "credential"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a rotation made: the new key as text, when it has to be given to systemd."""

    text: str


def kept_as(keys: Path) -> Kept:
    """How this process finds the ring's key."""
    if credential(WATCH) is not None:
        return Kept.CREDENTIAL
    return Kept.FILE if (keys / WATCH).exists() else Kept.ELSEWHERE


def begin(keys: Path, chance: crypto.Chance) -> None:
    """Make both keys, unless there are some: first what is wrapped, so that a power cut leaves no half."""
    given = credential(WATCH)
    if (keys / WATCH).exists() or (given is not None and (keys / DATA).exists()):
        return
    ring = (given is not None and read_ring(given)) or fresh("w", chance)
    _write(keys, fresh("w", chance), (ring,), chance)
    if given is None:
        write_secret(keys / WATCH, ring_text(ring))


def open_watch(keys: Path) -> RingKey:
    """What seals under the Watch ring. Finishes a rotation that was cut short.

    Raises NoKeys, DamagedWatch, OtherWatchKey.
    """
    if keys.exists():
        settle(keys)
    ring, wrapped = _ring(keys), wrapped_of(keys)
    if ring is None:
        raise NotHanded if by_systemd(keys) else NoKeys
    return ring if wrapped is None else _opened(ring, wrapped)


def wrapped_of(keys: Path) -> Wrapped | None:
    """What is wrapped; None in a hub older than this file, whose ring key sealed directly."""
    path = keys / DATA
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(read_secret(path), type=Wrapped)
    except msgspec.DecodeError:
        raise DamagedWatch(file=path) from None


def by_systemd(keys: Path) -> bool:
    """Is the ring key with systemd only?"""
    wrapped = wrapped_of(keys)
    return wrapped is not None and wrapped.by_systemd


def _credential() -> RingKey | None:
    path = credential(WATCH)
    return None if path is None else read_ring(path)


def waits_for_credential(keys: Path) -> bool:
    """Was a new key made for systemd that it does not hand us yet?"""
    wrapped = wrapped_of(keys)
    if wrapped is None or len(wrapped.under) < 2:
        return False
    ring = _ring(keys)
    return ring is not None and ring.kid != wrapped.newest


def rotate(keys: Path, chance: crypto.Chance, *, to_credential: bool = False) -> Replaced:
    """A new ring key, while everything runs: no process needs to be told. Returns its text.

    `to_credential`: the new key is not written here; it is in force once systemd hands it to us, and the old
    one opens until then.
    """
    return Replaced(list(steps(keys, chance, to_credential=to_credential))[-1])


def steps(keys: Path, chance: crypto.Chance, *, to_credential: bool = False) -> Iterator[str]:
    """The same step by step: the power may be cut between any two, and `open_watch` goes on."""
    data, old, new = open_watch(keys), _ring(keys), fresh("w", chance)
    assert old is not None
    text = ring_text(new)
    with _alone(keys) as ours:
        if not ours:
            raise Rotating
        if not to_credential:
            write_secret(keys / NEXT, text)
            yield text
        _write(keys, data, (old, new), chance)
        yield text
        if not to_credential:
            yield from (text for _ in _put_in_place(keys))
            _forget_others(keys, new)
            yield text


def settle(keys: Path) -> None:
    """Finish what was cut short: the new key is put in place, the old one overwritten and unwrapped."""
    with _alone(keys) as ours:
        if ours:
            _settle(keys)


def _settle(keys: Path) -> None:
    wrapped, following = wrapped_of(keys), read_ring(keys / NEXT)
    if following is not None and wrapped is not None and following.kid in wrapped.under:
        for _ in _put_in_place(keys):
            pass
    shred(keys / NEXT)
    shred(keys / OLD)
    if wrapped is None:
        return
    ring = _ring(keys)
    if ring is not None and ring.kid == wrapped.newest and len(wrapped.under) > 1:
        _forget_others(keys, ring)
        if credential(WATCH) is not None:
            shred(keys / WATCH)


@contextmanager
def _alone(keys: Path) -> Iterator[bool]:
    """Is nobody else replacing the key?"""
    handle = os.open(keys / HELD, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def _put_in_place(keys: Path) -> Iterator[None]:
    if (keys / WATCH).exists() and not (keys / OLD).exists():
        # The old key keeps a name until it has been overwritten.
        os.link(keys / WATCH, keys / OLD)
        yield
    (keys / NEXT).replace(keys / WATCH)
    yield
    shred(keys / OLD)
    yield


def _forget_others(keys: Path, ring: RingKey) -> None:
    wrapped = wrapped_of(keys)
    if wrapped is not None and ring.kid in wrapped.under:
        only = {ring.kid: wrapped.under[ring.kid]}
        handed = credential(WATCH) is not None and not (keys / OLD).exists() and ring == _credential()
        fresh_one = Wrapped(wrapped.kid, ring.kid, only, handed)
        write_secret(keys / DATA, msgspec.json.encode(fresh_one).decode())


def _ring(keys: Path) -> RingKey | None:
    """The ring's key: of what systemd hands us and the file, the one that opens; None when there is none."""
    wrapped = wrapped_of(keys)
    found = [read_ring(path) for path in (credential(WATCH), keys / WATCH) if path is not None]
    there = [ring for ring in found if ring is not None]
    fits = [ring for ring in there if wrapped is None or ring.kid in wrapped.under]
    return next(iter([*fits, *there]), None)


def _opened(ring: RingKey, wrapped: Wrapped) -> RingKey:
    try:
        key = crypto.unwrap_key(ring.key, wrapped.under[ring.kid], ring=RING, owner=wrapped.kid)
    except (KeyError, crypto.CannotOpen):
        raise OtherWatchKey from None
    return RingKey(wrapped.kid, key)


def _write(keys: Path, data: RingKey, rings: tuple[RingKey, ...], chance: crypto.Chance) -> None:
    under = {
        ring.kid: crypto.wrap_key(ring.key, data.key, ring=RING, owner=data.kid, kid=ring.kid, chance=chance)
        for ring in rings
    }
    write_secret(keys / DATA, msgspec.json.encode(Wrapped(data.kid, rings[-1].kid, under)).decode())
