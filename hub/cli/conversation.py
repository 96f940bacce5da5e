"""One conversation in the terminal: what comes is printed as it comes, lines of standard input are sent."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from hub.matrix.inbox import Heard, Invitation, NothingCame
from hub.matrix.person import Person
from hub.trouble import Trouble

QUIET_S = 1.0
"""An answer may be several messages; this long without a further one means that it is whole."""
FOR_EVER = 10.0**9
ORDERS = "/rooms lists rooms, /go 2 changes to one, /yes enters the room you were asked into, /end ends."


class NobodyCame(Trouble):
    """{bot} did not come into the room. Is its hub running, and is the address right?"""


class NoAnswer(Trouble):
    """No answer came within {seconds} seconds."""


class WithWhom(Trouble):
    """With whom? Name the bot: --with @ayni:example.org"""

    exit_code = 2


@dataclass
class Conversation:
    """`show` is called with the number of the room (1, 2, …), who said it, and what."""

    person: Person
    room: str
    show: Callable[[int, str, str], None]
    tell: Callable[[str], None]
    rooms: list[str] = field(default_factory=list)
    asked: list[Invitation] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, lines: AsyncIterator[str]) -> None:
        """For a person at the keyboard: everything at its own pace, until the lines end."""
        async with asyncio.TaskGroup() as group:
            hearing = [group.create_task(self._hear()), group.create_task(self._be_asked())]
            async for line in lines:
                if await self._do(line):
                    break
            for each in hearing:
                each.cancel()

    async def recite(self, lines: AsyncIterator[str], within_s: float) -> None:
        """For scripts: each line waits for the answer to the one before. Raises NoAnswer."""
        async with asyncio.TaskGroup() as group:
            hearing = [group.create_task(self._hear()), group.create_task(self._be_asked())]
            try:
                async for line in lines:
                    self.news.clear()
                    if await self._do(line):
                        break
                    if not line.startswith("/"):
                        await self._answered(within_s)
            finally:
                for each in hearing:
                    each.cancel()

    async def _answered(self, within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                await self.news.wait()
        except TimeoutError:
            raise NoAnswer(seconds=round(within_s)) from None
        while True:
            self.news.clear()
            try:
                async with asyncio.timeout(QUIET_S):
                    await self.news.wait()
            except TimeoutError:
                return

    async def _do(self, line: str) -> bool:
        """Send a line, or follow it when it is an order to this program; True when it says to end."""
        word, _, rest = line.strip().partition(" ")
        match word:
            case "":
                pass
            case "/end":
                return True
            case "/rooms":
                for number, room in enumerate(self._known(), start=1):
                    self.tell(f"{number} {self._who_is_in(room)}{' (here)' if room == self.room else ''}")
            case "/go" if rest.isdigit() and 0 < int(rest) <= len(self._known()):
                self.room = self._known()[int(rest) - 1]
                self.tell(f"Now talking with {self._who_is_in(self.room)}.")
            case "/yes" if self.asked:
                invitation = self.asked.pop(0)
                await self.person.join(invitation.room, via=invitation.inviter.partition(":")[2])
                self.room = invitation.room
                self.tell(f"Now talking with {self._who_is_in(self.room)}.")
            case _ if word.startswith("/"):
                self.tell(ORDERS)
            case _:
                await self.person.say(self.room, line)
        return False

    def _known(self) -> list[str]:
        self.rooms += [room for room in self.person.client.rooms if room not in self.rooms]
        return self.rooms

    def _who_is_in(self, room: str) -> str:
        known = self.person.client.rooms.get(room)
        others = sorted(user for user in known.users if user != self.person.user_id) if known else []
        return ", ".join(others) or "nobody else"

    async def _hear(self) -> None:
        while True:
            heard: Heard = await self.person.hear(FOR_EVER)
            if heard.body and "m.relates_to" not in heard.content:
                self.show(self._known().index(heard.room) + 1, heard.sender, heard.body)
                self.news.set()

    async def _be_asked(self) -> None:
        while True:
            invitation = await self.person.invitation(FOR_EVER)
            self.asked.append(invitation)
            self.tell(f"{invitation.inviter} asks you into a room. To enter it: /yes")


async def room_with(person: Person, bot: str) -> str:
    """The room of this person and `bot` alone: one there is, one they are asked into, or a new one.

    With an empty `bot` there has to be exactly one room already. Raises WithWhom, NobodyCame.
    """
    rooms: dict[str, Any] = person.client.rooms
    pairs = [room for room, known in rooms.items() if set(known.users) == {person.user_id, bot}]
    if pairs:
        return pairs[-1]
    if not bot:
        if len(rooms) == 1:
            return next(iter(rooms))
        raise WithWhom
    try:
        return (await person.accept(0.5, inviter=bot)).room
    except NothingCame:
        pass
    try:
        room: str = await person.create_direct(bot)
        await person.until_joined(room, bot, 30.0)
    except NothingCame:
        raise NobodyCame(bot=bot) from None
    return room


async def lines_of_stdin() -> AsyncIterator[str]:
    """Lines of standard input, a terminal, a pipe or a file, without ever holding up the loop or our end."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        # Not sys.stdin: Python aborts at its end while a thread is inside that object.
        rest = b""
        while more := os.read(sys.stdin.fileno(), 1 << 16):
            *whole, rest = (rest + more).split(b"\n")
            for raw in whole:
                loop.call_soon_threadsafe(lines.put_nowait, _text(raw))
        for last in (*([_text(rest)] if rest else []), None):
            loop.call_soon_threadsafe(lines.put_nowait, last)

    threading.Thread(target=read, name="standard input", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r")
