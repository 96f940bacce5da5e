"""Being put in touch: asking for it, and answering those who ask."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.finding import card_ids, page_of
from bots.core.grammar import just_a_number, yes_or_no
from bots.kinds import NUMBER
from bots.paging import in_pages
from bots.saying import lines
from directory import introductions
from directory.core.introductions import State
from directory.core.text import Text, say
from directory.refusals import Refusal

NO = 2
ABOUT = say("What is it about? Write one or two sentences; they read them.")


async def meet(talk: Talk, args: Args) -> None:
    """`meet 2 we need a lawyer`: ask to meet the second of the cards shown last."""
    cards = card_ids(await page_of(talk))
    number = int(args["number"])
    if not 1 <= number <= len(cards):
        await talk.reply(say("First look for somebody, for example: find land in Guatemala"))
        return
    if "purpose" not in args:
        await talk.reply(
            say("What is it about? Write one or two sentences; they read them."),
            "purpose",
            card=cards[number - 1],
        )
        return
    await _ask(talk, cards[number - 1], args["purpose"])


async def take_purpose(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """What it is about; 0 leaves it."""
    if yes_or_no(text) is False:
        await talk.reply(say("Good. Nobody is asked."))
        return True
    await _ask(talk, context["card"], text)
    return True


async def put_purpose(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """Once more."""
    return ABOUT


async def mine(talk: Talk, args: Args) -> None:
    """Whom this person asked, and who asks them."""
    found = await introductions.mine(talk.turn)
    waiting = [one for one in found.received if one.state is State.ASKED]
    if not found.asked and not waiting:
        await talk.reply(say("You have asked nobody, and nobody asks you."))
        return
    asked = [say("You asked {name}: {state}", name=one.title, state=STATES[one.state]) for one in found.asked]
    asking = [
        say(
            "{name} ({network}) asks you: “{purpose}”",
            name=one.name,
            network=one.network_name,
            purpose=one.purpose,
        )
        for one in waiting
    ]
    await in_pages(talk, [*asked, *asking], passes=True)
    if waiting:
        last = waiting[0]
        text = say("Would you like to meet {name}? 1 = yes, 2 = no", name=last.name)
        await talk.reply(text, "introduction", introduction=last.id)


async def take_answer(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = yes, 2 or 0 = no."""
    yes = False if just_a_number(text) == NO else yes_or_no(text)
    if yes is None:
        return False
    try:
        await introductions.answer(talk.turn, context["introduction"], yes)
    except Refusal as refused:
        await talk.reply(refused.text)
        return True
    if yes:
        await talk.reply(say("Good. An invitation to a room for the two of you is on its way."))
    else:
        await talk.reply(say("Good. They hear nothing of it."))
    return True


async def put_answer(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The request once more, while it stands."""
    found = await introductions.mine(talk.turn)
    one = next((one for one in found.received if one.id == context.get("introduction")), None)
    if one is None or one.state is not State.ASKED:
        return None
    return lines(
        say("{name} ({network}) would like to meet you.", name=one.name, network=one.network_name),
        say("They write: “{purpose}”", purpose=one.purpose),
        say("1 = yes, 2 = no"),
    )


async def _ask(talk: Talk, card: str, purpose: str) -> None:
    try:
        await introductions.ask(talk.turn, card, purpose)
    except Refusal as refused:
        await talk.reply(refused.text)
        return
    await talk.reply(
        lines(
            say("We ask them. Until they say yes they do not learn how to reach you."),
            say("If they say yes, I write to you."),
        )
    )


STATES: Mapping[str, Text] = {
    "waiting": say("no answer yet"),
    "yes": say("they said yes"),
    "met": say("you met"),
    "no answer": say("no answer came"),
}

QUESTIONS = (
    Question("purpose", take_purpose, put_purpose, free=True),
    Question("introduction", take_answer, put_answer),
)

COMMANDS = (
    Command(
        "meet",
        {
            "en": ("meet",),
            "es": ("conocer", "contactar"),
            "fr": ("rencontrer", "contacter"),
            "ar": ("تعارف", "تواصل", "لقاء"),
        },
        say("meet 1 and what it is about: be put in touch with the first one."),
        meet,
        (Arg("number", NUMBER), Arg("purpose", needed=False)),
    ),
    Command(
        "introductions",
        {
            "en": ("introductions", "requests"),
            "es": ("presentaciones", "solicitudes"),
            "fr": ("présentations", "demandes"),
            "ar": ("طلبات", "الطلبات", "طلبات التعارف"),
        },
        say("introductions: whom you asked and who asks you."),
        mine,
        rare=True,
    ),
)
