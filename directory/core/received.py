"""Reading a card that came from a linked network: what it may say is kept, everything else is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from directory.core.cards import Body
from directory.vocabulary import Tree, Vocabulary

KINDS = frozenset({"person", "organisation", "community", "bot"})
MOST_TERMS = 300
LONGEST = 200

_JOINERS = "\u200c\u200d"
_ID = re.compile(r"[0-9a-f]{32}")
_WEBSITE = re.compile(r"https?://[^\s\"'<>]{1,190}", re.ASCII)


def read_card(given: Mapping[str, object], known: Vocabulary) -> Body | None:
    """The card as this hub holds it, or None for what is no card.

    Terms this hub does not know are left out, and so is every marked issue of a person or community: the
    sender should not have sent it, and holding it would be a danger (DESIGN 6).
    """
    card, kind, title = given.get("id"), given.get("kind"), _line(given.get("title"))
    if not isinstance(card, str) or not _ID.fullmatch(card) or kind not in KINDS or not title:
        return None
    issues = _keys(given.get("issues"), known.issues)
    if kind in ("person", "community"):
        issues = [issue for issue in issues if not known.issues.stigma(issue)]
    country = given.get("country")
    website = given.get("website")
    confirmed_at = given.get("confirmed_at")
    return {
        "id": card,
        "kind": kind,
        "title": title,
        "acronym": _line(given.get("acronym")),
        "country": country if country in known.regions.countries() else None,
        "regions": _keys(given.get("regions"), known.regions),
        "issues": issues,
        "languages": _keys(given.get("languages"), known.languages),
        "offers": _keys(given.get("offers"), known.offers),
        "website": website if isinstance(website, str) and _WEBSITE.fullmatch(website) else None,
        "listed_publicly": given.get("listed_publicly") is True,
        "confirmed_at": _seconds(confirmed_at),
        "purpose": _line(given.get("purpose")),
    }


def _line(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    shown = "".join(char if char.isprintable() or char in _JOINERS else " " for char in value)
    return " ".join(shown.split())[:LONGEST] or None


def _keys(value: object, tree: Tree) -> list[str]:
    if not isinstance(value, list | tuple):
        return []
    words = [word for word in value[:MOST_TERMS] if isinstance(word, str)]
    return list(dict.fromkeys(word for word in words if tree.ancestors(word)))


def _seconds(value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and isinstance(value, int) and 0 <= value < 1 << 35 else 0
