"""Who we are: the bots of this network as the directory has them, so that a false one can be told."""

from __future__ import annotations

from bots.command import Args, Command, Talk
from bots.saying import line_list, lines
from directory import bot_entries
from directory.bot_entries import BotEntry
from directory.core.text import Text, say
from directory.languages import autonym, known


async def bots(talk: Talk, args: Args) -> None:
    """`bots`: name, purpose, address and the key of the device, each on a line of its own."""
    found = await bot_entries.entries(talk.turn)
    if not found:
        await talk.reply(say("No bot of this network is listed."))
        return
    await talk.reply(
        lines(
            line_list(_line(one) for one in found),
            *(_address(one) for one in _once(found)),
            say("We speak {languages}.", languages=tuple(autonym(one) for one in known())),
            say("Does your app show another address or key? Then it is not us: tell a coordinator."),
        )
    )


def _line(one: BotEntry) -> Text:
    return say("{name}: {purpose}", name=one.name, purpose=say(one.purpose))


def _once(found: tuple[BotEntry, ...]) -> tuple[BotEntry, ...]:
    """One entry for each address."""
    return tuple({one.matrix_id: one for one in found}.values())


def _address(one: BotEntry) -> Text:
    groups = " ".join(one.fingerprint[at : at + 4] for at in range(0, len(one.fingerprint), 4))
    return say("Address: {address}. Key of its device: {key}", address=one.matrix_id, key=groups)


COMMANDS = (
    Command(
        "bots",
        {
            "en": ("bots", "who are you"),
            "es": ("bots", "quién eres"),
            "fr": ("bots", "qui es-tu", "qui êtes-vous"),
            "ar": ("البوتات", "من أنت"),
        },
        say("bots: who we are, and how to know the real one."),
        bots,
        rare=True,
    ),
)
