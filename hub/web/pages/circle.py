"""My circle: the few people an alarm reaches first; each of them has to say yes."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """Who is in my circle, and whose circle I am in."""
    return Show("circle.html", await ask.data("Circle", "alarmPlan"))


async def ask_one(ask: Ask) -> Outcome:
    """Ask somebody of my network into my circle."""
    done = await ask.do("AskToCircle", "askToCircle", input={"handle": ask.form.one("handle")})
    return done.then("/circle", "asked")


async def answer(ask: Ask) -> Outcome:
    """Say yes or no to being in somebody's circle."""
    said = {"member": ask.form.one("member"), "yes": ask.form.one("yes") == "1"}
    return (await ask.do("AnswerCircle", "answerCircle", input=said)).then("/circle", "answered")


async def leave(ask: Ask) -> Outcome:
    """Take somebody out of my circle."""
    done = await ask.do("LeaveCircle", "leaveCircle", input={"handle": ask.form.one("handle")})
    return done.then("/circle", "saved")


CIRCLE = Page("/circle", say("My circle"), show, {"ask": ask_one, "answer": answer, "leave": leave})
