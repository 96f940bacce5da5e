"""What of an entry stands on a card, and for whom: our own network, or one named linked network.

A card body holds strings, whole numbers, booleans, lists and null only, so that it can be signed as it is.
`confirmed_at` is in seconds since 1970. Nothing else of a member is ever in one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from directory.core.audiences import Setting, admits, admits_network, setting_of
from directory.core.relations import Relation
from directory.vocabulary import RegionKind, Vocabulary

Body = dict[str, object]

PUBLIC_KINDS = frozenset({"organisation", "bot"})
"""What an agreement may share as a whole; people and communities cross by their own yes only."""
SHOWN_STATES = frozenset({"listed", "active"})

_HOME = frozenset({Relation.HOME})


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, organisation, community or bot as the directory knows it; `marked_issues` opened."""

    id: str
    kind: str
    state: str
    title: str
    acronym: str | None = None
    country: str | None = None
    works_in: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    marked_issues: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    website: str | None = None
    purpose: str | None = None
    confirmed_at: datetime | None = None
    audiences: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Organisations and bots are open by nature; people and communities decide field by field."""
        return self.kind in PUBLIC_KINDS


Sees = Callable[[str], bool]
"""May the reader of this card see the field of that name (core/audiences.py)?"""


def home_body(entry: Entry, card: str, known: Vocabulary) -> Body | None:
    """The card that every member of our own network may find; None when they may not even know the name.

    A marked issue is on it only when the member opened marked issues to the whole network.
    """
    return _body(entry, card, known, lambda name: admits(setting_of(name, entry.audiences), _HOME))


def shared_body(
    entry: Entry, card: str, network: str, known: Vocabulary, *, said_yes: bool, shares: frozenset[str]
) -> Body | None:
    """The card for one linked network; None when it gets none. Marked issues of people never cross.

    `shares` are the kinds our agreement lets cross; `said_yes` is the person's yes to this network by name.
    """
    if entry.kind not in shares:
        return None

    def sees(name: str) -> bool:
        setting = setting_of(name, entry.audiences)
        return name != "marked_issues" and admits_network(setting, network, said_yes=said_yes)

    return _body(entry, card, known, sees)


def body_seen(
    entry: Entry, card: str, known: Vocabulary, sees: Sees, *, marked: tuple[str, ...] = ()
) -> Body | None:
    """The card as one kind of reader would get it: "see me as …". `marked` are the opened marked issues."""
    return _body(replace(entry, marked_issues=marked or entry.marked_issues), card, known, sees)


def _body(entry: Entry, card: str, known: Vocabulary, sees: Sees) -> Body | None:
    if entry.state not in SHOWN_STATES or not (entry.is_public or sees("handle")):
        return None
    if entry.is_public:
        sees = _everything
    issues = entry.issues if sees("issues") else ()
    marked = entry.marked_issues if sees("marked_issues") else ()
    return {
        "id": card,
        "kind": entry.kind,
        "title": entry.title,
        "acronym": entry.acronym,
        "country": entry.country if sees("country") else None,
        "regions": _regions(entry, known, sees),
        "issues": [*issues, *marked],
        "languages": list(entry.languages) if sees("languages") else [],
        "offers": list(entry.offers) if sees("offers") else [],
        "website": entry.website,
        "listed_publicly": entry.state == "listed",
        "confirmed_at": int(entry.confirmed_at.timestamp()) if entry.confirmed_at else 0,
        "purpose": entry.purpose,
    }


def _everything(_: str) -> bool:
    return True


def _regions(entry: Entry, known: Vocabulary, sees: Sees) -> list[str]:
    """Where it works. A person's subdivisions are told as their country, unless those may be seen too."""
    if not sees("works_in"):
        return []
    fine = entry.is_public or sees("subdivision")
    places = entry.works_in if fine else [country_of(place, known) for place in entry.works_in]
    return list(dict.fromkeys(places))


def country_of(place: str, known: Vocabulary) -> str:
    """The country a subdivision lies in; any other place as it is."""
    region = known.regions.region(place)
    is_fine = region is not None and region.kind is RegionKind.SUBDIVISION
    return region.parent or place if is_fine and region is not None else place


def tags(body: Body, known: Vocabulary) -> list[str]:
    """What a search finds the card by: kind, languages, issues (`i:`) and those with everything broader
    (`n:`, by way of a marked one `v:`), offers with everything broader, the places it works in (`w:`), and
    those with everything wider (`r:`). Without places it works in its country."""
    places = words(body, "regions") or [str(body["country"])] * bool(body.get("country"))
    wider = {wide for place in places for wide in known.regions.ancestors(place)}
    found = {f"k:{body['kind']}"}
    found |= {f"w:{place}" for place in places} | {f"r:{place}" for place in wider}
    for issue in words(body, "issues"):
        by = "v" if known.issues.stigma(issue) else "n"
        found |= {f"i:{issue}", *(f"{by}:{broad}" for broad in (issue, *known.issues.ancestors(issue)))}
    found |= {f"l:{language}" for language in words(body, "languages")}
    for offer in words(body, "offers"):
        found |= {f"o:{broad}" for broad in (offer, *known.offers.ancestors(offer))}
    return sorted(found)


def words(body: Body, name: str) -> list[str]:
    """A list of keys in a card's body."""
    value = body.get(name)
    return [str(word) for word in value] if isinstance(value, list) else []
