"""The catalogues: complete for what people read, and every place in a sentence kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import c2py  # type: ignore[attr-defined]

import pytest
from babel.messages.catalog import Catalog
from gathered import sentences

from directory.core.text import Text, say, say_many
from directory.languages import FALLBACK, LOCALES, render, rtl
from directory.translations.gather import Sentence, missing, read

TRANSLATED = [locale for locale in LOCALES if locale != FALLBACK]
TERMINAL = ("hub/doctor", "hub/embedded", "hub/founding", "hub/cli", "hub/backup")
"""Said in a terminal, whose language we do not know: in English."""
PLACE = re.compile(r"\{\w+\}")
NEVER_SHOWN = re.compile(
    r"\b(operation|opération|operación|action|acción|target|cible|objetivo|cell|cellule)\b"
)


def for_people() -> dict[Sentence, list[str]]:
    return {
        said: places
        for said, places in sentences().items()
        if not all(name.startswith(TERMINAL) for name in places)
    }


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """(sentence, translation), each plural form by itself."""
    for message in catalogue:
        if not message.id or not message.string:
            continue
        if isinstance(message.id, str):
            yield message.id, str(message.string)
        else:
            yield from ((str(message.id[-1]), form) for form in message.string)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_sentence_people_read_is_translated(locale: str) -> None:
    assert missing(read(locale), for_people()) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_is_only_a_guess(locale: str) -> None:
    """Fuzzy entries are what a tool guessed from a sentence that changed."""
    assert [message.id for message in read(locale) if message.fuzzy and message.id] == []


def test_a_guess_would_be_noticed() -> None:
    guessed = Catalog(locale="fr")
    guessed.add("Welcome", "Au revoir", flags=["fuzzy"])
    assert [message.id for message in guessed if message.fuzzy and message.id] == ["Welcome"]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_plural_form_of_a_language_that_counts_says_how_many(locale: str) -> None:
    """Where a form stands for several numbers, the number is in it."""
    catalogue = read(locale)
    several = [n for n in range(catalogue.num_plurals) if len(numbers(catalogue, n)) > 1]
    for message in catalogue:
        if isinstance(message.id, tuple | list) and message.string:
            for n in several:
                assert "{count}" in message.string[n], (message.id, message.string[n])


def numbers(catalogue: Catalog, form: int) -> list[int]:
    """Of the first hundred and more, those that take this plural form."""
    places = c2py(catalogue.plural_expr)
    return [n for n in range(1, 125) if int(places(n)) == form]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_keeps_every_place_and_invents_none(locale: str) -> None:
    for sentence, translation in pairs(read(locale)):
        wanted, found = set(PLACE.findall(sentence)), set(PLACE.findall(translation))
        assert found == wanted or found | {"{count}"} == wanted, (sentence, translation)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_plurals_have_as_many_forms_as_the_language(locale: str) -> None:
    catalogue = read(locale)
    for message in catalogue:
        if isinstance(message.id, tuple | list) and message.string:
            assert len(message.string) == catalogue.num_plurals, message.id
            assert all(message.string), message.id


@pytest.mark.parametrize("locale", TRANSLATED)
def test_charge_sheet_words_are_never_shown(locale: str) -> None:
    shown = " ".join(translation for _, translation in pairs(read(locale))).lower()
    assert NEVER_SHOWN.findall(shown) == []


def every(locale: str) -> list[str]:
    texts: list[Text] = [say("Welcome"), say_many("{count} day", "{count} days", 3)]
    return [render(text, locale) for text in texts]


def test_people_read_their_own_language_and_its_plural() -> None:
    assert every("fr") == ["Bienvenue", "3 jours"]
    assert every("es") == ["Te damos la bienvenida", "3 días"]
    assert every("ar") == ["أهلاً بك", "3 أيام"]
    assert [render(say_many("{count} day", "{count} days", n), "ar") for n in (1, 2, 11)] == [
        "يوم واحد",
        "يومان",
        "11 يوماً",
    ]
    assert rtl("ar")


def test_the_empty_sentence_is_empty_in_every_language() -> None:
    assert [render(say(""), locale) for locale in LOCALES] == [""] * len(LOCALES)


TU = re.compile(
    r"(?<!\w)(?:tu|toi|te|ton|tes|(?<!vous )écris|choisis|réponds|essaie|prends|occupes)(?!\w)|(?<!\w)t['’]",
    re.IGNORECASE,
)
USTED = re.compile(r"(?<!\w)usted(?!\w)", re.IGNORECASE)
WITH_BOTH = re.compile(r"\w+\((?:e|ne|trice|a|as|es)\)|\w+[·•]e\b|\w+/a\b|\w+@s?\b")
"""Doubled endings, which a screen reader stumbles over: people are named without a gender instead."""


def test_french_says_vous_and_spanish_says_tu_everywhere() -> None:
    assert [shown for _, shown in pairs(read("fr")) if TU.search(shown)] == []
    assert [shown for _, shown in pairs(read("es")) if USTED.search(shown)] == []
    assert TU.search("Tu t’occupes de l’appel") and USTED.search("Lo sabe usted")


@pytest.mark.parametrize("locale", ["fr", "es"])
def test_nobody_is_written_with_two_endings(locale: str) -> None:
    assert [shown for _, shown in pairs(read(locale)) if WITH_BOTH.search(shown)] == []
