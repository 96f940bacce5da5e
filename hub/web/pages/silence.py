"""Silence of many at once: who it is, who has it, and whom to ask for singly."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """What runs."""
    return Show("silence.html", await ask.data("Silences", "silences"))


async def take(ask: Ask) -> Outcome:
    """I have it."""
    said = {"silence": ask.form.one("silence")}
    return (await ask.do("TakeSilence", "takeSilence", input=said)).then("/silence", "answered")


async def singly(ask: Ask) -> Outcome:
    """Ask for one of them, or for all, now."""
    said = {"silence": ask.form.one("silence"), "handle": ask.form.one("handle") or None}
    return (await ask.do("AskSingly", "askSingly", input=said)).then("/silence", "asked")


SILENCE = Page("/silence", say("Silence of many"), show, {"take": take, "singly": singly})
