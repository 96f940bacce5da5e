"""Links with other networks, for the administrator: invite, compare words, agree, and read the ledger."""

from __future__ import annotations

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

KINDS = (
    ("organisation", say("organisations")),
    ("person", say("people who said yes to it")),
    ("community", say("communities")),
    ("bot", say("helpers in chat")),
)


async def show(ask: Ask) -> Outcome:
    """All links and what each needs next."""
    return Show("links.html", {**await ask.data("Links", "links"), "code": None, "kinds": KINDS})


async def invite(ask: Ask) -> Outcome:
    """Make a code for another network's administrator; shown on this answer and nowhere else."""
    done = await ask.do("InviteNetwork", "inviteNetwork")
    if done.errors:
        return done.then("/links")
    return Show(
        "links.html", {**await ask.data("Links", "links"), "code": done.payload["code"], "kinds": KINDS}
    )


async def accept(ask: Ask) -> Outcome:
    """Use the code another network's administrator gave me."""
    done = await ask.do("AcceptNetwork", "acceptNetwork", input={"code": ask.form.one("code")})
    return done.then("/links", "link")


async def words_match(ask: Ask) -> Outcome:
    """We read the words to each other and they are the same."""
    return await _on_link(ask, "ConfirmSafetyWords", "confirmSafetyWords")


async def propose(ask: Ask) -> Outcome:
    """Say what we would share, for how long, and in what we help."""
    terms = {
        "network": ask.form.one("network"),
        "kinds": list(ask.form.all("kinds")),
        "months": int(ask.form.one("months") or 12),
        "answerAlarms": ask.form.one("cover") == "1",
        "theyAnswerAlarms": ask.form.one("theirs") == "1",
        "lendSecond": ask.form.one("lend") == "1",
        "theyLendSecond": ask.form.one("borrow") == "1",
        "coverFrom": ask.form.one("from") or "00:00",
        "coverTo": ask.form.one("to") or "24:00",
        "coverZone": ask.form.one("zone") or "UTC",
    }
    done = await ask.do("ProposeAgreement", "proposeAgreement", input=terms)
    return done.then("/links", "link")


async def sign(ask: Ask) -> Outcome:
    """Sign the agreement as it stands."""
    return await _on_link(ask, "SignAgreement", "signAgreement")


async def suspend(ask: Ask) -> Outcome:
    """Pause the link."""
    return await _on_link(ask, "SuspendLink", "suspendLink")


async def resume(ask: Ask) -> Outcome:
    """Take our own pause back."""
    return await _on_link(ask, "ResumeLink", "resumeLink")


async def sever(ask: Ask) -> Outcome:
    """End the link."""
    return await _on_link(ask, "SeverLink", "severLink")


async def _on_link(ask: Ask, operation: str, field_name: str) -> Outcome:
    done = await ask.do(operation, field_name, input={"network": ask.form.one("network")})
    return done.then("/links", "link")


LINKS = Page(
    "/links",
    say("Linked networks"),
    show,
    {
        "invite": invite,
        "accept": accept,
        "words": words_match,
        "propose": propose,
        "sign": sign,
        "suspend": suspend,
        "resume": resume,
        "sever": sever,
    },
)
