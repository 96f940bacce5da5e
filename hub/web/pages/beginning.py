"""Coming in with only a browser, after the code: a few questions, the word, and a chat account if wanted."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from hub.web.frames import Again, Ask, Outcome, Page, Show
from hub.web.pages.settings import NOT_TWICE

LINES, LISTS = ("handle", "country"), ("issues", "languages", "offers")


async def show(ask: Ask) -> Outcome:
    """The questions that are open; then what comes next."""
    return Show("begin.html", await _data(ask))


async def answer(ask: Ask) -> Outcome:
    """Keep the answers and the word, and ask whoever invited them."""
    if ask.form.one("new") != ask.form.one("again"):
        return Again((NOT_TWICE,))
    changes: dict[str, Any] = {name: ask.form.one(name) for name in LINES}
    changes |= {name: list(ask.form.all(name)) for name in LISTS}
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("EditMyCard", "editMyCard", {"input": changes}),
        ("SetWord", "setWord", {"input": {"word": ask.form.one("new")}}),
        ("FinishJoining", "finishJoining", {}),
    )
    for operation, field, variables in steps:
        done = await ask.do(operation, field, **variables)
        if done.errors:
            return Again(done.errors)
    return done.then("/begin", "saved")


async def account(ask: Ask) -> Outcome:
    """Make a chat account, shown on this answer and nowhere else."""
    done = await ask.do("MakeChatAccount", "makeChatAccount")
    if done.errors:
        return done.then("/begin")
    return Show("begin.html", {**await _data(ask), "account": done.payload["account"]})


async def _data(ask: Ask) -> dict[str, Any]:
    found = await ask.data("Beginning")
    me = found["viewer"]
    asked = [part for part in found["myCard"]["parts"] if part["field"] in LINES + LISTS]
    bot = next((one["matrixId"] for one in found["bots"] if one["matrixId"]), None)
    answered = bool(me["handle"]) and me["hasWord"]
    return {"me": me, "asked": asked, "bot": bot, "account": None, "answered": answered}


BEGIN = Page("/begin", say("Chat account"), show, {"answer": answer, "account": account})
