"""Find allies. The question is sealed into the address: a browser's history shows nothing of it."""

from __future__ import annotations

import json
from typing import Any

from directory.core.text import say
from hub.web.frames import Ask, Go, Outcome, Page, Show

FACETS = ("issues", "regions", "languages", "offers")
EMPTY: dict[str, Any] = {
    "issues": [],
    "regions": [],
    "languages": [],
    "offers": [],
    "kinds": [],
    "all": False,
}
A_PAGE = 12
KINDS = (("person", say("People")), ("organisation", say("Organisations")), ("community", say("Communities")))


async def show(ask: Ask) -> Outcome:
    """The form; with a question, its cards; with a cursor, the next page of them."""
    question = _asked(ask)
    choices = await ask.data("FindChoices")
    values = {
        "choices": choices,
        "question": question or EMPTY,
        "answer": None,
        "kinds": KINDS,
        "token": ask.query.get("q"),
    }
    if question is None:
        return Show("find.html", values)
    data = await ask.data("FindAllies", question=question, first=A_PAGE, after=ask.query.get("after"))
    found = data["findAllies"]
    for edge in found["edges"]:
        card = edge["node"]
        edge["about"] = ask.keep(json.dumps([card["id"], card["title"], card["network"]["name"]]))
    return Show("find.html", {**values, "answer": found})


def _asked(ask: Ask) -> dict[str, Any] | None:
    sealed = ask.kept(ask.query.get("q", ""))
    return None if sealed is None else EMPTY | json.loads(sealed)


async def look(ask: Ask) -> Outcome:
    """Keep the question and go to its answer."""
    question: dict[str, Any] = {name: list(ask.form.all(name)) for name in (*FACETS, "kinds")}
    question["all"] = ask.form.one("match") == "all"
    return Go(f"/find?q={ask.keep(json.dumps(question))}#found")


FIND = Page("/find", say("Find allies"), show, {"look": look})
