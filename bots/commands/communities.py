"""Communities in chat: how each decides, hiding one at once, and the yes of those who speak for it."""

from __future__ import annotations

from collections.abc import Mapping

from bots.command import Arg, Args, Command, Question, Talk
from bots.commands.keeping import word_asked
from bots.core.grammar import just_a_number, yes_or_no
from bots.kinds import TEXT
from bots.saying import line_list, lines
from directory import communities, community_wishes
from directory.communities import Community
from directory.community_wishes import QUESTION
from directory.core.handles import handle_key
from directory.core.text import Text, say

HOW = say(
    "To hide one of yours at once, write hide community and its number. To show it again: show community and "
    "its number."
)


async def show_all(talk: Talk, args: Args) -> None:
    """Those I may know of, by number; and the first thing that waits for me."""
    found = await communities.listed(talk.turn)
    if not found:
        await talk.reply(say("No community has been entered yet."))
        return
    mine = any(one.own for one in found)
    listed = line_list(_line(at, one) for at, one in enumerate(found, 1))
    waits = [each for one in found if one.own for each in one.own.waits if not each.said]
    if not waits:
        await talk.show(lines(listed, HOW if mine else None))
        return
    text = await community_wishes.still_asked(talk.turn, waits[0].id)
    await talk.show(lines(listed, HOW, text), QUESTION, wish=waits[0].id)


def _line(at: int, one: Community) -> Text:
    name = {"n": at, "name": one.name, "way": one.way.way, "since": one.way.since}
    if one.hidden:
        return say("{n}. {name}: decides {way}, since {since}. Hidden: nobody else sees it.", **name)
    return say("{n}. {name}: decides {way}, since {since}.", **name)


async def hide(talk: Talk, args: Args) -> None:
    """`hide community NUMBER` or the name: gone at once, without the word."""
    one = await _meant(talk, args["what"])
    if one is not None:
        await communities.hide(talk.turn, one.id)
        await talk.reply(say("{community} is hidden. Nobody else sees it now.", community=one.name))


async def show(talk: Talk, args: Args) -> None:
    """`show community NUMBER` or the name: asks the others, after the word."""
    one = await _meant(talk, args["what"])
    if one is not None:
        await word_asked(talk, "show-community", community=one.id)


async def _meant(talk: Talk, what: str) -> Community | None:
    found = await communities.listed(talk.turn)
    number = int(what) if what.isdecimal() else 0
    for at, one in enumerate(found, 1):
        if (at == number or handle_key(one.name) == handle_key(what)) and one.own is not None:
            return one
    await talk.reply(say("You speak for no community of that name. Write communities to see them."))
    return None


async def take(talk: Talk, context: Mapping[str, str], text: str) -> bool:
    """1 = yes, and then the word; 0 or 2 = no, which ends it."""
    yes = False if just_a_number(text) == 2 else yes_or_no(text)
    if yes is None:
        return False
    if await community_wishes.still_asked(talk.turn, context["wish"]) is None:
        await talk.reply(say("It was decided already, or is over. Thank you."))
    elif yes:
        await word_asked(talk, "community", wish=context["wish"])
    else:
        await community_wishes.answer(talk.turn, context["wish"], yes=False)
        await talk.reply(say("Good. Nothing was changed."))
    return True


async def put(talk: Talk, context: Mapping[str, str]) -> Text | None:
    """The question once more, while it is open."""
    return await community_wishes.still_asked(talk.turn, context.get("wish", ""))


QUESTIONS = (Question(QUESTION, take, put),)

COMMANDS = (
    Command(
        "communities",
        {
            "en": ("communities", "community"),
            "es": ("comunidades", "comunidad"),
            "fr": ("communautés", "communauté"),
            "ar": ("مجتمعات", "المجتمعات"),
        },
        say("communities: how each decides, and what waits for you."),
        show_all,
        rare=True,
    ),
    Command(
        "hide",
        {
            "en": ("hide community",),
            "es": ("ocultar comunidad",),
            "fr": ("cacher communauté",),
            "ar": ("أخف المجتمع", "إخفاء المجتمع"),
        },
        say("hide community and its number: nobody sees it from now on."),
        hide,
        args=(Arg("what", TEXT),),
        rare=True,
    ),
    Command(
        "show",
        {
            "en": ("show community",),
            "es": ("mostrar comunidad",),
            "fr": ("montrer communauté",),
            "ar": ("أظهر المجتمع", "إظهار المجتمع"),
        },
        say("show community and its number: ask the others who speak for it to show it again."),
        show,
        args=(Arg("what", TEXT),),
        rare=True,
    ),
)
