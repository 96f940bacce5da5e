"""The bots' devices: does their homeserver still show exactly the ones we made, signed by their owner?"""

from __future__ import annotations

import asyncio

from directory.core.text import say
from directory.core.viewer import Lane, Viewer
from hub.bot_accounts import names
from hub.chance import chance
from hub.doctor.check import Check, fine, wrong
from hub.logins import BotNotMade, Login, login_of
from hub.matrix.answers import MatrixTrouble
from hub.matrix.crosssign import kept_seeds, public
from hub.matrix.identities import Identity, read_identity
from hub.matrix.rows import Shelves, sealing
from hub.matrix.wire import Wire, path
from hub.node import Node
from hub.store import checkup
from hub.store.crypto_rows import PostgresRows
from hub.trouble import Trouble

LOOKING = Viewer(Lane.TERMINAL)


class NotSigned(Trouble):
    """The homeserver does not show the device of the bot account "{account}" as signed by its owner, so
    people's apps stay silent towards it. Start the hub again; if that does not help: ayni init"""


class OtherOwner(Trouble):
    """The homeserver shows another owner's key for the bot account "{account}" than ours. Whoever put it
    there can speak as the bot. Stop the hub, change the homeserver's passwords, and make the account anew."""

    needs_person = True


class OtherDevice(Trouble):
    """The directory names another device for the bots of account "{account}" than the one in use. Run:
    ayni init"""


class StrangeDevice(Trouble):
    """The bot account "{account}" has a device that we did not make, signed as if we had: {device}.
    Somebody holds this account's keys. Stop the hub and find out who."""

    needs_person = True


async def look_at_bots(node: Node, homeserver_url: str) -> list[Check]:
    """One check for each account."""
    return [
        await _look(node, account, homeserver_url)
        for account in (one.account for one in names(node.settings.network))
    ]


async def _look(node: Node, account: str, url: str) -> Check:
    name = f"device of {account}"
    async with node.turn(LOOKING) as turn:
        login = await login_of(turn, account)
        if login is None:
            return wrong(name, BotNotMade(account=account))
        said = await checkup.fingerprints_of(turn.tx, login.user_id)
    wire = Wire(url, login.token)
    try:
        answer = await wire.post(path("keys", "query"), {"device_keys": {login.user_id: []}})
    except MatrixTrouble as away:
        return wrong(name, away)
    finally:
        await wire.close()
    owner = await asyncio.to_thread(_own_key, node, account)
    trouble = judge(account, login, read_identity(answer, login.user_id), owner, said)
    return wrong(name, trouble) if trouble else fine(name, say("Signed by its owner, and the one we made"))


def _own_key(node: Node, account: str) -> str:
    """The public half of our own master key for this account. Reads only: the device belongs to `care`."""
    watch = node.guard.watch
    rows = PostgresRows(node.url, account, fence=0)
    try:
        shelves = Shelves(rows, sealing(watch.key, account=account, kid=watch.kid, chance=chance))
        return public(kept_seeds(shelves, chance).master)
    finally:
        rows.close()


def judge(account: str, login: Login, shown: Identity, owner: str, said: frozenset[str]) -> Trouble | None:
    """`owner` is our own master key, `said` the fingerprints the directory names; unpadded base64."""
    if shown.master is not None and shown.master != owner:
        return OtherOwner(account=account)
    signed = {device.device_id: device for device in shown.signed()}
    ours = signed.pop(login.device_id, None)
    if ours is None:
        return NotSigned(account=account)
    if said and said != {ours.ed25519}:
        return OtherDevice(account=account)
    if signed:
        return StrangeDevice(account=account, device=min(signed))
    return None
