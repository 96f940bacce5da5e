"""Text messages that are letters: to somebody who is no member here, for whom only this once is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.core.numbers import is_number
from bots.waking import NotWoken
from hub.letters import NeverAccepted, TryLater
from hub.texting.gateways import Gateway
from hub.texting.sending import first_that_takes

ACCOUNT = "texts"
"""Whose letters these are: an account that no homeserver knows."""
EVENT_TYPE = "org.ayni.text"
LIVES = timedelta(hours=6)
"""What no gateway took within this is not sent any more: it would be about yesterday."""


def to_content(number: str, text: str, now: datetime) -> dict[str, object]:
    """What the letter holds until it is sent."""
    return {"to": number, "text": text, "until": (now + LIVES).timestamp()}


@dataclass(frozen=True, slots=True)
class TextLane:
    """Implements hub.letters.Lane for the account `texts`."""

    gateways: Sequence[Gateway]
    clock: Callable[[], datetime]

    async def send(self, matrix_room: str, event_type: str, content: Mapping[str, object], tx_id: str) -> str:
        """One text message; the letter's id keeps a repeat from being sent twice."""
        number, text, until = str(content["to"]), str(content["text"]), content["until"]
        if not is_number(number) or not isinstance(until, float) or self.clock().timestamp() > until:
            raise NeverAccepted
        try:
            await first_that_takes(self.gateways, "text", number, tx_id, text, self.clock)
        except NotWoken as away:
            raise TryLater from away
        return tx_id

    async def find(self, matrix_room: str, tx_id: str) -> str | None:
        """Nothing is looked for."""
        return None
