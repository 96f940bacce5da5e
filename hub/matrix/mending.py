"""A room's events in their order, with the holes in it mended.

Two things make holes. A homeserver cuts a long timeline out of a sync. And across federation it can pass on
an event whose forerunners it has not got yet; those may never come through sync, neither then nor later
(measured: 11 of 200 in a burst), so we read each event's `prev_events` ourselves. Where something is missing,
that room's events are held for a moment, durably, while the server is asked for the rest. Other rooms do not
wait. What is not found in that moment is looked for some minutes longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import vodozemac

from hub import log
from hub.matrix.answers import MatrixTrouble
from hub.matrix.gaps import Raw, fetch_entry, fetch_gap, look_for, own_membership
from hub.matrix.handled import Handled
from hub.matrix.hearing import Hearing
from hub.matrix.reading import Reading
from hub.matrix.rows import Shelves
from hub.matrix.wire import Wire

SHELF = "holes"
HOLDING_S = (0.0, 0.2, 0.4, 0.8, 1.2)
LONGEST_HOLD_S = 15.0
LOOKING_S = (5.0, 15.0, 60.0, 240.0)
LONGEST_FETCH_S = 10.0
"""A server that takes longer to give back what it cut no longer holds up what it has given."""
TRIES_HELD = 2


class Cut(msgspec.Struct, frozen=True):
    """What a timeline lacks: everything back from `token` to `since` (a sync position) or, without one, to
    where we were asked into the room."""

    token: str
    since: str | None


class _Hole(msgspec.Struct):
    """`held` waits for what `cut` and `missing` (event ids) will bring."""

    room: str
    held: list[Any] = []
    missing: list[str] = []
    cut: Cut | None = None


@dataclass(slots=True)
class _Room:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    hole: _Hole | None = None
    holding: bool = False
    task: asyncio.Task[None] | None = None


class Mending:
    """Hands events on to `reading`: at once when nothing is missing."""

    def __init__(self, wire: Wire, reading: Reading, handled: Handled, shelves: Shelves) -> None:
        self._wire = wire
        self._reading = reading
        self._handled = handled
        self._shelves = shelves
        self._rooms: dict[str, _Room] = {}

    def resume(self, hearing: Hearing, tasks: asyncio.TaskGroup) -> None:
        """Go on with the holes of before the restart."""
        self._rooms.clear()
        for raw in self._shelves.values(SHELF):
            hole = msgspec.json.decode(raw, type=_Hole)
            self._begin(self._rooms.setdefault(hole.room, _Room()), hole, hearing, tasks)

    async def take(
        self, room_id: str, events: Sequence[Raw], cut: Cut | None, hearing: Hearing, tasks: asyncio.TaskGroup
    ) -> None:
        """Events of one room as they came, the oldest first, and what the server cut out before them."""
        room = self._rooms.setdefault(room_id, _Room())
        async with room.lock:
            before = room.hole or _Hole(room_id)
            missing = [] if cut else self._missing(room_id, events, before.held)
            missing = [one for one in missing if one not in before.missing]
            if cut or missing or room.holding:
                if cut is not None and before.cut is not None:
                    cut = Cut(cut.token, before.cut.since)  # one walk over both
                hole = _Hole(room_id, [*before.held, *events], [*before.missing, *missing], cut or before.cut)
                self._begin(room, hole, hearing, tasks, again=bool(cut or missing))
            else:
                await self._hand_on(room_id, events, hearing)
        if room.hole is None:
            self._rooms.pop(room_id, None)

    def busy(self) -> bool:
        """Is anything held just now?"""
        return any(room.holding for room in self._rooms.values())

    def start_here(self, room_id: str, events: Sequence[Raw]) -> None:
        """What lies before these is none of our business: history of before we came."""
        self._handled.note(room_id, _forerunners(events))

    def _missing(self, room_id: str, events: Sequence[Raw], held: Sequence[Raw] = ()) -> list[str]:
        """What these follow that never came; `held` came and is not handled yet. In a room of which we know
        nothing they follow what was before us, unless something is held: then we just came, and do not know
        yet what was said since."""
        here = {raw.get("event_id") for raw in (*events, *held)}
        lost = [
            one for one in _forerunners(events) if one not in here and not self._handled.knows(room_id, one)
        ]
        if lost and not held and self._handled.knows_nothing_of(room_id):
            self._handled.note(room_id, lost)
            return []
        return lost

    def _begin(
        self, room: _Room, hole: _Hole, hearing: Hearing, tasks: asyncio.TaskGroup, *, again: bool = True
    ) -> None:
        """Hold what is to be held; look for what is missing from the first short pause on (`again`)."""
        room.hole = hole
        room.holding = bool(hole.held)
        self._keep(hole)
        if again or room.task is None:
            if room.task is not None:
                room.task.cancel()  # it sleeps or asks: whoever hands on holds the lock that we hold now
            room.task = tasks.create_task(self._mend(room, hearing))

    async def _mend(self, room: _Room, hearing: Hearing) -> None:
        await self._close_cut(room, hearing)
        await self._hold(room)
        for pause in LOOKING_S:
            await self._let_go(room, hearing)
            if room.hole is None or not room.hole.missing:
                break
            await asyncio.sleep(pause)
            await self._look(room)
        await self._let_go(room, hearing)
        async with room.lock:
            if room.hole is not None:
                self._give_up(room.hole)
            room.hole = room.task = None

    async def _close_cut(self, room: _Room, hearing: Hearing) -> None:
        """Fetch what was cut out; what is held waits for it, but not for ever."""
        tries = 0
        while (hole := room.hole) is not None and hole.cut is not None:
            fetching = asyncio.ensure_future(self._fetch(hole.room, hole.cut))
            try:
                done, _ = await asyncio.wait({fetching}, timeout=LONGEST_FETCH_S)
                if not done:
                    await self._let_go(room, hearing)
                found = await fetching
            except MatrixTrouble:
                tries += 1
                if tries > TRIES_HELD:
                    await self._let_go(room, hearing)
                await asyncio.sleep(min(30.0, 0.5 * 2**tries))
            else:
                async with room.lock:
                    hole.cut = None
                    self._found(hole, found)
                    self._keep(hole)
            finally:
                fetching.cancel()

    async def _fetch(self, room_id: str, cut: Cut) -> list[Raw]:
        me = self._reading.me
        if cut.since is None:
            found = await fetch_entry(self._wire, room_id, cut.token, me)
            self.start_here(room_id, [raw for raw in found if own_membership(raw, me, "invite")])
            return found
        return await fetch_gap(self._wire, room_id, cut.token, cut.since, self._known(room_id), me)

    def _skips(self, hole: _Hole) -> bool:
        """Does a sender's ratchet jump over a message in what is held? An event need not name every event
        that its own sender sent before it, so the room's order alone does not show that one is missing."""
        steps: dict[tuple[object, str], set[int]] = {}
        for raw in hole.held:
            if (step := _step(raw)) is not None and not self._reading.handled_already(hole.room, raw):
                name = (raw.get("sender"), step[0])
                steps.setdefault(name, {self._reading.opened_up_to(hole.room, raw) - 1}).add(step[1])
        return any(len(seen) <= max(seen) - min(seen) for seen in steps.values())

    async def _look(self, room: _Room) -> bool:
        """Ask the server once more for what is missing; was anything new?"""
        hole = room.hole
        if hole is None:
            return False
        me, wanted = self._reading.me, set(hole.missing)
        try:
            found = await look_for(self._wire, hole.room, wanted, self._known(hole.room), me)
        except MatrixTrouble:
            return False
        async with room.lock:
            before = len(hole.held)
            self._found(hole, found)
            self._keep(hole)
            return len(hole.held) > before

    def _found(self, hole: _Hole, found: Sequence[Raw]) -> None:
        """Put what was found before what is held, and see what is missing now."""
        held = {raw.get("event_id") for raw in hole.held}
        hole.held = [*(raw for raw in found if raw.get("event_id") not in held), *hole.held]
        there = {raw.get("event_id") for raw in hole.held}
        still = [one for one in hole.missing if one not in there]
        hole.missing = list(dict.fromkeys([*still, *self._missing(hole.room, hole.held)]))

    async def _let_go(self, room: _Room, hearing: Hearing) -> None:
        """Hand on what was held or found, in the room's order."""
        async with room.lock:
            if room.hole is not None and room.hole.held:
                await self._hand_on(room.hole.room, in_order(room.hole.held), hearing)
                room.hole.held = []
                self._keep(room.hole)
            room.holding = False

    async def _hold(self, room: _Room) -> None:
        """Look again and again at short intervals, as long as that brings something to light."""
        loop = asyncio.get_running_loop()
        until, fruitless = loop.time() + LONGEST_HOLD_S, 0
        while room.hole is not None and (room.hole.missing or self._skips(room.hole)):
            if fruitless == len(HOLDING_S) or loop.time() > until:
                return
            await asyncio.sleep(HOLDING_S[fruitless])
            fruitless = 0 if await self._look(room) else fruitless + 1

    def _give_up(self, hole: _Hole) -> None:
        """Whatever is still missing is taken as never sent to us."""
        if hole.missing:
            log.trouble("events of a room were not found", count=len(hole.missing))
            self._handled.note(hole.room, hole.missing)
        self._shelves.delete(SHELF, hole.room)

    def _keep(self, hole: _Hole) -> None:
        self._shelves.put(SHELF, hole.room, msgspec.json.encode(hole))

    def _known(self, room_id: str) -> Any:
        return lambda raw: self._reading.handled_already(room_id, raw)

    async def _hand_on(self, room_id: str, events: Sequence[Raw], hearing: Hearing) -> None:
        done: set[object] = set()
        for raw in events:
            if raw.get("event_id") in done or self._reading.handled_already(room_id, raw):
                continue
            await self._reading.take(room_id, raw, hearing)
            done.add(raw.get("event_id"))
        self._handled.note(room_id, [one for raw in events if isinstance(one := raw.get("event_id"), str)])


