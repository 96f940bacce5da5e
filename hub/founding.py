"""What `ayni init` does once: keys, the network's identity, the bots' accounts, the first administrator.

Each step looks first whether it was done: an init that was killed half-way goes on where it stopped, and
running it again changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from directory import custodians, members, words
from directory.bot_entries import BotEntry, enter
from directory.core.text import Text, say
from directory.core.viewer import Lane, Role, Viewer
from directory.custodians import Sheet
from directory.store import roles
from directory.store.guarded import RingKey
from directory.turn import Turn
from hub import bot_accounts, custody, logins, way_in
from hub.api.tokens import technician_token
from hub.bot_keys import own_account
from hub.chance import chance
from hub.cli.asking import token_file
from hub.data_folder import settings_of
from hub.effects import BOT, ENVOY
from hub.federation import identity
from hub.federation.identity import FirstKeys
from hub.matrix.admin import Homeserver
from hub.node import Node, open_node, utc_now
from hub.parts import Progress, homeserver_url, migrate, postgres_of, synapse_of
from hub.settings import Settings, read_secret, write_starter
from hub.supervise_folder import claim, held

TECHNICIAN = Viewer(Lane.TERMINAL, roles=frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))


@dataclass(frozen=True, slots=True)
class Founder:
    """The first administrator: how they are called, and the one word they will remember."""

    handle: str
    word: str
    locale: str = "en"
    second: str = ""
    """Somebody outside who confirms what needs two people, by codes of a sheet; empty: named later."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it."""

    network: str
    bot: str
    evaluation: bool
    sheet: Sheet | None = None
    """For the second person; shown once."""


def prepare(data: Path, settings: Callable[[Path], None] = write_starter) -> None:
    """The folder, its settings file and its ring keys."""
    claim(data, utc_now)
    settings(data / "settings.toml")
    custody.make_rings(data / "keys", chance)
    way_in.ensure(data / "keys", chance)


FirstRoots = Callable[[], FirstKeys | None]
"""Makes the root keys a network begins with; asked only when there is no network yet."""


def no_holders() -> FirstKeys | None:
    """One root key, on this hub alone."""
    return None


async def found(
    data: Path,
    founder: Founder,
    progress: Progress,
    *,
    archive: RingKey | None = None,
    first: FirstRoots = no_holders,
) -> Founded:
    """Do everything that is still to be done. Starts the hub's own database and homeserver for it.

    `archive` is the Archive key when it does not lie open in a file.
    """
    prepare(data)
    settings = settings_of(data)
    with held(data, utc_now):
        async with standing(data, settings, progress) as (url, secret):
            return await found_on(data, founder, progress, url, secret, archive=archive, first=first)


async def found_on(
    data: Path,
    founder: Founder,
    progress: Progress,
    url: str,
    secret: str,
    *,
    archive: RingKey | None = None,
    first: FirstRoots = no_holders,
) -> Founded:
    """The same where database and homeserver stand already. `url` is the homeserver's client address,
    `secret` its registration secret."""
    node = await open_node(data, founded=False, part="init", archive=archive)
    try:
        return await _found(node, founder, progress, url, secret, first)
    finally:
        await node.close()


@asynccontextmanager
async def standing(data: Path, settings: Settings, progress: Progress) -> AsyncIterator[tuple[str, str]]:
    """The database and the homeserver while we need them: its client address and registration secret."""
    postgres = postgres_of(data, settings, progress)
    started: list[Callable[[], Awaitable[None]]] = []
    try:
        if postgres is not None:
            progress(say("Starting the database"))
            started.append(postgres.stop)
            await postgres.start()
        database = (lambda: postgres.url("synapse", "synapse")) if postgres else (lambda: "")
        synapse = synapse_of(data, settings, database, utc_now, progress)
        if synapse is None:
            await migrate(data)
            secret = read_secret(Path(settings.homeserver.registration_secret_file))
            yield homeserver_url(data, settings), secret
            return
        progress(say("Starting the homeserver"))
        started.append(synapse.stop)
        await asyncio.gather(migrate(data), synapse.start())
        yield synapse.client_url, synapse.registration_secret
    finally:
        for stop in reversed(started):
            await stop()


async def _found(
    node: Node, founder: Founder, progress: Progress, url: str, secret: str, first: FirstRoots
) -> Founded:
    progress(say("Making the bots' accounts"))
    made = {}
    async with aiohttp.ClientSession() as http:
        server = Homeserver(url, http, secret=secret)
        for name in bot_accounts.names(node.settings.network):
            async with node.turn(TECHNICIAN) as turn:
                made[name.account] = await logins.make(turn, server, name, chance)
    progress(say("Making the network's keys"))
    async with node.turn(TECHNICIAN) as turn:
        network = node.home or await identity.found_network(
            turn,
            name=node.settings.network.name,
            languages=node.settings.network.languages,
            envoy=made[ENVOY].user_id,
            first=first(),
        )
    await node.close()
    node = await open_node(node.data, part="init", archive=node.guard.archive)
    try:
        await _sign_bots(node, url)
        async with node.turn(TECHNICIAN) as turn:
            sheet = await _first_administrator(turn, founder)
            custody.write_secret(token_file(node.data), await technician_token(turn))
    finally:
        await node.close()
    return Founded(network, made[BOT].user_id, node.settings.evaluation, sheet)


async def _sign_bots(node: Node, url: str) -> None:
    """Publish the bots' devices, signed by their owner, and enter them in the directory."""
    for name in bot_accounts.names(node.settings.network):
        async with own_account(node, url, name.account) as (account, password):
            prints = await account.prepare(password=password)
        async with node.turn(TECHNICIAN) as turn:
            for one in bot_accounts.parts_of(node.settings.network, name.account):
                await enter(turn, BotEntry(one.name, one.purpose.message, prints.user_id, prints.ed25519))


async def _first_administrator(turn: Turn, founder: Founder) -> Sheet | None:
    """And the second person, in the same moment only: later ones are named by two."""
    if await roles.holders(turn.tx, Role.ADMINISTRATOR):
        return None
    member = await members.found(turn, handle=founder.handle, locale=founder.locale)
    theirs = replace(turn, viewer=Viewer(Lane.TERMINAL, member=member))
    await words.set_word(theirs, member, founder.word)
    return await custodians.first(turn, founder.second) if founder.second else None


def progress_nothing(_text: Text) -> None:
    """For callers who show nothing."""
