"""Text messages: what the phone company learns, and then, with the word, on or off."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """How it stands."""
    return Show("phone.html", await ask.data("MyTexts"))


async def on(ask: Ask) -> Outcome:
    """Switch them on."""
    wanted = {key: ask.form.one(key) for key in ("number", "call", "safe")}
    wish = {**wanted, "understood": ask.form.one("understood") == "1"}
    return (await ask.do("SwitchTextsOn", "switchTextsOn", input=wish)).then("/phone", "saved")


async def off(ask: Ask) -> Outcome:
    """Switch them off."""
    return (await ask.do("SwitchTextsOff", "switchTextsOff")).then("/phone", "saved")


PHONE = Page("/phone", say("Text messages"), show, {"on": on, "off": off})
