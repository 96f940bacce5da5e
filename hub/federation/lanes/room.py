"""The first lane: a Matrix room of the two envoys. It carries bytes and knows nothing of what is in them.

The room is not encrypted with Megolm on purpose: a lost Megolm session must never cost a peer an alarm
(DESIGN 4.4). What is carried is sealed and signed by us; the room keeps one day.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from hub.federation.core.envelope import MAX_WIRE

EVENT_TYPE = "org.ayni.envelope"
_LONGEST = (MAX_WIRE + 2) // 3 * 4


def to_content(wire: bytes) -> dict[str, object]:
    """The content of the room event that carries these sealed bytes."""
    return {"e": base64.b64encode(wire).decode()}


def from_content(content: Mapping[str, object]) -> bytes | None:
    """The sealed bytes again; None for what was not made by `to_content` (nothing is believed of it)."""
    text = content.get("e")
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
