"""Which of a member's secrets count: the word, the phrase for danger, and what somebody chose under pressure.

Whoever forces or robs a member may hold both secrets, X and Y, and try out which one is the word. Therefore
every change has one outcome, whichever of them it was given with:

- A new word ends the secret it was given with, at once, and nothing else.
- A new phrase, or none any more, ends nothing for `COUNTS_ON`: what it replaces counts until then.
- After `ROOM` changes of phrases there is no room for another until the first of them is that old.

What counts after these days does differ: by then the true phrase that was replaced is gone, and a true word
never goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

COUNTS_ON = timedelta(days=3)
WORD, PHRASE, FORCED = 0, 1, 2
"""The place of the word, and where a phrase and what is chosen under pressure lie at first."""
ROOM = 5
PLACES = 3 + ROOM
ALWAYS, NEVER = 9_999_999_999, 1_000_000_000
"""Ends, in seconds of Unix time: as many digits as every real one of our days, so that no length tells."""

Chance = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """What is kept of one secret, or chance, and the moment it ends."""

    until: int
    made: bytes


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a member. The first is the word's; `phrase` and `forced` say which hold the phrase, and
    what was chosen under pressure; of the rest some count on, and some are free."""

    salt: bytes
    kept: tuple[Place, ...]
    phrase: int = PHRASE
    forced: int = FORCED

    def counting(self, now: datetime) -> list[bytes]:
        """What counts now, by place; empty where nothing does."""
        return [one.made if now.timestamp() < one.until else b"" for one in self.kept]


def begun(salt: bytes, word: bytes, chance: Chance) -> Places:
    """A first word. Where no phrase was chosen lies chance."""
    ends = (ALWAYS, ALWAYS, ALWAYS, *(NEVER for _ in range(ROOM)))
    return Places(salt, tuple(Place(end, chance() if at else word) for at, end in enumerate(ends)))


def with_word(places: Places, given: int, made: bytes, now: datetime, chance: Chance) -> Places:
    """A new word in the place of the secret it was given with. It lies nowhere else, but where it is the true
    word already, and neither does what it replaces: whatever is the word calls for nobody."""
    ended = (places.kept[given].made, made)

    def after(at: int, one: Place) -> Place:
        if at == given:
            return Place(one.until, made)
        return Place(one.until, chance()) if at != WORD and one.made in ended else one

    kept = tuple(after(at, one) for at, one in enumerate(places.kept))
    changed = replace(places, kept=kept)
    return changed if given else _forced_ends(changed, now)


def room(places: Places, now: datetime) -> int | None:
    """A place that is free for another phrase; None when there were so many these days."""
    taken = {WORD, places.phrase, places.forced}
    free = (at for at, one in enumerate(places.kept) if at not in taken and one.until <= now.timestamp())
    return next(free, None)


def with_phrase(places: Places, given: int, made: bytes, now: datetime, chance: Chance) -> Places | None:
    """Another phrase, or chance; None when there is no room. Given by force it lies beside the true one."""
    free, current = room(places, now), places.forced if given else places.phrase
    if free is None:
        return None
    before = places.kept[current]
    counts = now.timestamp() < before.until
    # What it replaces takes its room for three days, also when it counted no more.
    taking = {current: Place(_end(now), before.made if counts else chance()), free: Place(ALWAYS, made)}
    kept = tuple(taking.get(at, one) for at, one in enumerate(places.kept))
    if given:
        return replace(places, kept=kept, forced=free)
    return _forced_ends(replace(places, kept=kept, phrase=free), now)


def _forced_ends(places: Places, now: datetime) -> Places:
    """The person changed something: what was chosen under pressure counts on for three days."""
    kept = list(places.kept)
    forced = kept[places.forced]
    kept[places.forced] = Place(min(forced.until, _end(now)), forced.made)
    return replace(places, kept=tuple(kept))


def _end(now: datetime) -> int:
    return round((now + COUNTS_ON).timestamp())
