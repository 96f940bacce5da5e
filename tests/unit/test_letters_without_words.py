"""Letters that say nothing (put somebody out, take back what was said), told from all that say something."""

from __future__ import annotations

from hub import putting_out
from hub.doctor import limits
from hub.federation.lanes import room
from hub.lane import MESSAGE
from hub.passing import REDACTION
from hub.recordings import EVENT
from hub.store.letters import OUT_OF_WORDS


def test_an_envelope_a_message_and_a_recording_are_never_taken_for_a_letter_without_words() -> None:
    for says_something in (room.EVENT_TYPE, MESSAGE, EVENT, REDACTION, limits.EVENT):
        assert not says_something.startswith(OUT_OF_WORDS), says_something


def test_all_that_puts_out_or_takes_back_is_a_letter_without_words() -> None:
    for act in (putting_out.EMPTY, putting_out.OUT, putting_out.SIGN_OUT, putting_out.ASK_IN):
        assert act.startswith(OUT_OF_WORDS), act
