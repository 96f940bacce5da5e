"""People whom a list names: noted, sealed, and nothing else until their own yes (DESIGN 6).

They are no members: not listed, not searchable, not counted, never written to or sent anywhere. Somebody who
knows them makes them a code and gives it to them. Whoever comes in with it finds what the list said of them
filled in, and may change or empty any of it before anybody sees it. Sixty days without an answer, and what
was noted is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from directory import audit, invitations, vocabularies
from directory.core.handles import handle_key
from directory.core.profiles import check
from directory.core.reading.rows import PersonRow
from directory.core.rules import may
from directory.core.text import Text
from directory.invitations import Invite
from directory.refusals import NotYours
from directory.store import members as rows
from directory.store import noted as store
from directory.store import person_keys
from directory.turn import Turn

KEPT = timedelta(days=60)
MOST_SHOWN = 50
_FIELDS = ("country", "works_in", "issues", "languages", "offers")


@dataclass(frozen=True, slots=True)
class Noted:
    """One of them, for whoever looks after the network."""

    id: str
    handle: str
    invited: bool
    erased_at: datetime


async def stage(turn: Turn, people: Sequence[PersonRow]) -> None:
    """Put people of a table that is being read aside, sealed."""
    if not people:
        return
    if not await store.ready(turn.tx):
        await store.begin(turn.tx)
    await store.stage(turn.tx, [_sealed(turn, person) for person in people])


async def settle(turn: Turn, *, write: bool) -> int:
    """Note those who are not noted yet; how many there are, or would be."""
    if not await store.ready(turn.tx):
        return 0
    fresh = await store.fresh(turn.tx)
    if write:
        await store.settle(turn.tx, turn.now)
    return fresh


async def waiting(turn: Turn, after: str = "") -> tuple[Noted, ...]:
    """The next of them, fifty at most. Raises NotYours."""
    if not may("act:import", turn.viewer):
        raise NotYours
    await audit.looked(turn, "read-noted")
    found = await store.page(turn.tx, after, MOST_SHOWN)
    return tuple(
        Noted(row.id, str(_opened(turn, row).get("handle", "")), row.code is not None, row.noted_at + KEPT)
        for row in found
    )


async def invite(turn: Turn, id: str) -> Invite:
    """A code for one of them, to be handed over by somebody who knows them. Raises NotYours."""
    row = await store.load(turn.tx, id)
    if row is None or not may("act:import", turn.viewer):
        raise NotYours
    made, code = await invitations.invite_noted(turn)
    await store.give_code(turn.tx, id, code)
    return made


async def forget(turn: Turn, id: str) -> None:
    """Erase what was noted of one of them. Raises NotYours."""
    if await store.load(turn.tx, id) is None or not may("act:import", turn.viewer):
        raise NotYours
    await store.forget(turn.tx, id)
    await audit.note(turn, "forgot-noted")


async def greet(turn: Turn, code: str, member: str) -> None:
    """Somebody came in with this code: what was noted becomes what they may say of themselves, and is noted
    no more. Nobody sees it before they finished and somebody said that it is them."""
    row = await store.of_code(turn.tx, code)
    if row is None:
        return
    said = _opened(turn, row)
    checked = check({name: said[name] for name in _FIELDS if said.get(name)}, vocabularies.known())
    await store.forget(turn.tx, row.id)
    if isinstance(checked[1], Text):
        return
    opened, guarded = checked
    values: dict[str, object] = dict(opened)
    if filled := {name: value for name, value in guarded.items() if value}:
        slot = await person_keys.slot_for(turn.tx, turn.guard, member)
        values["guarded"] = turn.guard.seal_fields("members", member, filled, person=slot)
    handle = str(said.get("handle", ""))
    if await rows.with_handle(turn.tx, handle_key(handle)) is None:
        values |= {"handle": handle, "handle_key": handle_key(handle)}
    await rows.change(turn.tx, member, values)


def _sealed(turn: Turn, person: PersonRow) -> tuple[str, bytes, bytes]:
    id, said = turn.ids(), asdict(person)
    del said["line"]
    key = turn.guard.digest("noted-person", f"{handle_key(person.handle)} {person.country or ''}")
    return id, key, turn.guard.seal_fields("noted_people", id, said)


def _opened(turn: Turn, row: store.NotedRow) -> dict[str, object]:
    return dict(turn.guard.open_fields("noted_people", row.id, row.guarded))
