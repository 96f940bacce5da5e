"""What is known of somebody who calls for help, beside what they say now."""

from __future__ import annotations

from bots.store import circles
from bots.store.people import Person
from directory.core.tongues import spoken
from directory.turn import Turn


async def described(turn: Turn, person: Person) -> dict[str, str]:
    """handle, text, place, country, languages and kind of help, as on the entry and in the plan."""
    plan = await circles.plan_of(turn.tx, turn.guard, person.id)
    return {
        "handle": person.handle,
        "text": plan.fields.get("text", ""),
        "place": plan.fields.get("place", ""),
        "country": person.country or "",
        "language": person.languages[0] if person.languages else spoken(person.locale),
        "languages": " ".join(person.languages),
        "help": plan.fields.get("help", ""),
    }
