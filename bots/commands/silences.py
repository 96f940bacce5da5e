"""Wide silence, for whoever answers calls: read it, take it, have somebody asked for singly."""

from __future__ import annotations

from collections.abc import Mapping

from bots import silence
from bots.command import Arg, Args, Command, Question, Talk
from bots.core.folding import fold_word
from bots.core.grammar import yes_or_no
from bots.saying import line_list
from directory.core.text import Text, say, say_many

ASK = frozenset(("ask", "preguntar", "demander", "اسال", "سؤال", "سوال"))
ALL = frozenset(("all", "todas", "todos", "tous", "toutes", "الكل", "كلهم"))


async def silences(talk: Talk, args: Args) -> None:
    """`silence`: what runs. `silence ask NAME` or `silence ask all`: do not hold them any longer."""
    first, _, rest = args.get("what", "").partition(" ")
    running = await silence.incidents(talk.turn)
    if not running:
        await talk.reply(say("There is no silence of many now."))
    elif fold_word(first) in ASK and rest.strip():
        handle = None if fold_word(rest) in ALL else rest.strip("@ ")
        count = sum([await silence.ask_singly(talk.turn, one.id, handle) for one in running])
        await talk.reply(
            say_many("{count} person is asked for now.", "{count} people are asked for now.", count)
        )
    else:
        top = running[0]
        waits = None if top.taken_by else silence.QUESTION
        text = line_list(silence.said(one) for one in running)
        await talk.reply(text, waits, **({"incident": top.id} if waits else {}))


async def take_it(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = I have it, 0 = I cannot."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if not yes:
        await talk.reply(say("Thank you for saying so. The others were asked too."))
    elif await silence.take(talk.turn, context.get("incident", "")):
        await talk.reply(say("You have it. Those held are held longer. Write silence to see who they are."))
    else:
        await talk.reply(say("Somebody has it, or it is over. Thank you."))
    return True


async def put_it(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The list once more, while nobody has it."""
    running = await silence.incidents(talk.turn)
    return next(
        (silence.said(one) for one in running if one.id == context.get("incident") and not one.taken_by), None
    )


QUESTIONS = (Question(silence.QUESTION, take_it, put_it),)

COMMANDS = (
    Command(
        "silence",
        {
            "en": ("silence", "silences"),
            "es": ("silencio", "silencios"),
            "fr": ("silence", "silences"),
            "ar": ("صمت", "الصمت"),
        },
        say("silence: when many do not answer at once."),
        silences,
        (Arg("what", needed=False),),
        rare=True,
    ),
)
