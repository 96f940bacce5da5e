"""Chat accounts for people who come in with only a browser: a random name, a password shown once.

No phone number, no e-mail, and no device: we ask the homeserver for the account without signing in to it, so
that we never hold a key of a person. Their app makes its own keys at the first sign-in.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from directory.crypto import Chance
from hub.matrix.admin import Homeserver

PATIENCE = aiohttp.ClientTimeout(total=8)
_NAME_BYTES, _PASSWORD_BYTES, _GROUP = 10, 10, 4


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """What a person types into an app, once. `homeserver` is what the app asks for first."""

    matrix_id: str
    password: str = field(repr=False)
    homeserver: str


MakeAccount = Callable[[], Awaitable[ChatAccount]]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Makes them on our homeserver. `shown`: its address for people, where its name alone does not lead there
    (evaluation); `secret` reads its registration secret."""

    url: str
    secret: Callable[[], str]
    chance: Chance
    shown: str = ""

    async def __call__(self) -> ChatAccount:
        """A new one. Raises Trouble: HomeserverUnreachable, SecretRefused, NameTaken, HomeserverRefused."""
        name = _letters(self.chance(_NAME_BYTES))
        drawn = _letters(self.chance(_PASSWORD_BYTES))
        password = "-".join(drawn[at : at + _GROUP] for at in range(0, len(drawn), _GROUP))
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            matrix_id = await Homeserver(self.url, http, secret=self.secret()).reserve(name, password)
        return ChatAccount(matrix_id, password, self.shown or matrix_id.partition(":")[2])


def _letters(random: bytes) -> str:
    """Small letters and digits, sixteen for ten bytes (80 bits)."""
    return b32encode(random).decode().lower()
