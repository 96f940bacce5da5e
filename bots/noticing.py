"""Who would notice silence, and when at the latest: said while somebody plans, before they rely on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.alarms.staffing import on_call
from bots.core.rota import AHEAD
from bots.core.silence import HOLD_TAKEN
from bots.promising import Whose
from bots.saying import lines
from bots.store import circles
from bots.store import rota as stretches
from directory.core.text import Text, say
from directory.turn import Turn

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Noticed:
    """`by`: when the first people are asked, if nothing is heard. `at_worst`: if many are silent at once.

    `staffed`: is somebody on duty at that time; None when that day is not planned yet."""

    by: datetime
    at_worst: datetime
    circle: tuple[str, ...]
    on_call: int
    staffed: bool | None

    @property
    def text(self) -> Text:
        """All of it as people read it."""
        return lines(self._who(), self._duty(), self._wide())

    def _who(self) -> Text:
        if self.circle:
            return say(
                "If you do not answer, your circle ({names}) hears it at {at}.", names=self.circle, at=self.by
            )
        if self.on_call:
            return say(
                "If you do not answer, the people on call hear it at {at}: nobody is in your circle.",
                at=self.by,
            )
        return say(
            "If you do not answer, we find nobody to tell at {at}. Please ask somebody into your circle.",
            at=self.by,
        )

    def _duty(self) -> Text:
        if self.staffed is None:
            return say("Who is on duty at that time is not planned yet.")
        if self.staffed:
            return say("Somebody is on duty at that time.")
        return say("Nobody is on duty at that time; a call still rings at everyone on call.")

    def _wide(self) -> Text | None:
        if self.at_worst <= self.by:
            return None
        return say(
            "If many are silent at once, people on call hear it first, your circle at {at} at the latest.",
            at=self.at_worst,
        )


async def noticed(turn: Turn, whose: Whose, due_at: datetime, *, high_risk: bool) -> Noticed:
    """What silence would do at that time, as circle and rota are now."""
    circle = [one for one in await circles.circle_of(turn.tx, whose.member) if one.state == "yes"]
    on_duty = await stretches.between(turn.tx, turn.guard, due_at, due_at + _MOMENT)
    planned = due_at <= turn.now + AHEAD
    return Noticed(
        by=due_at,
        at_worst=due_at if high_risk else due_at + HOLD_TAKEN,
        circle=tuple(one.handle for one in circle),
        on_call=len([one for one in await on_call(turn) if one != whose.member]),
        staffed=bool([one for one in on_duty if one.member != whose.member]) if planned else None,
    )
