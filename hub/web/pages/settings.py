"""Small pages about how somebody uses the pages: their word, their language."""

from __future__ import annotations

from directory.core.text import say
from directory.core.tongues import LOCALES, spoken
from directory.languages import autonym, known
from hub.web.frames import Again, Ask, Go, Outcome, Page, Show

NO_WORD = say("Please write your word.")
NOT_TWICE = say("The two were not the same. Please write it twice.")


async def show_words(ask: Ask) -> Outcome:
    """The box for the word, and the box for a new one."""
    return Show("words.html", {"mine": (await ask.data("MyWord"))["viewer"]})


async def give(ask: Ask) -> Outcome:
    """The site has already checked the word of this form; a wrong one never comes here."""
    return Go("/words", "words") if ask.form.one("word") else Again((NO_WORD,))


async def choose_word(ask: Ask) -> Outcome:
    """Choose a word, or another one."""
    if ask.form.one("new") != ask.form.one("again"):
        return Again((NOT_TWICE,))
    return (await ask.do("SetWord", "setWord", input={"word": ask.form.one("new")})).then("/words", "saved")


async def show_sign_ins(ask: Ask) -> Outcome:
    """Every browser in which I am signed in."""
    return Show("signins.html", await ask.data("SignIns"))


async def end(ask: Ask) -> Outcome:
    """Sign me out there."""
    done = await ask.do("EndSignIn", "endSignIn", input={"name": ask.form.one("name")})
    return done.then("/sign-ins", "ended")


async def show_helper(ask: Ask) -> Outcome:
    """Where the bot is, how to know it, and what one can write to it."""
    return Show("helper.html", await ask.data("Bots"))


async def show_language(_ask: Ask) -> Outcome:
    """Every language the pages speak, each in its own name."""
    every = [{"key": spoken(key), "name": autonym(key)} for key in known()]
    complete_ones = [one for one in every if one["key"] in LOCALES]
    return Show("language.html", {"languages": every, "seconds": complete_ones})


async def choose(ask: Ask) -> Outcome:
    """Speak this language with me, here and in chat."""
    wanted: dict[str, str | bool] = {"language": ask.form.one("language")}
    if ask.form.one("second"):  # asked only where the network added a language
        wanted |= {"second": ask.form.one("second"), "voice": ask.form.one("voice") == "1"}
    done = await ask.do("SetLanguage", "setLanguage", input=wanted)
    return done.then("/language", "language")


WORDS = Page("/words", say("My word"), show_words, {"give": give, "choose": choose_word})
SIGN_INS = Page("/sign-ins", say("Where I am signed in"), show_sign_ins, {"end": end})
HELPER = Page("/helper", say("The helper in chat"), show_helper)
LANGUAGE = Page("/language", say("Language"), show_language, {"choose": choose})
