"""How the node puts this package together: one inbox, one table of due handlers, one start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from directory.turn import Turn
from hub.federation import bridging, identity, life, overdue, when_opened
from hub.federation.applying import Applier, Handlers
from hub.federation.cards import CardPump
from hub.federation.post import (
    DUE_CARDS,
    DUE_CHECKPOINT,
    DUE_HEARTBEAT,
    DUE_LEFT,
    DUE_WATCH,
    DUE_WATCH_NEW,
    DUE_WATCH_SOON,
    DUE_WATCHED,
    Poster,
)
from hub.federation.receipts import DUE_RECEIPT
from hub.federation.receive import Inbox
from hub.federation.upkeep import Upkeep
from hub.federation.watch_out import Teller
from hub.federation.watching import Watcher

DueHandler = Callable[[Turn, str], Awaitable[None]]


def inbox(poster: Poster, handlers: Handlers) -> Inbox:
    """What lanes hand bytes to. `handlers`: alarm, acknowledge, introduction, decision and action, each
    `(turn, network, body)` with the body as plain values. Raises NobodyApplies when one is missing."""
    return Inbox(poster, Applier(handlers))


def waiting(handlers: Handlers) -> Mapping[str, DueHandler]:
    """By kind of due row: what `inbox` with these handlers put off while records were closed."""
    return {when_opened.DUE: Applier(handlers).again}


def due_handlers(poster: Poster, *, texts: bool = False) -> Mapping[str, DueHandler]:
    """By kind of due row. `texts`: this hub can send text messages."""
    keeper, pump, watcher = Upkeep(poster), CardPump(poster), Watcher(poster, texts)
    teller = Teller(poster)
    return {
        identity.DUE_KEYS: identity.rotate,
        DUE_RECEIPT: keeper.confirm,
        DUE_HEARTBEAT: keeper.heartbeat,
        DUE_LEFT: poster.left,
        DUE_CARDS: pump.pump,
        DUE_CHECKPOINT: pump.checkpoint,
        life.DUE_SHARE: life.share_as_agreed,
        life.DUE_RENEW: life.ask_to_renew,
        overdue.DUE_OVERDUE: overdue.look,
        bridging.DUE_APART: bridging.still_apart,
        DUE_WATCH: teller.tell,
        DUE_WATCH_SOON: teller.soon,
        DUE_WATCH_NEW: teller.tell_new,
        DUE_WATCHED: watcher.look,
    }
