"""Small pages about how somebody uses the pages: their word, their language."""

from __future__ import annotations

from directory.core.text import say
from directory.languages import LOCALES, autonym
from hub.web.frames import Again, Ask, Go, Outcome, Page, Show

NO_WORD = say("Please write your word.")


async def show_words(_ask: Ask) -> Outcome:
    """The box for the word."""
    return Show("words.html")


async def give(ask: Ask) -> Outcome:
    """The site has already checked the word of this form; a wrong one never comes here."""
    return Go("/words", "words") if ask.form.one("word") else Again((NO_WORD,))


async def show_language(_ask: Ask) -> Outcome:
    """Every language the pages speak, each in its own name."""
    return Show("language.html", {"languages": [{"key": key, "name": autonym(key)} for key in LOCALES]})


async def choose(ask: Ask) -> Outcome:
    """Speak this language with me, here and in chat."""
    done = await ask.do("SetLanguage", "setLanguage", input={"language": ask.form.one("language")})
    return done.then("/language", "language")


WORDS = Page("/words", say("My word"), show_words, {"give": give})
LANGUAGE = Page("/language", say("Language"), show_language, {"choose": choose})
