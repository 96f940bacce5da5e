"""What a person asks for with their word and what is done later: leaving at once, a copy after three days.

Asked for with the phrase for danger it looks the same and is done after three days at the earliest, unless a
coordinator stops it (bots/later.py). So a copy always takes three days, whoever asks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from directory import audit
from directory.core.effects import DueAt, NoLongerDue
from directory.core.rules import may
from directory.refusals import NeedsWord, NotYours
from directory.store import later as store
from directory.store.later import Kept, LaterRow
from directory.turn import Turn

DUE = "later"
"""Kind of the due row; its ref is the act."""
LEAVE, COPY = "leave", "copy"
WAITS = timedelta(hours=72)
KEPT = timedelta(days=7)
"""A copy can be read for so long after it was asked for, from when it is ready."""


async def put(turn: Turn, member: str, kind: str, due_at: datetime) -> None:
    """Have this done at that time; under pressure after WAITS at the earliest."""
    pressed = turn.viewer.pressed
    due_at = max(due_at, turn.now + WAITS) if pressed else due_at
    row = LaterRow(turn.ids(), member, kind, turn.now, Kept(due_at, pressed))
    await store.add(turn.tx, turn.guard, row)
    await turn.record(DueAt(DUE, row.id, turn.now))


async def ask_copy(turn: Turn) -> datetime:
    """A copy of everything kept about the viewer; when it is ready. Asking again changes nothing.

    Raises NotYours, NeedsWord.
    """
    member = _mine(turn)
    running = await newest_copy(turn, member)
    if running is not None:
        return running.kept.due_at
    due_at = turn.now + WAITS
    await put(turn, member, COPY, due_at)
    await audit.note(turn, "copy-asked", member)
    return due_at


async def ready_copy(turn: Turn) -> LaterRow | None:
    """The viewer's copy, when it may be read now. Needs the word. Raises NotYours, NeedsWord."""
    running = await newest_copy(turn, _mine(turn))
    return running if running is not None and running.kept.due_at <= turn.now else None


async def newest_copy(turn: Turn, member: str) -> LaterRow | None:
    """The member's copy that waits or is ready."""
    mine = [row for row in await store.all_of(turn.tx, turn.guard, member) if row.kind == COPY]
    return next((row for row in mine if turn.now - row.asked_at < WAITS + KEPT), None)


async def end_copies(turn: Turn, member: str) -> int:
    """Copies of theirs that wait or are ready are there no more; how many. Leaving, which nobody may be kept
    from, goes on. For callers who have judged already."""
    mine = [row for row in await store.all_of(turn.tx, turn.guard, member) if row.kind == COPY]
    for row in mine:
        await store.forget(turn.tx, row.id)
        await turn.record(NoLongerDue(DUE, row.id))
    return len(mine)


def _mine(turn: Turn) -> str:
    if turn.viewer.member is None or not may("act:leave", turn.viewer):
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    return turn.viewer.member
