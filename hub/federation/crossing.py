"""A card as the directory speaks of it, and as it crosses: the same card in two shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, cast

from hub.federation.core.canonical import tidy
from hub.federation.core.cards import Card
from hub.federation.core.shapes import millis

Kind = Literal["person", "organisation", "community", "bot", "offer"]
_URL = re.compile(r"https?://\S{1,480}\Z")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
LONGEST_NAME = 200


def to_card(body: Mapping[str, object], *, home: str, scope: str, version: int, until: datetime) -> Card:
    """From a body of directory/core/cards.py. What the form does not allow is left out, never the card."""
    seconds = body.get("confirmed_at")
    return Card(
        id=str(body["id"]),
        network=home,
        scope=scope,
        kind=cast("Kind", body["kind"]),
        version=version,
        lease_until=millis(until),
        name=_text(body.get("title")) or "?",
        acronym=_text(body.get("acronym")),
        country=_if(_COUNTRY, body.get("country")),
        works_in=_tags(body.get("regions")),
        issues=_tags(body.get("issues")),
        languages=_tags(body.get("languages")),
        offers=_tags(body.get("offers")),
        website=_if(_URL, body.get("website")),
        listed_publicly=body.get("listed_publicly") is True,
        purpose=_text(body.get("purpose")),
        confirmed_at=seconds * 1000 if isinstance(seconds, int) and seconds > 0 else None,
    )


def from_card(card: Card) -> dict[str, object]:
    """The body again, as directory/core/cards.py describes it."""
    return {
        "id": card.id,
        "kind": card.kind,
        "title": card.name,
        "acronym": card.acronym or None,
        "country": card.country or None,
        "regions": list(card.works_in),
        "issues": list(card.issues),
        "languages": list(card.languages),
        "offers": list(card.offers),
        "website": card.website or None,
        "listed_publicly": card.listed_publicly,
        "confirmed_at": (card.confirmed_at or 0) // 1000,
        "purpose": card.purpose or None,
    }


def _text(value: object) -> str:
    return tidy(value)[:LONGEST_NAME] if isinstance(value, str) else ""


def _if(form: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and form.match(value) else ""


def _tags(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list | tuple) else ()
    return tuple(each for each in listed if isinstance(each, str) and _TAG.match(each))[:64]
