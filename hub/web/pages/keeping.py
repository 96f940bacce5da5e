"""What administrators and reviewers look at: the log of privileges, and who holds which role."""

from __future__ import annotations

from typing import Any

from directory.core.text import Text, say
from hub.web.frames import Ask, Outcome, Page, Show

ROLES: tuple[tuple[str, Text], ...] = (
    ("CONNECTOR", say("connector: may invite people")),
    ("RESPONDER", say("responder: answers alarms")),
    ("COORDINATOR", say("coordinator: looks after members")),
    ("REVIEWER", say("reviewer: reads the log, changes nothing")),
    ("ADMINISTRATOR", say("administrator: gives roles, links networks")),
)


async def show_audit(ask: Ask) -> Outcome:
    """The newest entries, or those before one."""
    before = ask.query.get("before", "")
    asked = {"before": int(before)} if before.isdecimal() and len(before) < 10 else {}
    return Show("audit.html", await ask.data("Audit", "audit", **asked))


async def show_people(ask: Ask) -> Outcome:
    """Everybody with the roles they hold."""
    return Show("people.html", await _people(ask, None))


async def give(ask: Ask) -> Outcome:
    """Give a role."""
    done = await ask.do("GiveRole", "giveRole", input=_input(ask))
    return done.then("/people", "second-asked" if done.payload.get("waits") else "saved")


async def take(ask: Ask) -> Outcome:
    """Take a role away."""
    return (await ask.do("TakeRole", "takeRole", input=_input(ask))).then("/people", "saved")


async def off_board(ask: Ask) -> Outcome:
    """End everything somebody could do here; what was ended is shown once."""
    done = await ask.do("OffBoard", "offBoard", input={"handle": ask.form.one("handle")})
    if done.errors:
        return done.then("/people")
    return Show("people.html", await _people(ask, done.payload["ended"]))


async def sign_out(ask: Ask) -> Outcome:
    """Sign somebody out everywhere."""
    wanted = {"handle": ask.form.one("handle")}
    return (await ask.do("EndSignIns", "endSignIns", input=wanted)).then("/people", "ended")


def _input(ask: Ask) -> dict[str, str]:
    return {"handle": ask.form.one("handle"), "role": ask.form.one("role")}


async def _people(ask: Ask, ended: Any) -> dict[str, Any]:
    after = ask.query.get("after") or None
    found = await ask.data("Members", "members", after=after)
    return {**found, "ended": ended, "roles": [{"key": key, "name": name} for key, name in ROLES]}


AUDIT = Page("/audit", say("Log"), show_audit)
PEOPLE = Page(
    "/people",
    say("People and roles"),
    show_people,
    {"give": give, "take": take, "off-board": off_board, "sign-out": sign_out},
)
