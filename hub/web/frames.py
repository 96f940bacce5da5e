"""What a page is: what it shows, what its buttons do, and how it answers. Nothing here knows HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.core.text import Text, say
from directory.core.viewer import Viewer
from hub.api.bodies import Form
from hub.api.run import Answer


@dataclass(frozen=True, slots=True)
class Show:
    """Answer with a template and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    refresh: int | None = None
    """Look again by itself after so many seconds; only on pages nobody types in."""


@dataclass(frozen=True, slots=True)
class Go:
    """Answer a button by going to a page, where one sentence from `SAID` says what was done."""

    path: str
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Answer a button by showing the same page with what was wrong; what was typed stays."""

    errors: tuple[str | Text, ...]


Outcome = Show | Go | Again
NO_FORM = Form()


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page by somebody who is signed in."""

    viewer: Viewer
    query: Mapping[str, str]
    run: Callable[[str, Mapping[str, Any]], Awaitable[Answer]]
    keep: Callable[[str], str]
    """Seal a short text for this member, so that it can stand in an address without saying anything."""
    kept: Callable[[str], str | None]
    """Open what `keep` sealed; None for anything else."""
    form: Form = NO_FORM
    word_fresh: bool = False
    """Was the member's word given within the last five minutes?"""

    async def data(self, operation: str, /, *needed: str, **variables: Any) -> dict[str, Any]:
        """The data of a trusted operation.

        Raises Failed when there is none, or when a root field without which the page is empty (`needed`)
        could not be answered.
        """
        answer = await self.run(operation, variables)
        data: dict[str, Any] | None = answer.get("data")
        if data is None or any(data[name] is None for name in needed):
            raise Failed(answer["errors"][0])
        return data

    async def do(self, operation: str, field_name: str, /, **variables: Any) -> Done:
        """Run a mutation; its payload, and what stood in the way as sentences."""
        answer = await self.run(operation, variables)
        payload: dict[str, Any] = (answer.get("data") or {}).get(field_name) or {}
        wrong = [error["message"] for error in answer.get("errors", ())]
        wrong += [error["message"] for error in payload.get("errors") or ()]
        return Done(payload, tuple(wrong))


@dataclass(frozen=True, slots=True)
class Done:
    """What a mutation answered."""

    payload: Mapping[str, Any]
    errors: tuple[str, ...]

    def then(self, path: str, said: str | None = None) -> Outcome:
        """Go on when all is well, else show the page again with the errors."""
        return Again(self.errors) if self.errors else Go(path, said)


class Failed(Exception):
    """A page could not be filled; holds the entry of `errors` that says why."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["extensions"]["code"])
        self.code: str = error["extensions"]["code"]
        self.message: str = error["message"]


Handler = Callable[[Ask], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `acts` are its buttons: the value of `do` in the form → what happens."""

    path: str
    name: Text
    show: Handler
    acts: Mapping[str, Handler] = field(default_factory=dict)

    @property
    def thing(self) -> str:
        """Its name in the rule table."""
        return f"page:{self.path}"


SAID: Mapping[str, Text] = {
    "saved": say("Saved."),
    "drill": say("Lock your phone now. Within three minutes it rings."),
    "kept": say("Kept. Nobody is blamed. Thank you."),
    "closed": say("Noted. Thank you for being there."),
    "passed-on": say("Thank you. We ask others now."),
    "place": say("Those who were asked know it. It is forgotten a day after the end."),
    "asked": say("Asked. You hear when there is an answer."),
    "answered": say("Answered."),
    "asked-them": say("Asked. It waits until those who have to said yes."),
    "shown": say("They will see your card from now on."),
    "withdrawn": say("Taken back. They are being told to remove your card."),
    "raised": say("We heard you. You can still stop it."),
    "stopped": say("Stopped. Nobody else hears of it."),
    "safe": say("Good. Everyone who was told hears that you are safe."),
    "taken": say("You have it. Everyone who was told knows."),
    "planned": say("Planned."),
    "confirmed": say("Confirmed."),
    "turned-away": say("Turned away."),
    "duty": say("Noted who is on duty."),
    "words": say("Thank you. You have five minutes for what needs your word."),
    "invited": say("Invitation made."),
    "link": say("Done."),
    "imported": say("Imported."),
    "erased": say("Erased."),
    "language": say("Language changed."),
    "counting": say("Counting. Look again in a moment."),
    "lost": say("The device is closed. Everybody around them knows."),
    "vouched": say("Thank you. One more person of their circle has to vouch within a day."),
    "frozen": say("Their entry is held back for 72 hours. What concerns them goes on."),
    "seconded": say("Thank you. It is done."),
    "second-asked": say("It waits for a second person, who is being asked."),
    "practised": say("Good. It counts from now on, and nobody was told."),
    "no-phrase": say("Good. In three days you have no second phrase. Until then the old one still counts."),
    "halted": say("Stopped."),
    "ended": say("That sign-in was ended."),
}
"""What a page may say after a button; the address carries only the key."""
