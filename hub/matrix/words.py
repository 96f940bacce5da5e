"""The content of messages for people."""

from __future__ import annotations

from typing import Any


def message(body: str, *, wakes: str | None = None) -> dict[str, Any]:
    """`wakes` names the one person whose phone shall ring: only a text that mentions them inside the
    ciphertext
    does. Everything else is a quiet notice that mentions nobody; nothing ever mentions the whole room."""
    if wakes is None:
        return {"msgtype": "m.notice", "body": body, "m.mentions": {}}
    return {"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": [wakes]}}
