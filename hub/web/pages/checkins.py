"""Check-ins: if I do not answer by then, somebody looks for me."""

from __future__ import annotations

import re
from datetime import timedelta

from bots.core.spans import duration
from directory.core.text import say, say_many
from hub.web.frames import Again, Ask, Outcome, Page, Show

SPANS = (
    *((minutes, say_many("{count} minute", "{count} minutes", minutes)) for minutes in (15, 30)),
    *((hours * 60, say_many("{count} hour", "{count} hours", hours)) for hours in (1, 2, 4, 8, 12)),
    *((days * 1440, say_many("{count} day", "{count} days", days)) for days in (1, 2, 3, 7)),
)
"""How long from now, in minutes."""
DAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
LEG = say("Write one part of the journey a line, for example: 2 h to the bridge")


async def show(ask: Ask) -> Outcome:
    """What is planned, and the forms for more."""
    return Show("checkins.html", await _values(ask))


async def _values(ask: Ask) -> dict[str, object]:
    return {**await ask.data("CheckIns"), "spans": SPANS, "days": list(enumerate(DAYS, 1)), "notice": None}


async def look(ask: Ask) -> Outcome:
    """Before planning: who would notice, and when."""
    asked = await ask.data("CheckInNotice", inMinutes=_minutes(ask), highRisk=bool(ask.form.one("risk")))
    return Show("checkins.html", {**await _values(ask), "notice": asked["checkInNotice"]})


async def plan(ask: Ask) -> Outcome:
    """Plan a check-in so many minutes from now."""
    wanted = {"inMinutes": _minutes(ask), "severity": ask.form.one("severity") or "HIGH", **_shared(ask)}
    return (await ask.do("PlanCheckIn", "planCheckIn", input=wanted)).then("/check-ins", "planned")


async def journey(ask: Ask) -> Outcome:
    """One leg a line: how long, and where it ends."""
    minutes, places = [], []
    for line in ask.form.one("legs").splitlines():
        leg = _leg(line.split())
        if leg is not None:
            minutes.append(leg[0])
            places.append(leg[1])
        elif line.strip():
            return Again((LEG,))
    start = duration(ask.form.one("start"))
    starts = {"startInMinutes": int(start.total_seconds()) // 60} if start is not None else {}
    wanted = {"minutes": minutes, "places": places, **starts, **_shared(ask)}
    return (await ask.do("PlanJourney", "planJourney", input=wanted)).then("/check-ins", "planned")


async def recurring(ask: Ask) -> Outcome:
    """Again and again, on my own clock."""
    days = [int(day) for day in ask.form.all("days") if day.isdigit()]
    rest = ask.form.one("rest").replace("–", "-").partition("-")
    every = duration(ask.form.one("every"))
    wanted = {
        **({"days": days} if days else {}),
        "times": re.findall(r"\d{1,2}[:h.]\d{2}", ask.form.one("times")),
        **({"everyMinutes": int(every.total_seconds()) // 60} if every is not None else {}),
        **({"restFrom": rest[0].strip(), "restTo": rest[2].strip()} if rest[2].strip() else {}),
        "zone": ask.form.one("zone"),
        **_shared(ask),
    }
    return (await ask.do("PlanRecurring", "planRecurring", input=wanted)).then("/check-ins", "planned")


async def event(ask: Ask) -> Outcome:
    """While an event lasts, and when it is over."""
    every = duration(ask.form.one("every")) or timedelta(hours=1)
    wanted = {
        "hours": ask.form.one("hours") or "-",
        "zone": ask.form.one("zone"),
        "everyMinutes": int(every.total_seconds()) // 60,
        **_shared(ask),
    }
    return (await ask.do("PlanEvent", "planEvent", input=wanted)).then("/check-ins", "planned")


async def answer(ask: Ask) -> Outcome:
    """I am well, or whom I answer for is."""
    said = {"word": ask.form.one("my_word"), "whose": ask.form.one("whose") or None}
    return (await ask.do("AnswerCheckIn", "answerCheckIn", input=said)).then("/check-ins", "answered")


async def later(ask: Ask) -> Outcome:
    """It takes longer."""
    by = duration(ask.form.one("by")) or timedelta(0)
    minutes = int(by.total_seconds()) // 60
    said = {"minutes": minutes, "word": ask.form.one("my_word"), "whose": ask.form.one("whose") or None}
    return (await ask.do("MoveCheckIn", "moveCheckIn", input=said)).then("/check-ins", "saved")


async def call_off(ask: Ask) -> Outcome:
    """Not expected any more."""
    said = {
        "word": ask.form.one("my_word"),
        "whose": ask.form.one("whose") or None,
        "checkIn": ask.form.one("check_in") or None,
    }
    return (await ask.do("CallOffCheckIns", "callOffCheckIns", input=said)).then("/check-ins", "saved")


async def ask_proxy(ask: Ask) -> Outcome:
    """May I answer for them?"""
    wanted = {"handle": ask.form.one("handle"), "how": ask.form.one("how")}
    return (await ask.do("AskProxy", "askProxy", input=wanted)).then("/check-ins", "asked")


async def answer_proxy(ask: Ask) -> Outcome:
    """May they answer for me?"""
    said = {"proxy": ask.form.one("proxy"), "yes": ask.form.one("yes") == "1"}
    return (await ask.do("AnswerProxy", "answerProxy", input=said)).then("/check-ins", "answered")


async def stop_proxy(ask: Ask) -> Outcome:
    """Not any more."""
    done = await ask.do("StopProxy", "stopProxy", input={"handle": ask.form.one("handle")})
    return done.then("/check-ins", "saved")


def _minutes(ask: Ask) -> int:
    typed = ask.form.one("minutes") or "0"
    return int(typed) if typed.isdigit() and len(typed) < 7 else 0


def _shared(ask: Ask) -> dict[str, object]:
    return {
        "about": ask.form.one("about"),
        "highRisk": bool(ask.form.one("risk")),
        "whose": ask.form.one("whose") or None,
    }


def _leg(words: list[str]) -> tuple[int, str] | None:
    for size in (2, 1):
        length = duration(" ".join(words[:size])) if len(words) >= size else None
        if length is not None:
            return int(length.total_seconds()) // 60, " ".join(words[size:])
    return None


CHECKINS = Page(
    "/check-ins",
    say("Check-ins"),
    show,
    {
        "look": look,
        "plan": plan,
        "journey": journey,
        "recurring": recurring,
        "event": event,
        "answer": answer,
        "later": later,
        "call_off": call_off,
        "ask_proxy": ask_proxy,
        "answer_proxy": answer_proxy,
        "stop_proxy": stop_proxy,
    },
)
