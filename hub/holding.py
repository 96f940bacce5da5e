"""Who keeps what is sealed to people: recovery sheets and key pages, on paper with this network's members.

What is sealed to one person is sealed to at least two. Four times a day it is looked at whether whoever keeps
a paper left, is held back, or was not heard of for two weeks. The sheet of somebody who left or is held back
opens nothing any more from then on, as long as two others remain; the administrators are told what to make
anew. Paper cannot be made by a hub: until they do, the sheets that remain open the records as before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from directory import audit, members
from directory.core.effects import DueAt, TellRoles, Urgency
from directory.core.rules import may
from directory.core.text import Text, say
from directory.core.viewer import Role
from directory.refusals import BadAnswer, NotYours
from directory.store import members as rows
from directory.turn import Turn
from hub.custody import rings, rotating
from hub.custody.locked import Locked
from hub.custody.sheets import COUNT
from hub.federation.identity import FOR_EVER, HOLDER, keep
from hub.handing_back import DUE as DUE
from hub.handing_back import HANDED_BACK, SHEET
from hub.handing_back import REF as REF
from hub.store import keys
from hub.store.keys import HubKey

LOOK_EVERY = timedelta(hours=6)
SILENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps a paper. `what` is "sheet 2" or "key page"; `out` says why they do not count."""

    what: str
    name: str
    out: str
    row: HubKey

    @property
    def gone(self) -> bool:
        """Left or held back: nobody must be able to use their paper."""
        return self.out in ("left", "held back")


async def give(turn: Turn, folder: Path, number: int, handle: str) -> None:
    """Write down that this member keeps this sheet of the set in use. Raises NotYours, BadAnswer."""
    if not may("act:found", turn.viewer):
        raise NotYours
    locked, member = rings.lock_of(folder), await members.known_by(turn, handle)
    if locked is None or not locked.pairs or not 1 <= number <= COUNT:
        raise BadAnswer(say("There is no such recovery sheet. Look with: ayni custody show"), field="number")
    if member is None:
        raise BadAnswer(say("Nobody here has this name."), field="handle")
    place = f"{locked.sheet_set}/{number}".encode()
    for each in await keys.of_purpose(turn.tx, turn.guard, SHEET):
        if each.public == place or not each.public.startswith(f"{locked.sheet_set}/".encode()):
            await keys.forget(turn.tx, each.id)
    await keep(turn, SHEET, place, b"", member.id.encode(), FOR_EVER)
    await turn.record(DueAt(DUE, REF, turn.now + LOOK_EVERY))
    await audit.note(turn, "custody", member.id)


async def keepers(turn: Turn, folder: Path) -> tuple[Keeper, ...]:
    """Who keeps a sheet of the set in use, then who keeps a key page and is a member by that name."""
    locked = rings.lock_of(folder)
    found = []
    for row in await keys.of_purpose(turn.tx, turn.guard, SHEET):
        name, _, number = row.public.decode().partition("/")
        if locked is not None and name == locked.sheet_set:
            member = row.statement.decode()
            handle = await members.handle_of(turn.tx, member)
            found.append(Keeper(f"sheet {number}", handle, await _out(turn, member, row), row))
    for row in await keys.of_purpose(turn.tx, turn.guard, HOLDER):
        known = await members.known_by(turn, row.statement.decode())
        if known is not None:
            found.append(Keeper("key page", row.statement.decode(), await _out(turn, known.id, row), row))
    return tuple(sorted(found, key=lambda keeper: (keeper.what == "key page", keeper.what, keeper.name)))


async def _out(turn: Turn, member: str, paper: HubKey) -> str:
    row = await rows.load(turn.tx, member)
    if row is None or row.state == "left" or paper.private == HANDED_BACK:
        return "left"
    if row.state != "active":
        return "held back"
    heard = await rows.last_heard(turn.tx, member) or row.since
    return "silent" if turn.now - heard >= SILENT else ""


async def on_due(folder: Path, turn: Turn, ref: str) -> None:
    """Due handler `holders`."""
    await turn.record(DueAt(DUE, ref, turn.now + LOOK_EVERY))
    found = await keepers(turn, folder)
    for keeper in found:
        if keeper.out and keeper.row.retired_at is None:
            taken = keeper.gone and keeper.what != "key page" and await _close(folder, keeper)
            await turn.record(TellRoles(Role.ADMINISTRATOR, _sentence(keeper, taken), Urgency.ANSWER))
            await _told(turn, keeper, turn.now)
        elif not keeper.out and keeper.row.retired_at is not None:
            await _told(turn, keeper, None)
    sheets = [keeper for keeper in found if keeper.what != "key page"]
    left = sum(not keeper.out for keeper in sheets)
    if sheets and left < 2 and turn.now.hour < LOOK_EVERY.seconds // 3600:
        text = say("Fewer than two who can open the records were heard of lately. Make new sheets today.")
        await turn.record(TellRoles(Role.ADMINISTRATOR, text, Urgency.ANSWER))


async def _told(turn: Turn, keeper: Keeper, at: datetime | None) -> None:
    await keys.forget(turn.tx, keeper.row.id)
    await keys.add(turn.tx, turn.guard, replace(keeper.row, retired_at=at))


async def _close(folder: Path, keeper: Keeper) -> bool:
    """Take this sheet out of the lock, unless nothing would open it then. Needs no key."""
    async with rotating.alone(folder):
        locked = rings.lock_of(folder)
        if locked is None:
            return False
        number = keeper.what.removeprefix("sheet ")
        others = {pair: wrapped for pair, wrapped in locked.pairs.items() if number not in pair}
        if not others or len(others) == len(locked.pairs):
            return False
        rings.write_lock(folder, _with_pairs(locked, others))
        return True


def _with_pairs(locked: Locked, pairs: dict[str, bytes]) -> Locked:
    return msgspec.structs.replace(locked, pairs=pairs)


def _sentence(keeper: Keeper, taken: bool) -> Text:
    if keeper.what == "key page":
        return say(
            "{name} keeps a key page of the network, and was not heard of, left or is held back. Name "
            "somebody else: ayni network root rotate",
            name=keeper.name,
        )
    if taken:
        return say(
            "{name} left or is held back. Their recovery sheet opens nothing any more; two others do. Make "
            "new ones within a day: ayni custody rotate",
            name=keeper.name,
        )
    return say(
        "{name} keeps a recovery sheet, and was not heard of, left or is held back. Make new sheets within "
        "a day: ayni custody rotate",
        name=keeper.name,
    )
