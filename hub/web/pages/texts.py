"""Texts of the network's own: find a sentence, say it differently, take that back; and languages it added."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from directory.core.text import say
from directory.core.tongues import LOCALES
from directory.languages import autonym
from hub.web.frames import Again, Ask, Outcome, Page, Show

NO_FILE = say("Choose a file first.")


async def show(ask: Ask) -> Outcome:
    """Sentences of one language that hold what is looked for; what was changed, when nothing is."""
    return Show("texts.html", await _found(ask))


async def change(ask: Ask) -> Outcome:
    """Say it in our own words."""
    wanted = {**_which(ask), "forms": list(ask.form.all("forms"))}
    return (await ask.do("ChangeText", "changeText", input=wanted)).then("/texts", "saved")


async def undo(ask: Ask) -> Outcome:
    """Take the newest change back."""
    return (await ask.do("UndoText", "undoText", input=_which(ask))).then("/texts", "saved")


async def add(ask: Ask) -> Outcome:
    """Add a language from a PO file with the forty sentences."""
    given = ask.form.files.get("file")
    if not given:
        return Again((NO_FILE,))
    wanted = {
        "tag": ask.form.one("tag"),
        "name": ask.form.one("name"),
        "second": ask.form.one("second"),
        "rtl": ask.form.one("rtl") == "1",
        "sentences": given.decode("utf-8", "replace"),
    }
    return (await ask.do("AddLanguage", "addLanguage", input=wanted)).then("/texts", "saved")


async def record(ask: Ask) -> Outcome:
    """Keep a recording of one sentence."""
    given = ask.form.files.get("file")
    if not given:
        return Again((NO_FILE,))
    wanted = {
        "tag": ask.form.one("tag"),
        "message": ask.form.one("message"),
        "audio": b64encode(given).decode(),
    }
    return (await ask.do("RecordSentence", "recordSentence", input=wanted)).then("/texts", "saved")


async def remove(ask: Ask) -> Outcome:
    """Take a language out."""
    wanted = {"tag": ask.form.one("tag")}
    return (await ask.do("RemoveLanguage", "removeLanguage", input=wanted)).then("/texts", "saved")


def _which(ask: Ask) -> dict[str, str]:
    return {"language": ask.form.one("language"), "message": ask.form.one("message")}


async def _found(ask: Ask) -> dict[str, Any]:
    language = ask.query.get("in") or ask.form.one("language") or ask.viewer.locale
    language = language if language in LOCALES else LOCALES[0]
    find, after = ask.query.get("find", ""), ask.query.get("after") or None
    asked = {"language": language, "find": find, "changedOnly": not find, "after": after}
    found = await ask.data("Wordings", "wordings", "addedLanguages", **asked)
    forty = await ask.data("AddedLanguages") if found["addedLanguages"] else {"lifeCritical": []}
    names = [{"key": key, "name": autonym(key)} for key in LOCALES]
    sentences = [{"key": one, "name": one} for one in forty["lifeCritical"]]
    return {**found, "language": language, "find": find, "names": names, "sentences": sentences}


TEXTS = Page(
    "/texts",
    say("Texts and languages"),
    show,
    {"change": change, "undo": undo, "add": add, "record": record, "remove": remove},
)
