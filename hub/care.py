"""`care`: the bots, their letters, the due pump and what linked hubs send. Nothing here waits for pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from bots import commands
from bots.waking import CALL, PUSH, SMS, Waker
from directory import introductions, members
from directory.core.rules import check_coverage
from directory.store import bindings, wordings
from directory.store.database import DATABASE_GONE
from hub import book, bot_accounts, handlers, log, logins, metrics
from hub.chance import chance
from hub.due import CLOCK, DuePump
from hub.ear import BotEar, EnvoyEar
from hub.effects import ENVOY
from hub.embedded.files import write_whole
from hub.federation import introduced
from hub.federation.core.bodies import KINDS
from hub.federation.lanes import web
from hub.federation.upkeep import Upkeep
from hub.lane import MatrixLane
from hub.letters import LetterPump
from hub.logins import BotNotMade, Login
from hub.matrix.account import BotAccount
from hub.matrix.answers import MatrixTrouble, RetryLater, Unreachable
from hub.matrix.hearing import Hearing
from hub.matrix.rows import Shelves, sealing
from hub.node import Node
from hub.parts import accounts_of, homeserver_url
from hub.pulse import Pulse
from hub.push import Push, is_open_internet
from hub.putting_out import SigningOut
from hub.readers import readers_of
from hub.readying import Readying
from hub.recordings import KeptRecordings
from hub.rings import RingPump
from hub.rooming import RoomMaker
from hub.store import due, letters, rings, rooms
from hub.store.crypto_rows import PostgresRows
from hub.store.listen import listen
from hub.store.ownership import Ownership, owned
from hub.store.positions import KeptPosition
from hub.texting import lane
from hub.texting.gateways import gateways
from hub.texting.sending import ARRIVED, Calls, Texts
from hub.trouble import Trouble

LISTEN_AGAIN_S = 1.0
LONGEST_WAIT_S = 5.0
FIGURES_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class KnownMasters:
    """The hub's word on whose master key is whose (hub/matrix/devices.py: Bindings)."""

    node: Node

    async def master_key(self, user_id: str) -> str | None:
        """The master key of the member bound to this account."""
        async with self.node.turn(CLOCK) as turn:
            member = await bindings.bound_to(turn.tx, turn.guard.digest("matrix-id", user_id))
            return None if member is None else await members.master_key_of(turn.tx, turn.guard, member)

    async def readers(self, room_id: str) -> frozenset[str] | None:
        """The member of a direct room; the two who meet in a room made for them."""
        async with self.node.turn(CLOCK) as turn:
            return await readers_of(turn, room_id)


@dataclass(frozen=True, slots=True)
class Bot:
    """One account with everything that runs for it."""

    account: BotAccount
    pump: LetterPump
    maker: RoomMaker


async def run_role(node: Node, pulse: Pulse) -> None:
    """`care` as a process: everything below, at the homeserver this hub uses, with its figures in a file."""
    check_coverage((*commands.things(), *(f"envelope:{kind}" for kind in KINDS)))
    async with asyncio.TaskGroup() as group:
        group.create_task(_leave_figures(node))
        group.create_task(run(node, homeserver_url(node.data, node.settings), pulse.ready))


async def _leave_figures(node: Node) -> None:
    while True:
        async with node.turn(CLOCK) as turn:
            for account in (one.account for one in bot_accounts.names(node.settings.network)):
                waiting = await letters.count_waiting(turn.tx, account)
                metrics.LETTERS_WAITING.labels(account=account).set(waiting)
        write_whole(node.data / "run" / "care.prom", metrics.text().decode())
        await asyncio.sleep(FIGURES_EVERY_S)


async def run(node: Node, homeserver_url: str, ready: Callable[[], None]) -> None:
    """Run until cancelled. Waits first for the bots' locks: a second `care` is a standby."""
    await book.read(node.database)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        owners = {}
        for name in (one.account for one in bot_accounts.names(node.settings.network)):
            owners[name] = await stack.enter_async_context(owned(node.url, name, clock=node.clock))
            group.create_task(_until_lost(owners[name]), name=f"owner {name}")
        await handlers.at_start(node)  # before anything is sent: this may be a hub restored from a backup
        pump = DuePump(node.turn, handlers.due_handlers(node), node.clock)
        group.create_task(pump.run(), name="due")  # ladders climb, whether or not the homeserver answers
        apart = {web.ACCOUNT: await _https(node, stack), lane.ACCOUNT: _texts(node)}
        for name, one in apart.items():
            group.create_task(one.run(), name=f"letters {name}")  # these wait for no homeserver
        bots = {}
        for name, owner in owners.items():
            bots[name] = await _bot(node, name, homeserver_url, owner)
            stack.push_async_callback(bots[name].account.close)
        addresses = {name: bot.account.user_id for name, bot in bots.items()}
        for name, bot in bots.items():
            group.create_task(bot.pump.run(), name=f"letters {name}")
            group.create_task(bot.maker.run(), name=f"rooms {name}")
            group.create_task(Readying(name, bot.account, node.turn).run(), name=f"keys {name}")
            group.create_task(bot.maker.rosters.run(), name=f"rosters {name}")
            ear = _ear(node, name, bot, addresses)
            group.create_task(_listen(bot.account, ear), name=f"sync {name}")
            if isinstance(ear, EnvoyEar):
                stack.push_async_callback(ear.fair.stop)
        knocks = RingPump(node.database, node.guard, _wakers(node), node.clock)
        group.create_task(knocks.run(), name="rings")
        texts = book.Reader(node.database)
        group.create_task(texts.run(), name="texts")
        others = {wordings.CHANNEL: texts.changed, rings.CHANNEL: lambda _: knocks.wake.set()}
        channels = {**_channels(pump, bots, apart), **others}
        group.create_task(listen(node.url, channels), name="notifications")
        ready()


