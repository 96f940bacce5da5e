"""What needs two people, by talking: the question, the answer with the word, a linked network, a code."""

from __future__ import annotations

from collections.abc import Mapping

from bots import seconding
from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.keeping import ask_word, word_asked
from bots.core.grammar import just_a_number, yes_or_no
from bots.kinds import HANDLE
from bots.networks import network_meant
from bots.saying import lines
from directory.core.codes import sheet_code
from directory.core.text import Text, say
from directory.seconding import QUESTION, lonely


async def second(talk: Talk, args: Args) -> None:
    """`second`: what is open; `second NETWORK` and `second CODE` for the newest that one asked oneself."""
    found = await seconding.listed(talk.turn)
    who = args.get("who", "")
    if not who:
        await _show(talk, found)
        return
    mine = next((one for one in found if one.mine), None)
    if mine is None:
        await talk.reply(say("You ask for no second person now."))
    elif (network := await network_meant(talk, who)) is not None:
        name = await seconding.pass_on(talk.desk, talk.turn, mine.id, network.id)
        await talk.reply(say("{network} is asked. Ring them, and tell them why.", network=name))
    elif sheet_code(who) is not None:
        await talk.reply(await seconding.use_code(talk.turn, mine.id, who))
    else:
        await talk.reply(say("I know no linked network of that name. Write networks to see them."))


async def _show(talk: Talk, found: tuple[seconding.Shown, ...]) -> None:
    if not found:
        await talk.reply(say("Nothing waits for a second person."))
        return
    answerable = next((one for one in found if one.may_answer), None)
    own = [one for one in found if one.mine]
    shown = [say("You asked: {what}", what=one.text) for one in own]
    if answerable is None:
        await talk.reply(lines(*shown, lonely()))
        return
    await talk.reply(lines(*shown, answerable.text), QUESTION, ask=answerable.id)


async def take(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = yes, and then the word; 0 or 2 = no."""
    yes = False if just_a_number(text) == 2 else yes_or_no(text)
    if yes is None:
        return False
    if await seconding.put(talk.turn, context["ask"]) is None:
        await talk.reply(say("Somebody has answered already. Thank you."))
    elif yes:
        await word_asked(talk, "second", ask=context["ask"])
    else:
        await talk.reply(await seconding.answer(talk.turn, context["ask"], yes=False))
    return True


async def put(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The question once more, while it is open."""
    return await seconding.put(talk.turn, context.get("ask", ""))


async def custodian(talk: Talk, args: Args) -> None:
    """`custodian NAME`: a member who may be the second person from now on."""
    await ask_word(talk, "custodian", args)


QUESTIONS = (Question(QUESTION, take, put),)

COMMANDS = (
    Command(
        "second",
        {
            "en": ("second",),
            "es": ("segunda", "segundo"),
            "fr": ("seconde", "second avis"),
            "ar": ("شخص ثان", "الثاني"),
        },
        say("second: what needs two people. With a linked network's name or a custodian's code: ask them."),
        second,
        (Arg("who", needed=False),),
        rare=True,
    ),
    Command(
        "custodian",
        {
            "en": ("custodian",),
            "es": ("custodia",),
            "fr": ("dépositaire",),
            "ar": ("أمين",),
        },
        say("custodian and a name: somebody who may be the second person."),
        custodian,
        (Arg("handle", HANDLE),),
        lowers=True,
        rare=True,
    ),
)
