"""A bot's device is three things that belong together: store, owner's keys, and name at the homeserver.

A store beside another device's name would make ratchets that nobody can follow, or give away what was said.
"""

from __future__ import annotations

import asyncio

from directory.core.viewer import Lane, Viewer
from hub.chance import chance
from hub.effects import BOT, ENVOY
from hub.logins import Login, login_of
from hub.matrix.crosssign import SHELF
from hub.matrix.crypto_store import KeptStore, OtherDevice
from hub.matrix.rows import Shelves, sealing
from hub.node import Node
from hub.store import checkup
from hub.store.crypto_rows import PostgresRows
from hub.trouble import Trouble

LOOKING = Viewer(Lane.TERMINAL)


class NoUnit(Trouble):
    """The bot account "{account}" cannot be used as it was restored: {what}. Its store, its owner's keys and
    its device belong together, and these do not. The hub was not started. Restore all of them from one
    backup."""

    needs_person = True


async def look(node: Node) -> None:
    """Both accounts of this hub. Raises NoUnit."""
    for account in (BOT, ENVOY):
        async with node.turn(LOOKING) as turn:
            login = await login_of(turn, account)
            if login is None:
                raise NoUnit(account=account, what="its sign-in is missing")
            said = await checkup.fingerprints_of(turn.tx, login.user_id)
        what = await asyncio.to_thread(_wrong, node, account, login, said)
        if what:
            raise NoUnit(account=account, what=what)


def _wrong(node: Node, account: str, login: Login, said: frozenset[str]) -> str:
    """What does not fit, "" when all of it does. Reads only."""
    watch = node.guard.watch
    rows = PostgresRows(node.url, account, fence=0)
    try:
        shelves = Shelves(rows, sealing(watch.key, account=account, kid=watch.kid, chance=chance))
        store = KeptStore(login.user_id, login.device_id, shelves, login.pickle_key, lazy=True)
        olm = store.load_account()
        if olm is None:
            return "its store is empty"
        if shelves.get(SHELF, "seeds") is None:
            return "its owner's keys are missing"
        if said and said != {olm.identity_keys["ed25519"]}:
            return "the directory names another device"
    except OtherDevice:
        return "its store belongs to another device"
    finally:
        rows.close()
    return ""
