"""Communities: how each decides, what those who speak for one do at once, and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.community_deeds import NAMES, SEEN_BY
from directory.core.text import say
from hub.web.frames import Ask, Outcome, Page, Show

SAYS = {"country": "country", "works_in": "worksIn", "issues": "issues", "languages": "languages"}
SAYS |= {"offers": "offers", "text": "text"}


async def show(ask: Ask) -> Outcome:
    """Those I may know of, and those I speak for."""
    data = await ask.data("Communities", "communities")
    values = {
        "fields": [{"key": key, "name": name} for key, name in NAMES.items()],
        "audiences": [{"key": one.name, "name": name} for one, name in SEEN_BY.items()],
        "linked": [one for one in data["networks"] if not one["home"] and one["active"]],
        "enters": bool(ask.viewer.roles & {"coordinator", "administrator"}),
    }
    return Show("communities.html", {**data, **values})


async def enter(ask: Ask) -> Outcome:
    """Enter one; nobody sees it yet."""
    wanted = {**says(ask), **_way(ask), "name": ask.form.one("name"), "speakers": [ask.form.one("speakers")]}
    return (await ask.do("EnterCommunity", "enterCommunity", input=wanted)).then("/communities", "asked-them")


async def name(ask: Ask) -> Outcome:
    """Name more people who speak for it."""
    wanted = {"community": ask.form.one("community"), "speakers": [ask.form.one("speakers")]}
    return (await ask.do("NameSpeakers", "nameSpeakers", input=wanted)).then("/communities", "asked-them")


async def do(ask: Ask) -> Outcome:
    """One thing for a community I speak for."""
    act = ask.form.one("act")
    wanted: dict[str, Any] = {"community": ask.form.one("community"), "act": act}
    wanted |= {
        name: ask.form.one(name) for name in ("field", "audience", "network", "handle") if _has(ask, name)
    }
    wanted |= says(ask) if act == "CHANGE" else _way(ask) if act == "DECIDE" else {}
    done = await ask.do("ActForCommunity", "actForCommunity", input=wanted)
    return done.then("/communities", "asked-them" if done.payload.get("missing") else "saved")


async def answer(ask: Ask) -> Outcome:
    """My yes, with my word, or my no."""
    wanted = {"wish": ask.form.one("wish"), "yes": ask.form.one("yes") == "1"}
    return (await ask.do("AnswerCommunity", "answerCommunity", input=wanted)).then("/communities", "answered")


def says(ask: Ask) -> Mapping[str, str]:
    """What an entry says of itself, from a form."""
    return {name: ask.form.one(field) for field, name in SAYS.items()}


def _way(ask: Ask) -> Mapping[str, Any]:
    needed = ask.form.one("needed")
    return {
        "way": ask.form.one("way"),
        "since": ask.form.one("since"),
        "needed": int(needed) if needed.isdecimal() else 2,
    }


def _has(ask: Ask, name: str) -> bool:
    return bool(ask.form.one(name))


COMMUNITIES = Page(
    "/communities", say("Communities"), show, {"enter": enter, "name": name, "do": do, "answer": answer}
)
