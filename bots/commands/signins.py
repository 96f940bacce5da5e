"""Coming in to the pages from chat, and where somebody is signed in: the list, and ending one or all."""

from __future__ import annotations

from bots.command import Arg, Args, Command, Talk
from bots.kinds import WHICH
from bots.saying import lines
from directory import sign_ins
from directory.core.text import say


async def show(talk: Talk, args: Args) -> None:
    """`sign-ins`; `sign-ins 2` ends the second one, `sign-ins all` ends every one. Ending needs no word."""
    found = await sign_ins.mine(talk.turn)
    which = args.get("which", "")
    number = int(which) if which not in ("", "all") else 0
    if not found:
        await talk.reply(say("You are signed in nowhere."))
    elif which == "all":
        for one in found:
            await sign_ins.end(talk.turn, one.name)
        await talk.reply(say("You are signed out everywhere."))
    elif 1 <= number <= len(found):
        await sign_ins.end(talk.turn, found[number - 1].name)
        await talk.reply(say("That sign-in was ended."))
    else:
        listed = (
            say("{n} = since {at}, ends by itself {until}", n=n, at=one.since, until=one.expires_at)
            for n, one in enumerate(found, 1)
        )
        await talk.reply(lines(*listed, say("To end one, write sign-ins and its number, or all.")))


async def page(talk: Talk, args: Args) -> None:
    """A link that opens the pages once, to read; and the address for later, with name and word."""
    code = await sign_ins.my_link(talk.turn)
    address = talk.desk.pages()
    await talk.show(
        lines(
            say("This opens your pages once, within the hour, to read for 30 minutes:"),
            say("{address}", address=f"{address}/in/{code}"),
            say("It is for you alone. Later you come in here, with your name and your word:"),
            say("{address}", address=address),
        )
    )


COMMANDS = (
    Command(
        "page",
        {
            "en": ("page", "pages", "link", "my page"),
            "es": ("página", "páginas", "enlace", "mi página"),
            "fr": ("page", "pages", "lien", "ma page"),
            "ar": ("الصفحة", "صفحتي", "الرابط", "رابط"),
        },
        say("page: your way in to the pages."),
        page,
    ),
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
        (Arg("which", WHICH, needed=False),),
        rare=True,
    ),
)
