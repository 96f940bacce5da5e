"""Bots are entries of the directory too: purpose, Matrix id, fingerprint of the device people talk with."""

from __future__ import annotations

from dataclasses import dataclass

from directory.core.effects import CardChanged
from directory.core.rules import may
from directory.refusals import NotYours
from directory.store import members as rows
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class BotEntry:
    """One bot as the directory shows it. `name` is its public name, `purpose` one plain English sentence."""

    name: str
    purpose: str
    matrix_id: str
    fingerprint: str


MOST = 50


async def entries(turn: Turn) -> tuple[BotEntry, ...]:
    """The bots of this network, by name."""
    found = await rows.load_many(turn.tx, states=("active",), kinds=("bot",), first=MOST)
    made = (
        BotEntry(one.title or "", one.purpose or "", one.matrix_id or "", one.fingerprint or "")
        for one in found
    )
    return tuple(sorted(made, key=lambda one: one.name))


async def enter(turn: Turn, bot: BotEntry) -> str:
    """Enter a bot, or renew what is said of it; returns its id. Raises NotYours for anybody but the founder
    at the machine or an administrator."""
    if not may("act:enter-bot", turn.viewer):
        raise NotYours
    key = f"bot:{bot.name}"
    values = {
        "purpose": bot.purpose,
        "matrix_id": bot.matrix_id,
        "fingerprint": bot.fingerprint,
        "confirmed_at": turn.now,
    }
    known = await rows.of_source(turn.tx, key)
    if known is not None:
        await rows.change(turn.tx, known, values)
    else:
        known = turn.ids()
        fixed = {"id": known, "kind": "bot", "state": "active", "title": bot.name, "source_key": key}
        await rows.insert_member(turn.tx, {**fixed, **values, "since": turn.now})
    await turn.record(CardChanged(known))
    return known
