"""What coordinators say when somebody was forced: stop what was asked for, end the silent call."""

from __future__ import annotations

from bots.command import Arg, Args, Command, Talk
from bots.commands.keeping import ask_word
from bots.kinds import HANDLE
from directory.core.text import say


async def halt(talk: Talk, args: Args) -> None:
    """`halt NAME`, with the word."""
    await ask_word(talk, "halt", args)


async def all_clear(talk: Talk, args: Args) -> None:
    """`all clear NAME`, with the word; the second who says it ends it."""
    await ask_word(talk, "all-clear", args)


COMMANDS = (
    Command(
        "halt",
        {"en": ("halt",), "es": ("detener",), "fr": ("bloquer",), "ar": ("أوقف الطلب",)},
        say("halt and a name: stop what somebody was forced to ask for."),
        halt,
        (Arg("handle", HANDLE),),
        rare=True,
    ),
    Command(
        "all-clear",
        {
            "en": ("all clear",),
            "es": ("fuera de peligro",),
            "fr": ("hors de danger",),
            "ar": ("زال الخطر",),
        },
        say("all clear and a name: a silent call is over. Two people have to say it."),
        all_clear,
        (Arg("handle", HANDLE),),
        lowers=True,
        rare=True,
    ),
)
