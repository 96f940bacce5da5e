"""Whom not to ask, in chat: `never with NAME`, `never with 2` for a card of the last list, and back."""

from __future__ import annotations

from bots.command import Arg, Args, Command, Talk
from bots.commands.finding import card_ids, page_of
from bots.commands.keeping import word_asked
from bots.kinds import NUMBER
from bots.networks import network_meant
from bots.saying import line_list, lines
from directory import apart, members
from directory.core.text import say
from directory.refusals import Refusal

HOW = say(
    "Write never with and a member's name, a linked network's name, or the number of a card you were just"
    " shown. Nobody is told. To take it back: allow again and its number."
)


async def never(talk: Talk, args: Args) -> None:
    """Whom I named; or name somebody."""
    what = args.get("what", "").strip()
    if not what:
        found = await apart.mine(talk.turn)
        shown = [say("{n}. {name}", n=at, name=one.name) for at, one in enumerate(found, 1)]
        await talk.show(lines(line_list(shown) if shown else say("You have named nobody."), HOW))
        return
    try:
        await _name(talk, what)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    await talk.show(say("You and they do not find each other from now on. Nobody is told."))


async def _name(talk: Talk, what: str) -> None:
    if what.isdecimal():
        cards = card_ids(await page_of(talk))
        card = cards[int(what) - 1] if 1 <= int(what) <= len(cards) else ""
        await apart.name_card(talk.turn, card)
        return
    network = await network_meant(talk, what)
    if network is None or await members.find_handle(talk.turn, what) is not None:
        await apart.name_person(talk.turn, what)
    else:
        await apart.name_network(talk.turn, network.id)


async def allow_again(talk: Talk, args: Args) -> None:
    """`allow again NUMBER`, after the word."""
    found, number = await apart.mine(talk.turn), int(args["number"])
    if not 1 <= number <= len(found):
        await talk.reply(HOW)
        return
    await word_asked(talk, "allow-again", named=found[number - 1].id)


COMMANDS = (
    Command(
        "never",
        {
            "en": ("never with",),
            "es": ("nunca con",),
            "fr": ("jamais avec",),
            "ar": ("بدون لقاء مع",),
        },
        say("never with and a name: you and they never find each other. Nobody is told."),
        never,
        args=(Arg("what", needed=False),),
        rare=True,
    ),
    Command(
        "allow-again",
        {
            "en": ("allow again",),
            "es": ("permitir otra vez",),
            "fr": ("permettre de nouveau",),
            "ar": ("اسمح من جديد",),
        },
        say("allow again and a number: you may find each other again."),
        allow_again,
        args=(Arg("number", NUMBER),),
        lowers=True,
        rare=True,
    ),
)
