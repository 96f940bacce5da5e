"""The alarm: one press raises it, the member's word lowers it; what happens since is on the line below."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

LOOK_AGAIN = 15
"""Seconds between looks at an alarm that nobody has taken yet, once it can no longer be stopped quietly."""


async def close(ask: Ask) -> Outcome:
    """Nothing is left to do."""
    done = await ask.do("CloseAlarm", "closeAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/alarm", "closed")


async def decline(ask: Ask) -> Outcome:
    """I cannot take it: when everybody says so, the next are asked at once."""
    done = await ask.do("DeclineAlarm", "declineAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/alarm", "answered")


async def pass_on(ask: Ask) -> Outcome:
    """I cannot go on: ask others."""
    done = await ask.do("PassOnAlarm", "passOnAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/alarm", "passed-on")


async def debrief(ask: Ask) -> Outcome:
    """Look back at one that is over."""
    said = {
        "alarm": ask.form.one("alarm"),
        "falseAlarm": ask.form.one("was") == "0",
        "note": ask.form.one("note"),
    }
    return (await ask.do("DebriefAlarm", "debriefAlarm", input=said)).then("/alarm", "kept")


async def show(ask: Ask) -> Outcome:
    """My open alarm, or the button."""
    data = await ask.data("MyAlarm", "alarmPlan")
    mine = data["myAlarm"]
    linked = [
        {"key": one["id"], "name": one["name"]}
        for one in data["networks"]
        if one["active"] and not one["home"]
    ]
    watching = mine is not None and mine["open"] and not mine["secondsToStop"] and not mine["takenBy"]
    # No reload while somebody may be typing their word.
    others = [one for one in data["openAlarms"] or () if not one["mine"]]
    values = {**data, "openAlarms": others, "linked": linked}
    return Show("alarm.html", values, refresh=LOOK_AGAIN if watching and "word" not in ask.query else None)


async def raise_it(ask: Ask) -> Outcome:
    """Call for help. No word needed."""
    call = {
        "text": ask.form.one("text"),
        "place": ask.form.one("place"),
        "severity": ask.form.one("severity") or "HIGH",
    }
    return (await ask.do("RaiseAlarm", "raiseAlarm", input=call)).then("/alarm", "raised")


async def stop(ask: Ask) -> Outcome:
    """Stop my alarm before others hear of it."""
    done = await ask.do("CancelAlarm", "cancelAlarm", input={"word": ask.form.one("my_word")})
    return done.then("/alarm", "stopped")


async def safe(ask: Ask) -> Outcome:
    """Say that I am safe."""
    done = await ask.do("SaySafe", "saySafe", input={"word": ask.form.one("my_word")})
    return done.then("/alarm", "safe")


async def plan(ask: Ask) -> Outcome:
    """Set whom my alarm reaches, and how long I can stop it."""
    wanted = {
        "cancelWindow": int(ask.form.one("window") or 30),
        "networks": list(ask.form.all("networks")),
        "text": ask.form.one("preset"),
        "place": ask.form.one("usual"),
        "operator": ask.form.one("operator"),
    }
    return (await ask.do("PlanAlarm", "planAlarm", input=wanted)).then("/alarm", "saved")


async def take(ask: Ask) -> Outcome:
    """I have the alarm of somebody else."""
    done = await ask.do("TakeAlarm", "takeAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/alarm", "taken")


async def here(ask: Ask) -> Outcome:
    """Where I am now."""
    done = await ask.do("TellPlace", "tellPlace", input={"place": ask.form.one("place")})
    return done.then("/alarm", "place")


MORE = {"close": close, "decline": decline, "pass-on": pass_on, "debrief": debrief, "here": here}

ALARM = Page(
    "/alarm",
    say("Alarm"),
    show,
    {"raise": raise_it, "stop": stop, "safe": safe, "plan": plan, "take": take, **MORE},
)
