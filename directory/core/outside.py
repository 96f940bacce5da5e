"""Outside contacts: an ombuds office, an embassy, a religious or indigenous leader, a member of parliament.

They are no members and see nothing (A/HRC/31/55 ¶85-87, 90, 93-96): whoever wants something of them asks
their keeper, who knows them, and who alone knows how to reach them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.vocabulary import Vocabulary

LASTS = timedelta(days=180)
"""After this the keeper is asked whether it still holds; until then it is shown as not confirmed."""
LONGEST: Mapping[str, int] = {"name": 80, "office": 120, "reach": 300, "never": 300, "about": 500}
LONGEST_ASK = 500


class MayAsk(StrEnum):
    """Who may ask the keeper for something."""

    MEMBERS = "members"
    COORDINATORS = "coordinators"
    KEEPER = "keeper"


class Came(StrEnum):
    """What came of an ask."""

    ASKED = "asked"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one. `reach` is for the keeper alone; `never`: what must never be sent there."""

    name: str
    office: str
    country: str | None = None
    offers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    reach: str = ""
    never: str = ""
    about: str = ""


def checked(fields: Mapping[str, object], known: Vocabulary) -> Said | tuple[str, Text]:
    """What may be kept; or (field, what is wrong)."""
    words = {name: " ".join(str(fields.get(name) or "").split()) for name in LONGEST}
    for name, most in LONGEST.items():
        if len(words[name]) > most:
            return name, say("Please say it in at most {most} letters.", most=most)
    if not words["name"] or not words["office"]:
        missing = "office" if words["name"] else "name"
        return missing, say("Please say who it is, and what office they hold.")
    country = fields.get("country") or None
    if country is not None and str(country) not in known.regions.countries():
        return "country", say("I do not know this country. Please write its name again.")
    lists = {name: _keys(fields.get(name)) for name in ("offers", "languages")}
    for name, tree in (("offers", known.offers), ("languages", known.languages)):
        if any(not tree.ancestors(key) for key in lists[name]):
            return name, say("I do not know one of these. Please choose from the list.")
    return Said(
        words["name"],
        words["office"],
        None if country is None else str(country),
        lists["offers"],
        lists["languages"],
        words["reach"],
        words["never"],
        words["about"],
    )


def may_see(may_ask: MayAsk, *, keeper: bool, left: bool, roles: frozenset[Role]) -> bool:
    """May somebody know that there is this contact, and ask its keeper? `left`: the keeper cannot look after
    it now, so that coordinators find every one and can hand it to somebody."""
    if keeper or may_ask is MayAsk.MEMBERS:
        return True
    return Role.COORDINATOR in roles and (left or may_ask is MayAsk.COORDINATORS)


def is_stale(confirmed_at: datetime, now: datetime) -> bool:
    """Has nobody said for long that this still holds?"""
    return now - confirmed_at > LASTS


def _keys(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, value))) if isinstance(value, list | tuple) else ()
