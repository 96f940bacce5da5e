"""What the bots say: short, plain, and without a word that could hurt on somebody's screen."""

from __future__ import annotations

import re
import string
from functools import lru_cache

import pytest
from gathered import sentences

from bots.commands import COMMANDS, LEXICON
from bots.core.folding import fold_word
from directory.translations.gather import read

# Charge-sheet words and words of the code that no person ever reads (DESIGN 6).
NEVER_SHOWN = frozenset(
    """operation operations action actions agent agents target targets cell cells mission weapon attack combat
    command commands defender defenders rights victim perpetrator escalate severity rung ladder playbook
    """.split()  # noqa: SIM905 — a list of words is read best as one
)
LONGEST_SENTENCE = 30
"""Words: about what somebody of twelve reads in one breath."""


@lru_cache(maxsize=1)
def texts() -> list[str]:
    return [
        words if isinstance(words, str) else words[0]
        for words, places in sentences().items()
        if any(place.startswith("bots/") for place in places)
    ]


def test_no_word_that_is_never_shown() -> None:
    for text in texts():
        found = NEVER_SHOWN & set(re.findall(r"[a-z]+", text.lower()))
        assert not found, (text, found)


def test_sentences_are_short() -> None:
    for text in texts():
        for sentence in re.split(r"[.!?:]\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_nothing_is_said_by_signs_that_a_screen_reader_swallows() -> None:
    plain = set(string.ascii_letters + string.digits + " .,:;?!'“”()-=_{}—/+")  # + begins a phone's number
    for text in texts():
        assert set(text) <= plain, (text, set(text) - plain)


def test_what_help_tells_people_to_write_is_understood() -> None:
    for command in COMMANDS:
        told = command.help.message.partition(":")[0]
        words = [fold_word(word) for word in told.split()]
        starts = {" ".join(words[:size]) for size in range(1, len(words) + 1)}
        assert any(LEXICON.phrases.get(start) == command.name for start in starts), told


def test_every_command_word_quoted_in_a_sentence_exists() -> None:
    for text in texts():
        for quoted in re.findall(r"[Ww]rite: ([a-z]+(?:-[a-z]+)?)", text):
            assert LEXICON.phrases.get(quoted) or quoted in {"have", "pass", "answer"}, text


WRITE = {
    "fr": r"(?:[ÉéEe]cri(?:s|vez)|[ÉéEe]crire)\s?:\s",
    "es": r"(?:[Ee]scrib(?:e|a|ir))\s?:\s",
    "ar": r"(?:اكتب|اكتبي|اكتبوا)\s?:\s",
}


@pytest.mark.parametrize("locale", sorted(WRITE))
def test_what_people_are_told_to_write_is_understood_in_their_language(locale: str) -> None:
    catalogue = read(locale)
    for command in COMMANDS:
        found = catalogue.get(command.help.message)
        assert found is not None and found.string, (locale, command.name)
        assert _begins(str(found.string).partition(":")[0]) == command.name, (locale, found.string)
    for text in texts():
        found = catalogue.get(text)
        sentence = str(found.string) if found is not None and isinstance(found.string, str) else ""
        for told in re.split(WRITE[locale], sentence)[1:]:
            assert _begins(told) is not None, (locale, told)


def _begins(told: str) -> str | None:
    """The command that a line which somebody is told to write begins with."""
    words = [fold_word(word) for word in told.split()[:4]]
    starts = [" ".join(words[:size]) for size in range(len(words), 0, -1)]
    return next((LEXICON.phrases[start] for start in starts if start in LEXICON.phrases), None)
