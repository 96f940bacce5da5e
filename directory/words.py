"""The one secret a member remembers: setting it, and hearing it again in chat or on a page.

Kept is a salted, peppered argon2id verifier (directory/crypto.py). Deriving takes 0.14 s and 64 MiB, so it
runs in a thread, two at a time: a flood of guesses can make guessers wait, but no alarm.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from directory import crypto
from directory.core.handles import handle_key
from directory.core.text import say
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import words as store
from directory.turn import Turn

SHORTEST = 6
WRONG_IN_A_ROW = 5
PAUSE = timedelta(minutes=10)
"""After five wrong words on one lane, every word on that lane is wrong for this long."""

_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="words")
_NOBODY = bytes(crypto.SALT_SIZE)
_TOO_EASY = frozenset({"password", "contraseña", "motdepasse", "mot de passe", "secret", "qwerty", "123456"})


async def set_word(turn: Turn, member: str, word: str) -> None:
    """Set the member's own word. Replacing one needs the old one first (within five minutes).

    Raises NotYours, NeedsWord, or BadAnswer when it is too short, the handle itself, or known to everybody.
    """
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or turn.viewer.member != member:
        raise NotYours
    if await has_word(turn, member) and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    plain = crypto.plain_word(word)
    if len(plain) < SHORTEST or plain in _TOO_EASY or plain == handle_key(row.handle or ""):
        raise BadAnswer(
            say(
                "Please choose a longer word that nobody can guess: {least} letters or more.", least=SHORTEST
            ),
            field="word",
        )
    salt = turn.guard.chance(crypto.SALT_SIZE)
    verifier = await _derived(word, salt, turn.guard.watch.key)
    await store.set_verifier(turn.tx, member, "word", salt + verifier, turn.now)


async def has_word(turn: Turn, member: str) -> bool:
    """Has this member set a word?"""
    return "word" in await store.verifiers_of(turn.tx, member)


async def check_word(turn: Turn, member: str, word: str) -> bool:
    """Is this the member's word? The same work whether or not the member exists or has one.

    Five wrong ones in a row on a lane close that lane's checks for ten minutes; chat and page count apart.
    The caller remembers a yes as `Viewer.word_at`.
    """
    kept = (await store.verifiers_of(turn.tx, member)).get("word", b"")
    salt, verifier = (kept[: crypto.SALT_SIZE] or _NOBODY), kept[crypto.SALT_SIZE :]
    fits = await _fits(word, salt, turn.guard.watch.key, [verifier] if verifier else [])
    return await _counted(turn, member, fits) if kept else False


async def holds_word(turn: Turn, member: str, text: str) -> bool:
    """Does this text hold the member's word, alone or after one or two others? For what others are about to
    read: counts as no try, and whoever wrote the text must not learn the answer."""
    kept = (await store.verifiers_of(turn.tx, member)).get("word", b"")
    salt, verifier = kept[: crypto.SALT_SIZE], kept[crypto.SALT_SIZE :]
    parts = text.split()
    tails = [" ".join(parts[start:]) for start in range(min(3, len(parts)))] if verifier else []
    return any([await _fits(tail, salt, turn.guard.watch.key, [verifier]) for tail in tails])


async def who_says(turn: Turn, handle: str, word: str) -> str | None:
    """The member with this handle and this word: signing in without any bot. None for whatever is wrong."""
    row = await rows.with_handle(turn.tx, handle_key(handle))
    known = row is not None and row.state in ("waiting", "active")
    right = await check_word(turn, row.id if row is not None and known else "", word)
    return row.id if row is not None and right else None


async def _counted(turn: Turn, member: str, fits: bool) -> bool:
    lane = turn.viewer.lane.value
    tries, since = await store.wrong_tries(turn.tx, member, lane) or (0, turn.now)
    if turn.now - since > PAUSE:
        tries, since = 0, turn.now
    if tries >= WRONG_IN_A_ROW:
        return False
    if fits:
        await store.forget_wrong_tries(turn.tx, member, lane)
        return True
    await store.set_wrong_tries(turn.tx, member, lane, tries + 1, turn.now)
    return False


async def _derived(word: str, salt: bytes, pepper: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, crypto.make_verifier, word, salt, pepper)


async def _fits(word: str, salt: bytes, pepper: bytes, verifiers: list[bytes]) -> bool:
    loop = asyncio.get_running_loop()
    which = await loop.run_in_executor(_THREADS, crypto.check_word, word, salt, pepper, verifiers)
    return which is not None
