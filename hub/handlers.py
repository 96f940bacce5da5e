"""Who looks at what: due kinds and envelope types, each with the one function that answers for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

from bots import (
    checking,
    drills,
    freezing,
    guests,
    later,
    playbook_runs,
    pressed,
    proxies,
    ringing,
    rota,
    seconding,
    sentinel,
    silence,
    unclear,
    widening,
)
from bots.desk import Desk
from directory import erasing, introductions, meeting, sharing, tidying, words
from directory.core.effects import DueAt
from directory.seconding import DUE as DUE_SECOND
from directory.turn import Turn
from hub import holding, passing
from hub.due import CLOCK, Handler
from hub.federation import identity, parts
from hub.federation.applying import Handlers
from hub.federation.covering import lends_second
from hub.federation.receive import Inbox
from hub.federation.upkeep import Upkeep
from hub.node import Node
from hub.store import due, heard, letters, rings, rooms
from hub.texting.gateways import gateways

DUE_TIDY = "tidy"
DUE_DRILLS = "drills"
TIDY_EVERY = timedelta(hours=1)
LETTERS_KEPT = timedelta(days=2)
UNMET_KEPT = timedelta(days=7)
"""How long the bot waits in a room for two who said that they want to meet."""
HEARD_KEPT = timedelta(days=90)
"""Longer than any homeserver hands on what it held back; a replay older than that is told by its ratchet."""


def due_handlers(node: Node) -> Mapping[str, Handler]:
    """Every kind of due row. A kind without an entry stays in its row, for the program that knows it."""
    return {
        widening.DUE: _with_desk(node, widening.on_due),
        widening.FORGET: sentinel.on_forget,
        unclear.DUE: _with_desk(node, unclear.on_due),
        checking.DUE: _with_desk(node, checking.on_due),
        silence.BACK: silence.on_back,
        ringing.DUE: ringing.on_due,
        meeting.DUE: introductions.expire,
        freezing.DUE: freezing.on_due,
        playbook_runs.DUE: playbook_runs.on_due,
        drills.DUE: _with_desk(node, drills.on_due),
        DUE_DRILLS: _with_desk(node, drill_everybody),
        rota.DUE: rota.on_due,
        rota.BEGINS: rota.on_begins,
        words.GIVEN: _with_desk(node, pressed.on_given),
        pressed.ENDED: _with_desk(node, pressed.on_ended),
        later.DUE: later.on_due,
        DUE_SECOND: seconding.on_due,
        DUE_TIDY: tidy,
        passing.DUE: partial(passing.on_due, node.letters),
        holding.DUE: partial(holding.on_due, node.data / "keys"),
        erasing.DUE: erasing.forget,
        **parts.due_handlers(node.poster, texts=bool(gateways(node.settings))),
        **parts.waiting(_envelopes(node)),
    }


def _with_desk(node: Node, on_due: Callable[..., Awaitable[None]]) -> Handler:
    async def handle(turn: Turn, ref: str) -> None:
        await on_due(node.desk, turn, ref)

    return handle


def inbox(node: Node) -> Inbox:
    """What linked hubs send, applied by the directory and the bots."""
    return parts.inbox(node.poster, _envelopes(node))


async def asked_second(turn: Turn, network: str, body: seconding.Body) -> None:
    """Only whom we agreed to be the second person of wakes anybody here with it."""
    if body.get("state") == "over" or await lends_second(turn, network):
        await seconding.receive_second(turn, network, body)


def _envelopes(node: Node) -> Handlers:
    return {
        "alarm": partial(guests.receive_alarm, node.desk),
        "acknowledge": partial(guests.receive_acknowledge, node.desk),
        "action": guests.receive_detail,
        "freeze": sharing.hide_at_once,
        "introduction": introductions.receive_request,
        "decision": introductions.receive_decision,
        "second": asked_second,
        "seconded": seconding.receive_seconded,
    }


async def at_start(node: Node) -> None:
    """What a start owes: peers are asked how far they have come, and the hourly tidying goes on."""
    async with node.turn(CLOCK) as turn:
        await Upkeep(node.poster).awake(turn)
        await identity.name_https(turn, node.settings.https_host, node.settings.links.https_pins)
        await turn.record(DueAt(holding.DUE, holding.REF, turn.now))
        await go_on_hourly(turn)


async def go_on_hourly(turn: Turn) -> None:
    """What comes every hour comes in time, however often a hub starts."""
    for kind in (DUE_TIDY, DUE_DRILLS, rota.DUE):
        await due.put_at_latest(turn.tx, kind, "", turn.now + TIDY_EVERY)


async def drill_everybody(desk: Desk, turn: Turn, ref: str) -> None:
    """Whoever answers calls for help has an unannounced drill ahead of them."""
    await drills.keep_coming(desk, turn)
    await turn.record(DueAt(DUE_DRILLS, ref, turn.now + TIDY_EVERY))


async def tidy(turn: Turn, ref: str) -> None:
    """Forget letters that arrived, events nobody will send again, and keys of people who are gone."""
    await letters.forget_sent_before(turn.tx, turn.now - LETTERS_KEPT)
    await heard.forget_before(turn.tx, turn.now - HEARD_KEPT)
    await rooms.leave_unmet(turn.tx, turn.now - UNMET_KEPT)
    await rings.forget_before(turn.tx, turn.now - LETTERS_KEPT)
    await tidying.tidy(turn)
    await tidying.when_open(turn, proxies.tend)
    await erasing.forget(turn)
    await turn.record(DueAt(DUE_TIDY, ref, turn.now + TIDY_EVERY))
