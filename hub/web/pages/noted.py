"""People whom a list names: a code for each whom somebody knows, or their row erased."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

AT_ONCE = 50


async def show(ask: Ask) -> Outcome:
    """The next fifty."""
    return Show("noted.html", await _people(ask))


async def invite(ask: Ask) -> Outcome:
    """A code for one of them, shown on this answer and nowhere else."""
    done = await ask.do("InviteNoted", "inviteNoted", input={"person": ask.form.one("person")})
    if done.errors:
        return done.then("/noted")
    return Show("noted.html", {**await _people(ask), "invite": done.payload["invitation"]})


async def forget(ask: Ask) -> Outcome:
    """Erase what the list says of one of them."""
    done = await ask.do("ForgetNoted", "forgetNoted", input={"person": ask.form.one("person")})
    return done.then("/noted", "erased")


async def _people(ask: Ask) -> dict[str, Any]:
    found = (await ask.data("NotedPeople", after=ask.query.get("after", "")))["notedPeople"]
    return {"people": found, "invite": None, "more": found[-1]["id"] if len(found) == AT_ONCE else None}


NOTED = Page("/noted", say("People on lists"), show, {"invite": invite, "forget": forget})
