"""My data: a copy of what is kept about me, and leaving. And the second phrase, on the page of the word."""

from __future__ import annotations

from directory.core.text import say
from directory.second_phrase import WHAT_IT_DOES
from hub.web.frames import Ask, Go, Outcome, Page, Show


async def show(ask: Ask) -> Outcome:
    """What one can ask for."""
    return Show("mine.html", {"copy": None, "ready_at": None})


async def ask_copy(ask: Ask) -> Outcome:
    """Have a copy made."""
    done = await ask.do("AskCopy", "askCopy")
    if done.errors:
        return done.then("/mine")
    return Show("mine.html", {"copy": None, "ready_at": done.payload["readyAt"]})


async def read_copy(ask: Ask) -> Outcome:
    """Read it, shown on this answer only."""
    done = await ask.do("ReadCopy", "readCopy")
    if done.errors:
        return done.then("/mine")
    return Show("mine.html", {"copy": done.payload["copy"], "ready_at": None})


async def leave(ask: Ask) -> Outcome:
    """For good."""
    done = await ask.do("LeaveNetwork", "leaveNetwork")
    return done.then("/login") if done.errors else Go("/login")


async def show_phrase(ask: Ask) -> Outcome:
    """The same page for whoever has a phrase and whoever has none."""
    return Show("phrase.html", {"told": WHAT_IT_DOES, "practice": None})


async def prepare(ask: Ask) -> Outcome:
    """A phrase; the answer is the box to practise it in."""
    done = await ask.do(
        "PrepareSecondPhrase", "prepareSecondPhrase", input={"phrase": ask.form.one("phrase")}
    )
    if done.errors:
        return done.then("/phrase")
    return Show("phrase.html", {"told": (), "practice": done.payload["practice"]})


async def practise(ask: Ask) -> Outcome:
    """Once more, as if it were needed."""
    given = {"practice": ask.form.one("practice"), "phrase": ask.form.one("phrase")}
    done = await ask.do("PractiseSecondPhrase", "practiseSecondPhrase", input=given)
    return done.then("/phrase", "practised")


async def remove(ask: Ask) -> Outcome:
    """No phrase any more."""
    return (await ask.do("RemoveSecondPhrase", "removeSecondPhrase")).then("/phrase", "no-phrase")


MINE = Page("/mine", say("My data"), show, {"copy": ask_copy, "read": read_copy, "leave": leave})
PHRASE = Page(
    "/phrase",
    say("A second phrase"),
    show_phrase,
    {"prepare": prepare, "practise": practise, "remove": remove},
)
