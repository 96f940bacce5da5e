"""The Matrix lane of the letter pump: one account's sends, in the pump's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub import log, putting_out
from hub.letters import NeverAccepted, TryLater
from hub.matrix.account import BotAccount
from hub.matrix.admin import HomeserverUnreachable
from hub.matrix.answers import Refused, RetryLater, SignedOut, Unreachable
from hub.matrix.roomkeys import NobodyCanRead
from hub.passing import REDACTION
from hub.putting_out import SigningOut
from hub.recordings import EVENT, Recordings
from hub.store.letters import OUT_OF_WORDS
from hub.trouble import Trouble

MESSAGE = "m.room.message"
ABOUT = "Ayni"
"""What an app shows where it cannot play: safe on any screen."""


@dataclass(frozen=True, slots=True)
class MatrixLane:
    """Sends letters as one bot account."""

    account: BotAccount
    recordings: Recordings | None = None
    signing_out: SigningOut | None = None

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
            if event_type.startswith(OUT_OF_WORDS):
                await self._do(matrix_room, event_type, str(content["user"]))
                return tx_id
            return await self.account.send(matrix_room, event_type, content, tx_id)
        except HomeserverUnreachable as away:
            raise TryLater from away
        except RetryLater as busy:
            raise TryLater(timedelta(seconds=busy.after_s)) from busy
        except (Unreachable, SignedOut, NobodyCanRead) as away:
            raise TryLater from away
        except Refused as no:
            raise NeverAccepted from no
        except Trouble as no:
            log.trouble("a letter without words was refused", kind=event_type, error=type(no).__name__)
            raise NeverAccepted from no

    async def _do(self, matrix_room: str, what: str, user: str) -> None:
        """What a letter without words stands for (hub/putting_out.py)."""
        match what:
            case putting_out.EMPTY:
                await self.account.empty(matrix_room)
            case putting_out.OUT:
                await self.account.kick(matrix_room, user)
            case putting_out.ASK_IN:
                await self.account.invite(matrix_room, user, direct=True)
            case putting_out.SIGN_OUT if self.signing_out is not None:
                await self.signing_out(user, self.account.user_id)

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
