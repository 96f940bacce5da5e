"""Whom not to ask: who is never brought together with me. Nobody is told."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """Whom I named."""
    data = await ask.data("KeptApart", "keptApart")
    linked = [{"key": one["id"], "name": one["name"]} for one in data["networks"] if not one["home"]]
    return Show("apart.html", {**data, "linked": linked})


async def person(ask: Ask) -> Outcome:
    """A member, by name."""
    return await _keep(ask, "handle")


async def card(ask: Ask) -> Outcome:
    """Whoever a card stands for."""
    return await _keep(ask, "card")


async def network(ask: Ask) -> Outcome:
    """Everybody of a linked network."""
    return await _keep(ask, "network")


async def allow(ask: Ask) -> Outcome:
    """Not any more."""
    done = await ask.do("AllowAgain", "allowAgain", input={"named": ask.form.one("named")})
    return done.then("/apart", "saved")


async def _keep(ask: Ask, which: str) -> Outcome:
    return (await ask.do("KeepApart", "keepApart", input={which: ask.form.one(which)})).then(
        "/apart", "saved"
    )


APART = Page(
    "/apart",
    say("Whom not to ask"),
    show,
    {"person": person, "card": card, "network": network, "allow": allow},
)
