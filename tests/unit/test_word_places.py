"""Whoever holds both secrets of a member cannot find out by trying which of them is the word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from directory.core import word_places
from directory.core.word_places import COUNTS_ON, ROOM, Places

START = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
SECRETS = [bytes((letter,)) for letter in b"XYNMW"]


@dataclass
class World:
    """A member whose word and phrase are these."""

    word: bytes
    phrase: bytes
    now: datetime = START
    chances: count[int] = field(default_factory=count)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        begun = word_places.begun(b"salt", self.word, self.chance)
        places = word_places.with_phrase(
            begun, word_places.WORD, self.phrase, self.now - COUNTS_ON, self.chance
        )
        assert places is not None
        self.places = places

    def chance(self) -> bytes:
        return b"chance %d" % next(self.chances)

    def which(self, secret: bytes) -> int | None:
        counting = self.places.counting(self.now)
        return counting.index(secret) if secret in counting else None

    def open(self) -> list[bytes]:
        return [one for one in SECRETS if self.which(one) is not None]

    def choose(self, given: bytes, phrase: bytes | None) -> str:
        """Another phrase, or none: what somebody sees of it who has just given this secret."""
        at = self.which(given)
        if at is None:
            return "wrong"
        if phrase == given:
            return "your word"
        places = word_places.with_phrase(self.places, at, phrase or self.chance(), self.now, self.chance)
        self.places = places or self.places
        return "done" if places else "too many"

    def rename(self, given: bytes, word: bytes) -> str:
        at = self.which(given)
        if at is None:
            return "wrong"
        self.places = word_places.with_word(self.places, at, word, self.now, self.chance)
        return "done"


def _worlds() -> tuple[World, World]:
    return World(b"X", b"Y"), World(b"Y", b"X")


def test_no_row_of_trials_within_three_days_comes_out_otherwise_in_the_other_world() -> None:
    met = Counter[str]()
    for seed in range(400):
        chance, worlds, done = Random(seed), _worlds(), []
        for _ in range(chance.randint(1, 14)):
            given = chance.choice([*worlds[0].open() * 2, *SECRETS])
            trial, other = chance.choice(["choose", "choose", "remove", "rename"]), chance.choice(SECRETS)
            seen = set()
            for world in worlds:
                world.now += timedelta(hours=5)
                if trial == "rename":
                    outcome = world.rename(given, other)
                else:
                    outcome = world.choose(given, None if trial == "remove" else other)
                seen.add((outcome, *world.open()))
            done.append((trial, given, other))
            assert len(seen) == 1, (done, seen)
            met.update(outcome for outcome, *_ in seen)
    assert min(met[one] for one in ("done", "wrong", "your word", "too many")) > 50, met


def test_the_true_word_stays_whatever_somebody_does_with_the_phrase() -> None:
    world = World(b"Y", b"X")
    assert [world.choose(b"X", one) for one in (b"N", b"M", None, None, b"N", b"M")] == [
        *["done"] * ROOM,
        "too many",
    ]
    assert world.rename(b"X", b"W") == "done"
    assert world.open() == [b"Y", b"N", b"M", b"W"]
    assert [world.which(one) == word_places.WORD for one in world.open()] == [True, False, False, False]


def test_what_she_replaces_or_removes_ends_after_three_days_and_what_she_chose_stays() -> None:
    world = World(b"X", b"Y")
    world.choose(b"X", b"N")
    world.now += COUNTS_ON - timedelta(seconds=1)
    assert world.open() == [b"X", b"Y", b"N"]
    assert world.which(b"Y") and world.which(b"N"), "both call for help"
    world.now += timedelta(seconds=2)
    assert world.open() == [b"X", b"N"]
    assert world.choose(b"X", None) == "done"
    world.now += COUNTS_ON
    assert world.open() == [b"X"]


def test_what_was_chosen_by_force_stays_until_three_days_after_she_changes_something() -> None:
    for change in (World.rename, World.choose):
        world = World(b"Y", b"X")
        world.choose(b"X", b"N")
        world.now += 10 * COUNTS_ON
        assert b"N" in world.open()
        assert change(world, b"Y", b"W") == "done"
        assert b"N" in world.open()
        world.now += COUNTS_ON
        assert b"N" not in world.open()


def test_a_phrase_that_is_made_the_word_calls_for_nobody_any_more() -> None:
    world = World(b"X", b"Y")
    world.choose(b"X", b"Y")
    world.rename(b"X", b"Y")
    assert world.open() == [b"Y"]
    assert world.which(b"Y") == word_places.WORD
    world.rename(b"Y", b"W")
    assert world.open() == [b"W"]
