"""Cards that stand for nobody: how many there should be, what they say, and when they ring.

One decoy alone proves nothing: anybody may come upon it. To be shown several in a day, and to open them, is
what happens to those who gather cards. Of 1,500 cards, what all whom one person invited may be shown in a
day, seven or eight are decoys; of the thirty that somebody looks at who searches for help, hardly one. What a
decoy says is mixed from cards of several people, so that it is none of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from directory.core.budgets import INVITER
from directory.core.cards import Body, words

IN_A_THOUSAND = 5
LEAST = 2
FROM_PEOPLE = 100
"""With fewer people to be found there are none: everybody knows everybody."""
SEVERAL = 6
"""So many in a day, shown or opened (which counts again), ring at the limit INVITER; else in proportion."""
MIXED_FROM = 4
LOOKS_OLD = timedelta(days=400)
"""When it seems to have been confirmed: behind people who were confirmed within a year."""
MOST_AT_ONCE = 500

_WORDS = """
Alma Amane Ana Asha Aurora Bahar Brisa Camino Ceiba Cielo Dalia Dunya Estrella Fajr Flor Hana Huayra Ilan Inti
Jade Kamaria Killa Laila Laurel Lluvia Luna Maiz Mar Marea Maya Milpa Nadir Nube Noor Paloma Quetzal Rio Roble
Sabiha Safir Sahar Salvia Sol Sumaq Tala Tierra Umi Vega Wayra Yara Yuma Zahra Zenit
"""
_NAMES = tuple(_WORDS.split())


def wanted(people: int) -> int:
    """How many decoys there are among so many people who can be found."""
    return 0 if people < FROM_PEOPLE else max(LEAST, people * IN_A_THOUSAND // 1000)


def mixed(card: str, people: Sequence[Body], seed: int) -> Body:
    """A card that looks like theirs: places of one, issues of another, languages and offers of a third."""
    where, what, how = (people[(seed >> shift) % len(people)] for shift in (0, 8, 16))
    name = _NAMES[seed % len(_NAMES)]
    number = str(seed // 7 % 90 + 10) if seed % 3 else ""
    return {
        **where,
        "id": card,
        "title": f"{name}{number}",
        "issues": words(what, "issues"),
        "languages": words(how, "languages"),
        "offers": words(how, "offers"),
        "confirmed_at": min(int(str(each.get("confirmed_at", 0))) for each in (where, what, how)),
        "purpose": None,
        "website": None,
    }


def rings(weight: int, limit: int) -> bool:
    """Should the coordinators hear of it? `limit`: what those together may be shown in a day."""
    return weight * INVITER >= SEVERAL * max(limit, INVITER)
