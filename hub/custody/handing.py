"""Handing the Archive key from one process of this hub to another, in memory only.

Each process answers on a socket of its own (run/<role>.<process>.keys, mode 600). `ayni unseal` hands the
key to all; a process that starts later asks those that are open. Only processes of the same account are
spoken with: whoever is that account could read their memory anyway. A key is believed when it fits the
commitment in `keys/archive.lock`, whoever brought it. Nothing here writes a key to a disk.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from directory.crypto import CannotOpen
from directory.store.guarded import Guard, RingKey
from hub import log
from hub.custody import rings
from hub.custody.locked import WrongKey
from hub.embedded.files import folder

SUFFIX = ".keys"
PATIENCE_S = 5.0
LONGEST = 4096
_CREDENTIALS = struct.Struct("3i")  # SO_PEERCRED, unix(7): process, account, group


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question (`ask`, about the Watch key with `watch`), a key (`kid`, `key`), or what came of it."""

    ask: bool = False
    watch: bool = False
    opened: bool = False
    kid: str = ""
    key: bytes = b""


async def answering(guard: Guard, data: Path, role: str) -> None:
    """Answer until cancelled. The socket goes with us; one that a dead process left is replaced."""
    place = folder(data / "run") / f"{role}.{os.getpid()}{SUFFIX}"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _same_account(writer):
                answer = _answer(guard, data / "keys", _read(await reader.readline()))
                writer.write(msgspec.json.encode(answer) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.event("key question broken off")
        finally:
            writer.close()

    with _near(place) as near:
        place.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old = os.umask(0o177)
        try:
            listening.bind(near)
        finally:
            os.umask(old)
    server = await asyncio.start_unix_server(talk, sock=listening, limit=LONGEST)
    try:
        async with server:
            await server.serve_forever()
    finally:
        place.unlink(missing_ok=True)


async def give(data: Path, ring: RingKey) -> tuple[str, ...]:
    """Hand the key to every process that runs; the roles that are open now."""
    handed = Message(kid=ring.kid, key=ring.key)
    opened = {place.name.partition(".")[0] async for place, answer in _all(data, handed) if answer.opened}
    return tuple(sorted(opened))


def running(data: Path) -> tuple[str, ...]:
    """The roles that should have answered."""
    return tuple(sorted({place.name.partition(".")[0] for place in (data / "run").glob(f"*{SUFFIX}")}))


async def join(guard: Guard, data: Path) -> bool:
    """Open the Archive ring with what another process of this hub has; whether it is open now."""
    if guard.sealed:
        async for _, answer in _all(data, Message(ask=True)):
            if guard.sealed and answer.key:
                _take(guard, data / "keys", RingKey(answer.kid, answer.key))
    return not guard.sealed


async def watch_of(data: Path) -> RingKey | None:
    """What seals under the Watch ring, from a process that has it: where only systemd hands out its key."""
    async for _, answer in _all(data, Message(ask=True, watch=True)):
        if answer.key:
            return RingKey(answer.kid, answer.key)
    return None


def _answer(guard: Guard, keys: Path, message: Message | None) -> Message:
    if message is None:
        return Message()
    if message.key:
        return Message(opened=_take(guard, keys, RingKey(message.kid, message.key)))
    if message.ask and message.watch:
        return Message(opened=True, kid=guard.watch.kid, key=guard.watch.key)
    archive = guard.archive
    if not message.ask or archive is None:
        return Message()
    return Message(opened=True, kid=archive.kid, key=archive.key)


def _take(guard: Guard, keys: Path, ring: RingKey) -> bool:
    """Open with this key if it is the right one. One that is not changes nothing."""
    try:
        rings.unseal(guard, keys, ring)
    except (WrongKey, CannotOpen):
        log.trouble("a wrong archive key was offered")
        return False
    log.event("archive opened")
    return True


async def _all(data: Path, message: Message) -> AsyncIterator[tuple[Path, Message]]:
    for place in sorted((data / "run").glob(f"*{SUFFIX}")):
        with suppress(OSError, TimeoutError, ValueError):
            async with asyncio.timeout(PATIENCE_S):
                answer = await _say(place, message)
            if answer is not None:
                yield place, answer


async def _say(place: Path, message: Message) -> Message | None:
    with _near(place) as near:
        try:
            reader, writer = await asyncio.open_unix_connection(near, limit=LONGEST)
        except ConnectionRefusedError:  # left by a process that was killed
            _clear_away(place)
            return None
    try:
        writer.write(msgspec.json.encode(message) + b"\n")
        return _read(await reader.readline())
    finally:
        writer.close()


def _clear_away(place: Path) -> None:
    place.unlink(missing_ok=True)


def _read(line: bytes) -> Message | None:
    try:
        return msgspec.json.decode(line, type=Message)
    except msgspec.DecodeError:
        return None


def _same_account(writer: asyncio.StreamWriter) -> bool:
    peer = writer.get_extra_info("socket")
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(raw)[1] == os.geteuid())


@contextmanager
def _near(place: Path) -> Iterator[str]:
    """A short name for a socket: the system allows 108 bytes, and data folders lie deep."""
    handle = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{place.name}"
    finally:
        os.close(handle)
