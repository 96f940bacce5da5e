"""Inviting, for whoever may: a code with its two words, and "is it who you think?"."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show
from hub.web.pages.today import languages


async def show(ask: Ask) -> Outcome:
    """Whom I invited, and a box for a new code."""
    return Show("invite.html", {**await ask.data("Invitations"), "invite": None, "languages": languages()})


async def make(ask: Ask) -> Outcome:
    """A code for one person, shown on this answer and nowhere else."""
    wanted = {"language": ask.form.one("language") or None}
    done = await ask.do("InviteMember", "inviteMember", input=wanted)
    if done.errors:
        return done.then("/invite")
    made = {"invite": done.payload["invitation"], "languages": languages()}
    return Show("invite.html", {**await ask.data("Invitations"), **made})


async def confirm(ask: Ask) -> Outcome:
    """It is them: let them in."""
    done = await ask.do("ConfirmMember", "confirmMember", input={"member": ask.form.one("member")})
    return done.then("/invite", "confirmed")


async def turn_away(ask: Ask) -> Outcome:
    """It is not them."""
    done = await ask.do("TurnAwayMember", "turnAwayMember", input={"member": ask.form.one("member")})
    return done.then("/invite", "turned-away")


INVITE = Page(
    "/invite", say("Invite somebody"), show, {"make": make, "confirm": confirm, "turn-away": turn_away}
)
