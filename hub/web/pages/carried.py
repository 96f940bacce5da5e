"""People without a phone: whose entry I look after, until when their yes holds, and asking them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show
from hub.web.pages.communities import says

HERE = "/without-phone"


async def show(ask: Ask) -> Outcome:
    """Those I look after; for coordinators all."""
    data = await ask.data("CarriedPeople", "carriedPeople")
    return Show("carried.html", {**data, "carries": bool(ask.viewer.roles & {"connector", "coordinator"})})


async def carry(ask: Ask) -> Outcome:
    """Enter somebody with their yes."""
    wanted = {"handle": ask.form.one("handle"), **_consent(ask), **says(ask)}
    return (await ask.do("CarryPerson", "carryPerson", input=wanted)).then(HERE, "saved")


async def renew(ask: Ask) -> Outcome:
    """They were asked again."""
    wanted = {"member": ask.form.one("member"), **_consent(ask)}
    return (await ask.do("RenewCarried", "renewCarried", input=wanted)).then(HERE, "saved")


async def edit(ask: Ask) -> Outcome:
    """What is said of them."""
    wanted = {"member": ask.form.one("member"), **says(ask)}
    return (await ask.do("EditCarried", "editCarried", input=wanted)).then(HERE, "saved")


async def hand(ask: Ask) -> Outcome:
    """Another connector looks after them."""
    wanted = {"member": ask.form.one("member"), "handle": ask.form.one("handle")}
    return (await ask.do("HandCarried", "handCarried", input=wanted)).then(HERE, "saved")


async def put_down(ask: Ask) -> Outcome:
    """They want to be found no more."""
    wanted = {"member": ask.form.one("member")}
    return (await ask.do("PutDownCarried", "putDownCarried", input=wanted)).then(HERE, "erased")


def _consent(ask: Ask) -> Mapping[str, Any]:
    wanted: dict[str, Any] = {name: ask.form.one(name) for name in ("who", "how", "language")}
    for name, given in (("months", "months"), ("days_ago", "daysAgo")):
        number = ask.form.one(name)
        if number.isdecimal():
            wanted[given] = min(int(number), 9999)
    return {**wanted, "meets": ask.form.one("meets") == "1"}


CARRIED = Page(
    HERE,
    say("People without a phone"),
    show,
    {"carry": carry, "renew": renew, "edit": edit, "hand": hand, "put_down": put_down},
)
