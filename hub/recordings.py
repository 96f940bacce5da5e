"""Recorded sentences as letters: which ones go along with a text, and what the lane makes of them.

A letter of this kind holds only which sentence in which language; the recording is read and uploaded when it
is sent. It comes after the text it belongs to, in the same room and urgency, and never instead of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from directory.core.opus import Recording, recording
from directory.core.text import Text
from directory.core.tongues import spoken
from directory.languages import voiced
from directory.store import wordings
from hub.due import CLOCK, Turns

EVENT = "ayni.recording"
"""Never sent as it is: MatrixLane makes a voice note of it."""
MOST = 4
"""Recordings that follow one message."""


class Recordings(Protocol):
    """Where recordings are kept."""

    async def of(self, letter: Mapping[str, object]) -> Recording | None:
        """The recording a letter stands for; None when it was taken out meanwhile."""
        ...


def along(text: Text, locale: str) -> tuple[dict[str, object], ...]:
    """The letters that follow `text` for somebody who asked for a voice."""
    return tuple({"language": spoken(locale), "message": one} for one in voiced(text, locale)[:MOST])


@dataclass(frozen=True, slots=True)
class KeptRecordings:
    """In the network's own tables."""

    turns: Turns

    async def of(self, letter: Mapping[str, object]) -> Recording | None:
        """Checked once more: what a phone is sent is a recording, whatever lay in the table."""
        async with self.turns(CLOCK) as turn:
            audio = await wordings.recording(turn.tx, str(letter["language"]), str(letter["message"]))
        checked = None if audio is None else recording(audio)
        return checked if isinstance(checked, Recording) else None