def _forerunners(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """The events these say they follow; none where the server does not show it."""
    named: dict[str, None] = {}
    for raw in events:
        before = raw.get("prev_events")
        for one in before if isinstance(before, list) else ():
            if isinstance(one, str):
                named[one] = None
    return list(named)


def in_order(events: Sequence[Raw]) -> list[Raw]:
    """By depth in the room; messages of one sender's ratchet among themselves by their place in it, because
    events sent at the same moment may stand at the same depth in either order."""
    ordered = sorted(events, key=_depth)
    places: dict[object, list[int]] = {}
    for place, raw in enumerate(ordered):
        if (step := _step(raw)) is not None:
            places.setdefault((raw.get("sender"), step[0]), []).append(place)
    for where in places.values():
        again = sorted((ordered[place] for place in where), key=lambda raw: _step(raw) or ("", 0))
        for place, raw in zip(where, again, strict=True):
            ordered[place] = raw
    return ordered


def _step(raw: Raw) -> tuple[str, int] | None:
    """Session and index that a ciphertext claims; whether it is true shows when it is opened."""
    content = raw.get("content")
    if raw.get("type") != "m.room.encrypted" or not isinstance(content, Mapping):
        return None
    session, text = content.get("session_id"), content.get("ciphertext")
    if not isinstance(session, str) or not isinstance(text, str):
        return None
    try:
        return session, int(vodozemac.MegolmMessage.from_base64(text).message_index())
    except ValueError:
        return None


def _depth(raw: Raw) -> int:
    depth = raw.get("depth")
    return depth if isinstance(depth, int) else 0
