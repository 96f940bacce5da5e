"""Texts of the network's own: an administrator changes a sentence in one language, and can take it back.

The sentence keeps its places; every change is in the log. What is changed counts at once, in chat and on
pages. Sentences are those of the catalogues: nothing that people never read can be put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from directory import audit, languages
from directory.core.rules import may
from directory.core.text import say
from directory.core.tongues import LOCALES
from directory.core.wordings import fault_of
from directory.refusals import BadAnswer, NotYours
from directory.store import wordings as store
from directory.turn import Turn

MOST = 50
SHOWN = 60

NOT_ASKED = say("There is no such sentence.")


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence as it is now: `message` in English as the code has it, `standard` as it comes, `forms` as
    this network says it. Both have one form, or as many as the language has for numbers."""

    message: str
    standard: tuple[str, ...]
    forms: tuple[str, ...]
    changed: bool


async def listing(
    turn: Turn, locale: str, *, find: str = "", changed_only: bool = False, after: str = "", first: int = MOST
) -> tuple[Wording, ...]:
    """Sentences of a language that hold `find`, in either language, those after one. Raises NotYours."""
    _administrator(turn)
    _language(locale)
    kept = (await store.book(turn.tx)).changed
    wanted = find.casefold()
    found = []
    for message in sorted(_sentences("fr")):
        if message <= after:
            continue
        one = _wording(message, locale, kept.get((locale, message)))
        if changed_only and not one.changed:
            continue
        if wanted in " ".join((message, *one.standard, *one.forms)).casefold():
            found.append(one)
        if len(found) == max(1, min(first, MOST)):
            break
    return tuple(found)


async def change(turn: Turn, locale: str, message: str, forms: tuple[str, ...]) -> None:
    """Say a sentence in the network's own words. Raises NotYours, BadAnswer with what is wrong with it."""
    _administrator(turn)
    _language(locale)
    known = _sentences("fr").get(message)
    if known is None:
        raise BadAnswer(NOT_ASKED, field="message")
    original = known[0]
    wanted = languages.form_count(locale) if len(original) > 1 else 1
    if fault := fault_of(original, forms, wanted):
        raise BadAnswer(fault, field="forms")
    await store.change(turn.tx, id_=turn.ids(), locale=locale, message=message, forms=forms, now=turn.now)
    await audit.note(turn, "text-changed", before=_short(message), after=f"{locale}: {_short(forms[0])}")


async def undo(turn: Turn, locale: str, message: str) -> None:
    """Take the newest change of a sentence back; what was before counts again. Raises NotYours, BadAnswer."""
    _administrator(turn)
    if not await store.undo(turn.tx, locale, message):
        raise BadAnswer(say("This sentence was not changed."), field="message")
    await audit.note(turn, "text-undone", before=_short(message), after=locale)


def _administrator(turn: Turn) -> None:
    if not may("act:texts", turn.viewer):
        raise NotYours


def _language(locale: str) -> None:
    if locale not in LOCALES:
        raise BadAnswer(
            say("Please choose one of these languages: {choices}.", choices=", ".join(LOCALES)),
            field="language",
        )


@lru_cache(maxsize=len(LOCALES))
def _sentences(locale: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """English sentence → (its English forms, its forms in this language)."""
    found = {}
    for message in languages.catalogue(locale):
        if message.id:
            original = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            string = message.string or ""
            said = (string,) if isinstance(string, str) else tuple(string)
            found[original[0]] = (original, said if all(said) else original)
    return found


def _wording(message: str, locale: str, changed: tuple[str, ...] | None) -> Wording:
    original = _sentences("fr")[message][0]
    if locale == languages.FALLBACK:
        standard = original
    else:
        standard = _sentences(locale).get(message, (original, original))[1]
    return Wording(message, standard, changed or standard, changed is not None)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
