"""Whom not to ask: a member names who must never be brought together with them, and nobody is told.

Honoured where people find and meet each other: search, an opened card, a request to meet, a yes to a network.
A linked network's own members are its own: of those only the card that was named is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from directory import members
from directory.core.apart import MOST_NAMED, NOBODY_APART, Apart, Kind
from directory.core.effects import CardChanged
from directory.core.handles import fault_of, handle_key
from directory.core.introductions import State
from directory.core.rules import may
from directory.core.text import say
from directory.refusals import BadAnswer, NeedsWord, NotYours, TooMany
from directory.store import apart as store
from directory.store import audiences, cards, consents, introductions, networks
from directory.store import members as rows
from directory.store.apart import ApartRow
from directory.store.members import MemberRow
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Named:
    """One whom the viewer named."""

    id: str
    kind: Kind
    name: str
    since: datetime


async def mine(turn: Turn) -> tuple[Named, ...]:
    """Whom the viewer named; for nobody else. Raises NotYours."""
    me = _member(turn)
    return tuple([_named(turn, row) for row in await store.of(turn.tx, me)])


async def name_person(turn: Turn, handle: str) -> None:
    """Never with whoever goes by this name. Needs no word. Somebody whom the viewer does not see is named
    like one who is not there: the answer tells nothing. Raises NotYours, BadAnswer, TooMany."""
    name = handle.strip().lstrip("@")
    if fault := fault_of(name):
        raise BadAnswer(fault, field="handle")
    seen = await members.find_handle(turn, name)
    if seen is None:
        await _name(turn, Kind.HANDLE, handle_key(name), name)
    else:
        await _name(turn, Kind.ENTRY, seen, name)


async def name_card(turn: Turn, card: str) -> None:
    """Never with whoever this card stands for. Raises NotYours, TooMany."""
    found = await cards.load(turn.tx, card)
    if found is None:
        raise NotYours
    title = str(found.body.get("title") or "")
    if found.member is None:
        await _name(turn, Kind.CARD, found.id, title)
    else:
        await _name(turn, Kind.ENTRY, found.member, title, speaks=found.kind != "person")


async def name_network(turn: Turn, network: str) -> None:
    """Never with anybody of this linked network: a yes to it is taken back. Raises NotYours, TooMany."""
    me = _member(turn)
    row = await networks.load(turn.tx, network)
    if row is None or row.home:
        raise NotYours
    await _name(turn, Kind.NETWORK, row.id, row.name)
    if row.id in await consents.standing(turn.tx, me):
        await consents.take_back(turn.tx, me, row.id, turn.now)
        await audiences.drop_network(turn.tx, me, row.id)
        await turn.record(CardChanged(me))


async def allow(turn: Turn, named: str) -> None:
    """Not any more. Needs the word: they may find each other again. Raises NotYours, NeedsWord."""
    me = _member(turn)
    if not turn.viewer.gave_word(turn.now):
        raise NeedsWord
    row = await store.take_out(turn.tx, me, named)
    if row is None:
        raise NotYours
    await _changed(turn, me, _opened(turn, row))


async def of_viewer(turn: Turn, row: MemberRow) -> Apart:
    """What is not there for this member: what they named, and who named them or whom they speak for."""
    me = {_digest(turn, Kind.ENTRY, row.id), _digest(turn, Kind.HANDLE, handle_key(row.handle or ""))}
    found = await store.around(turn.tx, row.id, me)
    if not found:
        return NOBODY_APART
    mine = [_opened(turn, one) for one in found if one.member == row.id]
    me |= {_digest(turn, Kind.ENTRY, one) for one in await store.spoken_for(turn.tx, row.id)}
    by = {one.member for one in found if one.member != row.id and one.whom in me}
    ids = {kind: frozenset(id for which, id in mine if which is kind) for kind in Kind}
    called = [await rows.with_handle(turn.tx, key) for key in sorted(ids[Kind.HANDLE])]
    entries = ids[Kind.ENTRY] | by | {one.id for one in called if one is not None}
    return Apart(entries, ids[Kind.CARD], ids[Kind.NETWORK])


async def refuses(turn: Turn, member: str, network: str, card: str | None) -> bool:
    """Did this member name that network, or the card somebody there asks with? Then it is not put to them."""
    wanted = [_digest(turn, Kind.NETWORK, network)]
    wanted += [_digest(turn, Kind.CARD, card)] if card else []
    return await store.names_one(turn.tx, member, wanted)


async def _name(turn: Turn, kind: Kind, id: str, name: str, *, speaks: bool = False) -> None:
    me = _member(turn)
    if id == me:
        raise NotYours
    if await store.count(turn.tx, me) >= MOST_NAMED:
        raise TooMany(say("You named {most} already. Take one out first.", most=MOST_NAMED))
    row = turn.ids()
    kept = {"kind": kind.value, "id": id, "name": name}
    sealed = turn.guard.seal_fields("kept_apart", row, kept, watch=True)
    whom = _digest(turn, kind, id)
    await store.add(turn.tx, ApartRow(row, me, whom, speaks, sealed, turn.now))
    await _end_waiting(turn, me, kind, id)
    await _changed(turn, me, (kind, id))


async def _end_waiting(turn: Turn, me: str, kind: Kind, id: str) -> None:
    """What they asked of the viewer is over, as a no is: it looks like silence."""
    for row in await introductions.asked_of(turn.tx, me):
        known = {Kind.ENTRY: row.asker, Kind.CARD: row.asker_card, Kind.NETWORK: row.asker_network}
        theirs = known.get(kind)
        if row.target == me and row.state == State.ASKED and theirs == id:
            await introductions.change(turn.tx, row.id, state=State.REFUSED.value, answered_at=turn.now)


async def _changed(turn: Turn, me: str, what: tuple[Kind, str]) -> None:
    kind, id = what
    others = [id, *await store.speakers(turn.tx, id)] if kind is Kind.ENTRY else []
    called = await rows.with_handle(turn.tx, id) if kind is Kind.HANDLE else None
    others += [called.id] if called is not None else []
    await store.changed(turn.tx, {me, *others})


def _digest(turn: Turn, kind: Kind, id: str) -> bytes:
    return turn.guard.digest("kept-apart", f"{kind.value} {id}")


def _opened(turn: Turn, row: ApartRow) -> tuple[Kind, str]:
    kept = turn.guard.open_fields("kept_apart", row.id, row.guarded, watch=True)
    return Kind(str(kept["kind"])), str(kept["id"])


def _named(turn: Turn, row: ApartRow) -> Named:
    kept = turn.guard.open_fields("kept_apart", row.id, row.guarded, watch=True)
    return Named(row.id, Kind(str(kept["kind"])), str(kept["name"]), row.since)


def _member(turn: Turn) -> str:
    if turn.viewer.member is None or not may("act:keep-apart", turn.viewer):
        raise NotYours
    return turn.viewer.member
