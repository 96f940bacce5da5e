"""The Matrix lane of the letter pump: one account's sends, in the pump's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.letters import NeverAccepted, TryLater
from hub.matrix.account import BotAccount
from hub.matrix.answers import Refused, RetryLater, SignedOut, Unreachable
from hub.matrix.roomkeys import NobodyCanRead
from hub.passing import REDACTION
from hub.recordings import EVENT, Recordings

MESSAGE = "m.room.message"
ABOUT = "Ayni"
"""What an app shows where it cannot play: safe on any screen."""


@dataclass(frozen=True, slots=True)
class MatrixLane:
    """Sends letters as one bot account."""

    account: BotAccount
    recordings: Recordings | None = None

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        """Send once; the same transaction id sent again is the same event.

        A room in which nobody has a device we may encrypt to is tried later: a new phone may be on its way,
        and the ladder does not wait for it.
        """
        try:
            if event_type == REDACTION:
                return await self.account.redact(matrix_room, str(content["redacts"]), tx_id)
            if event_type == EVENT:
                event_type, content = MESSAGE, await self._voice_note(content)
            return await self.account.send(matrix_room, event_type, content, tx_id)
        except RetryLater as busy:
            raise TryLater(timedelta(seconds=busy.after_s)) from busy
        except (Unreachable, SignedOut, NobodyCanRead) as away:
            raise TryLater from away
        except Refused as no:
            raise NeverAccepted from no

    async def _voice_note(self, letter: Mapping[str, object]) -> Mapping[str, object]:
        kept = await self.recordings.of(letter) if self.recordings is not None else None
        if kept is None:
            raise NeverAccepted
        return await self.account.voice_note(kept.audio, kept.milliseconds, ABOUT)

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        """An event an earlier try made."""
        try:
            return await self.account.find(matrix_room, tx_id)
        except (RetryLater, Unreachable) as away:
            raise TryLater from away
