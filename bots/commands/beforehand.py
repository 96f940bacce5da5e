"""What an order that is hard to take back will do, said exactly before the word is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from directory import members
from directory.core.text import Text, say
from directory.store import roles
from directory.turn import Turn

What = Callable[[Turn, Mapping[str, str]], Awaitable[Text]]
NOTHING = "—"


async def will_do(turn: Turn, do: str, context: Mapping[str, str]) -> Text:
    """The sentence for one order of bots/commands/keeping.py. Says nothing that the asker may not know."""
    return await WILL[do](turn, context)


def _plainly(text: Callable[[str], Text]) -> What:
    async def what(_turn: Turn, context: Mapping[str, str]) -> Text:
        return text(context.get("handle", ""))

    return what


async def _give(_turn: Turn, context: Mapping[str, str]) -> Text:
    return say("{name} becomes {role} here. They are told.", name=context["handle"], role=context["role"])


async def _take(_turn: Turn, context: Mapping[str, str]) -> Text:
    return say("{name} is {role} no more. They are told.", name=context["handle"], role=context["role"])


async def _off_board(turn: Turn, context: Mapping[str, str]) -> Text:
    row = await members.known_by(turn, context["handle"])
    held = sorted(await roles.roles_of(turn.tx, row.id)) if row is not None else []
    return say(
        "All that {name} can do for the network ends at once: sign-ins, links, tokens, codes, duty and these "
        "roles: {roles}. They stay a member.",
        name=context["handle"],
        roles=", ".join(held) or NOTHING,
    )


WILL: Mapping[str, What] = {
    "give": _give,
    "take": _take,
    "off-board": _off_board,
    "keep": _plainly(
        lambda name: say(
            "The entry of {name} stays held back until two people lift it. They cannot sign in.", name=name
        )
    ),
    "lift": _plainly(
        lambda name: say("You say that the entry of {name} may be free. Two have to say so.", name=name)
    ),
    "back": _plainly(
        lambda name: say(
            "A new code is made. Who writes it speaks as {name} from then on, and the old device is shut.",
            name=name,
        )
    ),
    "second": _plainly(lambda _: say("You say yes as the second person. Then it is done.")),
    "custodian": _plainly(
        lambda name: say("{name} may be the second person from now on, where two are needed.", name=name)
    ),
    "show-community": _plainly(lambda _: say("The others who speak for it are asked to show it again.")),
    "card-right": _plainly(lambda _: say("Your card is shown again as it was.")),
    "allow-again": _plainly(lambda _: say("You and they may find each other again.")),
    "community": _plainly(lambda _: say("You say yes for your community.")),
    "halt": _plainly(lambda name: say("What {name} was forced to ask for will not be done.", name=name)),
    "all-clear": _plainly(
        lambda name: say("The silent call for {name} ends. Be sure that they are free.", name=name)
    ),
}
"""A test holds it to the orders there are."""
