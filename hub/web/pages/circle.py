"""My circle: the few people an alarm reaches first; each of them has to say yes."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """Who is in my circle, and whose circle I am in."""
    return Show("circle.html", {**await ask.data("Circle", "alarmPlan"), "invite": None})


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


async def lost(ask: Ask) -> Outcome:
    """Close a device that is gone: mine when no handle is given."""
    handle = ask.form.one("handle")
    return (await ask.do("ReportLost", "reportLost", input={"handle": handle or None})).then(
        "/circle", "lost"
    )


async def vouch(ask: Ask) -> Outcome:
    """I spoke with them; the second who says so is shown the code."""
    done = await ask.do("Vouch", "vouch", input={"handle": ask.form.one("handle")})
    made = done.payload.get("invitation")
    if done.errors or made is None:
        return done.then("/circle", "vouched")
    return Show("circle.html", {**await ask.data("Circle", "alarmPlan"), "invite": made})


async def freeze(ask: Ask) -> Outcome:
    """Hold an entry back for 72 hours."""
    done = await ask.do("FreezeMember", "freezeMember", input={"handle": ask.form.one("handle")})
    return done.then("/circle", "frozen")


async def _vote(ask: Ask, keep: bool) -> Outcome:
    said = {"handle": ask.form.one("handle"), "keep": keep}
    return (await ask.do("VoteOnFreeze", "voteOnFreeze", input=said)).then("/circle", "answered")


async def keep(ask: Ask) -> Outcome:
    """Keep it held back."""
    return await _vote(ask, True)


async def lift(ask: Ask) -> Outcome:
    """Let it free."""
    return await _vote(ask, False)


CIRCLE = Page(
    "/circle",
    say("My circle"),
    show,
    {
        "ask": ask_one,
        "answer": answer,
        "leave": leave,
        "lost": lost,
        "vouch": vouch,
        "freeze": freeze,
        "keep": keep,
        "lift": lift,
    },
)
