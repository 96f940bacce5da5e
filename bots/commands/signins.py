"""Where somebody is signed in, in chat: the list, and ending one of them or all."""

from __future__ import annotations

from bots.command import Arg, Args, Command, Talk
from bots.core.folding import fold_word
from bots.core.grammar import just_a_number
from bots.saying import lines
from directory import sign_ins
from directory.core.text import say

ALL = frozenset(("all", "todo", "todos", "todas", "tout", "tous", "toutes", "الكل", "كل"))


async def show(talk: Talk, args: Args) -> None:
    """`sign-ins`; `sign-ins 2` ends the second one, `sign-ins all` ends every one. Ending needs no word."""
    found = await sign_ins.mine(talk.turn)
    which = args.get("which", "")
    number = just_a_number(which)
    if not found:
        await talk.reply(say("You are signed in nowhere."))
    elif fold_word(which) in ALL:
        for one in found:
            await sign_ins.end(talk.turn, one.name)
        await talk.reply(say("You are signed out everywhere."))
    elif number is not None and 1 <= number <= len(found):
        await sign_ins.end(talk.turn, found[number - 1].name)
        await talk.reply(say("That sign-in was ended."))
    else:
        listed = (
            say("{n} = since {at}, ends by itself {until}", n=n, at=one.since, until=one.expires_at)
            for n, one in enumerate(found, 1)
        )
        await talk.reply(lines(*listed, say("To end one, write sign-ins and its number, or all.")))


COMMANDS = (
    Command(
        "sign-ins",
        {
            "en": ("sign-ins", "sessions", "sign ins"),
            "es": ("sesiones",),
            "fr": ("connexions", "sessions"),
            "ar": ("الجلسات", "جلساتي"),
        },
        say("sign-ins: where you are signed in on pages, and ending it."),
        show,
        (Arg("which", needed=False),),
        rare=True,
    ),
)
