"""The coordinator's day: open alarms first, then whoever waits."""

from __future__ import annotations

from directory.core.text import say
from directory.languages import autonym, known
from hub.web.frames import Ask, Outcome, Page, Show


def languages() -> list[dict[str, str]]:
    """Every language somebody can be greeted in."""
    return [{"key": key, "name": autonym(key)} for key in known()]


async def close(ask: Ask) -> Outcome:
    """Nothing is left to do."""
    done = await ask.do("CloseAlarm", "closeAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/today", "closed")


async def decline(ask: Ask) -> Outcome:
    """I cannot take it: when everybody says so, the next are asked at once."""
    done = await ask.do("DeclineAlarm", "declineAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/today", "answered")


async def pass_on(ask: Ask) -> Outcome:
    """I cannot go on: ask others."""
    done = await ask.do("PassOnAlarm", "passOnAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/today", "passed-on")


async def wake_network(ask: Ask) -> Outcome:
    """Wake us each time this linked network falls silent, or once a day."""
    said = {"network": ask.form.one("network"), "always": ask.form.one("always") == "1"}
    return (await ask.do("WakeForNetwork", "wakeForNetwork", input=said)).then("/today", "saved")


async def debrief(ask: Ask) -> Outcome:
    """Look back at one that is over."""
    said = {
        "alarm": ask.form.one("alarm"),
        "falseAlarm": ask.form.one("was") == "0",
        "note": ask.form.one("note"),
    }
    return (await ask.do("DebriefAlarm", "debriefAlarm", input=said)).then("/today", "kept")


async def show(ask: Ask) -> Outcome:
    """Everything a coordinator should know now. A code just made is shown once."""
    return Show("today.html", {**await ask.data("Today"), "invite": None, "languages": languages()})


async def take(ask: Ask) -> Outcome:
    """I have it."""
    done = await ask.do("TakeAlarm", "takeAlarm", input={"alarm": ask.form.one("alarm")})
    return done.then("/today", "taken")


async def confirm(ask: Ask) -> Outcome:
    """It is them: let them in."""
    done = await ask.do("ConfirmMember", "confirmMember", input={"member": ask.form.one("member")})
    return done.then("/today", "confirmed")


async def turn_away(ask: Ask) -> Outcome:
    """It is not them."""
    done = await ask.do("TurnAwayMember", "turnAwayMember", input={"member": ask.form.one("member")})
    return done.then("/today", "turned-away")


async def on_duty(ask: Ask) -> Outcome:
    """I am awake for alarms for so many hours."""
    done = await ask.do("GoOnDuty", "goOnDuty", input={"hours": int(ask.form.one("hours") or 8)})
    return done.then("/today", "duty")


async def off_duty(ask: Ask) -> Outcome:
    """Somebody else is."""
    return (await ask.do("GoOffDuty", "goOffDuty")).then("/today", "duty")


async def invite(ask: Ask) -> Outcome:
    """Make a code for one person; shown on this answer and nowhere else."""
    wanted = {"roles": list(ask.form.all("roles")), "language": ask.form.one("language") or None}
    done = await ask.do("InviteMember", "inviteMember", input=wanted)
    if done.errors:
        return done.then("/today")
    made = {"invite": done.payload["invitation"], "languages": languages()}
    return Show("today.html", {**await ask.data("Today"), **made})


async def halt(ask: Ask) -> Outcome:
    """Stop what somebody was forced to ask for."""
    done = await ask.do("StopForcedRequest", "stopForcedRequest", input={"handle": ask.form.one("handle")})
    return done.then("/today", "halted")


async def all_clear(ask: Ask) -> Outcome:
    """Their silent call is over; the second who says it ends it."""
    done = await ask.do("LiftSilentAlarm", "liftSilentAlarm", input={"handle": ask.form.one("handle")})
    return done.then("/today", "saved")


async def back(ask: Ask) -> Outcome:
    """I rang them: a code for their new device, shown on this answer and nowhere else."""
    done = await ask.do("InviteBack", "inviteBack", input={"handle": ask.form.one("handle")})
    if done.errors:
        return done.then("/today")
    made = {"invite": done.payload["invitation"], "languages": languages()}
    return Show("today.html", {**await ask.data("Today"), **made})


TODAY = Page(
    "/today",
    say("Today"),
    show,
    {
        "take": take,
        "close": close,
        "decline": decline,
        "wake-network": wake_network,
        "pass-on": pass_on,
        "debrief": debrief,
        "confirm": confirm,
        "turn-away": turn_away,
        "on-duty": on_duty,
        "off-duty": off_duty,
        "invite": invite,
        "back": back,
        "halt": halt,
        "all-clear": all_clear,
    },
)
