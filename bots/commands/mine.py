"""What is one's own: the phrase for danger, a copy of what is kept, leaving. Each with the word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bots import copies
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.keeping import GIVE_YOUR_WORD
from bots.core.grammar import fold_phrase, yes_or_no
from bots.saying import lines
from directory import later, leaving, second_phrase, words
from directory.core.effects import ClearRoom, SecretSaid
from directory.core.text import Text, say
from directory.refusals import Refusal
from directory.turn import Turn

WORD, CHOOSE, PRACTISE = "own-word", "new-phrase", "practise-phrase"
OFF = frozenset(fold_phrase(one) for one in ("off", "quitar", "enlever", "حذف"))
ON_THE_PAGE = say("Better do this on the page “My word”: what we write here stays on your phone.")
CHOOSE_IT = say("Write the phrase you choose. 0 = leave it")
PRACTISE_IT = say(
    "Now practise it. As if you had to stop a call for help, write: cancel and the phrase. 0 = leave it"
)
NO_WORD = say("First choose your word. Write: word")
IT_COUNTS = say("Good. It counts from now on, and nobody was told. Delete these messages from your phone.")


async def phrase(talk: Talk, args: Args) -> None:
    """`phrase`: what it does, then the word, then the phrase; `phrase off`: no phrase from now on."""
    off = fold_phrase(args.get("off", "")) in OFF
    await talk.turn.record(SecretSaid())  # that somebody asked for it is nobody's to read later
    if not await words.has_word(talk.turn, talk.me.id):
        await talk.reply(NO_WORD)
        return
    told = () if off else (*second_phrase.WHAT_IT_DOES, ON_THE_PAGE)
    await talk.show(lines(*told, GIVE_YOUR_WORD), WORD, do="phrase-off" if off else "phrase")


async def copy(talk: Talk, args: Args) -> None:
    """`copy`: ask for it, or have it when it is ready."""
    await _asked(talk, "copy", None)


async def leave(talk: Talk, args: Args) -> None:
    """`leave`: for good, with the word."""
    asked = say("You leave for good, and what you told us is deleted, here and at other networks.")
    await _asked(talk, "leave", asked)


async def _asked(talk: Talk, do: str, first: Text | None) -> None:
    if await words.has_word(talk.turn, talk.me.id):
        await talk.reply(lines(first, GIVE_YOUR_WORD), WORD, do=do)
    else:
        await talk.reply(NO_WORD)


async def take_word(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """With the word it goes on; 0 leaves everything as it was."""
    if yes_or_no(text) is False:
        await _left(talk)
        return True
    given = await words.check_word(talk.turn, talk.me.id, text)
    if given is None:
        again = say("That is not your word. Please try again. 0 = leave it")
        await (talk.show if "phrase" in context["do"] else talk.reply)(again, WORD, **context)
        return True
    if context["do"] == "phrase":
        await talk.show(CHOOSE_IT, CHOOSE, given=given.id)
        return True
    try:
        done = await DO[context["do"]](words.sure(talk.turn, given))
    except Refusal as refused:
        done = refused.text
    await (talk.show if "phrase" in context["do"] else talk.reply)(done)
    return True


async def take_phrase(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """The phrase; it does not count before it was practised."""
    if yes_or_no(text) is False:
        await _left(talk)
        return True
    try:
        practice = await second_phrase.prepare(await words.as_given(talk.turn, context["given"]), text)
    except Refusal as refused:
        await talk.show(refused.text, CHOOSE, **context)
        return True
    await talk.show(PRACTISE_IT, PRACTISE, given=context["given"], practice=practice)
    return True


async def take_practice(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """`cancel` and the phrase, as it would be; nobody is told. Then what was said of it leaves the room."""
    if yes_or_no(text) is False:
        await _left(talk)
        return True
    turn = await words.as_given(talk.turn, context["given"])
    _, _, rest = text.strip().partition(" ")
    try:
        same = await second_phrase.practise(turn, context["practice"], rest)
    except Refusal as refused:
        await talk.show(refused.text)
        return True
    if same:
        await talk.turn.record(ClearRoom(talk.me.id))
        await talk.show(IT_COUNTS)
    else:
        await talk.show(lines(say("That was not the same phrase."), PRACTISE_IT), PRACTISE, **context)
    return True


async def _left(talk: Talk) -> None:
    """Nothing was changed, and what was said on the way does not stay either."""
    await talk.turn.record(ClearRoom(talk.me.id))
    await talk.reply(say("Good. Nothing was changed."))


async def put_nothing(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """What was half done is begun again by the person."""
    return None


async def _off(turn: Turn) -> Text:
    await second_phrase.remove(turn)
    return say("Good. In three days you have no second phrase. Until then the old one still counts.")


async def _copy(turn: Turn) -> Text:
    ready_at = await later.ask_copy(turn)
    text = await copies.read(turn)
    return _wait(ready_at) if text is None else Text("{copy}", (("copy", text),))


def _wait(ready_at: datetime) -> Text:
    return say(
        "Your copy will be ready at {at}. Then write copy again, or open the page “My data”.", at=ready_at
    )


async def _leave(turn: Turn) -> Text:
    await leaving.leave(turn)
    return say("Done.")


DO = {"phrase-off": _off, "copy": _copy, "leave": _leave}

QUESTIONS = (
    Question(WORD, take_word, put_nothing, free=True),
    Question(CHOOSE, take_phrase, put_nothing, free=True),
    Question(PRACTISE, take_practice, put_nothing, free=True),
)

COMMANDS = (
    Command(
        "phrase",
        {
            "en": ("phrase", "second phrase"),
            "es": ("frase", "segunda frase"),
            "fr": ("phrase", "seconde phrase"),
            "ar": ("عبارة", "عبارة ثانية"),
        },
        say("phrase: a second phrase for when somebody forces you. phrase off: no phrase any more."),
        phrase,
        (Arg("off", needed=False),),
        rare=True,
    ),
    Command(
        "copy",
        {
            "en": ("copy", "my data"),
            "es": ("copia", "mis datos"),
            "fr": ("copie", "mes données"),
            "ar": ("نسخة", "بياناتي"),
        },
        say("copy: everything we keep about you."),
        copy,
        rare=True,
    ),
    Command(
        "leave",
        {
            "en": ("leave",),
            "es": ("irme", "dejar la red"),
            "fr": ("quitter le réseau", "partir"),
            "ar": ("مغادرة", "أغادر"),
        },
        say("leave: go for good; what you told us is deleted."),
        leave,
        lowers=True,
        rare=True,
    ),
)
