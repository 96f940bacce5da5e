"""Which linked network somebody means when they type its name."""

from __future__ import annotations

from bots.command import Talk
from bots.core.folding import fold
from bots.core.grammar import just_a_number
from bots.store import people
from bots.store.people import LinkedNetwork


async def network_meant(talk: Talk, text: str) -> LinkedNetwork | None:
    """By name (case and accents do not matter), by the start of the name when only one fits, or by its number
    in the list that `networks` shows."""
    linked = [one for one in await people.linked(talk.turn.tx) if one.state == "active"]
    number = just_a_number(text)
    if number is not None:
        return linked[number - 1] if 1 <= number <= len(linked) else None
    wanted = fold(text)
    exact = [one for one in linked if fold(one.name) == wanted]
    begins = [one for one in linked if wanted and fold(one.name).startswith(wanted)]
    found = exact or begins
    return found[0] if len(found) == 1 else None
