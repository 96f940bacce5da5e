"""Introductions: ask to meet somebody, answer who asks for you. No contact detail before both said yes."""

from __future__ import annotations

import json
from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """Who asks for me, whom I asked, and the form when I come from a card."""
    data = await ask.data("Introductions", "introductions")
    return Show("introductions.html", {**data, "about": _about(ask)})


def _about(ask: Ask) -> dict[str, Any] | None:
    token = ask.query.get("about") or ask.form.one("about")
    sealed = ask.kept(token)
    if sealed is None:
        return None
    card, title, network = json.loads(sealed)
    return {"card": card, "title": title, "network": network, "token": token}


async def ask_for(ask: Ask) -> Outcome:
    """Ask to be put in touch."""
    about = _about(ask)
    wanted = {"card": about["card"] if about else "", "purpose": ask.form.one("purpose")}
    return (await ask.do("AskIntroduction", "askIntroduction", input=wanted)).then("/introductions", "asked")


async def answer(ask: Ask) -> Outcome:
    """Say yes or no to somebody who asks."""
    said = {"introduction": ask.form.one("introduction"), "yes": ask.form.one("yes") == "1"}
    done = await ask.do("AnswerIntroduction", "answerIntroduction", input=said)
    return done.then("/introductions", "answered")


INTRODUCTIONS = Page("/introductions", say("Introductions"), show, {"ask": ask_for, "answer": answer})
