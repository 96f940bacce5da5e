"""Being on duty: the coming week, weekly hours, swaps, holidays, a drill, and what wakes me."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

DAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)


async def show(ask: Ask) -> Outcome:
    """Who is on duty when, and what is asked of me."""
    return Show("duty.html", {**await ask.data("Duty", "rota"), "days": list(enumerate(DAYS, 1))})


async def shift(ask: Ask) -> Outcome:
    """A weekly duty."""
    wanted = {
        "handle": ask.form.one("handle") or None,
        "days": [int(day) for day in ask.form.all("days") if day.isdigit()],
        "start": ask.form.one("start"),
        "end": ask.form.one("end"),
        "zone": ask.form.one("zone"),
        "languages": [one.strip() for one in ask.form.one("covers").split(",") if one.strip()],
    }
    return (await ask.do("PlanShift", "planShift", input=wanted)).then("/duty", "saved")


async def end(ask: Ask) -> Outcome:
    """A weekly duty ends."""
    done = await ask.do("EndShift", "endShift", input={"shift": ask.form.one("shift")})
    return done.then("/duty", "saved")


async def offer(ask: Ask) -> Outcome:
    """Ask somebody to take one over."""
    wanted = {"stretch": ask.form.one("stretch"), "handle": ask.form.one("handle")}
    return (await ask.do("OfferDuty", "offerDuty", input=wanted)).then("/duty", "asked")


async def answer(ask: Ask) -> Outcome:
    """Take one over, or not."""
    said = {"stretch": ask.form.one("stretch"), "yes": ask.form.one("yes") == "1"}
    return (await ask.do("AnswerDuty", "answerDuty", input=said)).then("/duty", "answered")


async def away(ask: Ask) -> Outcome:
    """From the first day to the last one."""
    since, until = _day(ask.form.one("since")), _day(ask.form.one("until"))
    span = {"since": since.isoformat(), "until": (until + timedelta(days=1)).isoformat()}
    return (await ask.do("GoAway", "goAway", input=span)).then("/duty", "saved")


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)


async def note(ask: Ask) -> Outcome:
    """For whoever comes next."""
    return (await ask.do("LeaveNote", "leaveNote", input={"text": ask.form.one("text")})).then(
        "/duty", "saved"
    )


async def drill(ask: Ask) -> Outcome:
    """Ring my phone within three minutes."""
    return (await ask.do("StartDrill", "startDrill")).then("/duty", "drill")


async def rang(ask: Ask) -> Outcome:
    """Did it ring?"""
    said = {"drill": ask.form.one("drill"), "rang": ask.form.one("yes") == "1"}
    return (await ask.do("AnswerDrill", "answerDrill", input=said)).then("/duty", "answered")


async def wake(ask: Ask) -> Outcome:
    """Also this way."""
    wanted = {
        "kind": ask.form.one("kind") or "push",
        "where": ask.form.one("where"),
        "understood": ask.form.one("understood") == "1",
    }
    return (await ask.do("ChooseWaker", "chooseWaker", input=wanted)).then("/duty", "saved")


async def unwake(ask: Ask) -> Outcome:
    """Not this way any more."""
    return (await ask.do("DropWaker", "dropWaker", input={"kind": ask.form.one("kind")})).then(
        "/duty", "saved"
    )


DUTY = Page(
    "/duty",
    say("Duty"),
    show,
    {
        "shift": shift,
        "end": end,
        "offer": offer,
        "answer": answer,
        "away": away,
        "note": note,
        "drill": drill,
        "rang": rang,
        "wake": wake,
        "unwake": unwake,
    },
)
