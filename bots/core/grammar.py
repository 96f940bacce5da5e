"""From a typed line to what it asks for. Strict where an order begins, forgiving in how it is spelled.

The lexicon maps folded phrases of all languages to command names; a phrase never means two things, so a
person may write in any language at any time. Reading decides nothing about who may ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bots.core.folding import fold_word, hides_something

YES = frozenset(("1", "yes", "y", "si", "sim", "oui", "نعم", "اجل", "ايوه"))
NO = frozenset(("0", "no", "n", "non", "لا", "كلا"))
LONGEST_PHRASE = 5
NEAR_ENOUGH = 0.75


@dataclass(frozen=True, slots=True)
class Number:
    """Only a number was typed: it answers the last question."""

    value: int


@dataclass(frozen=True, slots=True)
class Order:
    """A command word, and the rest of the line as typed."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command begins like this; `near` are phrases that nearly do."""

    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """The line holds signs a reader cannot see: whatever it says, it is no order."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line."""


Reading = Number | Order | Unknown | Hidden | Nothing


class TwoMeanings(Exception):
    """One phrase was given to two commands; take it from one of them."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded phrase → command name."""

    phrases: Mapping[str, str]


def lexicon(words: Iterable[tuple[str, str]]) -> Lexicon:
    """Build a lexicon from (phrase, command name). Raises TwoMeanings."""
    phrases: dict[str, str] = {}
    for phrase, name in words:
        if phrases.setdefault(fold_phrase(phrase), name) != name:
            raise TwoMeanings(phrase)
    return Lexicon(phrases)


def read(text: str, known: Lexicon) -> Reading:
    """What one message asks for."""
    if hides_something(text):
        return Hidden()
    words = text.split()
    if not words:
        return Nothing()
    if (number := just_a_number(text)) is not None:
        return Number(number)
    return _order(words, known) or Unknown(_near(words, known))


def fold_phrase(text: str) -> str:
    """A phrase as the lexicon keeps it."""
    return " ".join(fold_word(word) for word in text.split())


def just_a_number(text: str) -> int | None:
    """The number when nothing else was typed ("2", "٢", "2."), else None; at most four digits."""
    folded = fold_word(text)
    return int(folded) if folded.isascii() and folded.isdigit() and len(folded) <= 4 else None


def yes_or_no(text: str) -> bool | None:
    """True for 1 and the words for yes, False for 0 and the words for no, None for anything else."""
    if hides_something(text):
        return None
    folded = fold_word(text)
    return True if folded in YES else False if folded in NO else None


def _order(words: list[str], known: Lexicon) -> Order | None:
    for size in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = fold_phrase(" ".join(words[:size]))
        if name := known.phrases.get(phrase):
            return Order(name, " ".join(words[size:]))
    return None


def _near(words: list[str], known: Lexicon) -> tuple[str, ...]:
    whole = fold_phrase(" ".join(words[:LONGEST_PHRASE]))
    first = fold_word(words[0])
    found = [*get_close_matches(first, known.phrases, 2, NEAR_ENOUGH)]
    if len(words) > 1:
        found += get_close_matches(whole, known.phrases, 1, NEAR_ENOUGH + 0.1)
    return tuple(dict.fromkeys(phrase for phrase in found if len(phrase) > 2))
