"""Import organisations from a file: look first, then keep."""

from __future__ import annotations

from base64 import b64encode

from directory.core.text import say
from hub.web.frames import Again, Ask, Outcome, Page, Show

NO_FILE = say("Choose a file or paste its lines first.")


async def show(_ask: Ask) -> Outcome:
    """The form."""
    return Show("import.html", {"report": None, "data": "", "tried": True})


async def read(ask: Ask) -> Outcome:
    """Read the file. A trial writes nothing; the bytes stay in the form for the real run."""
    given = ask.form.files.get("file") or ask.form.one("text").encode()
    data = b64encode(given).decode() if given else ask.form.one("data")
    if not data:
        return Again((NO_FILE,))
    trial = ask.form.one("trial") == "1"
    wanted = {"data": data, "source": ask.form.one("source"), "trial": trial}
    wanted["partly"] = ask.form.one("partly") == "1"
    done = await ask.do("ImportOrganisations", "importOrganisations", input=wanted)
    if done.errors:
        return Again(done.errors)
    kept = data if trial else ""
    return Show("import.html", {"report": done.payload["report"], "data": kept, "tried": trial})


IMPORT = Page("/import", say("Import"), show, {"read": read})
