"""The member's word, given in any form that needs it: one box more, instead of a detour."""

from __future__ import annotations

from directory.core.text import Text, say
from hub.api import sessions
from hub.api.bodies import Form
from hub.api.sessions import Known
from hub.api.turnstile import Busy
from hub.web.house import House

WRONG_WORD = say("That was not your word. Nothing was changed. After five wrong tries, wait ten minutes.")
OLD_FORM = say("This page was open for too long. Please try again.")


async def word_given(house: House, who: Known, form: Form) -> tuple[Known, Text | None]:
    """Take the word of a form's `word` field, when there is one; what to say when it is wrong."""
    word = form.one("word")
    if not word:
        return who, None
    try:
        async with house.runner.turnstile.through(who.viewer.member), house.runner.turns(who.viewer) as turn:
            trusted = await sessions.give_word(turn, who, word)
    except Busy as busy:
        return who, busy.text
    return (trusted, None) if trusted is not None else (who, WRONG_WORD)
