"""What a linked network promised about our calls for help: when it answers, in which languages, with what.

The node gives it to the bots (bots/desk.py): they know no agreements. "It never does" is an answer too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from directory.core.text import Text
from directory.turn import Turn


@dataclass(frozen=True, slots=True)
class Promise:
    """One network's cover for us. `now`: is this one of its hours? Empty `languages`, `help`: any. `second`:
    did it agree to be our second person?

    `lines` are its sentences in the agreement, for people who plan.
    """

    ever: bool = True
    now: bool = True
    languages: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    second: bool = True
    lines: tuple[Text, ...] = field(default=())

    def answers(self, spoken: tuple[str, ...], help: str) -> bool:
        """Would it answer now somebody who speaks these languages and needs this kind of help ("": any)?"""
        understood = not self.languages or not spoken or not set(self.languages).isdisjoint(spoken)
        fits = not self.help or not help or help in self.help
        return self.ever and self.now and understood and fits


Promises = Callable[[Turn, str], Awaitable[Promise]]


async def always(_turn: Turn, _network: str) -> Promise:
    """A hub without agreements to read, as in tests of the ladder alone."""
    return Promise()
