"""Who is asked next, for how long, and who is passed over and why. Values in, values out.

Circle, then coordinators (with whoever is on duty), then the networks the person named. A rung nobody
staffs costs no time and is written down. After the last rung everyone who has not answered is asked again,
for as long as the alarm runs: an alarm has no end but a person's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

from bots.core.alarms import Severity

FOLLOW_UP = timedelta(minutes=30)
FOLLOW_UP_AT_MOST = timedelta(hours=8)


def follow_up(times_asked: int) -> timedelta:
    """How long until whoever has it is asked whether they still do, after so many times without answer."""
    return min(FOLLOW_UP * (1 << min(times_asked, 10)), FOLLOW_UP_AT_MOST)


class Rung(IntEnum):
    """The order in which people are asked."""

    CIRCLE = 0
    COORDINATORS = 1
    NETWORKS = 2

    @property
    def word(self) -> str:
        """How the timeline calls it."""
        return self.name.lower()


class Why(StrEnum):
    """Why a rung was passed over."""

    NOBODY_NAMED = "nobody named"
    NOBODY_THERE = "nobody there"
    NOT_LINKED = "not linked"
    NOT_COVERED = "not covered"


@dataclass(frozen=True, slots=True)
class LadderTimes:
    """How many seconds each rung has before the next one hears, at high severity.

    `again_s` is the pause before everyone unanswered is woken again after the last rung; each pause is twice
    the one before, up to `again_at_most_s`. `unclear_s` is how long something unclear waits for "1 or 0".
    `prompt_before_s` is how long before a check-in is due the person is reminded. A demo gives small numbers.
    """

    circle_s: int = 180
    coordinators_s: int = 300
    networks_s: int = 600
    again_s: int = 600
    again_at_most_s: int = 3600
    unclear_s: int = 120
    prompt_before_s: int = 600
    cancel_window_s: int = 30

    def wait(self, rung: Rung, severity: Severity, circle_wait_s: int | None = None) -> timedelta:
        """How long `rung` has. A person's own wait for the circle holds whatever the severity."""
        if rung is Rung.CIRCLE and circle_wait_s is not None:
            return timedelta(seconds=circle_wait_s)
        seconds = {
            Rung.CIRCLE: self.circle_s,
            Rung.COORDINATORS: self.coordinators_s,
            Rung.NETWORKS: self.networks_s,
        }[rung]
        return timedelta(seconds=seconds * (1 if severity is Severity.HIGH else 3))

    def wait_again(self, severity: Severity) -> timedelta:
        """How long those who were asked again have."""
        return self.wait(Rung.COORDINATORS, severity)

    def pause(self, times_asked_again: int) -> timedelta:
        """How long until everyone is asked again, after that many times."""
        return timedelta(seconds=min(self.again_s * 2 ** min(times_asked_again, 20), self.again_at_most_s))


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who could be asked on each rung now. Members by id, linked networks by id.

    `networks_named` counts those the person named, linked or not; `networks_linked` those of them that are
    linked now, whatever they promised for this hour.
    """

    circle: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    networks_named: int = 0
    networks_linked: int = 0

    def on(self, rung: Rung) -> tuple[str, ...]:
        """Whoever is on that rung."""
        return (self.circle, self.coordinators, self.networks)[rung]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rung that was passed over."""

    rung: Rung
    why: Why


@dataclass(frozen=True, slots=True)
class Widen:
    """Ask `who` on `rung` now; look again after `wait`."""

    rung: Rung
    who: tuple[str, ...]
    wait: timedelta
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class AskAgain:
    """The ladder is at its end: wake whoever has not answered, look again after `wait`."""

    wait: timedelta
    skipped: tuple[Skipped, ...]


def climb(
    after: int,
    staffing: Staffing,
    times: LadderTimes,
    severity: Severity,
    *,
    circle_wait_s: int | None = None,
    asked_again: int = 0,
) -> Widen | AskAgain:
    """What to do when the rung numbered `after` (-1: none yet) has had its time."""
    skipped: list[Skipped] = []
    for rung in Rung:
        if rung <= after:
            continue
        if who := staffing.on(rung):
            return Widen(rung, who, times.wait(rung, severity, circle_wait_s), tuple(skipped))
        skipped.append(Skipped(rung, _why(rung, staffing)))
    return AskAgain(times.pause(asked_again), tuple(skipped))


def _why(rung: Rung, staffing: Staffing) -> Why:
    if rung is Rung.COORDINATORS:
        return Why.NOBODY_THERE
    if rung is Rung.NETWORKS and staffing.networks_linked:
        return Why.NOT_COVERED
    if rung is Rung.NETWORKS and staffing.networks_named:
        return Why.NOT_LINKED
    return Why.NOBODY_NAMED
