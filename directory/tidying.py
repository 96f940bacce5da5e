"""What the directory throws away by itself, once a day: nothing here waits for somebody to remember."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from directory import carried, communities, decoys, going_on, looked_up, sharing
from directory.core.budgets import counted_from
from directory.core.viewer import Lane
from directory.refusals import NotYours
from directory.store import budgets, following, import_runs, joining, later, noted, seconding, words
from directory.store import members as rows
from directory.store.guarded import HubSealed
from directory.turn import Turn

CODES_KEPT = timedelta(days=7)
LOBBIES_KEPT = timedelta(days=1)
TRIES_KEPT = timedelta(hours=1)
GIVEN_KEPT = timedelta(days=1)
"""Longer than any sign-in lives that a word opened."""
LATER_KEPT = timedelta(days=14)
FILES_KEPT = timedelta(days=1)
"""Tables that were read in on the page, and what came of them."""
WISHES_KEPT = timedelta(days=7)
"""What two people wished; the audit log keeps that they did."""
UNFINISHED_KEPT = timedelta(days=60)
"""Whoever came in with a code and was never confirmed, or is only noted, is erased after this (DESIGN 6)."""


async def tidy(turn: Turn) -> None:
    """Unused codes, old lobbies, newcomers nobody confirmed, and cards long past their lease."""
    if turn.viewer.lane not in (Lane.CLOCK, Lane.TERMINAL):
        raise NotYours
    await joining.forget_codes(turn.tx, turn.now - CODES_KEPT)
    await joining.forget_expected(turn.tx, turn.now)
    await seconding.forget_before(turn.tx, turn.now - WISHES_KEPT)
    await joining.forget_lobbies(turn.tx, turn.now - LOBBIES_KEPT)
    await words.forget_before(turn.tx, tries=turn.now - TRIES_KEPT, given=turn.now - GIVEN_KEPT)
    await later.forget_before(turn.tx, turn.now - LATER_KEPT)
    await import_runs.forget_before(turn.tx, turn.now - FILES_KEPT)
    await noted.forget_before(turn.tx, turn.now - UNFINISHED_KEPT)
    await rows.delete_unconfirmed(turn.tx, turn.now - UNFINISHED_KEPT)
    await sharing.drop_expired(turn)
    await budgets.forget_before(turn.tx, counted_from(turn.now))
    await looked_up.forget(turn)
    for tend in (carried.tend, communities.tend, going_on.tend):
        await when_open(turn, tend)
    await decoys.tend(turn)
    await following.prune(turn.tx, await following.latest(turn.tx))


async def when_open(turn: Turn, tend: Callable[[Turn], Awaitable[None]]) -> None:
    """Do what may need the records; while they are closed nothing of it is done, and it comes in an hour."""
    try:
        async with turn.tx.begin_nested():
            await tend(turn)
    except HubSealed:
        return
