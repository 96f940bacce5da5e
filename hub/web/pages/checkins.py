"""Check-ins: if I do not answer by then, somebody looks for me."""

from __future__ import annotations

from directory.core.text import say, say_many
from hub.web.frames import Ask, Outcome, Page, Show

SPANS = (
    *((minutes, say_many("{count} minute", "{count} minutes", minutes)) for minutes in (15, 30)),
    *((hours * 60, say_many("{count} hour", "{count} hours", hours)) for hours in (1, 2, 4, 8, 12)),
    *((days * 1440, say_many("{count} day", "{count} days", days)) for days in (1, 2, 3, 7)),
)
"""How long from now, in minutes."""


async def show(ask: Ask) -> Outcome:
    """What is planned, and the form for one more."""
    return Show("checkins.html", {**await ask.data("CheckIns"), "spans": SPANS})


async def plan(ask: Ask) -> Outcome:
    """Plan a check-in so many minutes from now."""
    wanted = {
        "inMinutes": int(ask.form.one("minutes") or 0),
        "severity": ask.form.one("severity") or "HIGH",
        "about": ask.form.one("about"),
    }
    return (await ask.do("PlanCheckIn", "planCheckIn", input=wanted)).then("/check-ins", "planned")


async def answer(ask: Ask) -> Outcome:
    """I am well."""
    said = {"word": ask.form.one("my_word")}
    return (await ask.do("AnswerCheckIn", "answerCheckIn", input=said)).then("/check-ins", "answered")


CHECKINS = Page("/check-ins", say("Check-ins"), show, {"plan": plan, "answer": answer})
