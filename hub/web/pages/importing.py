"""Import organisations from a file: look first, say what the columns are, then keep."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from directory.core.text import Text, say
from hub.web.frames import Again, Ask, Go, Outcome, Page, Show

NO_FILE = say("Choose a file or paste its lines first.")
LOOK_AGAIN = 2
"""Seconds."""
UNSAID, LEFT_OUT = "-", "out"
FIELDS: dict[str, Text] = {
    "name": say("Name"),
    "acronym": say("Short name"),
    "country": say("Country"),
    "works_in": say("Where it works"),
    "issues": say("Issues"),
    "languages": say("Languages"),
    "offers": say("Help it offers"),
    "website": say("Website"),
    "kind": say("Organisation or person"),
}


async def show(ask: Ask) -> Outcome:
    """The form; with a run, how far it is or what came of it."""
    run = ask.query.get("run", "")
    found = (await ask.data("ImportRun", run=run))["importRun"] if run else None
    works = found is not None and found["state"] in ("waiting", "working")
    choices = [{"key": key, "name": name} for key, name in FIELDS.items()]
    values = {"run": found, "works": works, "choices": choices, "unsaid": UNSAID, "left_out": LEFT_OUT}
    return Show("import.html", values, refresh=LOOK_AGAIN if works else None)


async def read(ask: Ask) -> Outcome:
    """Read the file. A trial writes nothing; the file waits on the hub for the real run."""
    given = ask.form.files.get("file") or ask.form.one("text").encode()
    run = ask.form.one("run")
    if not given and not run:
        return Again((NO_FILE,))
    trial = ask.form.one("trial") == "1"
    wanted: dict[str, Any] = {"source": ask.form.one("source"), "trial": trial}
    wanted |= {"run": run} if run else {"data": b64encode(given).decode()}
    wanted |= {name: ask.form.one(name) == "1" for name in ("partly", "people")}
    wanted["columns"] = _columns(ask) if trial else []
    done = await ask.do("StartImport", "startImport", input=wanted)
    if done.errors:
        return Again(done.errors)
    return Go(f"/import?run={done.payload['run']}")


def _columns(ask: Ask) -> list[dict[str, str]]:
    """What was chosen in the form: one list of headers, and one of fields beside it."""
    said = zip(ask.form.all("header"), ask.form.all("field"), strict=False)
    return [
        {"header": header, "field": "" if field == LEFT_OUT else field}
        for header, field in said
        if field != UNSAID
    ]


IMPORT = Page("/import", say("Import"), show, {"read": read})
