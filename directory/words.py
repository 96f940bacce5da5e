"""The one secret a member remembers: setting it, and hearing it again in chat or on a page.

Kept are salted, peppered argon2id verifiers (directory/crypto.py) in places: of the word, of a second phrase
that counts like the word and calls for help unseen (directory/second_phrase.py), of what was chosen under
pressure, which calls for help too, and of what was replaced these days (directory/core/word_places.py). Where
nothing is lies chance, so that nobody can tell. Each is answered with the same rows and the same work; what
differs happens after the answer, when the row of `GIVEN` is due (bots/pressed.py).

Deriving takes 0.14 s and 64 MiB, so it runs in a thread, two at a time: a flood of guesses can make guessers
wait, but no alarm.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from directory import crypto
from directory.core import word_places
from directory.core.effects import DueAt, SecretSaid
from directory.core.handles import handle_key
from directory.core.text import say
from directory.core.word_places import PLACES, Places
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import words as store
from directory.store.words import GivenRow
from directory.turn import Turn

GIVEN = "given-word"
"""Kind of the due row that follows every word that was given; its ref is `Given.id`."""
SHORTEST = 6
WRONG_IN_A_ROW = 5
COST = crypto.INTERACTIVE
"""What one derivation costs here."""
PAUSE = timedelta(minutes=10)
"""After five wrong words on one lane, or with one handle at the door, every word there is wrong so long."""

_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="words")
_NOBODY = bytes(crypto.SALT_SIZE)
_NOTHING = bytes(crypto.KEY_SIZE)
_TOO_EASY = frozenset({"password", "contraseña", "motdepasse", "mot de passe", "secret", "qwerty", "123456"})


@dataclass(frozen=True, slots=True)
class Given:
    """A member gave their word. `id` names the row that says which of their secrets it was."""

    id: str
    place: int = field(repr=False)

    @property
    def pressed(self) -> bool:
        """It calls for help. Decides nothing a person sees."""
        return self.place > 0


async def set_word(turn: Turn, member: str, word: str) -> None:
    """Set the member's own word. Replacing one needs the old one first (within five minutes).

    It ends what was given, and nothing else. Somebody who is pressed replaces the phrase for danger: the new
    word counts, and so does the true one. A phrase that is made the word is a phrase no more: to refuse it
    would say that it is one.
    Raises NotYours, NeedsWord, or BadAnswer when it is too short, the handle, or too easy.
    """
    row = await rows.load(turn.tx, member, lock=True)
    if row is None or turn.viewer.member != member:
        raise NotYours
    await turn.record(SecretSaid())
    places = await store.places_of(turn.tx, turn.guard, member)
    if places is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    check_choice(word, row.handle)
    salt = turn.guard.chance(crypto.SALT_SIZE) if places is None else places.salt
    made = await derived(word, salt, turn.guard.watch.key)
    if places is None:
        chosen = word_places.begun(salt, made, partial(unlike_any, turn))
    else:
        given_as = turn.viewer.given_as
        chosen = word_places.with_word(places, given_as, made, turn.now, partial(unlike_any, turn))
    await store.set_places(turn.tx, turn.guard, member, chosen, turn.now)


def unlike_any(turn: Turn) -> bytes:
    """Chance that looks like a verifier, and fits no word."""
    return turn.guard.chance(crypto.KEY_SIZE)


def check_choice(word: str, handle: str | None) -> None:
    """Is this good enough for a word or a phrase? Raises BadAnswer."""
    plain = crypto.spoken(word)
    if len(plain) < SHORTEST or plain in _TOO_EASY or plain == handle_key(handle or ""):
        raise BadAnswer(
            say(
                "Please choose a longer word that nobody can guess: {least} letters or more.", least=SHORTEST
            ),
            field="word",
        )


async def has_word(turn: Turn, member: str) -> bool:
    """Has this member set a word?"""
    return await store.places_of(turn.tx, turn.guard, member) is not None


async def check_word(turn: Turn, member: str, word: str) -> Given | None:
    """Is this the member's word? The same work whether or not the member exists or has one.

    Five wrong ones in a row on a lane close that lane's checks for ten minutes; chat, pages of whoever is
    signed in, and signing in count apart.
    The caller goes on with `sure(turn, given)`.
    """
    return await _checked(turn, member, member, word)


async def holds_word(turn: Turn, member: str, text: str) -> bool:
    """Does this text hold the member's word, alone or after one or two others? For what others are about to
    read: counts as no try, and whoever wrote the text must not learn the answer."""
    places = await store.places_of(turn.tx, turn.guard, member)
    parts = text.split()
    tails = [" ".join(parts[start:]) for start in range(min(3, len(parts)))] if places is not None else []
    return any([await _which(turn, places, tail) is not None for tail in tails])


async def who_says(turn: Turn, handle: str, word: str, known: str = "") -> tuple[str, Given] | None:
    """The member with this handle and this word: signing in without any bot. None for whatever is wrong.

    Wrong words are counted by handle. `known` is the member whom this browser was signed in as: with their
    handle tries count as theirs, so that whoever guesses from elsewhere keeps none of their browsers out.
    """
    key = handle_key(handle)
    row = await rows.with_handle(turn.tx, key)
    member = row.id if row is not None and row.state in ("waiting", "active") else ""
    given = await _checked(turn, member, member if member and member == known else f"?{key}", word)
    return (member, given) if given is not None else None


def sure(turn: Turn, given: Given) -> Turn:
    """The turn of somebody who has just given their word."""
    return replace(turn, viewer=replace(turn.viewer, word_at=turn.now, given_as=given.place))


async def as_given(turn: Turn, name: str) -> Turn:
    """The turn of somebody who gave their word earlier in this talk: `name` is the id of what they gave."""
    row = await store.given(turn.tx, turn.guard, name)
    if row is None or row.member != turn.viewer.member:
        return turn
    return replace(turn, viewer=replace(turn.viewer, word_at=row.at, given_as=row.place))


async def given(turn: Turn, name: str) -> GivenRow | None:
    """What was given under this id; for those who act on it after the answer."""
    return await store.given(turn.tx, turn.guard, name)


async def _checked(turn: Turn, member: str, who: str, word: str) -> Given | None:
    """One derivation, and the same statements for nobody as for somebody, for the word as for the phrase."""
    await turn.record(SecretSaid())
    places = await store.places_of(turn.tx, turn.guard, member)
    which = await _which(turn, places, word)
    if not await _counted(turn, who, fits=which is not None) or which is None:
        return None
    row = GivenRow(turn.ids(), member, which, turn.now)
    await store.note_given(turn.tx, turn.guard, row)
    await turn.record(DueAt(GIVEN, row.id, turn.now))
    return Given(row.id, row.place)


async def _counted(turn: Turn, who: str, *, fits: bool) -> bool:
    lane, whose = turn.viewer.lane.value, turn.guard.digest("word-tries", who)
    tries, since = await store.wrong_tries(turn.tx, whose, lane) or (0, turn.now)
    if turn.now - since > PAUSE:
        tries, since = 0, turn.now
    if tries >= WRONG_IN_A_ROW:
        return False
    if fits:
        await store.forget_wrong_tries(turn.tx, whose, lane)
        return True
    await store.set_wrong_tries(turn.tx, whose, lane, tries + 1, turn.now)
    return False


async def derived(word: str, salt: bytes, pepper: bytes) -> bytes:
    """32 bytes of a word or a phrase, as they are kept and compared; in a thread."""
    loop = asyncio.get_running_loop()
    make = partial(crypto.make_verifier, word, salt, pepper, cost=COST)
    return await loop.run_in_executor(_THREADS, make)


async def _which(turn: Turn, places: Places | None, word: str) -> int | None:
    """0 the word, more for a phrase for danger, None neither; always against every place."""
    salt = _NOBODY if places is None else places.salt
    counting = [b""] * PLACES if places is None else places.counting(turn.now)
    loop = asyncio.get_running_loop()
    check = partial(
        crypto.check_word,
        word,
        salt,
        turn.guard.watch.key,
        [made or _NOTHING for made in counting],
        cost=COST,
    )
    return await loop.run_in_executor(_THREADS, check)
