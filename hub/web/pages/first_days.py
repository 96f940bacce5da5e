"""The first days for somebody held or missing: steps, who has them, their wish; and my own wish."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from directory.core.viewer import Role
from hub.web.frames import Ask, Outcome, Page, Show

HERE = "/first-days"
WISHES = {
    "quiet": say("quiet: nothing is made public"),
    "public": say("public: it may be told"),
    "ask": say("somebody of my circle says it then"),
}


async def _data(ask: Ask) -> dict[str, Any]:
    values = {**await ask.data("Playbooks"), **await ask.data("MyWish")}
    return {**values, "seen": None, "may_open": Role.COORDINATOR in ask.viewer.roles, "wishes": WISHES}


async def show(ask: Ask) -> Outcome:
    """What runs."""
    return Show("first_days.html", await _data(ask))


async def begin(ask: Ask) -> Outcome:
    """For somebody; with the word."""
    wanted = {"handle": ask.form.one("handle"), "playbook": ask.form.one("playbook") or "arrest"}
    return (await ask.do("OpenPlaybook", "openPlaybook", input=wanted)).then(HERE, "saved")


async def take(ask: Ask) -> Outcome:
    """I do this."""
    return (await ask.do("TakeStep", "takeStep", input=_step(ask))).then(HERE, "answered")


async def hand(ask: Ask) -> Outcome:
    """Somebody else does it."""
    wanted = {**_step(ask), "handle": ask.form.one("handle")}
    return (await ask.do("HandStep", "handStep", input=wanted)).then(HERE, "asked")


async def note(ask: Ask) -> Outcome:
    """Something was found out."""
    return await _report(ask, done=False)


async def done(ask: Ask) -> Outcome:
    """It is done."""
    return await _report(ask, done=True)


async def settle(ask: Ask) -> Outcome:
    """What the person wishes."""
    wanted = {key: ask.form.one(key) for key in ("run", "consent", "option")}
    return (await ask.do("SettleWish", "settleWish", input=wanted)).then(HERE, "saved")


async def close(ask: Ask) -> Outcome:
    """Nothing is left to do; with the word."""
    return (await ask.do("ClosePlaybook", "closePlaybook", input={"run": ask.form.one("run")})).then(
        HERE, "saved"
    )


async def wish(ask: Ask) -> Outcome:
    """My own, said beforehand."""
    wanted = {"wish": ask.form.one("wish"), "proxy": ask.form.one("proxy") or ""}
    return (await ask.do("SetWish", "setWish", input=wanted)).then(HERE, "saved")


async def seen(ask: Ask) -> Outcome:
    """Who could be seen from a device."""
    found = await ask.data("SeenFrom", "seenFrom", handle=ask.form.one("handle"))
    return Show("first_days.html", {**await _data(ask), "seen": found["seenFrom"]})


def _step(ask: Ask) -> dict[str, str]:
    return {"run": ask.form.one("run"), "step": ask.form.one("step")}


async def _report(ask: Ask, *, done: bool) -> Outcome:
    wanted = {**_step(ask), "note": ask.form.one("note") or "", "done": done}
    return (await ask.do("ReportStep", "reportStep", input=wanted)).then(HERE, "saved")


FIRST_DAYS = Page(
    HERE,
    say("Held or missing"),
    show,
    {
        "begin": begin,
        "take": take,
        "hand": hand,
        "note": note,
        "done": done,
        "settle": settle,
        "close": close,
        "wish": wish,
        "seen": seen,
    },
)
