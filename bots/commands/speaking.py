"""In which language we speak with somebody, and whether a voice reads what matters most."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.joining import language_meant
from bots.core.grammar import yes_or_no
from bots.kinds import LANGUAGE, SWITCH
from bots.saying import YES_NO, lines
from directory import joining, profiles
from directory.core.text import Text, say
from directory.core.tongues import LOCALES, spoken
from directory.languages import autonym, known, voiced_languages


async def language(talk: Talk, args: Args) -> None:
    """`language es`, `language 3`, or all there are to choose from."""
    asked = args.get("language", "")
    locale = language_meant(talk, asked) if asked else None
    if locale is None:
        choices = tuple(
            say("{n} = {language}", n=n, language=autonym(one)) for n, one in enumerate(known(), 1)
        )
        await talk.reply(lines(say("Which language shall we speak?"), *choices), "language")
        return
    await _speak(talk, locale)


async def _speak(talk: Talk, locale: str) -> None:
    await joining.profile(talk.turn, talk.me.id, locale=locale)
    await talk.reply(say("We speak {language} now.", language=autonym(locale)))
    if spoken(locale) != locale:
        await talk.reply(_second(locale), "second-language", locale=spoken(locale))


async def take_language(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """A number or a name of a language."""
    locale = language_meant(talk, text)
    if locale is None:
        return False
    await _speak(talk, locale)
    return True


async def put_language(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Choosing a language is not asked twice."""
    return None


def _second(locale: str) -> Text:
    choices = (say("{n} = {language}", n=n, language=autonym(one)) for n, one in enumerate(LOCALES, 1))
    return lines(
        say(
            "In {language} I say what matters most. Which language shall I use for the rest?",
            language=autonym(locale),
        ),
        *choices,
    )


async def take_second(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The language for the rest; then, where there are recordings, whether to send them too."""
    second = language_meant(talk, text)
    if second not in LOCALES:
        return False
    own = context["locale"]
    await joining.profile(talk.turn, talk.me.id, locale=f"{own}:{second}")
    if own in voiced_languages():
        await talk.reply(lines(say("Shall I also send a voice that reads it?"), YES_NO), "voice")
    else:
        await talk.reply(say("Good. Write help to see what I can do."))
    return True


async def put_second(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The second language is not asked twice: there is one already."""
    return None


async def voice(talk: Talk, args: Args) -> None:
    """`voice on`, `voice off`; without a word, ask."""
    wanted = args["on"] == "on" if "on" in args else None
    if spoken(talk.me.locale) not in voiced_languages():
        await talk.reply(say("There is no voice in your language yet."))
    elif wanted is None:
        await talk.reply(lines(say("Shall I also send a voice that reads it?"), YES_NO), "voice")
    else:
        await _set_voice(talk, wanted)


async def take_voice(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = also a voice, 0 = words only."""
    wanted = yes_or_no(text)
    if wanted is None:
        return False
    await _set_voice(talk, wanted)
    return True


async def put_voice(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more."""
    return lines(say("Shall I also send a voice that reads it?"), YES_NO)


async def _set_voice(talk: Talk, wanted: bool) -> None:
    await profiles.choose_voice(talk.turn, wanted)
    if wanted:
        await talk.reply(
            say(
                "Good. After what matters most, I send a voice that reads it. Your phone may sound each time."
            )
        )
    else:
        await talk.reply(say("Good. I send words only."))


QUESTIONS = (
    Question("language", take_language, put_language),
    Question("second-language", take_second, put_second),
    Question("voice", take_voice, put_voice),
)

COMMANDS = (
    Command(
        "language",
        {
            "en": ("language",),
            "es": ("idioma", "lengua"),
            "fr": ("langue",),
            "ar": ("لغة", "اللغة"),
        },
        say("language: speak another language with me."),
        language,
        (Arg("language", LANGUAGE, needed=False),),
        rare=True,
    ),
    Command(
        "voice",
        {
            "en": ("voice",),
            "es": ("voz",),
            "fr": ("voix",),
            "ar": ("صوت", "الصوت"),
        },
        say("voice: hear what matters most, where there are recordings."),
        voice,
        (Arg("on", SWITCH, needed=False),),
        rare=True,
    ),
)
