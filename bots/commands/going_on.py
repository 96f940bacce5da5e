"""What ends by itself unless one says that it goes on: a yes to a linked network, and one's card."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Args, Command, Question, Talk
from bots.commands.keeping import word_asked
from bots.core.grammar import yes_or_no
from bots.store import people
from directory import consent, going_on
from directory.core.text import Text, say
from directory.refusals import NotYours
from directory.store import consents


async def card_right(talk: Talk, args: Args) -> None:
    """`card is right`: for another year; a card that rested is shown again after the word."""
    if await going_on.rests(talk.turn):
        await word_asked(talk, "card-right")
        return
    await going_on.still_right(talk.turn)
    await talk.reply(say("Thank you. Your card is shown for another year."))


async def take_right(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = it is right, 0 = show it to nobody."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    if yes:
        await card_right(talk, {})
    else:
        await going_on.rest(talk.turn)
        await talk.reply(say("Your card is shown to nobody now. To show it again, write: card is right"))
    return True


async def put_right(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """In short, while nothing was decided."""
    if await going_on.rests(talk.turn):
        return None
    return say("Is what your card says still right? 1 = it is right, 0 = show it to nobody")


async def take_again(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = it goes on for a year, 0 = they see nothing from now on."""
    yes = yes_or_no(text)
    if yes is None:
        return False
    name = await people.network_name(talk.turn.tx, context["network"])
    if not yes:
        await consent.withdraw(talk.turn, context["network"])
        await talk.reply(say("{network} no longer sees you.", network=name))
        return True
    try:
        await going_on.go_on(talk.turn, context["network"], "chat")
    except NotYours:
        await talk.reply(say("It has ended already. To be shown to {network} again, write yes and its name.",
                             network=name))  # fmt: skip
        return True
    await talk.reply(say("Good. {network} sees you for another year.", network=name))
    return True


async def put_again(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """In short, while the yes stands."""
    if context["network"] not in await consents.standing(talk.turn.tx, talk.me.id):
        return None
    name = await people.network_name(talk.turn.tx, context["network"])
    return say("Shall {network} go on seeing you? 1 = yes, 0 = no", network=name)


QUESTIONS = (
    Question(going_on.YES_AGAIN, take_again, put_again),
    Question(going_on.RIGHT, take_right, put_right),
)

COMMANDS = (
    Command(
        "card-right",
        {
            "en": ("card is right",),
            "es": ("ficha correcta",),
            "fr": ("fiche correcte",),
            "ar": ("بطاقتي صحيحة",),
        },
        say("card is right: what your card says holds for another year."),
        card_right,
        rare=True,
    ),
)
