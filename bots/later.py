"""What is done later (directory/later.py), when its time comes; and how a coordinator stops it.

A person who is pressed sees the same as everybody: a copy that is ready, or an entry that is gone. A copy
that was stopped holds only what their pages show; a leaving that was stopped keeps the entry held
back until two lift it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bots.around import judged, keepers_but
from bots.saying import note, wake
from directory import audit, leaving, members
from directory.core.effects import DueAt
from directory.core.rules import may
from directory.core.text import Text, say
from directory.later import COPY, LEAVE, WAITS
from directory.later import DUE as DUE
from directory.refusals import NeedsWord, NotYours
from directory.store import later as store
from directory.store.later import LaterRow
from directory.turn import Turn

KINDS: Mapping[str, Text] = {
    LEAVE: say("leave, and have everything deleted"),
    COPY: say("get a copy of everything we keep about them"),
}
READY = say("Your copy is ready. Open the page “My data”, or write: copy")


@dataclass(frozen=True, slots=True)
class Later:
    """What somebody had to ask for, as those who may stop it see it."""

    id: str
    handle: str
    kind: str
    due_at: datetime
    stopped: bool


async def on_due(turn: Turn, ref: str) -> None:
    """It was just asked for, or its time has come."""
    row = await store.load(turn.tx, turn.guard, ref)
    if row is None:
        return
    if row.kept.pressed and not row.kept.told:
        row = await store.change(turn.tx, turn.guard, row, told=True)
        await _warn(turn, row)
    if turn.now < row.kept.due_at:
        await turn.record(DueAt(DUE, row.id, row.kept.due_at))
    elif row.kind == COPY:
        await note(turn, row.member, READY)
    elif not row.kept.stopped and await leaving.still_leaves(turn, row.member):
        await leaving.erase(turn, row.member)


async def listed(turn: Turn) -> tuple[Later, ...]:
    """What was asked for under pressure and can still be stopped, or was. Never the viewer's own.

    Raises NotYours.
    """
    if not may("act:stop-later", turn.viewer):
        raise NotYours
    return tuple([await _shown(turn, row) for row in await _pressed(turn, turn.viewer.member)])


async def stop(turn: Turn, handle: str) -> tuple[Later, ...]:
    """Stop whatever this person had to ask for; what was stopped. Needs the word; one coordinator suffices.

    Raises NotYours when there is nothing of the kind, NeedsWord.
    """
    row = await judged(turn, "act:stop-later", handle)
    mine = [one for one in await _pressed(turn, turn.viewer.member) if one.member == row.id]
    waiting = [one for one in mine if not one.kept.stopped]
    if not waiting:
        raise NotYours
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    stopped = [await store.change(turn.tx, turn.guard, one, stopped=True) for one in waiting]
    for one in stopped:
        await audit.note(turn, "later-stopped", one.member, before=one.kind)
    return tuple([await _shown(turn, one) for one in stopped])


async def _pressed(turn: Turn, but: str | None) -> list[LaterRow]:
    found = await store.all_of(turn.tx, turn.guard)
    return [one for one in found if one.kept.pressed and one.member != but and turn.now < one.kept.due_at]


async def _shown(turn: Turn, row: LaterRow) -> Later:
    handle = await members.handle_of(turn.tx, row.member)
    return Later(row.id, handle, row.kind, row.kept.due_at, row.kept.stopped)


async def _warn(turn: Turn, row: LaterRow) -> None:
    name = await members.handle_of(turn.tx, row.member)
    text = say(
        "{name} was forced to ask for this: {what}. It is done in {hours} hours. To stop it: halt {name}",
        name=name,
        what=KINDS[row.kind],
        hours=round(WAITS.total_seconds() / 3600),
    )
    for one in await keepers_but(turn, row.member):
        await wake(turn, one, text)
