"""Everything the bots can say, sentence by sentence: plain, well read aloud, and safe on a locked screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import pytest
from gathered import sentences

from bots import capabilities
from bots.commands import COMMANDS
from bots.commands.beforehand import WILL
from bots.commands.keeping import DO
from directory.added_languages import sentences_of, the_forty
from directory.core.text import Text
from directory.languages import FALLBACK, LOCALES, catalogue

PLACE = re.compile(r"\{\w+\}")
TERMINAL = ("hub/doctor", "hub/embedded", "hub/founding", "hub/cli")
HARDEST_ON_THE_WHOLE = 6.0
HARDEST_SENTENCE = 10.0
"""Grades of Flesch and Kincaid (1975); six is about age twelve. A single short message with a long name of a
thing in it counts more than it reads, so one alone may reach ten, and few may pass seven."""
FEW = 0.03
RISKY = re.compile(
    r"\b(arrest\w*|police|prison\w*|jail\w*|court|lawyer\w*|protest\w*|rights|defend\w*|activist\w*|lgbt\w*|"
    r"gay|trans|abortion|torture\w*|evidence|secret police)\b",
    re.IGNORECASE,
)
FREE_TEXT = frozenset({"{text}", "{purpose}", "{about}"})
"""Places that hold what somebody wrote: never in the line that a notification shows."""


@lru_cache(maxsize=1)
def said() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(English sentence in each of its forms, files) of what people read."""
    return tuple(
        (form, tuple(places))
        for sentence, places in sentences().items()
        if not all(place.startswith(TERMINAL) for place in places)
        for form in ((sentence,) if isinstance(sentence, str) else sentence)
    )


def by_bots() -> Iterator[str]:
    for sentence, places in said():
        if any(place.startswith(("bots/", "directory/")) for place in places):
            yield sentence


