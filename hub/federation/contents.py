"""What an envelope carries, looked at from outside: texts as they may cross, ids of cards, the kept body."""

from __future__ import annotations

from collections.abc import Mapping

from directory.crypto import SIGNATURE_SIZE
from hub.federation.core import canonical
from hub.federation.core.identity import KID_SIZE

SIGNED_JSON_AT = KID_SIZE + SIGNATURE_SIZE
"""Where the canonical JSON begins in kept signed bytes."""


def body_of(signed: bytes) -> canonical.Json:
    """The body in kept signed bytes of our own."""
    return _object(canonical.parse(signed[SIGNED_JSON_AT:]), "body")


def _object(parsed: canonical.Json | canonical.Flaw, name: str) -> canonical.Json:
    inner = {} if isinstance(parsed, canonical.Flaw) else parsed.get(name)
    return inner if isinstance(inner, dict) else {}


def cards_in(kind: str, body: Mapping[str, object]) -> tuple[str, ...]:
    """Ids of the cards a body carries or comes from, so that a withdrawal finds the envelope."""
    if kind == "introduction":
        asker = body.get("from_card")
        card = asker.get("card") if isinstance(asker, Mapping) else None
        return (str(card),) if card else ()
    if kind != "card":
        return ()
    listed = body.get("cards")
    inner = (each.get("card") for each in listed) if isinstance(listed, list | tuple) else ()
    return tuple(str(card.get("id")) for card in inner if isinstance(card, Mapping))


def tidied(body: Mapping[str, object]) -> dict[str, object]:
    """The body with texts as they may cross: what people typed holds controls and marks now and then."""
    return {name: _tidied(value) for name, value in body.items()}


def _tidied(value: object) -> object:
    match value:
        case str():
            return canonical.tidy(value)
        case Mapping():
            return tidied(value)
        case list() | tuple():
            return [_tidied(each) for each in value]
        case _:
            return value
