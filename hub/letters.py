"""Letters: messages that must reach one room, each a row, delivered once.

Writing a letter is part of the transaction that decided it. Sending is the work of the process that owns
the account: the letter's id is the Matrix transaction id, so a repeat after a crash is harmless for as long
as the homeserver remembers it. Alarms overtake everything, and a slow room holds up nobody.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from directory.core.effects import Urgency
from directory.store.database import DATABASE_GONE, Database, Tx
from directory.store.guarded import Guard
from hub import log
from hub.store import letters as rows
from hub.store.letters import Ended, LetterRow

AT_ONCE = 32
ROOMS_IN_MEMORY = 512
FINISH_WITHIN_S = 2.0
LONGEST_SLEEP = timedelta(seconds=2)
FIRST_RETRY = timedelta(seconds=0.5)
LAST_RETRY = timedelta(minutes=2)
STALE = timedelta(hours=20)
"""Synapse forgets transaction ids after a day; an older letter is first looked for in its room."""


class TryLater(Exception):
    """The homeserver is busy or away. `after` says how long to wait, or None when it did not say."""

    def __init__(self, after: timedelta | None = None) -> None:
        super().__init__()
        self.after = after


class NeverAccepted(Exception):
    """The homeserver refuses this letter for good, for example because we are no longer in the room."""


class Lane(Protocol):
    """Carries one letter of one account. Raises TryLater or NeverAccepted."""

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        """Send, and return the event id."""

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        """The event that an earlier try with this transaction id made, if it can be found."""


class LetterBox:
    """Writes letters. Needs the guard, since what a letter says is sealed until it is sent."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def write(
        self,
        tx: Tx,
        *,
        letter_id: str,
        room: str,
        account: str,
        urgency: Urgency,
        event_type: str,
        content: Mapping[str, object],
        now: datetime,
        about: str | None = None,
        passes_at: datetime | None = None,
    ) -> None:
        """Write one letter into `room` (our own room id; the Matrix room may not exist yet)."""
        sealed = self._guard.seal("letters", "content", letter_id, msgspec.json.encode(content), watch=True)
        await rows.add(
            tx,
            id=letter_id,
            room=room,
            account=account,
            urgency=int(urgency),
            event_type=event_type,
            content=sealed,
            not_before=now,
            written_at=now,
            about=about,
            passes_at=passes_at,
        )


class LetterPump:
    """Sends one account's letters.

    What is under way asks the homeserver only; what came of it is written by the next round, together with
    what else came back meanwhile. A room has one letter under way, until its row says what came of it.
    `anywhere`: this lane needs no Matrix room, and sends for one that was left too.
    """

    def __init__(
        self,
        account: str,
        database: Database,
        guard: Guard,
        lane: Lane,
        clock: Callable[[], datetime],
        *,
        anywhere: bool = False,
    ) -> None:
        self._account = account
        self._anywhere = anywhere
        self._begin: Callable[[], AbstractAsyncContextManager[Tx]] = database.transaction
        self._guard = guard
        self._lane = lane
        self._clock = clock
        self._matrix_rooms: OrderedDict[bytes, str] = OrderedDict()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._ended: list[Ended] = []
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Send until cancelled; what is being sent then is finished by the next owner under the same id."""
        try:
            while True:
                self.wake.clear()
                pause = await self._round()
                try:
                    async with asyncio.timeout(pause.total_seconds()):
                        await self.wake.wait()
                except TimeoutError:
                    continue
        finally:
            await self.finish()

    async def finish(self) -> None:
        """Letters under way end in a moment; what hangs is left to the next owner, under the same id."""
        if self._busy:
            _, hanging = await asyncio.wait(self._busy.values(), timeout=FINISH_WITHIN_S)
            for task in hanging:
                task.cancel()
        with suppress(*DATABASE_GONE):
            async with self._written() as tx:
                await rows.close(tx, self._ended, self._clock())

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[Tx]:
        """A transaction that writes what has ended, and frees the rooms of it once that is certain."""
        ended = tuple(self._ended)
        async with self._begin() as tx:
            yield tx
        self._ended = self._ended[len(ended) :]
        for one in ended:
            self._busy.pop(one.room, None)

    async def _round(self) -> timedelta:
        try:
            async with self._written() as tx:
                await rows.close(tx, self._ended, self._clock())
                hanging = frozenset(self._busy) - {one.room for one in self._ended}
                room_for = max(0, AT_ONCE - len(hanging))
                found = await rows.next_ones(
                    tx, self._account, self._clock(), hanging, room_for, anywhere=self._anywhere
                )
                earliest = None if found else await rows.earliest(tx, self._account)
        except DATABASE_GONE as lost:
            log.trouble("letters lost their database", error=type(lost).__name__)
            return LONGEST_SLEEP
        for letter in found:
            self._busy[letter.room] = asyncio.create_task(self._deliver(letter))
        if earliest is None:
            return LONGEST_SLEEP
        return max(timedelta(milliseconds=50), min(LONGEST_SLEEP, earliest - self._clock()))

    async def _deliver(self, letter: LetterRow) -> None:
        try:
            ended = await self._send(letter)
        except Exception as why:  # noqa: BLE001 — it stays, is named, and stops nobody else
            log.trouble("letter failed", tries=letter.tries + 1, error=type(why).__name__)
            ended = self._put_off(letter, None)
        self._ended.append(ended)
        self.wake.set()

    async def _send(self, letter: LetterRow) -> Ended:
        opened = self._guard.open("letters", "content", letter.id, letter.content, watch=True)
        content = msgspec.json.decode(opened, type=dict[str, object])
        matrix_room = self._matrix_room(letter)
        try:
            event_id = None
            if self._clock() - letter.written_at > STALE:  # a kill may have hidden that it was sent
                event_id = await self._lane.find(matrix_room, letter.id)
            if event_id is None:
                event_id = await self._lane.send(matrix_room, letter.event_type, content, letter.id)
        except TryLater as busy:
            return self._put_off(letter, busy.after)
        except NeverAccepted:
            log.trouble("letter refused for good", tries=letter.tries + 1)
            return Ended(letter.id, letter.room)
        return Ended(letter.id, letter.room, event_id=event_id, measured=letter.measured)

    def _matrix_room(self, letter: LetterRow) -> str:
        """Opened once for each room that is written to again and again."""
        held = self._matrix_rooms.get(letter.matrix_room)
        if held is None:
            fields = self._guard.open_fields("rooms", letter.room, letter.matrix_room, watch=True)
            held = self._matrix_rooms[letter.matrix_room] = str(fields["room"])
            if len(self._matrix_rooms) > ROOMS_IN_MEMORY:
                self._matrix_rooms.popitem(last=False)
        self._matrix_rooms.move_to_end(letter.matrix_room)
        return held

    def _put_off(self, letter: LetterRow, after: timedelta | None) -> Ended:
        wait = after or min(LAST_RETRY, FIRST_RETRY * 2 ** min(letter.tries, 16))
        return Ended(letter.id, letter.room, again_at=self._clock() + wait)
