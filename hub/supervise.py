"""Keep the parts of a hub alive: start each after what it needs, ask how it is, start it again, end it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from hub.supervise_folder import claim, held
from hub.supervise_part import Part
from hub.supervise_status import Standing, State, Status
from hub.trouble import Trouble


class NoAnswer(Trouble):
    """The part "{name}" runs but did not answer {times} times in a row; it is started again."""


class DiskTrouble(Trouble):
    """The computer refused something the part "{name}" needs: {why}. Free space on the disk or correct
    the folder's owner."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A part is started again after `first`, then twice as long each time, at most `longest`;
    one that stayed up for `steady` begins at `first` again."""

    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0
    check_every: float = 5.0
    answer_within: float = 5.0
    misses: int = 3
    end_within: float = 30.0

    def delay(self, tries: int) -> float:
        """How long to wait before try number `tries`, counted from 0."""
        return min(self.first * float(2 ** min(tries, 16)), self.longest)


class Supervisor:
    """Runs `parts` on the data folder until it is asked to end.

    A part starts when those that `after` names for it are up or failed once; one that is not in there, when
    the part before it is. `on_change` hears of every change of a part. With `signals`, SIGINT and SIGTERM ask
    it to end; without, whoever runs several in one process calls `end`.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        data: Path,
        clock: Callable[[], datetime],
        *,
        after: Mapping[str, Sequence[str]] = {},
        on_change: Callable[[str, Standing], None] = lambda name, standing: None,
        pace: Pace = Pace(),
        signals: bool = True,
    ) -> None:
        self._parts = tuple(parts)
        before: dict[str, Sequence[str]] = {two.name: (one.name,) for one, two in pairwise(self._parts)}
        self._after = {part.name: after.get(part.name, before.get(part.name, ())) for part in self._parts}
        self._data = data.absolute()
        self._clock = clock
        self._on_change = on_change
        self._pace = pace
        self._signals = signals
        self._ending = asyncio.Event()
        self._settled = {part.name: asyncio.Event() for part in self._parts}
        self._status: Status | None = None
        self.ready = asyncio.Event()
        """Set when every part is up for the first time."""

    @property
    def parts(self) -> dict[str, Standing]:
        """How each part is."""
        if self._status is None:
            return {part.name: Standing(State.WAITING, since="") for part in self._parts}
        return dict(self._status.parts)

    def end(self) -> None:
        """Ask it to end; `run` returns when all parts have."""
        self._ending.set()

    async def run(self) -> None:
        """Until `end` or a signal. Raises Trouble that only a person can mend (HeldByAnother, PortTaken, …);
        nothing is left running then either."""
        data = claim(self._data, self._clock)
        with held(data, self._clock):
            self._status = Status(data, [part.name for part in self._parts], self._clock)
            self._listen()
            keepers = [asyncio.create_task(self._keep(part), name=part.name) for part in self._parts]
            try:
                await self._until_ending(keepers)
            finally:
                await self._end_in_reverse(keepers)

    def _listen(self) -> None:
        if self._signals:
            for each in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(each, self.end)

    async def _until_ending(self, keepers: list[asyncio.Task[None]]) -> None:
        ending = asyncio.create_task(self._ending.wait())
        done, _ = await asyncio.wait({ending, *keepers}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        for each in done - {ending}:
            each.result()

    async def _keep(self, part: Part) -> None:
        tries, settled = 0, self._settled[part.name]
        clock = asyncio.get_running_loop().time
        for needed in self._after[part.name]:
            await self._settled[needed].wait()
        while True:
            self._mark(part, State.STARTING)
            began = clock()
            trouble = await self._life(part)
            if trouble.needs_person and not settled.is_set():
                self._mark(part, State.FAILING, str(trouble))
                raise trouble
            await part.stop()
            tries = 0 if clock() - began > self._pace.steady else tries
            self._mark(part, State.FAILING, str(trouble), restarted=True)
            settled.set()
            await asyncio.sleep(self._pace.delay(tries))
            tries += 1

    async def _life(self, part: Part) -> Trouble:
        """From its start to its end; what ended it."""
        try:
            await part.start()
        except Trouble as trouble:
            return trouble
        except OSError as refusal:
            return DiskTrouble(name=part.name, why=refusal.strerror or type(refusal).__name__)
        self._mark(part, State.UP)
        self._settled[part.name].set()
        return await self._watch(part)

    async def _watch(self, part: Part) -> Trouble:
        end = asyncio.create_task(part.ended())
        misses = 0
        try:
            while misses < self._pace.misses:
                await asyncio.wait({end}, timeout=self._pace.check_every)
                if end.done():
                    return end.result()
                part.tend()
                misses = 0 if await self._answers(part) else misses + 1
        finally:
            end.cancel()
        return NoAnswer(name=part.name, times=misses)

    async def _answers(self, part: Part) -> bool:
        try:
            # Not wait_for: in Python 3.11 it can swallow being cancelled, and then nothing ever ends.
            async with asyncio.timeout(self._pace.answer_within):
                return await part.healthy()
        except TimeoutError:
            return False

    async def _end_in_reverse(self, keepers: list[asyncio.Task[None]]) -> None:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.end_within):
                for part in reversed(self._parts):
                    await part.stop()
                    self._mark(part, State.ENDED)
        for part in self._parts:
            part.kill()

    def _mark(
        self, part: Part, state: State, sentence: str | None = None, *, restarted: bool = False
    ) -> None:
        if self._status is None:
            raise RuntimeError("not running")
        self._on_change(part.name, self._status.mark(part.name, state, sentence, restarted=restarted))
        if all(standing.state is State.UP for standing in self._status.parts.values()):
            self.ready.set()
