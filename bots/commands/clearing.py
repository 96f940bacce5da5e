"""Taking what others should not read off the screen."""

from __future__ import annotations

from bots.command import Args, Command, Talk
from directory.core.effects import ClearRoom
from directory.core.text import say


async def clear(talk: Talk, args: Args) -> None:
    """`clear`: cards and introductions of the last hour go now."""
    await talk.turn.record(ClearRoom(talk.me.id))
    await talk.reply(say("I am taking back the cards I showed you. What you wrote, only you can delete."))


COMMANDS = (
    Command(
        "clear",
        {
            "en": ("clear",),
            "es": ("limpiar", "limpia"),
            "fr": ("nettoyer", "vider"),
            "ar": ("امسح", "مسح"),
        },
        say("clear: take back the cards of the last hour now."),
        clear,
        rare=True,
    ),
)
