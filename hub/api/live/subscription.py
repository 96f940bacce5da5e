"""One thing that one caller watches: asked anew at every hint, with whoever they are by then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from directory.core.viewer import Viewer
from directory.turn import Turn
from hub.api.contract import Trusted
from hub.api.live.protocol import written
from hub.api.live.watching import Event
from hub.api.run import Answer, Runner

MOST_WAITING = 100
"""Hints kept for one subscription while it answers another; whoever is slower is looked after in whole."""


class Wire(Protocol):
    """The connection behind a subscription."""

    def turn(self) -> AbstractAsyncContextManager[Turn | None]:
        """A turn on behalf of who is there now; None once they may not be."""
        ...

    async def put_out(self) -> None:
        """Close the connection: they may not be here."""
        ...

    async def send(self, message: str) -> None:
        """Send, or drop a reader who is too slow."""
        ...

    def ended(self, id: str) -> None:
        """Forget this subscription."""


@dataclass(slots=True, eq=False)
class Subscription:
    """`source` is the field of Subscription it asks for."""

    id: str
    trusted: Trusted
    variables: Mapping[str, Any]
    source: str
    wire: Wire
    runner: Runner
    over: bool = False
    _shown: dict[str, int] = field(default_factory=dict)
    _waiting: dict[str, None] = field(default_factory=dict)
    _busy: bool = False

    async def begin(self, viewer: Viewer) -> bool:
        """The first execution, which asks the rules before anything is watched. False: it was refused."""
        answer = await self._answer("", viewer)
        if "errors" in answer:
            await self._end(answer)
            return False
        await self._show(answer)
        return True

    async def heard(self, key: str) -> None:
        """Something changed. Hints that come meanwhile are answered afterwards, each once."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting[key] = None
        if self._busy or self.over:
            return
        self._busy = True
        try:
            while self._waiting and not self.over:
                del self._waiting[key := next(iter(self._waiting))]
                async with self.wire.turn() as turn:
                    answer = None if turn is None else await self._within(turn, key)
                if answer is None:
                    await self.wire.put_out()
                    return
                await self._tell(answer)  # after the turn: a slow reader keeps no connection to the database
        finally:
            self._busy = False

    async def _within(self, turn: Turn, key: str) -> Answer:
        """In the turn in which the caller was looked up: who they are and what they see are of one moment."""

        @asynccontextmanager
        async def same(_viewer: Viewer) -> AsyncIterator[Turn]:
            yield turn

        runner = replace(self.runner, turns=same)
        return await runner.perform(self.trusted, self.variables, turn.viewer, root=Event(key, self._shown))

    async def _answer(self, key: str, viewer: Viewer) -> Answer:
        return await self.runner.perform(self.trusted, self.variables, viewer, root=Event(key, self._shown))

    async def _tell(self, answer: Answer) -> None:
        if "errors" in answer:
            await self._end(answer)
        else:
            await self._show(answer)

    async def _show(self, answer: Answer) -> None:
        """A field that is null has nothing for this viewer: nothing is sent."""
        if any(value is not None for value in (answer["data"] or {}).values()):
            await self.wire.send(written("next", self.id, {"data": answer["data"]}))

    async def _end(self, answer: Answer) -> None:
        self.over = True
        self.wire.ended(self.id)
        await self.wire.send(written("error", self.id, answer["errors"]))
