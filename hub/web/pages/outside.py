"""Outside contacts: whom a keeper can reach, what was asked of them, and what came of it."""

from __future__ import annotations

from directory.core.outside import Came, MayAsk
from directory.core.text import Text, say
from hub.web.frames import Ask, Outcome, Page, Show

CAME: dict[str, Text] = {
    Came.ASKED.name: say("waits for the keeper"),
    Came.HELPED.name: say("it helped"),
    Came.NOT_HELPED.name: say("it did not help"),
    Came.NOT_SENT.name: say("the keeper did not send it"),
}
MAY_ASK: dict[str, Text] = {
    MayAsk.MEMBERS.name: say("every member"),
    MayAsk.COORDINATORS.name: say("coordinators"),
    MayAsk.KEEPER.name: say("only I"),
}
WORDS = ("name", "office", "country", "offers", "languages", "reach", "never", "about")


async def show(ask: Ask) -> Outcome:
    """Those I may ask for something, and those I keep."""
    choices = [{"key": key, "name": name} for key, name in MAY_ASK.items()]
    came = [{"key": key, "name": name} for key, name in CAME.items() if key != Came.ASKED.name]
    return Show(
        "outside.html", {**await ask.data("OutsideContacts"), "who": choices, "ends": came, "came": CAME}
    )


async def keep(ask: Ask) -> Outcome:
    """Enter one, or say something else of it."""
    wanted: dict[str, str | None] = {name: ask.form.one(name) for name in WORDS}
    wanted |= {"contact": ask.form.one("contact") or None, "mayAsk": ask.form.one("may_ask") or "MEMBERS"}
    return (await ask.do("KeepOutside", "keepOutside", input=wanted)).then("/outside", "saved")


async def ask_for(ask: Ask) -> Outcome:
    """Ask the keeper for something."""
    wanted = {"contact": ask.form.one("contact"), "what": ask.form.one("what")}
    return (await ask.do("AskOutside", "askOutside", input=wanted)).then("/outside", "asked")


async def settle(ask: Ask) -> Outcome:
    """What came of it."""
    wanted = {name: ask.form.one(name) for name in ("ask", "came", "outcome")}
    return (await ask.do("SettleOutside", "settleOutside", input=wanted)).then("/outside", "answered")


async def confirm(ask: Ask) -> Outcome:
    """It still holds."""
    wanted = {"contact": ask.form.one("contact")}
    return (await ask.do("ConfirmOutside", "confirmOutside", input=wanted)).then("/outside", "saved")


async def hand(ask: Ask) -> Outcome:
    """Somebody else keeps it."""
    wanted = {"contact": ask.form.one("contact"), "handle": ask.form.one("handle")}
    return (await ask.do("HandOutside", "handOutside", input=wanted)).then("/outside", "saved")


async def forget(ask: Ask) -> Outcome:
    """Take it out."""
    wanted = {"contact": ask.form.one("contact")}
    return (await ask.do("ForgetOutside", "forgetOutside", input=wanted)).then("/outside", "erased")


OUTSIDE = Page(
    "/outside",
    say("Contacts outside"),
    show,
    {"keep": keep, "ask": ask_for, "settle": settle, "confirm": confirm, "hand": hand, "forget": forget},
)
