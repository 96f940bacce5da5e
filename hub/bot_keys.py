"""The bots' own keys outside `care`: publishing them at the beginning, and replacing them on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from directory import audit
from directory.core.viewer import Lane, Viewer
from directory.turn import Turn
from hub import logins
from hub.chance import chance
from hub.logins import BotNotMade
from hub.matrix.account import BotAccount
from hub.matrix.crosssign import Fingerprints
from hub.matrix.rows import Shelves, sealing
from hub.node import Node
from hub.store.crypto_rows import PostgresRows
from hub.store.ownership import owned

MACHINE = Viewer(Lane.TERMINAL)


@asynccontextmanager
async def own_account(node: Node, url: str, name: str) -> AsyncIterator[tuple[BotAccount, str]]:
    """A bot's account with its device, owned while the block lasts, and its password. `url`: the homeserver.

    Waits while another process owns the device. Raises BotNotMade, OtherDevice.
    """
    async with node.turn(MACHINE) as turn:
        login = await logins.login_of(turn, name)
    if login is None:
        raise BotNotMade(account=name)
    async with owned(node.url, name, clock=node.clock) as owner:
        rows = await asyncio.to_thread(PostgresRows, node.url, name, owner.fence)
        watch = node.guard.watch
        shelves = Shelves(rows, sealing(watch.key, account=name, kid=watch.kid, chance=chance))
        account = BotAccount(
            url,
            login.user_id,
            login.device_id,
            login.token,
            shelves,
            login.pickle_key,
            chance,
            node.clock,
        )
        try:
            yield account, login.password
        finally:
            await account.close()


async def replace(node: Node, url: str, name: str) -> Fingerprints:
    """New owner's keys for a bot, with its device signed by them; written into the log first.

    Everybody's app warns of it, and whoever compared pictures has to do so again. Raises Refused,
    Unreachable.
    """
    async with node.turn(MACHINE) as turn:
        await _written(turn, name)
    async with own_account(node, url, name) as (account, password):
        return await account.prepare(password=password, reset=True)


async def _written(turn: Turn, name: str) -> None:
    await audit.note(turn, "bot-keys", after=name)
