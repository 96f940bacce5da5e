"""Codes that show by themselves that they are ours: what a stranger makes up is told without a look-up.

Whoever asks from outside without knowing the address meets the homeserver. A look into the database for every
cookie or token they invent would take a moment longer, and that moment would say that there is more here than
a homeserver. The stamp says nothing of whether a code still works.
"""

from __future__ import annotations

import hmac

from directory.store.guarded import Guard

_HALF = 32
"""Signs of what is drawn, and of the stamp after it."""


def stamp(guard: Guard, purpose: str, drawn: str) -> str:
    """A code for `purpose` ("session", "token") from something nobody can guess, 32 signs or more."""
    return drawn + _stamp(guard, purpose, drawn)


def stamped(guard: Guard, purpose: str, code: str) -> bool:
    """Did this hub make this code, for this? In constant time."""
    drawn, found = code[:-_HALF], code[-_HALF:]
    return hmac.compare_digest(found.encode(), _stamp(guard, purpose, drawn).encode())


def _stamp(guard: Guard, purpose: str, drawn: str) -> str:
    return guard.digest("stamp", f"{purpose} {drawn}").hex()[:_HALF]
