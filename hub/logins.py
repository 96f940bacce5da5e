"""The bots' own Matrix logins: made once by `ayni init`, kept sealed under the Watch ring."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from directory.crypto import Chance
from directory.turn import Turn
from hub.federation.identity import FOR_EVER
from hub.matrix.admin import Account, Homeserver, NameTaken, SignInRefused
from hub.store import keys
from hub.store.keys import HubKey
from hub.trouble import Trouble

PURPOSE = "matrix:"


class BotNotMade(Trouble):
    """The bot account "{account}" of this hub was never made. Run: ayni init"""

    needs_person = True


class BotNameTaken(Trouble):
    """The homeserver has an account named {name} that is not ours. Remove it, then run: ayni init"""

    needs_person = True


class Login(msgspec.Struct, frozen=True):
    """Everything one device needs. `pickle_key` is 32 bytes."""

    user_id: str
    device_id: str
    token: str
    password: str
    pickle_key: bytes


@dataclass(frozen=True, slots=True)
class Name:
    """A bot account: `account` is what the hub calls it, `local` the part before the colon."""

    account: str
    local: str


async def login_of(turn: Turn, account: str) -> Login | None:
    """The kept login of an account; None when it was never made."""
    found = await keys.of_purpose(turn.tx, turn.guard, PURPOSE + account)
    return msgspec.json.decode(found[0].private, type=Login) if found else None


async def make(turn: Turn, homeserver: Homeserver, name: Name, chance: Chance) -> Login:
    """The login of `name`, made on the homeserver the first time. Raises BotNameTaken.

    The password comes from the Watch key: an init that was killed between the homeserver's yes and our own
    commit finds its account again at the next try.
    """
    kept = await login_of(turn, name.account)
    if kept is not None:
        return kept
    password = turn.guard.digest("bot-password", name.account).hex()
    try:
        account = await _register(homeserver, name.local, password)
    except SignInRefused:
        raise BotNameTaken(name=name.local) from None
    login = Login(account.user_id, account.device_id, account.token, password, chance(32))
    key = HubKey(
        id=turn.ids(),
        purpose=PURPOSE + name.account,
        public=account.user_id.encode(),
        private=msgspec.json.encode(login),
        statement=b"",
        valid_from=turn.now,
        valid_until=turn.now + FOR_EVER,
    )
    await keys.add(turn.tx, turn.guard, key)
    return login


async def _register(homeserver: Homeserver, local: str, password: str) -> Account:
    try:
        return await homeserver.register(local, password, admin=False)
    except NameTaken:
        return await homeserver.login(local, password)
