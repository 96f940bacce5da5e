"""Whom this network reaches and whom not, as the newest release says (¶40, ¶64)."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """The latest release's tables; numbers too small to show are not there."""
    return Show("reach.html", await ask.data("Reach"))


REACH = Page("/reach", say("Reach"), show)
