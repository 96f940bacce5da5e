"""My card: what I say of myself, who may see each part of it, and how it looks from elsewhere."""

from __future__ import annotations

from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

LISTS = ("worksIn", "issues", "languages", "offers")
FORM_NAMES = {"worksIn": "works_in"}
FIELDS = (
    ("handle", say("Name")),
    ("country", say("Country")),
    ("works_in", say("Works in")),
    ("issues", say("Works on")),
    ("marked_issues", say("Works on: issues that are stigmatised in many places")),
    ("languages", say("Speaks")),
    ("offers", say("Helps with")),
    ("subdivision", say("Region of the country")),
    ("city", say("Town")),
    ("organisation", say("Organisation")),
    ("text", say("In own words")),
)
AUDIENCES = (
    ("NOBODY", say("nobody")),
    ("INTRODUCED", say("people I was introduced to")),
    ("COORDINATORS", say("coordinators too")),
    ("NETWORK", say("my network")),
    ("NAMED", say("my network, and networks I name")),
    ("LINKED", say("my network, and every linked network I said yes to")),
)
VIEWPOINTS = (
    ("network", say("my network")),
    ("coordinators", say("coordinators")),
    ("introduced", say("people I was introduced to")),
)
LINES = ("handle", "country", "subdivision", "city", "organisation", "text")


async def show(ask: Ask) -> Outcome:
    """The card, its audiences, and the card as somebody else sees it."""
    wanted = ask.query.get("as", "network")
    where = {"audience": wanted} if wanted in dict(VIEWPOINTS) else {"network": wanted}
    data = await ask.data("MyCard", "myCard", **where)
    linked = [{"key": one["id"], "name": one["name"]} for one in data["networks"] if not one["home"]]
    values = {
        "seen_as": wanted,
        "viewpoints": [*VIEWPOINTS, *((one["key"], one["name"]) for one in linked)],
        "fields": [{"key": key, "name": name} for key, name in FIELDS],
        "audiences": [{"key": key, "name": name} for key, name in AUDIENCES],
        "linked": linked,
    }
    return Show("card.html", {**data, **values})


async def save(ask: Ask) -> Outcome:
    """Write what the form says; an empty line empties the field."""
    changes: dict[str, Any] = {name: ask.form.one(name) for name in LINES}
    changes |= {name: list(ask.form.all(FORM_NAMES.get(name, name))) for name in LISTS}
    return (await ask.do("EditMyCard", "editMyCard", input=changes)).then("/card", "saved")


async def open_to(ask: Ask) -> Outcome:
    """Set who may see one field. Widening needs the member's word."""
    chosen = {
        "field": ask.form.one("field"),
        "audience": ask.form.one("audience"),
        "networks": list(ask.form.all("networks")),
    }
    return (await ask.do("SetAudience", "setAudience", input=chosen)).then("/card", "saved")


async def right(ask: Ask) -> Outcome:
    """It is right as it is."""
    return (await ask.do("ConfirmMyCard", "confirmMyCard")).then("/card", "saved")


async def rest(ask: Ask) -> Outcome:
    """Show it to nobody."""
    return (await ask.do("RestMyCard", "restMyCard")).then("/card", "saved")


CARD = Page("/card", say("My card"), show, {"save": save, "audience": open_to, "right": right, "rest": rest})
