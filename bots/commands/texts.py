"""Switching text messages on and off, by talking: what the phone company learns, number, phrases, word."""

from __future__ import annotations

from collections.abc import Mapping

from bots import texting
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.keeping import GIVE_YOUR_WORD
from bots.core.grammar import yes_or_no
from bots.kinds import SWITCH
from bots.saying import lines
from directory import words
from directory.core.effects import SecretSaid
from directory.core.text import Text, say
from directory.refusals import Refusal

YES, ASKED = "texts", "texts-asked"
SWITCH_ON = say("1 = switch text messages on, 0 = leave them off")
ASK: Mapping[str, Text] = {
    "number": say("Write the number of your phone with its country, as +502 5555 1234. 0 = leave it"),
    "call": say("Write the phrase that means “I need help”: an ordinary sentence you never send by chance."),
    "safe": say("Write the phrase that means “I am safe”. It answers a check-in, and nothing else."),
    "word": GIVE_YOUR_WORD,
}
ORDER = tuple(ASK)


async def texts(talk: Talk, args: Args) -> None:
    """`sms`: how it stands, and switching on; `sms 0`: off."""
    mine = await texting.mine(talk.desk, talk.turn)
    if not mine.offered and not mine.on:
        await talk.reply(say("This network has no text messages."))
    elif mine.on and args.get("on") == "off":
        await talk.reply(GIVE_YOUR_WORD, ASKED, wants="word", off="1")
    elif mine.on:
        await talk.reply(
            lines(
                say("Text messages are on, for the number that ends in {ending}.", ending=mine.ending),
                None if mine.tried else TRY_IT,
                say("To end them write: sms 0"),
            )
        )
    else:
        await talk.reply(lines(*mine.warning, SWITCH_ON), YES)


TRY_IT = say(
    "Nothing came from that phone yet. Send one of your phrases from it; until then we send nothing."
)


async def take_yes(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = on."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if yes:
        await talk.reply(ASK["number"], ASKED, wants="number")
    else:
        await talk.reply(say("Good. Text messages stay off."))
    return True


async def take_asked(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """Number, two phrases, and the word at the end."""
    if yes_or_no(text) is False:
        await talk.reply(say("Good. Nothing was changed."))
        return True
    wanted = context["wants"]
    if wanted != "word":
        if wanted != "number":
            await talk.turn.record(SecretSaid())
        coming = ORDER[ORDER.index(wanted) + 1]
        await talk.reply(ASK[coming], ASKED, **{**context, wanted: text, "wants": coming})
        return True
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        await talk.reply(say("That is not your word. Please try again. 0 = leave it"), ASKED, **context)
        return True
    try:
        await talk.reply(await _done(talk, given, context))
    except Refusal as refused:
        await talk.reply(refused.text)
    return True


async def _done(talk: Talk, given: words.Given, context: Mapping[str, str]) -> Text:
    turn = words.sure(talk.turn, given)
    if context.get("off"):
        await texting.switch_off(turn)
        return say("Text messages are off. We keep nothing of it.")
    await texting.switch_on(
        talk.desk,
        turn,
        number=context["number"],
        call=context["call"],
        safe=context["safe"],
        understood=True,
    )
    return lines(say("Text messages are on."), TRY_IT)


async def put_yes(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more."""
    return lines(*texting.WHAT_IT_TELLS, SWITCH_ON)


async def put_asked(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """What was asked last, once more."""
    return ASK[context["wants"]]


QUESTIONS = (Question(YES, take_yes, put_yes), Question(ASKED, take_asked, put_asked, free=True))

COMMANDS = (
    Command(
        "texts",
        {
            "en": ("sms", "text messages"),
            "es": ("sms", "mensajes de texto"),
            "fr": ("sms", "textos"),
            "ar": ("رسائل نصية", "الرسائل النصية"),
        },
        say("sms: call for help or answer a check-in by text message, when you have no data."),
        texts,
        (Arg("on", SWITCH, needed=False),),
    ),
)
