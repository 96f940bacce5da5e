"""What needs two people: the second person's yes or no, and where to find one."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from directory.core.viewer import Role
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """What waits, and for administrators who may be the second person."""
    return Show("second.html", await _data(ask))


async def yes(ask: Ask) -> Outcome:
    """I am the second person: do it."""
    return await _answer(ask, yes=True)


async def no(ask: Ask) -> Outcome:
    """Leave it."""
    return await _answer(ask, yes=False)


async def pass_on(ask: Ask) -> Outcome:
    """Ask a linked network."""
    wanted = {"ask": ask.form.one("ask"), "network": ask.form.one("network")}
    return (await ask.do("PassToNetwork", "passToNetwork", input=wanted)).then("/second", "asked")


async def code(ask: Ask) -> Outcome:
    """The code that a custodian reads aloud."""
    wanted = {"ask": ask.form.one("ask"), "code": ask.form.one("code")}
    return (await ask.do("ConfirmByCode", "confirmByCode", input=wanted)).then("/second", "seconded")


async def name(ask: Ask) -> Outcome:
    """Name a member, or somebody outside, whose sheet is shown on this answer and nowhere else."""
    wanted = {key: ask.form.one(key) or None for key in ("handle", "outside")}
    done = await ask.do("NameCustodian", "nameCustodian", input=wanted)
    if done.errors or not (sheet := done.payload.get("sheet")):
        waits = done.payload.get("outcome")
        return done.then("/second", "second-asked" if waits else "saved")
    return Show("second.html", {**await _data(ask), "sheet": sheet, "told": done.payload.get("outcome")})


async def end(ask: Ask) -> Outcome:
    """They are asked no more."""
    wanted = {"custodian": ask.form.one("custodian")}
    return (await ask.do("EndCustodian", "endCustodian", input=wanted)).then("/second", "saved")


async def _answer(ask: Ask, *, yes: bool) -> Outcome:
    wanted = {"ask": ask.form.one("ask"), "yes": yes}
    done = await ask.do("AnswerSecond", "answerSecond", input=wanted)
    return done.then("/second", "seconded" if yes else "answered")


async def _data(ask: Ask) -> dict[str, Any]:
    found = await ask.data("Seconds")
    linked = [one for one in found["networks"] if not one["home"] and one["active"]]
    values: dict[str, Any] = {"asks": found["secondAsks"], "sheet": None, "custodians": None}
    values["linked"] = [{"key": one["id"], "name": one["name"]} for one in linked]
    if Role.ADMINISTRATOR in ask.viewer.roles:
        values |= await ask.data("Custodians")
    return values


SECOND = Page(
    "/second",
    say("What needs two"),
    show,
    {"yes": yes, "no": no, "pass-on": pass_on, "code": code, "name": name, "end": end},
)
