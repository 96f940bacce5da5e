"""Whom this network reaches and whom not, as the newest release says (¶40, ¶64)."""

from __future__ import annotations

from directory.core.text import say
from directory.core.viewer import Role
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """The latest release's tables; numbers too small to show are not there."""
    may_count = ask.viewer.may_act_as(Role.COORDINATOR)
    return Show("reach.html", {**await ask.data("Reach"), "may_count": may_count})


async def count(ask: Ask) -> Outcome:
    """Count again, in the background."""
    return (await ask.do("MakeRelease", "makeRelease")).then("/reach", "counting")


REACH = Page("/reach", say("Reach"), show, {"count": count})
