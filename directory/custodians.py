"""Custodians: whom a network names as the second person, so that one coordinator alone is never stuck.

A member confirms with their word like any other second. Somebody outside is given a sheet of codes, and
reads one aloud to whoever asks, when they agree: each works once.
"""

from __future__ import annotations

from dataclasses import dataclass

from directory import audit, members, seconding
from directory.core.codes import SHEET_SYMBOLS, code_from, plain_code
from directory.core.effects import Tell
from directory.core.rules import may
from directory.core.text import say
from directory.core.two_person import Act
from directory.refusals import BadAnswer, NeedsWord, NotYours
from directory.store import members as rows
from directory.store import seconding as store
from directory.store.seconding import CustodianRow
from directory.turn import Turn

CODES = 8
"""How many codes a sheet has; the next sheet is a new custodian."""


@dataclass(frozen=True, slots=True)
class Custodian:
    """One of them. `codes`: how many of the sheet are left; None for a member."""

    id: str
    name: str
    codes: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The codes of somebody outside, as they are shown once. What is kept are digests."""

    name: str
    codes: tuple[str, ...]


async def first(turn: Turn, name: str) -> Sheet:
    """Somebody outside, named in the ceremony itself, before anybody could be asked. Raises NotYours."""
    if not may("act:found", turn.viewer) or await store.all_custodians(turn.tx):
        raise NotYours
    return await _sheet(turn, name)


async def name_outside(turn: Turn, name: str) -> Sheet | seconding.Waits:
    """Somebody outside. It needs a second person itself: called again after their yes, it gives the sheet."""
    _may_name(turn)
    if not name.strip():
        raise BadAnswer(say("Please write a name."), field="name")
    agreed = await seconding.take_agreed(turn, Act.NAME_CUSTODIAN, None, detail=name.strip())
    outcome = agreed or await seconding.wish(turn, Act.NAME_CUSTODIAN, None, detail=name.strip())
    return outcome if isinstance(outcome, seconding.Waits) else await _sheet(turn, name)


async def name_member(turn: Turn, handle: str) -> seconding.Waits | None:
    """A member. It needs a second person itself: what it waits for. Raises NotYours, NeedsWord."""
    _may_name(turn)
    row = await members.known_by(turn, handle)
    if row is None or row.state != "active" or row.id == turn.viewer.member:
        raise NotYours
    if await store.is_custodian(turn.tx, row.id):
        return None
    outcome = await seconding.wish(turn, Act.NAME_CUSTODIAN, row.id)
    if isinstance(outcome, seconding.Waits):
        return outcome
    await named(turn, outcome)
    return None


async def named(turn: Turn, agreed: seconding.Agreed) -> None:
    """The deed, once two want it. For somebody outside the sheet is given to whoever asks for it again."""
    row = await rows.load(turn.tx, agreed.about) if agreed.about else None
    if row is None or row.state != "active":
        return
    await store.add_custodian(turn.tx, CustodianRow(turn.ids(), row.id, None, turn.now))
    await seconding.done(turn, agreed)
    await audit.note(turn, "custodian-named", row.id)
    await turn.record(Tell(row.id, say("You may be asked now as the second person, for what needs two.")))


async def everybody(turn: Turn) -> tuple[Custodian, ...]:
    """All of them, for administrators and reviewers. Raises NotYours."""
    if not may("act:custodians", turn.viewer):
        raise NotYours
    await audit.looked(turn, "read-custodians")
    found = []
    for row in await store.all_custodians(turn.tx):
        if row.member is not None:
            found.append(Custodian(row.id, await members.handle_of(turn.tx, row.member), None))
        else:
            kept = turn.guard.open_fields("custodians", row.id, row.guarded, watch=True)
            found.append(Custodian(row.id, str(kept["name"]), row.left))
    return tuple(found)


async def end(turn: Turn, custodian: str) -> None:
    """They are asked no more, and their sheet is paper. One alone may do that. Raises NotYours, NeedsWord."""
    _may_name(turn)
    if not await store.end_custodian(turn.tx, custodian):
        raise NotYours
    await audit.note(turn, "custodian-ended")


def sheet_digest(turn: Turn, typed: str) -> bytes:
    """What a code of a sheet is found by. Raises BadAnswer for what cannot be one."""
    plain = plain_code(typed, SHEET_SYMBOLS)
    if plain is None:
        raise BadAnswer(say("This code is not right. Please check it."), field="code")
    return turn.guard.digest("custodian-code", plain)


async def _sheet(turn: Turn, name: str) -> Sheet:
    custodian = turn.ids()
    codes = tuple(code_from(turn.ids(), SHEET_SYMBOLS) for _ in range(CODES))
    sealed = turn.guard.seal_fields("custodians", custodian, {"name": name.strip()}, watch=True)
    row = CustodianRow(custodian, None, sealed, turn.now)
    await store.add_custodian(turn.tx, row, [sheet_digest(turn, code) for code in codes])
    await audit.note(turn, "custodian-named")
    return Sheet(name.strip(), codes)


def _may_name(turn: Turn) -> None:
    if not may("act:name-custodian", turn.viewer):
        raise NotYours
    if turn.viewer.member is not None and not turn.viewer.gave_word(turn.now):
        raise NeedsWord
