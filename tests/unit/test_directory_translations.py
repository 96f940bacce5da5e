"""The catalogues: complete for what people read, and every place in a sentence kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from directory.core.text import Text, say, say_many
from directory.languages import FALLBACK, LOCALES, render, rtl
from directory.translations.gather import Sentence, missing, read, sentences

TRANSLATED = [locale for locale in LOCALES if locale != FALLBACK]
TERMINAL = ("hub/doctor", "hub/embedded", "hub/founding", "hub/cli")
"""Said in a terminal, whose language we do not know: in English."""
ENOUGH = 0.97
"""A sentence changed today is in English until a translator comes by; more than a few are too many."""
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
def test_nearly_every_sentence_people_read_is_translated(locale: str) -> None:
    said = for_people()
    left = missing(read(locale), said)
    assert len(left) <= (1 - ENOUGH) * len(said), left


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
