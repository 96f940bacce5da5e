"""Who used a privilege, when, for whom, and what it changed: written in the same turn, read by reviewers.

Contents name members by id only; handles are looked up when somebody reads. Erasing a member erases the
contents of what was written about them; that this was done is an entry of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from directory import crypto
from directory.core import audit as core
from directory.core.audit import Break, Link
from directory.core.audited import ACTS
from directory.core.rules import may
from directory.core.two_person import Act
from directory.refusals import NotYours
from directory.store import audit as store
from directory.store import members as rows
from directory.store.audit import AuditRow
from directory.store.guarded import HubSealed
from directory.turn import Turn

ERASED = "audit-erased"
MOST = 100
SAME_LOOK = timedelta(hours=1)
_PAGE = 500
_SILENT = frozenset({"silent-lifted", "later-stopped"})
_SILENT_ASKS = frozenset({Act.LIFT_SILENT.value})


class Contents(msgspec.Struct, frozen=True):
    """What an entry says. `before` and `after` are what was changed; `places` only for what was erased."""

    act: str
    lane: str
    who: str | None = None
    about: str | None = None
    before: str = ""
    after: str = ""
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a reviewer reads it. Names are "" for nobody and for somebody who is gone.

    `act` is None once the contents were erased.
    """

    place: int
    at: datetime
    act: str | None = None
    lane: str = ""
    who: str = ""
    about: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole chain found. `fingerprint` is worth writing down: it tells a cut end."""

    entries: int
    fingerprint: str
    broken: Break | None


async def note(turn: Turn, act: str, about: str | None = None, *, before: str = "", after: str = "") -> None:
    """Write down that the viewer used a privilege. Call it last: entries wait for each other.

    Raises KeyError for an act that directory/core/audited.py has no sentence for.
    """
    _ = ACTS[act]
    who = turn.viewer.member
    await _append(turn, Contents(act, turn.viewer.lane.value, who, about, before, after))


async def looked(turn: Turn, act: str, *about: str | None, after: str = "") -> None:
    """Write down that the viewer looked at something; once an hour for the same look, since pages reload.

    `about` are the members it was about. Raises KeyError like `note`.
    """
    _ = ACTS[act]
    recent = [row for row in await store.newest(turn.tx, before=None, first=MOST) if _is_fresh(turn, row)]
    said = [_contents(kept[1]) for row in recent if (kept := _open_now(turn, row)) is not None]
    seen = {(one.act, one.lane, one.who, one.about, one.after) for one in said}
    for one in dict.fromkeys(about or (None,)):
        if (act, turn.viewer.lane.value, turn.viewer.member, one, after) not in seen:
            await note(turn, act, one, after=after)


async def read(turn: Turn, *, before: int | None = None, first: int = 50) -> tuple[Entry, ...]:
    """Entries, the newest first, before a place. Reading is an entry too, once for each first page."""
    if not may("act:audit", turn.viewer):
        raise NotYours
    found = await store.newest(turn.tx, before=before, first=max(1, min(first, MOST)))
    entries = tuple([await _entry(turn, row) for row in found])
    if before is None:
        await note(turn, "read-audit")
    return entries


async def verify(turn: Turn) -> Verified:
    """Read the whole chain again. Says nothing about a cut end: compare the fingerprint with an older one."""
    if not may("act:audit", turn.viewer):
        raise NotYours
    links, erased, unreadable = [], set(), None
    async for row in _all(turn):
        try:
            kept = _open(turn, row)
        except (crypto.CannotOpen, msgspec.MsgspecError):
            unreadable = unreadable or Break(row.place, core.Fault.CHANGED)
            kept = None
            erased.add(row.place)
        links.append(Link(row.place, row.at, row.about, row.commitment, row.hash, kept))
        if kept is not None and (said := _contents(kept[1])).act == ERASED:
            erased |= set(said.places)
    found = core.first_break(links, frozenset(erased))
    breaks = [one for one in (found, unreadable) if one is not None]
    broken = min(breaks, key=lambda one: one.place) if breaks else None
    head = links[-1].hash if links else core.GENESIS
    return Verified(len(links), core.fingerprint(head), broken)


async def forget(turn: Turn, member: str) -> None:
    """Erase what the log says about a member; the chain goes on to verify."""
    places = await store.places_about(turn.tx, _digest(turn, member))
    if places:
        await store.empty(turn.tx, places)
        await _append(turn, Contents(ERASED, turn.viewer.lane.value, places=tuple(places)))


async def _append(turn: Turn, contents: Contents) -> None:
    place, previous = await store.last(turn.tx) or (0, core.GENESIS)
    place += 1
    salt, said = turn.guard.chance(32), msgspec.json.encode(contents)
    about = _digest(turn, contents.about) if contents.about else b""
    commitment = core.commit(salt, said)
    sealed = turn.guard.seal("audit", "guarded", str(place), salt + said, watch=turn.guard.archive is None)
    link = core.chain(previous, place, turn.now, about, commitment)
    await store.append(turn.tx, AuditRow(place, turn.now, about, commitment, link, sealed))


async def _all(turn: Turn) -> AsyncIterator[AuditRow]:
    place = 0
    while page := await store.after(turn.tx, place, _PAGE):
        for row in page:
            yield row
        place = page[-1].place


def _digest(turn: Turn, member: str) -> bytes:
    return turn.guard.digest("audit", member)


def _open(turn: Turn, row: AuditRow) -> tuple[bytes, bytes] | None:
    if row.guarded is None:
        return None
    in_watch = crypto.kid_of(row.guarded) == turn.guard.watch.kid
    plain = turn.guard.open("audit", "guarded", str(row.place), row.guarded, watch=in_watch)
    return plain[:32], plain[32:]


def _is_fresh(turn: Turn, row: AuditRow) -> bool:
    return turn.now - row.at < SAME_LOOK


def _open_now(turn: Turn, row: AuditRow) -> tuple[bytes, bytes] | None:
    """What a hub can read whose records are closed too: what was written since."""
    try:
        return _open(turn, row)
    except (crypto.CannotOpen, HubSealed):
        return None


def _contents(said: bytes) -> Contents:
    return msgspec.json.decode(said, type=Contents)


async def _entry(turn: Turn, row: AuditRow) -> Entry:
    try:
        kept = _open(turn, row)
    except crypto.CannotOpen:
        kept = None
    if kept is None:
        return Entry(row.place, row.at)
    said = _contents(kept[1])
    if said.about is not None and said.about == turn.viewer.member and _silent(said):
        return Entry(row.place, row.at)
    return Entry(
        row.place,
        row.at,
        said.act,
        said.lane,
        await _name(turn, said.who),
        await _name(turn, said.about),
        said.before,
        said.after,
    )


def _silent(said: Contents) -> bool:
    """What came of the phrase for danger: whoever gave it reads these entries like erased ones."""
    return said.act in _SILENT or not _SILENT_ASKS.isdisjoint((said.before, said.after))


async def _name(turn: Turn, member: str | None) -> str:
    row = await rows.load(turn.tx, member) if member else None
    return "" if row is None else row.name
