"""The two everyday words said aloud that a code is useless without: the code is handed over, they are spoken.

Read as numbers of the word list, so that "manzana" said and "apple" written are the same. Two words are 14
bits: enough only because a code ends after a few wrong ones, and because somebody still says "it is her".
"""

from __future__ import annotations

import unicodedata

from directory.core.wordlist import LANGUAGES, WORDS

COUNT = 2
_BITS = 7


def spoken_from(random_id: str, locale: str) -> str:
    """Two words in this language (English for one we do not speak) from 32 random hex digits."""
    bits = int(random_id, 16)
    place = LANGUAGES.index(locale) if locale in LANGUAGES else 0
    numbers = (bits >> (_BITS * at) & (len(WORDS) - 1) for at in range(COUNT))
    return " ".join(WORDS[number][place] for number in numbers)


def plain_spoken(typed: str) -> str | None:
    """The words as they are compared, in whichever of our languages; None when they cannot be those."""
    numbers = [_NUMBERS.get(_folded(word)) for word in typed.replace("-", " ").split()]
    if len(numbers) != COUNT or None in numbers:
        return None
    return " ".join(map(str, numbers))


def split_typed(typed: str) -> tuple[str, str]:
    """What was typed after `join`: the code, and the spoken words after it; "" where there is nothing."""
    parts = typed.split()
    return " ".join(parts[:-COUNT]), " ".join(parts[-COUNT:])


def _folded(word: str) -> str:
    """Without accents, case and signs: people write down what they heard."""
    apart = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in apart if char.isalpha())


def _by_word() -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(WORDS):
        for word in line:
            found.setdefault(_folded(word), number)
    return found


_NUMBERS = _by_word()
