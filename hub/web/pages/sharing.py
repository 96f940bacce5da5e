"""Who beyond my network sees my card: a yes or no for each linked network, and what became of it."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """Every linked network, what it would see, and the ledger."""
    return Show("sharing.html", await ask.data("Sharing"))


async def yes(ask: Ask) -> Outcome:
    """Be shown to this network from now on."""
    done = await ask.do("ShareWith", "shareWith", input={"network": ask.form.one("network")})
    return done.then("/sharing", "shown")


async def no(ask: Ask) -> Outcome:
    """Take the card back from this network."""
    done = await ask.do("StopSharing", "stopSharing", input={"network": ask.form.one("network")})
    return done.then("/sharing", "withdrawn")


async def go_on(ask: Ask) -> Outcome:
    """My yes goes on for another year."""
    done = await ask.do("GoOnSharing", "goOnSharing", input={"network": ask.form.one("network")})
    return done.then("/sharing", "saved")


SHARING = Page("/sharing", say("Who sees my card"), show, {"yes": yes, "no": no, "go_on": go_on})