def syllables(word: str) -> int:
    bare = re.sub(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$", "", word.lower()).lstrip("y")
    return max(1, len(re.findall(r"[aeiouy]{1,2}", bare)))


def grade(text: str) -> float | None:
    """Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59. None for fewer than 8 words."""
    parts = [part for part in re.split(r"[.!?:;]+(?:\s|$)", PLACE.sub("Ana", text)) if part.strip()]
    words = [word for part in parts for word in re.findall(r"[A-Za-z][A-Za-z'-]*", part)]
    if len(words) < 8:
        return None
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_on_the_whole_somebody_of_twelve_reads_it() -> None:
    whole = grade(". ".join(sentence.rstrip(".") for sentence, _ in said()))
    assert whole is not None
    assert whole <= HARDEST_ON_THE_WHOLE


def test_no_message_alone_is_hard_and_few_are_harder_than_for_twelve() -> None:
    grades = {sentence: found for sentence, _ in said() if (found := grade(sentence)) is not None}
    assert [one for one, found in grades.items() if found > HARDEST_SENTENCE] == []
    assert sum(found > 7 for found in grades.values()) <= FEW * len(grades)


def test_a_hard_sentence_would_be_noticed() -> None:
    hard = grade(
        "Notwithstanding jurisdictional considerations, organisational confidentiality is indispensable here."
    )
    assert hard is not None
    assert hard > HARDEST_SENTENCE


@pytest.mark.parametrize("locale", LOCALES)
def test_a_screen_reader_reads_every_sentence_in_every_language(locale: str) -> None:
    """No picture signs, no drawings of letters, no tables, no signs in a row that are read one by one."""
    for sentence in by_bots():
        for shown in _in(locale, sentence):
            signs = [sign for sign in shown if unicodedata.category(sign) in ("So", "Sk", "Cs", "Co", "Cn")]
            assert not signs, (shown, signs)
            assert not re.search(r"[|_*#=~<>^]{2}|[-.]{4}|\t| {2}|:\)|;\)", shown), shown


def _in(locale: str, sentence: str) -> Iterator[str]:
    if locale == FALLBACK:
        yield sentence
        return
    known = _catalogue(locale).get(sentence)
    if known is not None and known.string:
        yield from (known.string,) if isinstance(known.string, str) else known.string


@lru_cache(maxsize=4)
def _catalogue(locale: str) -> dict[str, object]:
    return {(one.id if isinstance(one.id, str) else one.id[0]): one for one in catalogue(locale) if one.id}  # type: ignore[misc]


def test_the_line_a_notification_shows_tells_a_stranger_nothing() -> None:
    for sentence in by_bots():
        first = sentence.splitlines()[0]
        assert not RISKY.search(first), sentence


def test_what_somebody_wrote_is_never_the_first_line() -> None:
    """A sentence with a free text in it stands on a line of its own, which others come before."""
    for sentence in by_bots():
        free = FREE_TEXT & set(PLACE.findall(sentence))
        assert not free or len(sentence.split()) <= 8 or sentence in LINES_OF_LISTS, sentence


LINES_OF_LISTS = frozenset({"{name} ({network}) asks you: “{purpose}”"})


def test_a_risky_first_line_would_be_noticed() -> None:
    assert RISKY.search("Your lawyer was arrested")
    assert not RISKY.search("You will be brought together.")


def test_every_order_that_asks_for_the_word_says_first_what_it_does() -> None:
    assert WILL.keys() == DO.keys()


def test_every_command_belongs_to_one_bot_and_every_bot_has_commands() -> None:
    names = [name for one in capabilities.TALKING for name in one.commands]
    assert len(names) == len(set(names))
    assert set(names) | capabilities.EVERYWHERE <= {command.name for command in COMMANDS} | {"invite"}
    for part in capabilities.TALKING:
        assert any(capabilities.part_of(command.name) is part for command in COMMANDS)


CALLS = {"alarms", "checkins", "journeys", "silences", "circles", "safekeeping", "pressing", "texts"}
THOSE_WHO_ANSWER = {"taking", "duty", "ready"}


def test_what_is_about_calls_for_help_is_asked_of_the_bot_that_carries_them() -> None:
    """By the module a command lives in: a new one is not forgotten, and left to whoever does the rest."""
    for command in COMMANDS:
        module = command.run.__module__.rpartition(".")[2]
        part, name = capabilities.part_of(command.name), command.name
        assert part is capabilities.SENTINEL or module not in CALLS or name == "back", name
        assert part is capabilities.ORGANIZER or module not in THOSE_WHO_ANSWER, name
    assert {"alarm", "here", "cancel", "safe", "ok", "lost"} <= capabilities.EVERYWHERE


def test_the_forty_sentences_lives_depend_on_are_sentences_the_code_says() -> None:
    assert len(set(the_forty())) == 40
    known = {sentence for sentence in sentences() if isinstance(sentence, str)}
    assert set(the_forty()) <= known


def a_po(**changed: str) -> str:
    """A file with all forty, in capitals, but for what is changed."""
    said = {sentence: PLACE.sub(lambda place: place[0].lower(), sentence.upper()) for sentence in the_forty()}
    said |= {the_forty()[int(at.strip("s"))]: words for at, words in changed.items()}
    entries = (f'msgid "{english}"\nmsgstr "{words}"\n' for english, words in said.items())
    return 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + "\n".join(entries)


def test_a_file_with_all_forty_is_taken_and_one_that_lacks_something_is_not() -> None:
    taken = sentences_of(a_po())
    assert isinstance(taken, dict)
    assert len(taken) == 40
    for wrong, why in (
        (a_po(s7=""), "Sentence 8 is missing"),
        (a_po(s0="NO PLACE"), "Sentence 1: This place"),
    ):
        refused = sentences_of(wrong)
        assert isinstance(refused, Text)
        assert str(refused).startswith(why)
    assert str(sentences_of('msgid "broken')).startswith("The file of sentences cannot be read")
