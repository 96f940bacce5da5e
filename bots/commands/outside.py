"""Contacts outside the network, in chat: `outside` lists them, `outside 2 what is needed` asks the keeper."""

from __future__ import annotations

from bots.command import Arg, Args, Command, Talk
from bots.kinds import NUMBER
from bots.saying import line_list, lines
from directory import outside
from directory.core.outside import Came
from directory.core.text import Text, say
from directory.outside import Asked, Contact

CAME: dict[Came, Text] = {
    Came.ASKED: say("waits for the keeper"),
    Came.HELPED: say("it helped"),
    Came.NOT_HELPED: say("it did not help"),
    Came.NOT_SENT: say("the keeper did not send it"),
}
HOW = say("To ask, write “outside”, the number and what is needed. Only the keeper reads it.")


async def reach_outside(talk: Talk, args: Args) -> None:
    """`outside`, or `outside NUMBER WHAT`."""
    number, what = int(args.get("number", "0")), args.get("what", "")
    found = await outside.contacts(talk.turn)
    if not found:
        await talk.reply(say("Nobody has entered a contact outside yet. You can, on your page."))
        return
    if not number and not what:
        shown = line_list(_line(at, one) for at, one in enumerate(found, 1))
        await talk.show(lines(shown, *_mine(found), HOW))
        return
    if not 1 <= number <= len(found) or not what:
        await talk.reply(HOW)
        return
    chosen = found[number - 1]
    await outside.ask(talk.turn, chosen.id, what)
    never = say("Never send: {what}", what=chosen.said.never) if chosen.said.never else None
    await talk.reply(lines(say("Asked. {keeper} answers you.", keeper=chosen.keeper), never))


def _line(at: int, one: Contact) -> Text:
    said = one.said
    return say(
        "{n}. {name}, {office} ({keeper})", n=at, name=said.name, office=said.office, keeper=one.keeper
    )


def _mine(found: tuple[Contact, ...]) -> list[Text]:
    """What I asked, and what others ask me for."""
    return [_ask_line(one, each) for one in found for each in one.asks]


def _ask_line(one: Contact, each: Asked) -> Text:
    return say(
        "{who} → {name}: {what} – {came} {outcome}",
        who=each.who,
        name=one.said.name,
        what=each.what,
        came=CAME[each.came],
        outcome=each.outcome,
    )


COMMANDS = (
    Command(
        "outside",
        {
            "en": ("outside",),
            "es": ("contactos fuera", "fuera"),
            "fr": ("contacts extérieurs", "extérieur"),
            "ar": ("جهات خارجية", "الخارج"),
        },
        say("outside: people in offices who can help, and who can ask them."),
        reach_outside,
        args=(Arg("number", NUMBER, needed=False), Arg("what", needed=False)),
        rare=True,
    ),
)
