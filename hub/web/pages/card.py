"""My card: what I say of myself, who may see each part of it, and how it looks from elsewhere."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

LISTS = ("issues", "languages", "offers")
LINES = ("handle", "country", "subdivision", "city", "organisation", "text")


async def show(ask: Ask) -> Outcome:
    """The card, its audiences, and the card as somebody else sees it."""
    seen_by, _, network = ask.query.get("as", "").partition(":")
    data = await ask.data("MyCard", audience=seen_by or "NETWORK", network=network or None)
    return Show("card.html", {**data, "seen_as": ask.query.get("as", "")})


async def save(ask: Ask) -> Outcome:
    """Write what the form says; an empty line empties the field."""
    changes: dict[str, Any] = {name: ask.form.one(name) for name in LINES}
    changes |= {name: list(ask.form.all(name)) for name in LISTS}
    return (await ask.do("EditMyCard", "editMyCard", input=changes)).then("/card", "saved")


async def open_to(ask: Ask) -> Outcome:
    """Set who may see one field. Widening needs the member's word."""
    chosen = {
        "field": ask.form.one("field"),
        "audience": ask.form.one("audience"),
        "networks": list(ask.form.all("networks")),
    }
    return (await ask.do("SetAudience", "setAudience", input=chosen)).then("/card", "saved")


CARD = Page("/card", say("My card"), show, {"save": save, "audience": open_to})