async def _https(node: Node, stack: AsyncExitStack) -> LetterPump:
    """The second lane to linked hubs. A hub for evaluation posts to this machine only."""
    may_connect = web.is_this_machine if node.settings.evaluation else is_open_internet
    carried = await stack.enter_async_context(web.https_lane(node.clock, may_connect))
    return LetterPump(web.ACCOUNT, node.database, node.guard, carried, node.clock, anywhere=True)


def _texts(node: Node) -> LetterPump:
    """Text messages to people who are no members here: coordinators of a hub that fell silent."""
    carried = lane.TextLane(gateways(node.settings), node.clock)
    return LetterPump(lane.ACCOUNT, node.database, node.guard, carried, node.clock, anywhere=True)


def _wakers(node: Node) -> Mapping[str, Waker]:
    """What makes phones ring here, by kind."""
    found = gateways(node.settings)
    texts = {SMS: Texts(found, node.clock), rings.HEARD: Texts(found, node.clock, ARRIVED)} if found else {}
    calls = {CALL: Calls(found, node.clock)} if any(one.rings for one in found) else {}
    return {PUSH: Push(), **texts, **calls}


class DeviceLost(Trouble):
    """Another process may own a bot's device now. This one ends, and is started again as its standby."""


async def _until_lost(owner: Ownership) -> None:
    """Two processes with one device corrupt its keys: the moment ours is in doubt, everything here stops."""
    await owner.lost()
    raise DeviceLost


async def _bot(node: Node, name: str, homeserver_url: str, owner: Ownership) -> Bot:
    async with node.turn(CLOCK) as turn:
        login = await logins.login_of(turn, name)
    if login is None:
        raise BotNotMade(account=name)
    account = await _account(node, name, login, homeserver_url, owner)
    return Bot(
        account,
        LetterPump(
            name,
            node.database,
            node.guard,
            MatrixLane(account, KeptRecordings(node.turn), _signing_out(node)),
            node.clock,
        ),
        RoomMaker(name, account, node.turn, introductions.met),
    )


def _signing_out(node: Node) -> SigningOut | None:
    accounts = accounts_of(node.data, node.settings, chance)
    return None if accounts is None else SigningOut(accounts, chance)


async def _account(node: Node, name: str, login: Login, homeserver_url: str, owner: Ownership) -> BotAccount:
    watch = node.guard.watch
    rows = await asyncio.to_thread(PostgresRows, node.url, name, owner.fence)
    account = BotAccount(
        homeserver_url,
        login.user_id,
        login.device_id,
        login.token,
        Shelves(rows, sealing(watch.key, account=name, kid=watch.kid, chance=chance)),
        login.pickle_key,
        chance,
        node.clock,
        positions=KeptPosition(name, node.database, node.guard, node.clock),
        bindings=KnownMasters(node),
    )
    await _prepared(account, login.password)
    return account


async def _prepared(account: BotAccount, password: str) -> None:
    """A homeserver that is away when we start is waited for. Raises what only a person can mend."""
    tries = 0
    while True:
        try:
            await account.prepare(password=password)
            return
        except (Unreachable, RetryLater) as away:
            tries += 1
            log.trouble("homeserver not there yet", tries=tries, error=type(away).__name__)
            wait = away.after_s if isinstance(away, RetryLater) else min(LONGEST_WAIT_S, 0.25 * 2**tries)
            await asyncio.sleep(wait)


def _ear(node: Node, name: str, bot: Bot, addresses: Mapping[str, str]) -> Hearing:
    if name != ENVOY:
        others = bot_accounts.elsewhere(node.settings.network, name, addresses)
        desk = replace(node.desk, elsewhere=others)
        return BotEar(desk, node.turn, bot.account, bot.maker, name)
    joined = Upkeep(node.poster).joined
    return EnvoyEar(node.turn, handlers.inbox(node).receive, introduced.admit, joined, bot.maker)


async def _listen(account: BotAccount, ear: Hearing) -> None:
    """Listen for ever. What a handler could not finish comes again: the position was not moved past it."""
    while True:
        try:
            await account.listen(ear)
        except MatrixTrouble as trouble:
            log.trouble("listening stopped", error=type(trouble).__name__)
            if trouble.needs_person:
                raise
        except DATABASE_GONE as trouble:
            log.trouble("listening stopped", error=type(trouble).__name__)
        await asyncio.sleep(LISTEN_AGAIN_S)


def _channels(
    pump: DuePump, bots: Mapping[str, Bot], apart: Mapping[str, LetterPump]
) -> dict[str, Callable[[str], None]]:
    def written(account: str) -> None:
        for name, one in apart.items():
            if account in ("", name):
                one.wake.set()
        send(account)

    def wake(kind: Callable[[Bot], asyncio.Event]) -> Callable[[str], None]:
        def hear(account: str) -> None:
            for name, bot in bots.items():
                if account in ("", name):
                    kind(bot).set()

        return hear

    send = wake(lambda bot: bot.pump.wake)
    return {
        due.CHANNEL: lambda _: pump.wake.set(),
        letters.CHANNEL: written,
        rooms.CHANNEL: wake(lambda bot: bot.maker.wake),
    }
