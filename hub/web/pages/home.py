"""The first page: the alarm button, and what waits for you."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """What waits for this member, most urgent first."""
    data = await ask.data("Home")
    return Show("home.html", data)


HOME = Page("/", say("Home"), show)
